"""Moving an assessment to its next state, by the one table of moves."""

from __future__ import annotations

from datetime import datetime

from merilo.assessment.models import Assessment, State
from merilo.assessment.rules import lifecycle
from merilo.assessment.rules.lifecycle import Move


def turn(assessment: Assessment, move: Move, **fields: datetime | None) -> None:
    """Store the state after a move, with fields that change in the same breath.

    Inside the caller's transaction, which has said in words why a move is not possible; a move outside the
    table is a mistake in the program. Errors: lifecycle.MoveRefused.
    """
    held = Assessment.objects.select_for_update().only("state").get(pk=assessment.pk)
    state = lifecycle.after(lifecycle.State(held.state), move)
    for name, value in fields.items():
        setattr(assessment, name, value)
    assessment.state = State(state.value)
    assessment.save(update_fields=["state", *fields])
