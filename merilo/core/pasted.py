"""Lists that people paste, one thing a line: cells, headings, addresses. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

MOST_IN_LINE = 2000
_JOINERS = "\u200d\ufe0f"  # inside emoji
# Before the @ only what every mail server takes, after it also names like община.бг.
_ATOM = r"[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+"
_NAME = r"[^\W_](?:[^\W_]|-(?!\.))*\."
_LAST = r"(?:[^\W\d_]{2,}|xn--[a-z0-9-]*[a-z0-9])"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_NAME})+{_LAST}")
_HEADINGS = frozenset(
    {"name", "full name", "e-mail", "email", "mail"}
    | {"име", "имена", "три имена", "служител", "е-поща", "имейл", "ел. поща"}
)


_READINGS = ("utf-8-sig", "utf-16", "cp1251")


def decoded(content: bytes) -> str | None:
    """What a file says, in one of the ways that programs write text here; None where it is no text.

    >>> decoded("Име;поща".encode("cp1251")), decoded(bytes([0x98]))
    ('Име;поща', None)
    """
    likely = _READINGS if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else _READINGS[::2]
    for reading in likely:
        try:
            return content.decode(reading)
        except UnicodeError:
            continue
    return None


def parting_of(lines: Sequence[str]) -> str:
    """The character between cells: a tab wherever there is one, else the more frequent of ; and ,."""
    whole = "\n".join(lines)
    if "\t" in whole:
        return "\t"
    return ";" if whole.count(";") >= max(1, sum("," in line for line in lines)) else ","


def cells_of(line: str, parting: str) -> list[str] | None:
    """The line's cells without blanks around; None when a quotation mark is not closed or it is too long."""
    if len(line) > MOST_IN_LINE:
        return None
    try:
        found = next(csv.reader([line], delimiter=parting, skipinitialspace=True, strict=True))
    except csv.Error:
        return None
    cells = [" ".join(cell.split()) for cell in found]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells


def is_heading(cells: Sequence[str]) -> bool:
    """Whether the first line of a list names its columns."""
    return not any("@" in cell for cell in cells) and any(cell.casefold() in _HEADINGS for cell in cells)


def can_be_sent_to(address: str) -> bool:
    """Whether a mail server could take the address."""
    if not _ADDRESS.fullmatch(address):
        return False
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError:  # a part of the name is too long for the network
        return False
    return True


def is_showable(text: str) -> bool:
    """Whether every character of a cell can be seen."""
    return all(character.isprintable() or character in _JOINERS for character in text)
