"""What becomes of a table: measures as they would be made, to look at before anything is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from merilo.core.cells import Cell, Problem, shown
from merilo.improvement.rules.headings import Holds
from merilo.improvement.rules.wording import as_line

BLOCKING = "words_too_long"


@dataclass(frozen=True, slots=True)
class Known:
    """What the plan and its organisation know: words in the form of `reading.alike`.

    `people` and `units` lead from the ways to write a name to a key; `measures` from texts to numbers.
    """

    first: date
    last: date
    codes: Collection[str] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One activity; `owner` is a key of a person or empty."""

    text: str
    first: date
    last: date
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One indicator with its aim."""

    name: str
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    source: str = ""

    @property
    def direction(self) -> str:
        """Which way is good: towards the target."""
        if self.baseline is None or self.target is None or self.baseline == self.target:
            return "none"
        return "up" if self.target > self.baseline else "down"


@dataclass(frozen=True, slots=True)
class Draft:
    """One measure as it would be made; `same_as` is the number of one that says the same already."""

    row: int
    text: str
    first: date
    last: date
    kind: str = ""
    codes: tuple[str, ...] = ()
    objective: str = ""
    goals: str = ""
    note: str = ""
    owner: str = ""
    deputy: str = ""
    units: tuple[str, ...] = ()
    participants: str = ""
    hours: int | None = None
    euro: Decimal | None = None
    funding: str = ""
    risks: str = ""
    areas: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    seen: tuple[Seen, ...] = ()
    remarks: tuple[Problem, ...] = ()
    same_as: int | None = None

    @property
    def is_blocked(self) -> bool:
        """Whether it cannot be made as it stands."""
        return any(one.key == BLOCKING for one in self.remarks)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the headings stand (None: the table has none) and what each column holds."""

    head: int | None
    holds: Mapping[int, Holds]


@dataclass(frozen=True, slots=True)
class Entry:
    """One filled cell of a measure."""

    row: int
    column: int
    cell: Cell


@dataclass(slots=True)
class Rows:
    """The filled cells of one measure, by what they hold."""

    row: int
    is_measure: bool
    found: dict[Holds, list[Entry]] = field(default_factory=dict)

    def add(self, holds: Holds, entry: Entry) -> None:
        """One more cell."""
        self.found.setdefault(holds, []).append(entry)

    def said(self) -> str:
        """What stands there, for a row that is no measure."""
        return as_line("; ".join(shown(one.cell) for some in self.found.values() for one in some), 200)
