"""Writes: what was ticked of an edited workbook, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError
from merilo.improvement.actions import measures as actions
from merilo.improvement.actions.measures import ActivityFacts, Aim, Means, What, Who
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.models import Activity, Measure, MeasureIndicator, Plan
from merilo.improvement.queries.measures import follows_in
from merilo.improvement.rules.filling import NEW
from merilo.indicators.api import Facts, Indicator
from merilo.organisations.api import Viewer, record


@dataclass(frozen=True, slots=True)
class Edit:
    """Fields of something stored, as they are to be; `version` is the one that was looked at."""

    row: Measure | Activity | MeasureIndicator
    version: int
    changed: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Added:
    """A new measure, activity or indicator; `of` is its measure, or the key of a new one."""

    key: str
    values: Mapping[str, Any]
    of: Measure | str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that was ticked."""

    edits: Sequence[Edit] = ()
    measures: Sequence[Added] = ()
    activities: Sequence[Added] = ()
    indicators: Sequence[Added] = ()

    @property
    def count(self) -> int:
        """How many rows it touches."""
        return len(self.edits) + len(self.measures) + len(self.activities) + len(self.indicators)


def take_workbook(*, viewer: Viewer, plan: Plan, work: Work, at: datetime) -> int:
    """Take what was ticked; how many rows that were. In a running plan it is what an amendment will show.

    Errors: Refused, Conflict, MeriloError (nothing is ticked, a term ends before it begins, two people the
    same, an activity belongs to a new measure or waits for a new activity that is not taken, a circle).
    """
    require_edit(viewer, plan)
    if not work.count:
        raise MeriloError(_("Tick at least one difference."))
    with transaction.atomic():
        taking = _Taking(viewer, plan, at)
        for edit in work.edits:
            taking.edit(edit)
        for new in work.measures:
            taking.measure(new)
        for new in work.activities:
            taking.activity(new)
        for new in work.indicators:
            taking.indicator(new)
        taking.tie()
        record(viewer, "plan.workbook_taken", plan, {"count": work.count}, at=at)
    return work.count


@dataclass(slots=True)
class _Taking:
    """One workbook on its way into a plan."""

    viewer: Viewer
    plan: Plan
    at: datetime
    made: dict[str, Measure] = field(default_factory=dict)
    steps: dict[str, Activity] = field(default_factory=dict)
    ties: list[tuple[Activity, Sequence[UUID | str]]] = field(default_factory=list)

    def edit(self, edit: Edit) -> None:
        if isinstance(edit.row, Measure):
            self._measure(edit.row, edit)
        elif isinstance(edit.row, Activity):
            self._activity(edit.row, edit)
        else:
            self._aim(edit.row, edit)

    def _measure(self, measure: Measure, edit: Edit) -> None:
        """One group of facts after the other; each is a version of its own."""
        version = edit.version
        for group in (What, Who, Means):
            names = [one.name for one in fields(group)]
            if edit.changed.keys() & set(names):
                facts = group(**{name: _now(measure, edit, name) for name in names})
                if isinstance(facts, Who):
                    _check_term(facts.first, facts.last, f"{measure.number}. {measure.text}")
                actions.change_measure(
                    viewer=self.viewer, measure=measure, facts=facts, version=version, at=self.at
                )
                version += 1

    def _activity(self, activity: Activity, edit: Edit) -> None:
        """What it waits for is undone first and tied last: only the whole says whether there is a circle."""
        names = ("text", "first", "last", "owner", "percent")
        follows = [] if "follows" in edit.changed else follows_in(self.plan).get(activity.pk, [])
        facts = ActivityFacts(**{name: _now(activity, edit, name) for name in names}, follows=follows)
        _check_term(facts.first, facts.last, activity.text)
        actions.change_activity(
            viewer=self.viewer, activity=activity, facts=facts, version=edit.version, at=self.at
        )
        if edit.changed.get("follows"):
            self.ties.append((activity, edit.changed["follows"]))

    def _aim(self, measured: MeasureIndicator, edit: Edit) -> None:
        days = edit.changed.get("days", [date.fromisoformat(day) for day in measured.days])
        names = ("baseline", "baseline_on", "target")
        aim = Aim(**{name: _now(measured, edit, name) for name in names}, days=days)
        actions.change_measured(
            viewer=self.viewer,
            measure=measured.measure,
            measured=measured,
            aim=aim,
            version=edit.version,
            at=self.at,
        )

    def measure(self, new: Added) -> None:
        values = new.values
        what, who, means = (_facts(group, values) for group in (What, Who, Means))
        _check_term(who.first, who.last, what.text)
        made = actions.add_measure(viewer=self.viewer, plan=self.plan, what=what, who=who, at=self.at)
        if means != Means():
            actions.change_measure(
                viewer=self.viewer, measure=made, facts=means, version=made.version, at=self.at
            )
        if new.key:
            self.made[new.key] = made

    def activity(self, new: Added) -> None:
        follows = new.values.get("follows", ())
        facts = replace(_facts(ActivityFacts, new.values), follows=())
        _check_term(facts.first, facts.last, facts.text)
        made = actions.add_activity(viewer=self.viewer, measure=self._of(new), facts=facts, at=self.at)
        if new.key:
            self.steps[f"{NEW}{new.key}"] = made
        if follows:
            self.ties.append((made, follows))

    def tie(self) -> None:
        """Let activities wait for others, once all of them are there."""
        for activity, keys in self.ties:
            missing = next((key for key in keys if isinstance(key, str) and key not in self.steps), "")
            if missing:
                words = _("“%(text)s” is to begin after %(number)s, which is new and not ticked. Tick both.")
                raise MeriloError(words % {"text": activity.text, "number": missing.removeprefix(NEW)})
            follows = [self.steps[key].pk if isinstance(key, str) else key for key in keys]
            actions.tie_activity(viewer=self.viewer, activity=activity, follows=follows)

    def indicator(self, new: Added) -> None:
        """One that the organisation has, by its code; else a new one with a name."""
        values, aim = new.values, _facts(Aim, new.values)
        own = Indicator.objects.filter(organisation=self.viewer.organisation, retired_at=None)
        code = values.get("code") or self._free_code(new)
        known = own.filter(code__iexact=code).first() if values.get("code") else None
        if known:
            actions.add_measured(
                viewer=self.viewer, measure=self._of(new), indicator=known, aim=aim, at=self.at
            )
            return
        if not values.get("name"):
            words = _("There is no indicator with the code %(code)s. Give it a name.")
            raise MeriloError(words % {"code": code})
        facts = Facts(code=code, name=values["name"], unit=values.get("unit", ""), target=aim.target)
        actions.begin_measured(viewer=self.viewer, measure=self._of(new), facts=facts, aim=aim, at=self.at)

    def _free_code(self, new: Added) -> str:
        measure = self._of(new)
        own = {one.code.casefold() for one in Indicator.objects.filter(organisation=self.viewer.organisation)}
        codes = (f"{self.plan.first.year}-{measure.number}.{place}" for place in range(1, len(own) + 2))
        return next(code for code in codes if code.casefold() not in own)

    def _of(self, new: Added) -> Measure:
        if isinstance(new.of, Measure):
            return new.of
        if new.of not in self.made:
            words = _("“%(text)s” belongs to a new measure that is not ticked. Tick both or none.")
            raise MeriloError(words % {"text": new.values.get("text") or new.values.get("name", "")})
        return self.made[new.of]


def _now(row: Any, edit: Edit, name: str) -> Any:
    """What a field is to be: as it was ticked, else as it is."""
    if name in edit.changed:
        return edit.changed[name]
    return list(row.units.all()) if name == "units" else getattr(row, name)


def _facts(group: Any, values: Mapping[str, Any]) -> Any:
    return group(**{one.name: values[one.name] for one in fields(group) if one.name in values})


def _check_term(first: date, last: date, what: str) -> None:
    if last < first:
        words = _("“%(what)s” would end before it begins. Tick both days or none, or correct the file.")
        raise MeriloError(words % {"what": what})
