"""What a file says that a questionnaire here cannot: noted line by line while it is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SHOWN = 300  # characters of a value
MOST = 5_000  # lines; a form that loses more is not read with profit


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: a sheet and its row counted from 1, or a part called by its name.

    `kind` is "sheet", "question", "page", "quota", "table" or "survey".
    """

    kind: str
    name: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that was changed or left out; the sentence stands in `messages`."""

    place: Place
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """A questionnaire in plain values, which may have mistakes in it, and what of the file it lacks."""

    plain: dict[str, Any]
    losses: tuple[Loss, ...] = ()


class Notes:
    """The losses found so far."""

    def __init__(self) -> None:
        self.losses: list[Loss] = []

    def add(self, place: Place, code: str, /, **params: object) -> None:
        """Note a loss once; long values are cut."""
        shown = {key: _cut(value) if isinstance(value, str) else value for key, value in params.items()}
        loss = Loss(place, code, shown)
        if loss not in self.losses[-50:] and len(self.losses) < MOST:
            self.losses.append(loss)


def _cut(value: str) -> str:
    return value if len(value) <= SHOWN else f"{value[: SHOWN - 1]}…"


class Codes:
    """Codes given out once each, near to the names that were wanted.

    >>> codes = Codes()
    >>> codes.take("age"), codes.take("age"), codes.take("1st-time"), codes.take("възраст")
    ('age', 'age_2', 'q1st_time', 'q')
    """

    def __init__(self, first: str = "q") -> None:
        self.first = first  # put before what may not begin a code; "" where digits may
        self.taken: set[str] = set()
        self.numbers: dict[str, int] = {}  # of the last code that was wanted twice

    def take(self, wanted: str) -> str:
        """A code like the wanted one."""
        start = _as_code(wanted, self.first)
        code, number = start, self.numbers.get(start, 1)
        while code in self.taken:
            number += 1
            self.numbers[start] = number
            ending = f"_{number}"
            code = start[: 40 - len(ending)] + ending
        self.taken.add(code)
        return code


def _as_code(wanted: str, first: str) -> str:
    letters = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode()
    code = re.sub(r"[^A-Za-z0-9_]+", "_", letters) if letters == wanted else ""
    code = code or re.sub(r"[^A-Za-z0-9_]+", "_", letters).strip("_")
    if first and not code[:1].isalpha():
        code = first + code
    return code[:40] or "a"
