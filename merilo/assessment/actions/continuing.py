"""The next self-assessment begins where the last one ended: its framework, its group, its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.assessment.actions.evidence import bring_over
from merilo.assessment.actions.groups import add_seat
from merilo.assessment.actions.planning import PlanFacts, start_assessment
from merilo.assessment.models import Assessment
from merilo.assessment.queries import frameworks
from merilo.assessment.queries.evidence import from_last_cycle
from merilo.core.errors import MeriloError, Refused
from merilo.core.periods import Period
from merilo.groups.api import SeatChange, seats_of
from merilo.organisations.api import Membership, Viewer


@dataclass(frozen=True, slots=True)
class NextFacts:
    """What is decided about the next cycle, and what comes along from the last one."""

    title: str
    period: Period
    report_due: date | None = None
    with_group: bool = True
    with_evidence: bool = True


@dataclass(frozen=True, slots=True)
class Came:
    """The self-assessment that began, and how much came along."""

    assessment: Assessment
    seats: int
    evidence: int


def continue_assessment(*, viewer: Viewer, previous: Assessment, facts: NextFacts, at: datetime) -> Came:
    """Begin the cycle after `previous` by the same framework and method.

    Who has left the organisation, or whose access is over, is not seated again.
    Errors: Refused, MeriloError (as of `start_assessment`, or a framework that was withdrawn).
    """
    if previous.organisation_id != viewer.organisation_id:
        raise Refused(_("This self-assessment belongs to another organisation."))
    plan = PlanFacts(
        title=facts.title,
        method=previous.method,
        period=facts.period,
        scope=previous.scope,
        report_due=facts.report_due,
        previous=previous,
    )
    with transaction.atomic():
        made = start_assessment(viewer=viewer, choice=_choice(viewer, previous), facts=plan, at=at)
        seats = _seat_again(viewer, made, at) if facts.with_group else 0
        evidence = from_last_cycle(viewer, made, on=at.date()) if facts.with_evidence else []
        bring_over(viewer=viewer, assessment=made, chosen=evidence, at=at)
    return Came(made, seats, len(evidence))


def _choice(viewer: Viewer, previous: Assessment) -> frameworks.Choice:
    own = previous.edition.organisation_id is not None
    try:
        return frameworks.choice(viewer, str(previous.edition_id) if own else previous.edition.code)
    except frameworks.UnknownFramework as error:
        raise MeriloError(
            _("The framework of the last cycle was withdrawn. Start a self-assessment by another one.")
        ) from error


def _seat_again(viewer: Viewer, made: Assessment, at: datetime) -> int:
    """Give everybody who is still here the seat of the last time; how many."""
    count = 0
    for holder, change in _seats(made, at.date()):
        add_seat(viewer=viewer, assessment=made, holder=holder, change=change, at=at)
        count += 1
    return count


def _seats(made: Assessment, on: date) -> Iterator[tuple[Membership, SeatChange]]:
    if made.previous is None:
        return
    for seat in seats_of(made.previous.group):
        if _is_here(seat.holder, on):
            change = SeatChange(seat.function, seat.substitute, seat.holder.valid_until)
            yield seat.holder, change if _is_here(seat.substitute, on) else replace(change, substitute=None)


def _is_here(member: Membership | None, on: date) -> bool:
    """Whether a member still takes part on a day."""
    if member is None or member.left_at is not None:
        return False
    return member.valid_until is None or member.valid_until >= on
