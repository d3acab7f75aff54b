"""Writes: measures, their activities and their indicators, while the plan is not closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Model
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.models import (
    Activity,
    Item,
    Measure,
    MeasureIndicator,
    MeasureKind,
    Plan,
    PlanState,
)
from merilo.improvement.queries.measures import follows_in
from merilo.improvement.rules.calendar import goes_round
from merilo.indicators.api import Facts as IndicatorFacts
from merilo.indicators.api import Indicator, add_indicator
from merilo.organisations.api import Membership, Unit, Viewer, record

WHOLE = 100
APART = 20_000  # numbers on the move stand here, so that none meets another


# --- what is said of a measure ------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class What:
    """What is done and why."""

    text: str
    kind: str = MeasureKind.OTHER
    codes: Sequence[str] = ()
    objective: str = ""
    goals: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Who does it, and when; `units` are those that take part."""

    first: date
    last: date
    owner: Membership | None = None
    deputy: Membership | None = None
    participants: str = ""
    units: Sequence[Unit] = ()


@dataclass(frozen=True, slots=True)
class Means:
    """What it needs and what may hinder it; `withheld` keeps it off the public page."""

    hours: int | None = None
    euro: Decimal | None = None
    funding: str = ""
    risks: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """From its first to its last day."""

    first: date
    last: date


MeasureFacts = What | Who | Means | Dates
MANY = {"units"}


def columns(facts: Any) -> dict[str, Any]:
    """Facts by the names of their columns; lists become lists."""
    named = ((one.name, getattr(facts, one.name)) for one in fields(facts) if one.name not in MANY)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in named}


def add_measure(*, viewer: Viewer, plan: Plan, what: What, who: Who, at: datetime) -> Measure:
    """Write a measure by hand; it gets the next number. Errors: Refused, MeriloError."""
    require_edit(viewer, plan)
    _check_people(who)
    with transaction.atomic():
        made = Measure.objects.create(plan=plan, number=next_number(plan), **columns(what), **columns(who))
        made.units.set(who.units)
        record(viewer, "measure.added", made, {"number": made.number, "text": what.text}, at=at)
    return made


def next_number(plan: Plan) -> int:
    """The number after the highest; called inside the transaction that uses it."""
    _lock(plan)
    last: int | None = Measure.objects.filter(plan=plan).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def change_measure(
    *, viewer: Viewer, measure: Measure, facts: MeasureFacts, version: int, at: datetime
) -> None:
    """Change one group of facts of a measure. Errors: Refused, Conflict, MeriloError."""
    require_edit(viewer, measure.plan)
    if isinstance(facts, Who):
        _check_people(facts)
    with transaction.atomic():
        changed = columns(facts)
        _advance(measure, version, **changed)
        if isinstance(facts, Who):
            measure.units.set(facts.units)
        told = {name: _plain(value) for name, value in changed.items() if value != getattr(measure, name)}
        record(viewer, "measure.changed", measure, {"number": measure.number, **told}, at=at)


def set_items(*, viewer: Viewer, measure: Measure, items: Iterable[Item], version: int, at: datetime) -> None:
    """Say which areas and ideas a measure answers. Errors: Refused, Conflict."""
    require_edit(viewer, measure.plan)
    chosen = list(items)
    if any(item.plan_id != measure.plan_id for item in chosen):
        raise Refused(_("This belongs to another plan."))
    with transaction.atomic():
        _advance(measure, version)
        measure.items.set(chosen)
        told = {"number": measure.number, "items": [item.number for item in chosen]}
        record(viewer, "measure.items_chosen", measure, told, at=at)


def move_measure(*, viewer: Viewer, measure: Measure, number: int, at: datetime) -> None:
    """Give a measure another number; those between move by one. Only in a draft. Errors: Refused."""
    _require_draft(viewer, measure.plan)
    with transaction.atomic():
        _lock(measure.plan)
        own = Measure.objects.filter(plan=measure.plan)
        before = own.get(pk=measure.pk).number
        number = min(max(number, 1), own.count())
        if number == before:
            return
        low, high = min(before, number), max(before, number)
        own.filter(number__range=(low, high)).update(number=F("number") + APART)
        step = 1 if number < before else -1
        own.filter(number__gt=APART).exclude(pk=measure.pk).update(number=F("number") - APART + step)
        own.filter(pk=measure.pk).update(number=number)
        told = {"text": measure.text, "before": before, "after": number}
        record(viewer, "measure.moved", measure, told, at=at)


def remove_measure(*, viewer: Viewer, measure: Measure, at: datetime) -> None:
    """Remove a measure of a draft; the numbers close up. Errors: Refused."""
    _require_draft(viewer, measure.plan)
    with transaction.atomic():
        _lock(measure.plan)
        own = Measure.objects.filter(plan=measure.plan)
        last = own.count()
        move_measure(viewer=viewer, measure=measure, number=last, at=at)
        record(viewer, "measure.removed", measure, {"text": measure.text}, at=at)
        own.filter(pk=measure.pk).delete()


# --- activities -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What is said of an activity; `follows` are those that end before it begins."""

    text: str
    first: date
    last: date
    owner: Membership | None = None
    percent: int = 0
    follows: Sequence[UUID] = field(default_factory=tuple)

    def columns(self, done_on: date | None, today: date) -> dict[str, Any]:
        """The facts by the names of their columns; the day it was done is kept or is today."""
        found = {name: getattr(self, name) for name in ("text", "first", "last", "owner", "percent")}
        return found | {"done_on": (done_on or today) if self.percent == WHOLE else None}


def add_activity(*, viewer: Viewer, measure: Measure, facts: ActivityFacts, at: datetime) -> Activity:
    """Add a step to a measure. Errors: Refused, MeriloError (a circle)."""
    require_edit(viewer, measure.plan)
    with transaction.atomic():
        _lock(measure.plan)
        made = Activity.objects.create(measure=measure, **facts.columns(None, _day(viewer, at)))
        made.follows.set(_followed(measure.plan, made, facts.follows))
        record(viewer, "activity.added", measure, {"number": measure.number, "text": facts.text}, at=at)
    return made


def change_activity(
    *, viewer: Viewer, activity: Activity, facts: ActivityFacts, version: int, at: datetime
) -> None:
    """Change an activity. Errors: Refused, Conflict, MeriloError (a circle)."""
    measure = activity.measure
    require_edit(viewer, measure.plan)
    with transaction.atomic():
        _lock(measure.plan)
        _advance(activity, version, **facts.columns(activity.done_on, _day(viewer, at)))
        activity.follows.set(_followed(measure.plan, activity, facts.follows))
        told = {"number": measure.number, "text": facts.text, "from": facts.first, "until": facts.last}
        record(viewer, "activity.changed", measure, told, at=at)


def tie_activity(*, viewer: Viewer, activity: Activity, follows: Sequence[UUID]) -> None:
    """Say what an activity waits for, as part of a change that is recorded. Errors: Refused, MeriloError."""
    require_edit(viewer, activity.measure.plan)
    with transaction.atomic():
        _lock(activity.measure.plan)
        activity.follows.set(_followed(activity.measure.plan, activity, follows))


def move_activity(*, viewer: Viewer, activity: Activity, dates: Dates, version: int, at: datetime) -> None:
    """Change the days of an activity and nothing else. Errors: Refused, Conflict."""
    measure = activity.measure
    require_edit(viewer, measure.plan)
    with transaction.atomic():
        _advance(activity, version, first=dates.first, last=dates.last)
        told = {"number": measure.number, "text": activity.text, "from": dates.first, "until": dates.last}
        record(viewer, "activity.changed", measure, told, at=at)


def remove_activity(*, viewer: Viewer, activity: Activity, at: datetime) -> None:
    """Remove an activity. Errors: Refused."""
    measure = activity.measure
    require_edit(viewer, measure.plan)
    with transaction.atomic():
        if Activity.objects.filter(pk=activity.pk).delete()[0]:
            told = {"number": measure.number, "text": activity.text}
            record(viewer, "activity.removed", measure, told, at=at)


def _followed(plan: Plan, activity: Activity, keys: Sequence[UUID]) -> list[Activity]:
    """The activities of the plan with these keys, unless a circle would close. Errors: MeriloError."""
    found = list(Activity.objects.filter(measure__plan=plan, pk__in=keys).order_by("pk"))
    follows = {key: after for key, after in follows_in(plan).items() if key != activity.pk}
    for one in found:
        if goes_round(follows, activity.pk, one.pk):
            sentence = _("“%(activity)s” already waits for this activity, so each would wait for the other.")
            raise MeriloError(sentence % {"activity": one.text}, field="follows")
    return found


# --- indicators -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Aim:
    """What an indicator is to become by the measure, and on which days it is measured."""

    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    days: Sequence[date] = ()

    def columns(self) -> dict[str, Any]:
        """The aim by the names of its columns."""
        found = {name: getattr(self, name) for name in ("baseline", "baseline_on", "target")}
        return found | {"days": [day.isoformat() for day in sorted(set(self.days))]}


def add_measured(
    *, viewer: Viewer, measure: Measure, indicator: Indicator, aim: Aim, at: datetime
) -> MeasureIndicator:
    """See the effect of a measure by an indicator. Errors: Refused, MeriloError (it has it already)."""
    require_edit(viewer, measure.plan)
    if indicator.organisation_id != viewer.organisation_id:
        raise Refused(_("This indicator belongs to another organisation."))
    try:
        with transaction.atomic():
            made = MeasureIndicator.objects.create(measure=measure, indicator=indicator, **aim.columns())
            told = {"number": measure.number, "code": indicator.code, "name": indicator.name}
            record(viewer, "measure.indicator_added", measure, told, at=at)
    except IntegrityError as error:
        raise MeriloError(_("The measure has this indicator already."), field="indicator") from error
    return made


def begin_measured(
    *, viewer: Viewer, measure: Measure, facts: IndicatorFacts, aim: Aim, at: datetime
) -> MeasureIndicator:
    """Begin a new indicator of the organisation and see the effect by it. Errors: Refused, MeriloError."""
    require_edit(viewer, measure.plan)
    with transaction.atomic():
        indicator = add_indicator(viewer=viewer, facts=facts, at=at)
        return add_measured(viewer=viewer, measure=measure, indicator=indicator, aim=aim, at=at)


def change_measured(
    *, viewer: Viewer, measure: Measure, measured: MeasureIndicator, aim: Aim, version: int, at: datetime
) -> None:
    """Change baseline, target or days. Errors: Refused, Conflict."""
    require_edit(viewer, measure.plan)
    with transaction.atomic():
        _advance(measured, version, **aim.columns())
        told = {"number": measure.number, "code": measured.indicator.code}
        record(viewer, "measure.indicator_changed", measure, told, at=at)


def remove_measured(*, viewer: Viewer, measure: Measure, measured: MeasureIndicator, at: datetime) -> None:
    """Stop to see the effect by an indicator; the indicator and its values stay. Errors: Refused."""
    require_edit(viewer, measure.plan)
    with transaction.atomic():
        if MeasureIndicator.objects.filter(pk=measured.pk).delete()[0]:
            told = {"number": measure.number, "code": measured.indicator.code}
            record(viewer, "measure.indicator_removed", measure, told, at=at)


# --- shared ---------------------------------------------------------------------------------------
def _advance(row: Model, version: int, **changed: Any) -> None:
    """Write the changes if nobody was faster. Errors: Conflict."""
    own = type(row)._default_manager.filter(pk=row.pk, version=version)  # noqa: SLF001  Django's name
    if not own.update(version=version + 1, **changed):
        raise Conflict(_("Somebody else has changed this in the meantime."))


def _lock(plan: Plan) -> None:
    """Others who change the order or the ties of the plan wait until this transaction ends."""
    Plan.objects.select_for_update().only("pk").get(pk=plan.pk)


def _day(viewer: Viewer, at: datetime) -> date:
    return at.astimezone(viewer.organisation.zone).date()


def _check_people(who: Who) -> None:
    if who.owner is not None and who.owner == who.deputy:
        raise MeriloError(_("The deputy is another person than the owner."), field="deputy")


def _require_draft(viewer: Viewer, plan: Plan) -> None:
    require_edit(viewer, plan)
    if plan.state != PlanState.DRAFT:
        raise Refused(
            _("The plan is carried out: its measures keep their numbers, and none is removed. Drop it.")
        )


def _plain(value: Any) -> Any:
    """A value as the record keeps it."""
    return (
        str(value.pk)
        if isinstance(value, Membership)
        else str(value)
        if isinstance(value, Decimal)
        else value
    )
