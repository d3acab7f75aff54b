"""Moving an assessment to its next state, by the one table of moves."""

from __future__ import annotations

from django.utils.translation import gettext as _

from merilo.assessment.models import Assessment, State
from merilo.assessment.rules import lifecycle
from merilo.assessment.rules.lifecycle import Move
from merilo.core.errors import Conflict


def turn(assessment: Assessment, move: Move, **fields: object) -> None:
    """Store the state after a move, with fields that change in the same breath.

    Inside the caller's transaction, which says in words why a move is not possible where it can know.
    Errors: Conflict when somebody has moved the assessment on meanwhile.
    """
    held = Assessment.objects.select_for_update().only("state").get(pk=assessment.pk)
    try:
        state = lifecycle.after(lifecycle.State(held.state), move)
    except lifecycle.MoveRefused as error:
        raise Conflict(
            _("Meanwhile the self-assessment has moved on: it is now “%(state)s”.")
            % {"state": held.get_state_display()}
        ) from error
    for name, value in fields.items():
        setattr(assessment, name, value)
    assessment.state = State(state.value)
    assessment.save(update_fields=["state", *fields])
