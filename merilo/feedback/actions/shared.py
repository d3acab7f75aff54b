"""What the writes of this room share: the row as it is now, held, in the state that is expected."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, Refused
from merilo.feedback.models import Feedback
from merilo.feedback.rules.lifecycle import Move, State, moved
from merilo.organisations.api import Viewer


def require(allowed: bool) -> None:  # noqa: FBT001  the predicate's answer
    """Errors: Refused."""
    if not allowed:
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))


def today_of(viewer: Viewer, at: datetime) -> date:
    """The day in the organisation's zone."""
    return at.astimezone(viewer.organisation.zone).date()


def held(feedback: Feedback) -> Feedback:
    """The feedback as it is now, kept from other writers until the transaction ends."""
    rows = Feedback.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "assessment", "plan").get(pk=feedback.pk)


def advance(row: Feedback, move: Move) -> None:
    """Give a held feedback the state after a move, unsaved. Errors: Conflict."""
    after = moved(State(row.state), move)
    if after is None:
        raise Conflict(_("Somebody else has taken this further in the meantime."))
    row.state = after.value
