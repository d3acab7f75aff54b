"""Two approved self-assessments of one organisation side by side: figures and texts by sub-criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from merilo.assessment import permissions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, Source
from merilo.assessment.queries.assessments import assessments_of
from merilo.assessment.queries.entered import KINDS, Said, nothing, said_in
from merilo.assessment.rules.comparison import Change, Comparison, Cycle, NotComparable, Reason, compare
from merilo.assessment.rules.said_again import SaidAgain, said_again
from merilo.assessment.rules.scoring import score_or_none
from merilo.framework.catalogue import Criterion, Framework, Item
from merilo.organisations.api import Viewer


def settled(viewer: Viewer, *, on: date) -> list[Assessment]:
    """The approved self-assessments that the viewer may see, the latest first. One query."""
    found = assessments_of(viewer, on=on).filter(state__in=permissions.SETTLED)
    return list(found.select_related("edition", "entered").defer("edition__content").distinct())


def pair_of(cycles: Sequence[Assessment], cycle: Assessment) -> tuple[Assessment, Assessment] | None:
    """A cycle with the one before it: the one it names, else the latest earlier one by the same framework.

    The earliest cycle of all stands with the one that followed it.
    """
    place = cycles.index(cycle)
    earlier = cycles[place + 1 :]
    if not earlier:
        return (cycle, cycles[place - 1]) if place else None
    named = [one for one in earlier if one.pk == cycle.previous_id]
    alike = [one for one in earlier if one.edition.code == cycle.edition.code]
    return [*named, *alike, *earlier][0], cycle


def follower_of(cycles: Sequence[Assessment], cycle: Assessment) -> Assessment | None:
    """The cycle after this one (`cycles` the latest first): one that names it, else the next of its kind.

    None where there is none; a later cycle by another framework stands in only where nothing else follows.
    """
    later = [one for one in reversed(cycles) if one.period_until > cycle.period_until]
    named = [one for one in later if one.previous_id == cycle.pk]
    alike = [one for one in later if one.edition.code == cycle.edition.code]
    return next(iter([*named, *alike, *later]), None)


def continued_by(viewer: Viewer, cycle: Assessment, *, on: date) -> Assessment | None:
    """The latest self-assessment that continues a cycle, in whatever state; None where there is none."""
    return assessments_of(viewer, on=on).filter(previous=cycle).order_by("-created_at").first()


@dataclass(frozen=True, slots=True)
class ItemPair:
    """What both cycles agreed on one sub-criterion; `said` by kind of statement."""

    item: Item
    change: Change
    said: Mapping[str, SaidAgain]

    @property
    def is_silent(self) -> bool:
        """Nothing was written in either cycle."""
        return all(one.is_empty for one in self.said.values())


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Everything that can be set beside each other; `refusal` says why the points cannot be."""

    before: Assessment
    after: Assessment
    framework: Framework
    refusal: NotComparable | None
    changed_edition: bool
    items: tuple[ItemPair, ...]
    criteria: tuple[Change, ...]
    panels: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def is_foreign(self) -> bool:
        """The two were done by different frameworks: their numbers name different things."""
        return self.refusal is not None and self.refusal.reason is Reason.OTHER_FRAMEWORK

    @property
    def mapped(self) -> bool:
        """One of the two was done by CAF 2013 and is kept under the numbers of CAF 2020."""
        return (source_of(self.before) == Source.CAF_2013) != (source_of(self.after) == Source.CAF_2013)

    @property
    def uneven(self) -> tuple[str, ...]:
        """Criteria in which not the same sub-criteria were scored: their means rest on different things."""
        return tuple(
            criterion.code
            for criterion in self.framework.criteria
            if any((pair.change.before is None) != (pair.change.after is None) for pair in self.of(criterion))
        )

    def of(self, criterion: Criterion) -> tuple[ItemPair, ...]:
        """The sub-criteria of one criterion that both have."""
        codes = {item.code for item in criterion.items}
        return tuple(pair for pair in self.items if pair.item.code in codes)

    def change_of(self, code: str) -> Change | None:
        """The means of a criterion in both cycles."""
        return next((change for change in self.criteria if change.code == code), None)


def source_of(assessment: Assessment) -> str:
    """The model a cycle was done by where its numbers are those of another."""
    return assessment.entered.source if assessment.is_entered else Source.SAME


def side_by_side(before: Assessment, after: Assessment) -> SideBySide:
    """Compare two cycles obtained through their viewer. Four queries, whatever their size."""
    then, now = said_in(before), said_in(after)
    old, new = _cycle(before, then), _cycle(after, now)
    found = compare(old, new)
    foreign = isinstance(found, NotComparable) and found.reason is Reason.OTHER_FRAMEWORK
    shared = () if foreign else tuple(item for item in new.framework.items if item.code in then)
    return SideBySide(
        before=before,
        after=after,
        framework=new.framework,
        refusal=found if isinstance(found, NotComparable) else None,
        changed_edition=isinstance(found, Comparison) and found.changed_edition,
        items=tuple(_pair(item, then, now, old, new) for item in shared),
        criteria=() if foreign else _criteria(old, new),
        panels=found.panels if isinstance(found, Comparison) else (),
        only_before=() if foreign else tuple(code for code in then if code not in now),
        only_after=() if foreign else tuple(code for code in now if code not in then),
    )


def _cycle(assessment: Assessment, said: Mapping[str, Said]) -> Cycle:
    framework, method = framework_of(assessment), assessment.method
    scores = {
        code: score_or_none(framework.scale_for(code, method), one.values) for code, one in said.items()
    }
    return Cycle(framework, method, scores)


def _pair(item: Item, then: Mapping[str, Said], now: Mapping[str, Said], old: Cycle, new: Cycle) -> ItemPair:
    before, after = then.get(item.code, nothing()), now.get(item.code, nothing())
    return ItemPair(
        item=item,
        change=Change(item.code, old.scores.get(item.code), new.scores.get(item.code)),
        said={kind.value: said_again(before.lines[kind], after.lines[kind]) for kind in KINDS},
    )


def _criteria(old: Cycle, new: Cycle) -> tuple[Change, ...]:
    """The means of the criteria that both have, also where they may not be subtracted."""
    before = {total.code: total.mean for total in old.totals().criteria}
    after = {total.code: total.mean for total in new.totals().criteria}
    return tuple(Change(code, before[code], mean) for code, mean in after.items() if code in before)
