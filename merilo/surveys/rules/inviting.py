"""A pasted list of people to ask: an address a line, with a language and, in named surveys, a name.

Cells may come in any order; `Maria Koleva <m.koleva@town.example>` is understood too. Lists are put together
from several places: a line that the separator of the list does not explain is read by its own. Mistakes are
named by line, and nothing of a line is lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from merilo.core.pasted import can_be_sent_to, cells_of, is_heading, is_showable, parting_of

MOST_PEOPLE = 20_000
LONGEST_ADDRESS, LONGEST_NAME = 254, 200
_IN_BRACKETS = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>\s@]+@[^<>\s@]+)>")
# A name in quotes before an address, as mail programs write it: the quotes belong around both.
_QUOTED = re.compile(r'"(?P<name>[^"<>]*)"\s*(?P<address><[^<>\s@]+@[^<>\s@]+>)')
_SEPARATORS = str.maketrans("\t,", ";;")
_LANGUAGE = re.compile(r"[A-Za-z]{2}(-[A-Za-z]{2,4})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """One person of a list; `number` is the line it stood on, from 1."""

    number: int
    address: str
    language: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one line (`text`, as typed); `code` is a key of `surveys.messages.PASTED`."""

    number: int
    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Asking:
    """What a list may say: the survey's languages, whether names are kept, addresses that are known."""

    languages: Sequence[str]
    with_names: bool
    known: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was understood and what was not; `unnamed` counts names that an anonymous survey does not keep."""

    people: tuple[Asked, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    unnamed: int = 0
    too_long: bool = False


def read(text: str, asking: Asking) -> Pasted:
    """Understand a list.

    >>> read("m.koleva@town.example; en", Asking(["bg", "en"], with_names=False)).people[0].language
    'en'
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_PEOPLE + 1:
        return Pasted(too_long=True)
    parting = parting_of([line for _, line in lines])
    people: list[Asked] = []
    mistakes: list[Mistake] = []
    seen = {address.casefold(): "known" for address in asking.known}
    unnamed = 0
    for place, (number, line) in enumerate(lines):
        if place == 0 and any(cells and is_heading(cells) for cells in _cells(line, parting)):
            continue
        found, code = _understood(number, line, parting, asking.languages)
        code = code or (seen.get(found.address.casefold(), "") if found else "")
        if code or found is None:
            mistakes.append(Mistake(number, line, code))
            continue
        seen[found.address.casefold()] = "twice"
        unnamed += bool(found.name) and not asking.with_names
        people.append(found if asking.with_names else Asked(number, found.address, found.language))
    return Pasted(tuple(people), tuple(mistakes), unnamed)


def _understood(number: int, line: str, parting: str, languages: Sequence[str]) -> tuple[Asked | None, str]:
    """Whom a line names, by the first way of reading it that makes sense; else what is wrong with it."""
    usual: tuple[Asked | None, str] | None = None
    for cells in _cells(line, parting):
        found = None if cells is None else _asked(number, cells, languages)
        code = "quotes" if cells is None else _mistake(found)
        if not code:
            return found, ""
        usual = usual or (found, code)
    return usual or (None, "address")


def _cells(line: str, parting: str) -> Iterator[list[str] | None]:
    """The cells of a line by the separator of the list, by its own, and by all that stand in it."""
    line = _QUOTED.sub(r'"\g<name> \g<address>"', line)
    for one in dict.fromkeys((parting, parting_of([line]))):
        yield cells_of(line, one)
    parts = line.split('"')  # between quotation marks a separator is none
    parts[::2] = [part.translate(_SEPARATORS) for part in parts[::2]]
    yield cells_of('"'.join(parts), ";")


def _asked(number: int, cells: Sequence[str], languages: Sequence[str]) -> Asked | None:
    """The cells of a line in their parts; None where nothing is an address."""
    address, language, names = "", "", []
    for cell in cells:
        bracketed = _IN_BRACKETS.fullmatch(cell)
        if "@" in cell and not address:
            address = bracketed["address"] if bracketed else cell
            names += [bracketed["name"].strip().strip('"')] if bracketed else []
        elif cell.casefold() in languages:
            language = cell.casefold()
        else:
            names.append(cell)
    return Asked(number, address, language, " ".join(filter(None, names))) if address else None


def _mistake(found: Asked | None) -> str:
    """The code of what is wrong with a line, or an empty text."""
    if found is None:
        return "address"
    checks = {
        "long": len(found.address) > LONGEST_ADDRESS or len(found.name) > LONGEST_NAME,
        "address-form": not can_be_sent_to(found.address),
        "language": bool(_LANGUAGE.fullmatch(found.name)),
        "address-twice": "@" in found.name,
        "characters": not is_showable(found.name),
    }
    return next((code for code, wrong in checks.items() if wrong), "")
