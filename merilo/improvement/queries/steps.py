"""The activities of measures as plain values, for the calendar: there may be many hundreds of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from merilo.core.periods import Period
from merilo.improvement.models import Activity, Plan
from merilo.improvement.rules.calendar import earliest_after, is_too_early

Tie = Activity.follows.through
# The same whenever the ties were written: a frozen plan must not change by it.
IN_ORDER = ("to_activity__last", "to_activity__measure__number", "to_activity__text", "to_activity")


@dataclass(frozen=True, slots=True)
class Followed:
    """What an activity waits for: its key, the number of its measure, its text, its last day."""

    key: UUID
    number: int
    text: str
    last: date

    @property
    def earliest(self) -> date:
        """The first day on which what follows it may begin."""
        return earliest_after(self.last)


@dataclass(frozen=True, slots=True)
class Step:
    """One activity of a measure."""

    key: UUID
    text: str
    period: Period
    percent: int
    version: int
    after: Sequence[Followed]

    @property
    def waits_for(self) -> Followed | None:
        """What it should wait for and does not; of several, what ends last."""
        return waits_for(self.period.first, self.after)


def waits_for(first: date, after: Sequence[Followed]) -> Followed | None:
    """What something that begins on a day should wait for and does not; of several, what ends last."""
    early = [one for one in after if is_too_early(first, one.last)]
    return max(early, key=lambda one: one.last, default=None)


def steps_in(plan: Plan, measures: Collection[UUID]) -> dict[UUID, list[Step]]:
    """The activities of these measures of a plan by day. Two queries, none without measures."""
    found: dict[UUID, list[Step]] = {key: [] for key in measures}
    if not found:
        return found
    own = Activity.objects.filter(measure__plan=plan, measure__in=measures).order_by("first", "last", "id")
    after = followed_by(own.order_by().values("pk"))
    for measure, key, text, first, last, percent, version in own.values_list(
        "measure_id", "pk", "text", "first", "last", "percent", "version"
    ):
        found[measure].append(Step(key, text, Period(first, last), percent, version, after.get(key, ())))
    return found


def followed_by(keys: Collection[UUID] | QuerySet[Any]) -> dict[UUID, list[Followed]]:
    """What each of these activities waits for, by last day. One query."""
    ties: QuerySet[Any] = Tie.objects.filter(from_activity__in=keys)
    found: dict[UUID, list[Followed]] = {}
    for key, *told in ties.order_by(*IN_ORDER).values_list(
        "from_activity_id",
        "to_activity_id",
        "to_activity__measure__number",
        "to_activity__text",
        "to_activity__last",
    ):
        found.setdefault(key, []).append(Followed(*told))
    return found


# --- what an activity may begin after -------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Offered:
    """An activity of a plan as a chooser names it."""

    key: UUID
    measure: UUID
    number: int
    of: str
    text: str


def offered_in(plan: Plan) -> Iterator[Offered]:
    """All activities of a plan by measure and day. One query."""
    own = Activity.objects.filter(measure__plan=plan).order_by("measure__number", "first", "last", "id")
    rows: QuerySet[Any, tuple[Any, ...]] = own.values_list(
        "pk", "measure_id", "measure__number", "measure__text", "text"
    )
    for row in rows:
        yield Offered(*row)


# --- what begins too early ------------------------------------------------------------------------
_EARLY = Q(from_activity__first__lte=F("to_activity__last"))


def early_among(keys: Collection[UUID]) -> set[UUID]:
    """Which of these activities begin before one they follow has ended. One query."""
    return set(Tie.objects.filter(_EARLY, from_activity__in=keys).values_list("from_activity_id", flat=True))


@dataclass(frozen=True, slots=True)
class Hurried:
    """An activity that begins before one it follows has ended."""

    key: UUID
    measure: UUID
    number: int
    text: str
    first: date
    after: Followed


def hurried_in(plan: Plan, *, most: int) -> Iterator[Hurried]:
    """The first of them in a plan, by measure and day, as `is_too_early` says. One query."""
    early = Tie.objects.filter(_EARLY, from_activity__measure__plan=plan)
    rows: QuerySet[Any, tuple[Any, ...]] = early.order_by(
        "from_activity__measure__number", "from_activity__first", "pk"
    ).values_list(
        "from_activity_id",
        "from_activity__measure_id",
        "from_activity__measure__number",
        "from_activity__text",
        "from_activity__first",
        "to_activity_id",
        "to_activity__measure__number",
        "to_activity__text",
        "to_activity__last",
    )
    for key, measure, number, text, first, *after in rows[:most]:
        yield Hurried(key, measure, number, text, first, Followed(*after))
