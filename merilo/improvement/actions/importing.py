"""Writes: measures from somebody's table, as they were looked at before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError
from merilo.improvement.actions.measures import next_number
from merilo.improvement.actions.plans import next_number as next_of
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.models import (
    Activity,
    Decision,
    Item,
    ItemKind,
    Measure,
    MeasureIndicator,
    MeasureKind,
    Plan,
    Proposal,
)
from merilo.improvement.rules.drafts import Draft, Seen
from merilo.improvement.rules.reading import alike
from merilo.indicators.api import Facts, Indicator, add_indicator
from merilo.organisations.api import Membership, Unit, Viewer, members, record, units

PLAIN = (
    "text",
    "objective",
    "goals",
    "note",
    "first",
    "last",
    "participants",
    "hours",
    "euro",
    "funding",
    "risks",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where measures come from: what the table was called."""

    name: str


def take_measures(
    *, viewer: Viewer, plan: Plan, drafts: Sequence[Draft], origin: Origin, at: datetime
) -> list[Measure]:
    """Make measures of drafts, with their activities, indicators and areas; they get the next numbers.

    Areas that the plan does not have yet come into it, in a proposal that is chosen. Errors: Refused,
    MeriloError (a draft is blocked, nothing is ticked).
    """
    require_edit(viewer, plan)
    if not drafts:
        raise MeriloError(_("Tick at least one measure."))
    if any(draft.is_blocked for draft in drafts):
        raise MeriloError(_("One of the ticked measures cannot be made as it stands."))
    with transaction.atomic():
        number = next_number(plan)
        taking = _Taking(viewer, plan, origin, at)
        made = [taking.make(draft, number + place) for place, draft in enumerate(drafts)]
        record(viewer, "plan.table_taken", plan, {"title": origin.name, "count": len(made)}, at=at)
    return made


class _Taking:
    """One table on its way into a plan, with who and what is known by which key."""

    def __init__(self, viewer: Viewer, plan: Plan, origin: Origin, at: datetime) -> None:
        self.viewer, self.plan, self.origin, self.at = viewer, plan, origin, at
        self.people: Mapping[str, Membership] = {str(one.pk): one for one in members(viewer)}
        self.units: Mapping[str, Unit] = {str(one.pk): one for one in units(viewer)}
        self.items = {alike(one.text): one for one in Item.objects.filter(plan=plan, kind=ItemKind.AREA)}
        own = list(Indicator.objects.filter(organisation=viewer.organisation))
        self.codes = {one.code.casefold() for one in own}
        self.indicators = {alike(one.name): one for one in own if one.retired_at is None}

    def make(self, draft: Draft, number: int) -> Measure:
        measure = Measure.objects.create(
            plan=self.plan,
            number=number,
            kind=draft.kind or MeasureKind.OTHER,
            codes=list(draft.codes),
            owner=self.people.get(draft.owner),
            deputy=self.people.get(draft.deputy),
            **{name: getattr(draft, name) for name in PLAIN},
        )
        measure.units.set([self.units[key] for key in draft.units if key in self.units])
        self._activities(measure, draft)
        self._indicators(measure, draft)
        self._areas(measure, draft)
        record(self.viewer, "measure.added", measure, {"number": number, "text": draft.text}, at=self.at)
        return measure

    def _activities(self, measure: Measure, draft: Draft) -> None:
        Activity.objects.bulk_create(
            Activity(
                measure=measure,
                text=step.text,
                first=step.first,
                last=step.last,
                owner=self.people.get(step.owner),
            )
            for step in draft.steps
        )

    def _indicators(self, measure: Measure, draft: Draft) -> None:
        """An indicator of this name that the organisation has is used, else it begins a new one."""
        for place, seen in enumerate(draft.seen, start=1):
            indicator = self.indicators.get(alike(seen.name))
            if indicator is None:
                indicator = self._begin(seen, f"{self.plan.first.year}-{measure.number}.{place}")
            MeasureIndicator.objects.create(
                measure=measure, indicator=indicator, baseline=seen.baseline, target=seen.target
            )

    def _begin(self, seen: Seen, code: str) -> Indicator:
        code = next(one for one in _codes(code) if one.casefold() not in self.codes)
        facts = Facts(
            code=code,
            name=seen.name,
            unit=seen.unit,
            direction=seen.direction,
            target=seen.target,
            source=seen.source,
        )
        made = add_indicator(viewer=self.viewer, facts=facts, at=self.at)
        self.codes.add(code.casefold())
        self.indicators[alike(seen.name)] = made
        return made

    def _areas(self, measure: Measure, draft: Draft) -> None:
        """What the measure answers; new areas lie in a proposal of its words, so that none waits."""
        fresh = [text for text in dict.fromkeys(draft.areas) if alike(text) not in self.items]
        if fresh:
            proposal = Proposal.objects.create(
                plan=self.plan,
                number=next_of(self.plan, Proposal),
                text=draft.text,
                decision=Decision.CHOSEN,
            )
            Measure.objects.filter(pk=measure.pk).update(proposal=proposal)
            self._add(fresh, proposal, draft.codes[0] if draft.codes else "")
        measure.items.set([self.items[key] for key in {alike(text) for text in draft.areas}])

    def _add(self, texts: Sequence[str], proposal: Proposal, code: str) -> None:
        number = next_of(self.plan, Item)
        for place, text in enumerate(texts):
            self.items[alike(text)] = Item.objects.create(
                plan=self.plan,
                number=number + place,
                kind=ItemKind.AREA,
                code=code,
                text=text,
                origin=self.origin.name[:200],
                proposal=proposal,
            )


def _codes(code: str) -> Iterator[str]:
    """A code, and what follows it where it is taken."""
    yield code
    yield from (f"{code}-{place}" for place in range(2, 10_000))
