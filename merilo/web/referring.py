"""What was seen of a thing that somebody points at, in the words of the page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from merilo.core import offers
from merilo.core.numbers import MINUS
from merilo.core.periods import Period
from merilo.core.references import Reference, Resolved, Snapshot, Standing
from merilo.web.items import Link
from merilo.web.templatetags.words import day


def number(value: Decimal) -> str:
    """A figure in the digits of the page's language, with the decimals that it has."""
    digits = max(0, -int(value.as_tuple().exponent))
    return number_format(value, digits, use_l10n=True, force_grouping=False).replace("-", MINUS)


def with_unit(value: Decimal, unit: str) -> str:
    """A figure with its unit, which never stands on another line."""
    return f"{number(value)}\u00a0{unit}" if unit else number(value)


def period_in_words(period: Period) -> str:
    """Whole years by their number, one day alone, else both days."""
    found = period.whole_years
    if found is not None:
        return str(found[0]) if found[0] == found[1] else f"{found[0]}–{found[1]}"
    return day(period.first) if period.days == 1 else f"{day(period.first)} – {day(period.last)}"


def figure_words(snapshot: Snapshot) -> str:
    """The figure with its unit; empty where there is none."""
    return "" if snapshot.figure is None else with_unit(snapshot.figure, snapshot.unit)


def when_words(snapshot: Snapshot) -> str:
    """Which days it speaks of; empty where that is not known."""
    return period_in_words(snapshot.period) if snapshot.period else ""


def standing_words(resolved: Resolved) -> str:
    """What became of a thing since it was pointed at; empty where nothing did, or nobody may tell."""
    if resolved.standing == Standing.GONE:
        return _("the source is no longer there")
    if resolved.standing == Standing.CHANGED and resolved.now is not None:
        return _("the source says %(figure)s now") % {"figure": _now(resolved.now)}
    return ""


def _now(snapshot: Snapshot) -> str:
    figure = figure_words(snapshot)
    return f"{figure} (n = {snapshot.n})" if snapshot.n is not None else figure


def ways_on(viewer: Any, kind: str, place: str, ids: Sequence[str]) -> list[tuple[str, list[Link]]]:
    """The pages of other rooms that take these things, by the name of who takes them."""
    return [
        (str(receiver.name), [Link(one.title, offers.address_of(one, ids)) for one in targets])
        for receiver, targets in offers.targets_for(viewer, kind, place)
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to choose; `taken` where it has been chosen before and stays so."""

    id: str
    measure: str
    figure: str
    n: int | None
    when: str
    chosen: bool
    taken: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What stands together under a title; each part has the figures of one row, if there are rows."""

    title: str
    parts: tuple[tuple[str, tuple[Line, ...]], ...]

    @property
    def count(self) -> int:
        """How many figures there are to choose from."""
        return sum(len(lines) for _title, lines in self.parts)

    @property
    def chosen(self) -> int:
        """How many of them are chosen, now or before."""
        return sum(line.chosen or line.taken for _title, lines in self.parts for line in lines)


def groups(
    offered: Iterable[Reference], *, chosen: Collection[str] = (), taken: Collection[str] = ()
) -> list[Group]:
    """What may be chosen, by group and title: the figures of one question stand together."""
    return [
        Group(title, tuple(_parts(title, list(found), chosen, taken)))
        for title, found in groupby(offered, key=lambda one: one.group or one.snapshot.title)
    ]


def _parts(
    group: str, offered: Iterable[Reference], chosen: Collection[str], taken: Collection[str]
) -> Iterator[tuple[str, tuple[Line, ...]]]:
    for title, found in groupby(offered, key=lambda one: one.snapshot.title):
        name = "" if title == group else title.removeprefix(f"{group} – ")
        yield name, tuple(_line(one, chosen, taken) for one in found)


def _line(reference: Reference, chosen: Collection[str], taken: Collection[str]) -> Line:
    seen, key = reference.snapshot, reference.id
    return Line(
        id=key,
        measure=seen.measure,
        figure=figure_words(seen),
        n=seen.n,
        when=when_words(seen),
        chosen=key in chosen and key not in taken,
        taken=key in taken,
    )
