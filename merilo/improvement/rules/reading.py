"""What people write into cells of a plan, read as days, numbers and codes; None where it is not clear."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from merilo.core.cells import Cell

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
Term = tuple[date | None, date]  # a deadline has no first day
_MONTHS = (
    ("януари", "january"),
    ("февруари", "february"),
    ("март", "march"),
    ("април", "april"),
    ("май", "may"),
    ("юни", "june"),
    ("юли", "july"),
    ("август", "august"),
    ("септември", "september"),
    ("октомври", "october"),
    ("ноември", "november"),
    ("декември", "december"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_PART = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_ORDINAL = r"(?:-?(?:во|ро|то|st|nd|rd|th))?"
_SPAN = re.compile(
    r"(?<!\d)(?:(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<day>\d{1,2}[./-]\d{1,2}[./-]\d{4})"
    r"|(?P<month>\d{1,2}[./]\d{4})"
    rf"|(?P<name>{'|'.join(_MONTH)})\s+(?P<of>\d{{4}})"
    r"|q(?P<q>[1-4])\s*[/.]?\s*(?P<q_of>\d{4})"
    rf"|(?P<part>iv|i{{1,3}}|[1-4]){_ORDINAL}\s+(?P<size>тримесечие|трим\.|quarter|полугодие|half)\s+"
    r"(?:на\s+|of\s+)?(?P<part_of>\d{4})"
    r"|(?P<year>\d{4}))(?!\d)"
)
_BETWEEN = re.compile(r"(?:[\s–—,.-]|\b(?:г|год|година|м|месец|от|до|края?|на|from|to|until|by|end|of)\b)*")
_UNTIL = re.compile(r"(?:до|until|by)\b")


def term(cell: Cell) -> Term | None:
    """From when to when: days, months, quarters, halves or years, one of them or two.

    >>> term("03.2026 – 10.2026"), term("до 31.12.2026 г."), term("по график")
    ((datetime.date(2026, 3, 1), datetime.date(2026, 10, 31)), (None, datetime.date(2026, 12, 31)), None)
    """
    if isinstance(cell, date):
        return _plausible((None, cell))
    text = f"{cell:g}" if isinstance(cell, float) and cell.is_integer() else str(cell).casefold()
    if not _BETWEEN.fullmatch(_SPAN.sub(" ", text)):
        return None
    try:
        spans = [_span(found) for found in _SPAN.finditer(text)]
    except ValueError:
        return None
    if len(spans) == 1:
        first, last = spans[0]
        is_deadline = first == last or _UNTIL.match(text.strip()) is not None
        return _plausible((None if is_deadline else first, last))
    if len(spans) == 2 and spans[0][0] <= spans[1][1]:
        return _plausible((spans[0][0], spans[1][1]))
    return None


def _plausible(found: Term) -> Term | None:
    return found if all(EARLIEST <= day <= LATEST for day in found if day) else None


def _span(found: re.Match[str]) -> tuple[date, date]:
    """The first and last day of what was named. Errors: ValueError for a day that does not exist."""
    if whole := found["iso"] or found["day"]:
        parts = [int(part) for part in re.split(r"[./-]", whole)]
        one = date(*(parts if found["iso"] else reversed(parts)))
        return one, one
    return _months(*_of_year(found))


def _of_year(found: re.Match[str]) -> tuple[int, int, int]:
    """The year, the first month, how many months."""
    if found["month"]:
        month, year = map(int, re.split(r"[./]", found["month"]))
        return year, month, 1
    if found["name"]:
        return int(found["of"]), _MONTH[found["name"]], 1
    if found["q"]:
        return int(found["q_of"]), 3 * int(found["q"]) - 2, 3
    if found["part"]:
        size = 6 if found["size"] in {"полугодие", "half"} else 3
        return int(found["part_of"]), size * _PART[found["part"]] - size + 1, size
    return int(found["year"]), 1, 12


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    last = month + count - 1
    return date(year, month, 1), date(year, last, monthrange(year, last)[1])


# --- numbers --------------------------------------------------------------------------------------
_MONEY = re.compile(r"€|\beur\b|\beuros?\b|\bевро\b|%")
_PLAIN = re.compile(r"[-−]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"[-−]?[1-9]\d{0,2}(?:([.,])\d{3})+(?:(?!\1)[.,]\d+)?")
_UNCLEAR = re.compile(r"[-−]?[1-9]\d{0,2}[.,]\d{3}")  # thousands or thousandths


def number(cell: Cell) -> Decimal | None:
    """A number, also one with spaces, a percent or a euro sign; None where two numbers could be meant.

    >>> number("1 800,50 €"), number("1.250,00"), number("1,250"), number("12 000 лв.")
    (Decimal('1800.50'), Decimal('1250.00'), None, None)
    """
    if isinstance(cell, bool | date):
        return None
    if isinstance(cell, float):
        return Decimal(repr(cell)) if abs(cell) < 10**20 else None
    text = re.sub(r"\s", "", _MONEY.sub("", str(cell).casefold()))
    if _UNCLEAR.fullmatch(text):
        return None
    if grouped := _GROUPED.fullmatch(text):
        text = text.replace(grouped[1], "")
    if not _PLAIN.fullmatch(text):
        return None
    return Decimal(text.replace("−", "-").replace(",", "."))


def as_text(value: Decimal) -> str:
    """A number as the shortest exact text.

    >>> as_text(Decimal("40.00")), as_text(Decimal("0.50"))
    ('40', '0.5')
    """
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


# --- words ----------------------------------------------------------------------------------------
_CODE = re.compile(r"(?<![\d.])\d{1,2}\.\d{1,2}(?!\.?\d)")
_BULLET = re.compile(r"(?:[-–—•·*▪]|\d{1,2}[.)])\s+")


def codes(cell: Cell) -> list[str]:
    """The numbers of sub-criteria in a cell, each once; a program may have made a number of one.

    >>> codes("1.2 Лидерите; 6.1, 1.2"), codes(1.1)
    (['1.2', '6.1'], ['1.1'])
    """
    text = f"{cell:g}" if isinstance(cell, float) else str(cell)
    return list(dict.fromkeys(_CODE.findall(text)))


def lines(text: str) -> list[str]:
    """The lines of a cell without blanks and marks of a list.

    >>> lines(" - Въпросник ")
    ['Въпросник']
    """
    found = (_BULLET.sub("", line.strip(), count=1) for line in text.splitlines())
    return [" ".join(line.split()) for line in found if line.strip()]


def pieces(text: str) -> list[str]:
    """Names in a cell: one a line, or with semicolons, commas or brackets between them.

    >>> pieces("М. Колева, директор; П. Илиев")
    ['М. Колева', 'директор', 'П. Илиев']
    """
    return [piece for raw in re.split(r"[\n;,()/]", text) if (piece := " ".join(raw.split()))]


def alike(text: str) -> str:
    """A text without what people write now so and now so: for comparing words.

    >>> alike("„Дирекция  АПИО“ ") == alike("дирекция апио")
    True
    """
    return " ".join(re.sub(r"[„“”\"'«».:*]", "", text.casefold()).split())


def joined(texts: Sequence[str]) -> str:
    """Several facts below each other, each once."""
    return "\n".join(dict.fromkeys(text for text in texts if text))
