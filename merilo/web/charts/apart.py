"""Boxes that would cover each other are moved apart: a little, and never past each other on an axis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

MAY_BE_OFF = 0.01  # of a unit of the drawing
Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """Where things want to lie on one axis, how large they are, what they may not leave, what a step is."""

    wanted: Sequence[float]
    sizes: Sequence[float]
    bounds: Sequence[Bounds]
    step: float


def apart(across: Axis, up: Axis) -> list[tuple[float, float]]:
    """The centres of boxes that do not cover each other; upwards there have to be no outer bounds.

    What lies before another on an axis never lies behind it afterwards. As far as the bounds allow, things
    move along the axis on which they get less far from their place.
    """
    for dear in (1.0, 4.0):
        if found := _Sorting(_Line(across), _Line(up)).settled(dear):
            return found
    return _Sorting(_Line(across), _Line(up)).settled(None) or list(
        zip(across.wanted, up.wanted, strict=True)
    )


@dataclass(slots=True)
class _Line:
    """One axis with the distances kept on it: for each thing those before and behind it, and how far."""

    axis: Axis
    order: list[int] = field(init=False)
    before: dict[int, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    behind: dict[int, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    at: list[float] = field(init=False)

    def __post_init__(self) -> None:
        wanted = self.axis.wanted
        self.order = sorted(range(len(wanted)), key=lambda one: (wanted[one], one))
        same = [list(ones) for _place, ones in groupby(self.order, key=lambda one: wanted[one])]
        for first, second in pairwise(same):
            for one in first:
                for other in second:
                    self._hold(one, other, 0)
        self.at = list(wanted)

    def _hold(self, one: int, other: int, gap: float) -> None:
        self.before[other].append((one, gap))
        self.behind[one].append((other, gap))

    def _in_order(self, one: int, other: int) -> tuple[int, int]:
        wanted = self.axis.wanted
        return (one, other) if (wanted[one], one) < (wanted[other], other) else (other, one)

    def _gap(self, one: int, other: int) -> float:
        return (self.axis.sizes[one] + self.axis.sizes[other]) / 2

    def covers(self, one: int, other: int) -> bool:
        return self._gap(one, other) - abs(self.at[one] - self.at[other]) > MAY_BE_OFF

    def cost(self, one: int, other: int) -> float:
        """How far off in steps both would be, moved apart here."""
        first, second = self._in_order(one, other)
        need = self._gap(one, other) - (self.at[second] - self.at[first])
        off = sum(abs(self.at[each] - self.axis.wanted[each]) for each in (one, other))
        return (need + off) / self.axis.step

    def part(self, one: int, other: int) -> None:
        """From now on these two do not cover each other on this axis."""
        self._hold(*self._in_order(one, other), self._gap(one, other))

    def settle(self) -> bool:
        """Find places that keep all distances: the middle between all pushed back and all pushed forth."""
        forth = self._forth([max(place, self._low(one)) for one, place in enumerate(self.axis.wanted)])
        forth = self._back([min(place, self._high(one)) for one, place in enumerate(forth)])
        back = self._back([min(place, self._high(one)) for one, place in enumerate(self.axis.wanted)])
        back = self._forth([max(place, self._low(one)) for one, place in enumerate(back)])
        self.at = [(one + other) / 2 for one, other in zip(forth, back, strict=True)]
        return all(place >= self._low(one) - MAY_BE_OFF for one, place in enumerate(forth))

    def _low(self, one: int) -> float:
        return self.axis.bounds[one][0]

    def _high(self, one: int) -> float:
        return self.axis.bounds[one][1]

    def _forth(self, at: list[float]) -> list[float]:
        for one in self.order:
            at[one] = max([at[one], *(at[other] + gap for other, gap in self.before[one])])
        return at

    def _back(self, at: list[float]) -> list[float]:
        for one in reversed(self.order):
            at[one] = min([at[one], *(at[other] - gap for other, gap in self.behind[one])])
        return at


@dataclass(slots=True)
class _Sorting:
    """Both axes while things are moved apart pair by pair."""

    across: _Line
    up: _Line

    def settled(self, dear: float | None) -> list[tuple[float, float]] | None:
        """All places; moves across count `dear` times, None forbids them. None where there is no room."""
        while self.across.settle() and self.up.settle():
            moved: set[int] = set()
            for one, other in self._covering():
                if one not in moved and other not in moved:
                    self._part(one, other, dear)
                    moved |= {one, other}
            if not moved:
                return list(zip(self.across.at, self.up.at, strict=True))
        return None

    def _part(self, one: int, other: int, dear: float | None) -> None:
        if dear is not None and self.across.cost(one, other) * dear <= self.up.cost(one, other):
            self.across.part(one, other)
        else:
            self.up.part(one, other)

    def _covering(self) -> Iterator[tuple[int, int]]:
        """Pairs that cover each other, from the left."""
        rows = sorted(range(len(self.across.at)), key=lambda one: (self.across.at[one], one))
        widest = max(self.across.axis.sizes, default=0)
        for place, one in enumerate(rows):
            for other in rows[place + 1 :]:
                if self.across.at[other] - self.across.at[one] >= widest:
                    break
                if self.across.covers(one, other) and self.up.covers(one, other):
                    yield one, other
