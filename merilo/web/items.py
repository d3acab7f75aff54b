"""Small values that pages hand to components: links, steps of the cycle, bands of a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere; `current` marks the page one is on."""

    text: str
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class CycleStep:
    """One of the ten steps; `phase` is given on the first step of a phase."""

    number: int
    label: str
    state: Literal["past", "now", "next"] = "next"
    url: str = ""
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a score scale: whole points from `low` to `high`, its phase and its sentence."""

    low: int
    high: int
    phase: str
    text: str

    @property
    def range(self) -> str:
        """The band in figures, "51–70"."""
        return f"{self.low}–{self.high}"


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a fine-tuned score (plan, do, check, act; trends, targets): code, name, sentence."""

    code: str
    label: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """One thing in a grid: what is written there, its full name for a reader, its link and its status."""

    text: str
    name: str
    url: str
    status: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What lies at one place of a grid; `corner` names the part of the grid that begins here."""

    things: Sequence[Placed] = ()
    corner: str = ""


@dataclass(frozen=True, slots=True)
class CellRow:
    """One row of a grid with what it stands for."""

    head: str
    cells: Sequence[Cell]
