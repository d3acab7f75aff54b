"""Fields of a plan in cells of our own workbook: what is written reads back as the same.

A value is a text that says one thing one way: days are ISO dates, numbers the shortest exact ones, people,
units and activities keys, lists one a line. Empty says that nothing is given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from merilo.core.cells import Cell, shown
from merilo.improvement.rules import reading
from merilo.improvement.rules.reading import alike, as_text

YES = "yes"
NEW = "#"  # before the number of an activity that is new in the file and has no key yet
DECIMALS, DIGITS = 6, 14  # of a value of an indicator, behind and before the mark
_EXACT_IN_FLOAT = 15  # digits
_CODES = re.compile(r"[\d.,;\s]*")
_APART = re.compile(r"[,;\s]+")


class Sort(StrEnum):
    """What a field takes."""

    LINE = "line"
    TEXT = "text"
    CODES = "codes"
    CHOICE = "choice"
    PERSON = "person"
    UNITS = "units"
    STEPS = "steps"
    DAY = "day"
    DAYS = "days"
    WHOLE = "whole"
    MONEY = "money"
    NUMBER = "number"
    TICK = "tick"


FIGURES = frozenset({Sort.WHOLE, Sort.MONEY, Sort.NUMBER})


@dataclass(frozen=True, slots=True)
class Field:
    """One column: `most` characters or units of what it counts; what is `needed` is never empty."""

    name: str
    sort: Sort
    most: int = 0
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """By which words things are known: labels, as they are written, and all ways in which they are read."""

    choices: Mapping[str, str] = field(default_factory=dict)  # value -> label
    people: Mapping[str, str] = field(default_factory=dict)  # key -> label
    units: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    ticks: tuple[str, str] = ("yes", "no")
    codes: Collection[str] = ()
    read_choices: Mapping[str, str] = field(default_factory=dict)  # alike(word) -> value
    read_people: Mapping[str, str] = field(default_factory=dict)
    read_units: Mapping[str, str] = field(default_factory=dict)
    read_steps: Mapping[str, str] = field(default_factory=dict)  # number in the file -> value
    read_ticks: Mapping[str, bool] = field(default_factory=dict)


class Unreadable(Exception):
    """A cell that does not say what its column takes."""

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key, self.params = key, params


def tidy(text: str) -> str:
    """A text as a cell gives it back: plain line ends, nothing behind the lines.

    >>> tidy(" а ")
    'а'
    """
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in plain.split("\n")).strip()


# --- reading --------------------------------------------------------------------------------------
def value_in(one: Field, cell: Cell, words: Words) -> str:
    """What a cell says. Errors: Unreadable."""
    text = tidy(shown(cell))
    if not text:
        if one.needed:
            raise Unreadable("needed")
        return ""
    return _READERS[one.sort](one, cell, text, words)


def _text(one: Field, _cell: Cell, text: str, _words: Words) -> str:
    said = " ".join(text.split()) if one.sort is Sort.LINE else text
    if len(said) > one.most:
        raise Unreadable("too_long", length=len(said), most=one.most)
    return said


def _codes(_one: Field, cell: Cell, text: str, words: Words) -> str:
    found = reading.codes(cell)
    wrong = [code for code in found if code not in words.codes]
    if wrong:
        raise Unreadable("unknown_code", codes=", ".join(wrong))
    if not found or not _CODES.fullmatch(text):
        raise Unreadable("no_code", text=text)
    return ", ".join(found)


def _named(known: Mapping[str, str], text: str, key: str) -> str:
    found = known.get(alike(text))
    if found is None:
        raise Unreadable(key, text=text)
    return found


def _choice(_one: Field, _cell: Cell, text: str, words: Words) -> str:
    return _named(words.read_choices, text, "unknown_choice")


def _person(_one: Field, _cell: Cell, text: str, words: Words) -> str:
    return _named(words.read_people, " ".join(text.split()), "unknown_name")


def _units(_one: Field, _cell: Cell, text: str, words: Words) -> str:
    keys = {_named(words.read_units, line, "unknown_unit") for line in text.split("\n") if line.strip()}
    return "\n".join(sorted(keys))


def _steps(_one: Field, _cell: Cell, text: str, words: Words) -> str:
    numbers = {part for part in _APART.split(text) if part}
    unknown = sorted(number for number in numbers if number not in words.read_steps)
    if unknown:
        raise Unreadable("unknown_step", text=", ".join(unknown))
    return "\n".join(sorted({words.read_steps[number] for number in numbers}))


def _day(_one: Field, cell: Cell, text: str, _words: Words) -> str:
    term = reading.term(cell)
    if term is None or term[0] is not None:
        raise Unreadable("no_single_day", text=text)
    return term[1].isoformat()


def _days(one: Field, cell: Cell, text: str, words: Words) -> str:
    if isinstance(cell, date):
        return _day(one, cell, text, words)
    days = (part.strip() for part in re.split(r"[,;\n]", text))
    return "\n".join(sorted({_day(one, day, day, words) for day in days if day}))


def _figure(one: Field, cell: Cell, text: str, places: int) -> Decimal:
    value = reading.number(cell)
    if value is None:
        raise Unreadable("no_figure", text=text)
    if value != round(value, places):
        raise Unreadable("too_exact" if places else "no_whole_number", text=text, places=places)
    if one.most and not 0 <= value <= one.most:
        raise Unreadable("out_of_range", text=text, most=one.most)
    return value


def _whole(one: Field, cell: Cell, text: str, _words: Words) -> str:
    return as_text(_figure(one, cell, text, 0))


def _money(one: Field, cell: Cell, text: str, _words: Words) -> str:
    return f"{_figure(one, cell, text, 2):.2f}"


def _number(one: Field, cell: Cell, text: str, _words: Words) -> str:
    value = _figure(one, cell, text, DECIMALS)
    if abs(value) >= 10**DIGITS:
        raise Unreadable("no_figure", text=text)
    return as_text(value)


def _tick(_one: Field, cell: Cell, text: str, words: Words) -> str:
    found = cell if isinstance(cell, bool) else words.read_ticks.get(alike(text))
    if found is None:
        raise Unreadable("no_yes_no", text=text)
    return YES if found else ""


_READERS = {
    Sort.LINE: _text,
    Sort.TEXT: _text,
    Sort.CODES: _codes,
    Sort.CHOICE: _choice,
    Sort.PERSON: _person,
    Sort.UNITS: _units,
    Sort.STEPS: _steps,
    Sort.DAY: _day,
    Sort.DAYS: _days,
    Sort.WHOLE: _whole,
    Sort.MONEY: _money,
    Sort.NUMBER: _number,
    Sort.TICK: _tick,
}


# --- writing --------------------------------------------------------------------------------------
def cell_for(one: Field, value: str, words: Words) -> Cell:
    """The cell that reads back as the value; people and units stand there by their labels."""
    if one.sort is Sort.TICK:
        return words.ticks[0] if value else words.ticks[1]
    if not value:
        return ""
    if one.sort is Sort.DAY:
        return date.fromisoformat(value)
    if one.sort in FIGURES:
        number = Decimal(value)
        exact = len(number.normalize().as_tuple().digits) <= _EXACT_IN_FLOAT
        return float(number) if exact else value
    return told(one, value, words)


def told(one: Field, value: str, words: Words) -> str:
    """A value in words, for a cell and for people; a key that nobody has any more is left out."""
    if one.sort in {Sort.CHOICE, Sort.PERSON}:
        return (words.choices if one.sort is Sort.CHOICE else words.people).get(value, "")
    if one.sort is Sort.UNITS:
        return "\n".join(words.units[key] for key in value.split("\n") if key in words.units)
    if one.sort is Sort.STEPS:
        return "; ".join(_named_steps(value.split("\n"), words.steps))
    if one.sort in {Sort.DAY, Sort.DAYS}:
        return ", ".join(f"{date.fromisoformat(day):%d.%m.%Y}" for day in value.split("\n") if day)
    if one.sort is Sort.TICK:
        return words.ticks[0] if value else words.ticks[1]
    return value


def _named_steps(keys: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    """Activities in the order of the plan, behind them the new ones of the file by their numbers."""
    known = [label for key, label in labels.items() if key in keys]
    return known + [key.removeprefix(NEW) for key in keys if key.startswith(NEW)]
