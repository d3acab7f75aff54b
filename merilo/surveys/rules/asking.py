"""The kinds of question: what each asks for, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

from merilo.framework.catalogue import Text

# What an option is besides an answer: one with a line to write in, one that excludes all others ("none of
# these"), or "don't know", which is counted apart and never enters a mean.
Role = Literal["", "other", "none", "unknown"]
UNKNOWN = "unknown"  # the answer "don't know" where there are no options


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. `value` is what it counts in a mean, None if it counts nothing."""

    code: str
    text: Text
    role: Role = ""
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a matrix."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Single:
    """One of several options."""

    kind: ClassVar[str] = "single"
    options: tuple[Option, ...]
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class Multiple:
    """Any number of options, or from `least` to `most` of them."""

    kind: ClassVar[str] = "multiple"
    options: tuple[Option, ...]
    least: int | None = None
    most: int | None = None
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """The same options for each of several rows."""

    kind: ClassVar[str] = "matrix"
    rows: tuple[Row, ...]
    options: tuple[Option, ...]
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class Rating:
    """A whole number from `least` to `most`; `unknown` is the text of "don't know", if that may be said."""

    kind: ClassVar[str] = "rating"
    least: int
    most: int
    least_text: Text | None = None
    most_text: Text | None = None
    unknown: Text | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """How likely one is to recommend, 0–10: the question of the net promoter score."""

    kind: ClassVar[str] = "nps"
    least: ClassVar[int] = 0
    most: ClassVar[int] = 10
    least_text: Text | None = None
    most_text: Text | None = None
    unknown: Text | None = None


@dataclass(frozen=True, slots=True)
class Number:
    kind: ClassVar[str] = "number"
    least: Decimal | None = None
    most: Decimal | None = None
    decimals: int = 0
    unit: Text | None = None


@dataclass(frozen=True, slots=True)
class Day:
    kind: ClassVar[str] = "date"
    least: date | None = None
    most: date | None = None


@dataclass(frozen=True, slots=True)
class ShortText:
    """One line; `most` in characters."""

    kind: ClassVar[str] = "short"
    most: int = 200


@dataclass(frozen=True, slots=True)
class LongText:
    """Several lines; `most` in characters."""

    kind: ClassVar[str] = "long"
    most: int = 2_000


@dataclass(frozen=True, slots=True)
class Ranking:
    """Options put in order, all of them or the first `most`."""

    kind: ClassVar[str] = "ranking"
    options: tuple[Option, ...]
    most: int | None = None
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class YesNo:
    kind: ClassVar[str] = "yesno"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file, in named surveys only."""

    kind: ClassVar[str] = "file"
    megabytes: int = 10


Asked: TypeAlias = (
    Single
    | Multiple
    | Matrix
    | Rating
    | Recommendation
    | Number
    | Day
    | ShortText
    | LongText
    | Ranking
    | YesNo
    | Upload
)
