"""Pointing at a thing of another room: kind, id and what was seen of it, asked again whenever it is shown.

A room registers the kinds of its things in `AppConfig.ready`. Whoever points keeps a `Reference` in plain
values where it is used, so that what was seen stays readable when the thing has changed or is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise as LazyText

from merilo.core.periods import Period, PeriodReversed

BETTER = ("", "higher", "lower")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was seen of a thing, with the rights of who pointed at it.

    `figure` is of the thing as a whole, in `unit`; `measure` says what figure it is, `first` and `last` which
    days it speaks of, `source` what it was taken from and `path` where that stands. `series` are figures by
    year, this one among them, `target` and `better` ("higher", "lower") what they are held against.
    """

    title: str
    figure: Decimal | None = None
    unit: str = ""
    measure: str = ""
    n: int | None = None
    method: str = ""
    first: date | None = None
    last: date | None = None
    source: str = ""
    path: str = ""
    series: Mapping[int, Decimal] = field(default_factory=dict)
    target: Decimal | None = None
    better: str = ""

    @property
    def period(self) -> Period | None:
        """The days it speaks of; None where one of them is not known."""
        return Period(self.first, self.last) if self.first and self.last else None

    def holds(self, now: Snapshot) -> bool:
        """Whether every figure that was seen is still the same; wordings depend on the reader's language."""
        same = (self.figure, self.n) == (now.figure, now.n)
        return same and all(now.series.get(year) == figure for year, figure in self.series.items())


@dataclass(frozen=True, slots=True)
class Reference:
    """A thing of another room, and what was seen of it when it was pointed at.

    Things with the same `group` are offered together; it is not kept.
    """

    kind: str
    id: str
    snapshot: Snapshot
    group: str = field(default="", compare=False)

    def plain(self) -> dict[str, Any]:
        """In plain values: kind, id, snapshot. Decimals are text, days ISO; what is empty is left out."""
        told = {name: _plain(value) for name, value in asdict(self.snapshot).items()}
        return {
            "kind": self.kind,
            "id": self.id,
            "snapshot": {name: value for name, value in told.items() if value not in (None, "", {})},
        }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def reference_in(plain: Any) -> Reference | None:
    """The reference that was kept; None where there is none, or what lies there is none of ours."""
    try:
        snapshot = _snapshot(plain["snapshot"])
        Period(snapshot.first or date.min, snapshot.last or date.max)
        return Reference(str(plain["kind"]), str(plain["id"]), snapshot)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, PeriodReversed):
        return None


def _snapshot(plain: Mapping[str, Any]) -> Snapshot:
    texts = {name: str(plain.get(name, "")) for name in ("unit", "measure", "method", "source", "path")}
    better = str(plain.get("better", ""))
    return Snapshot(
        title=str(plain["title"]),
        figure=_decimal(plain.get("figure")),
        n=int(plain["n"]) if "n" in plain else None,
        first=_day(plain.get("first")),
        last=_day(plain.get("last")),
        series={int(year): Decimal(figure) for year, figure in plain.get("series", {}).items()},
        target=_decimal(plain.get("target")),
        better=better if better in BETTER else "",
        **texts,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


# --- kinds ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Place:
    """Where things to point at are found: a survey, an indicator."""

    id: str
    title: str
    meta: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of things that may be pointed at. Each function takes the viewer first.

    `places(viewer)` lists where to look; `offered(viewer, place)` what may be pointed at there, in its order,
    empty for a place that the viewer may not see. `look(viewer, ids)` says what each thing is now: None once
    it is gone, and no entry at all where the viewer may not know.
    """

    code: str
    name: str | LazyText
    places: Callable[[Any], Iterable[Place]]
    offered: Callable[[Any, str], Iterable[Reference]]
    look: Callable[[Any, Collection[str]], Mapping[str, Snapshot | None]]


_kinds: dict[str, Kind] = {}


def contribute_kind(kind: Kind) -> None:
    """Let others point at things of this kind."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind | None:
    """The kind of that code, None where no room has registered it."""
    return _kinds.get(code)


def chosen(viewer: Any, kind: Kind, place: str, ids: Collection[str]) -> list[Reference]:
    """What was chosen of what the viewer may point at in a place; everything else is left out."""
    wanted = set(ids)
    return [one for one in kind.offered(viewer, place) if one.id in wanted]


# --- asked again ----------------------------------------------------------------------------------
class Standing(StrEnum):
    """How a thing stands to what was seen of it; UNSEEN where the viewer may not know."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the viewer may see of a thing now."""

    standing: Standing
    now: Snapshot | None = None


def resolve(reference: Reference, viewer: Any) -> Resolved:
    """What the viewer may see now of the thing that was pointed at."""
    return resolve_all([reference], viewer)[0]


def resolve_all(references: Sequence[Reference], viewer: Any) -> list[Resolved]:
    """The same for many at once, in their order: each kind is asked a single time."""
    ids: dict[str, set[str]] = {}
    for one in references:
        ids.setdefault(one.kind, set()).add(one.id)
    seen = {code: kind.look(viewer, ids[code]) for code in ids if (kind := kind_of(code))}
    return [_resolved(one, seen.get(one.kind, {})) for one in references]


def _resolved(reference: Reference, seen: Mapping[str, Snapshot | None]) -> Resolved:
    if reference.id not in seen:
        return Resolved(Standing.UNSEEN)
    now = seen[reference.id]
    if now is None:
        return Resolved(Standing.GONE)
    return Resolved(Standing.SAME if reference.snapshot.holds(now) else Standing.CHANGED, now)
