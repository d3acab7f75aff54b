"""Writes while a plan is carried out: check-ins, and who takes measures on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.improvement import permissions
from merilo.improvement.models import Activity, CheckIn, Measure
from merilo.improvement.queries.board import row_of, rule_of
from merilo.improvement.rules.states import LIVE, MeasureState, needs_reason, targets
from merilo.organisations.api import Membership, Viewer, record

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a measure. `signal` is empty where the rule decides; `percents` are by activity.

    `text` says how it goes, and is the reason where a move or a signal of one's own needs one.
    """

    state: MeasureState
    signal: str = ""
    percent: int | None = None
    percents: Mapping[UUID, int] = field(default_factory=dict)
    text: str = ""


def check_in(*, viewer: Viewer, measure: Measure, said: Said, version: int, at: datetime) -> CheckIn:
    """Say how a measure goes. Errors: Refused, Conflict, MeriloError (a reason is missing, no such move)."""
    if not permissions.may_report(viewer, measure):
        raise Refused(_("How a measure goes is said by its owner, the deputy and the coordinator."))
    before = MeasureState(measure.state)
    _check_move(viewer, measure, said)
    today = at.astimezone(viewer.organisation.zone).date()
    with transaction.atomic():
        own = Measure.objects.filter(pk=measure.pk, version=version)
        if not own.update(version=version + 1, **_columns(measure, said, before, today)):
            raise Conflict(_("Somebody else has changed this in the meantime."))
        _mark(measure, said.percents, today)
        row = row_of(Measure.objects.get(pk=measure.pk), on=today, rule=rule_of(measure.plan))
        made = CheckIn.objects.create(
            measure=measure,
            by=viewer.membership,
            at=at,
            state=said.state.value,
            signal=row.signal,
            percent=row.percent,
            text=said.text,
        )
        told = {"number": measure.number, "state": said.state.value, "percent": row.percent}
        record(viewer, "measure.checked_in", measure, told, at=at)
    return made


@dataclass(frozen=True, slots=True)
class StepSaid:
    """How far one activity is, in percent, and what there is to say of it."""

    percent: int
    text: str = ""


def report_activity(
    *, viewer: Viewer, activity: Activity, said: StepSaid, version: int, at: datetime
) -> CheckIn:
    """Say how far one activity is; a measure of which something is done is under way.

    Errors: Refused, Conflict.
    """
    require_activity_report(viewer, activity)
    today = at.astimezone(viewer.organisation.zone).date()
    with transaction.atomic():
        measure = (
            Measure.objects.select_for_update(of=("self",)).select_related("plan").get(pk=activity.measure_id)
        )
        done_on = (activity.done_on or today) if said.percent == WHOLE else None
        own = Activity.objects.filter(pk=activity.pk, version=version)
        if not own.update(version=version + 1, percent=said.percent, done_on=done_on):
            raise Conflict(_("Somebody else has changed this in the meantime."))
        begun = said.percent and measure.state == MeasureState.NOT_STARTED
        state = {"state": MeasureState.UNDER_WAY.value, "state_on": today} if begun else {}
        Measure.objects.filter(pk=measure.pk).update(version=F("version") + 1, **state)
        made = _kept_step(viewer, activity, said, at)
        told = {"number": measure.number, "text": activity.text, "percent": said.percent}
        record(viewer, "activity.reported", measure, told, at=at)
    return made


def require_activity_report(viewer: Viewer, activity: Activity) -> None:
    """Errors: Refused."""
    if not permissions.may_report_activity(viewer, activity):
        raise Refused(_("Its owner and those who report on the measure say how far an activity is."))


def _kept_step(viewer: Viewer, activity: Activity, said: StepSaid, at: datetime) -> CheckIn:
    """The report beside those on the measure as a whole, with how the measure stands by it."""
    measure = Measure.objects.select_related("plan").get(pk=activity.measure_id)
    today = at.astimezone(viewer.organisation.zone).date()
    row = row_of(measure, on=today, rule=rule_of(measure.plan))
    return CheckIn.objects.create(
        measure=measure,
        activity=activity,
        about=activity.text,
        by=viewer.membership,
        at=at,
        state=measure.state,
        signal=row.signal,
        percent=row.percent,
        text=said.text,
    )


def _check_move(viewer: Viewer, measure: Measure, said: Said) -> None:
    before = MeasureState(measure.state)
    if said.state is not before:
        if said.state not in targets(before):
            raise MeriloError(_("The measure cannot go to this state from where it is."), field="state")
        if MeasureState.DROPPED in {before, said.state} and not permissions.may_edit(viewer, measure.plan):
            raise Refused(_("Whether a measure is dropped is decided by the coordinator."))
        if needs_reason(before, said.state) and not said.text:
            raise MeriloError(_("Say why: this change of state needs a reason."), field="text")
    if _is_own_signal(measure, said) and not said.text:
        raise MeriloError(_("Say why: a signal other than by the rule needs a reason."), field="text")


def _is_own_signal(measure: Measure, said: Said) -> bool:
    """Whether a signal of one's own is set now; what was set before keeps its reason."""
    return said.state in LIVE and bool(said.signal) and said.signal != measure.signal


def _columns(measure: Measure, said: Said, before: MeasureState, today: date) -> dict[str, Any]:
    signal = said.signal if said.state in LIVE else ""
    found: dict[str, Any] = {"state": said.state.value, "signal": signal}
    if said.state is not before:
        found |= {"state_on": today, "state_reason": said.text if needs_reason(before, said.state) else ""}
    if signal != measure.signal:
        found["signal_reason"] = said.text if signal else ""
    if said.percent is not None:
        found["percent"] = said.percent
    return found


def _mark(measure: Measure, percents: Mapping[UUID, int], today: date) -> None:
    """How far the activities are; what is carried out has its day."""
    for one in Activity.objects.filter(measure=measure, pk__in=percents).order_by("pk"):
        percent = percents[one.pk]
        if percent != one.percent:
            done_on = today if percent == WHOLE else None
            Activity.objects.filter(pk=one.pk).update(
                percent=percent, done_on=done_on, version=one.version + 1
            )


# --- hand-over ------------------------------------------------------------------------------------
def take_over(*, viewer: Viewer, measure: Measure, member: Membership, to: Membership, at: datetime) -> None:
    """Everything that `member` has of a measure goes to somebody else. Errors: Refused."""
    if not (viewer.can("people.manage") and permissions.is_own(viewer, measure.plan)):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    owner = to if measure.owner_id == member.pk else measure.owner
    deputy = to if measure.deputy_id == member.pk else measure.deputy
    if owner == deputy:  # who was deputy answers for it now, and the other way round
        deputy = None
    with transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(owner=owner, deputy=deputy, version=measure.version + 1)
        steps = Activity.objects.filter(measure=measure, owner=member, percent__lt=WHOLE)
        steps.update(owner=to, version=F("version") + 1)
        told = {"number": measure.number, "from": str(member.pk), "to": str(to.pk)}
        record(viewer, "measure.handed_over", measure, told, at=at)
