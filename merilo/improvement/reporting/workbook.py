"""A plan as tables: the columns that administrations use, as workbook, CSV and open data."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from merilo.improvement.reporting import words
from merilo.improvement.reporting.content import Content
from merilo.improvement.reporting.document import Stamp
from merilo.improvement.reporting.words import FIELDS
from merilo.web.tables import Column, as_csv

Cell = str | int | Decimal | date | None
Row = dict[str, Any]


def columns() -> list[tuple[str, str, int]]:
    """Key, title and width of each column, in the active language."""
    return [
        ("number", str(FIELDS["number"]), 5),
        ("text", str(FIELDS["text"]), 40),
        ("codes", str(FIELDS["codes"]), 24),
        ("areas", str(FIELDS["areas"]), 40),
        ("kind", str(FIELDS["kind"]), 16),
        ("objective", str(FIELDS["objective"]), 36),
        ("activities", str(FIELDS["activities"]), 44),
        ("owner", str(FIELDS["owner"]), 28),
        ("deputy", str(FIELDS["deputy"]), 28),
        ("units", str(FIELDS["units"]), 28),
        ("first", _("Begins"), 12),
        ("last", _("Ends"), 12),
        ("hours", _("Hours"), 8),
        ("euro", _("Money in euro"), 14),
        ("funding", str(FIELDS["funding"]), 22),
        ("indicator", _("Indicator"), 30),
        ("unit", _("Unit of measurement"), 14),
        ("baseline", _("Baseline"), 12),
        ("target", _("Target value"), 12),
        ("source", _("Source of the data"), 24),
        ("risks", str(FIELDS["risks"]), 30),
        ("impact", _("Impact"), 12),
        ("feasibility", _("Feasibility"), 12),
        ("state", _("State"), 20),
        ("percent", _("Carried out, %"), 12),
        ("report", _("Report"), 40),
    ]


def rows_of(content: Content) -> list[list[Cell]]:
    """One row for each measure, one more for each further indicator, in the order of `columns`."""
    return [list(row) for measure in content["measures"] for row in _rows(measure)]


def _rows(measure: Row) -> Iterable[list[Cell]]:
    said = words.told(measure)
    first = measure["indicators"][0] if measure["indicators"] else {}
    yield [
        measure["number"],
        *(
            said[name]
            for name in (
                "text",
                "codes",
                "areas",
                "kind",
                "objective",
                "activities",
                "owner",
                "deputy",
                "units",
            )
        ),
        *(date.fromisoformat(measure[name]) for name in ("first", "last")),
        measure.get("hours"),
        _exact(measure.get("euro")),
        measure.get("funding", ""),
        *_indicator(first),
        measure.get("risks", ""),
        _exact(measure.get("impact")),
        _exact(measure.get("feasibility")),
        words.stands(measure["state"], measure["signal"]) if "state" in measure else "",
        measure.get("percent"),
        measure.get("report") or measure.get("state_reason", ""),
    ]
    for further in measure["indicators"][1:]:
        yield [measure["number"], measure["text"], *[None] * 13, *_indicator(further), *[None] * 6]


def _indicator(row: Row) -> list[Cell]:
    return [
        row.get("name", ""),
        row.get("unit", ""),
        _exact(row.get("baseline")),
        _exact(row.get("target")),
        row.get("source", ""),
    ]


def _exact(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def csv_of(content: Content) -> bytes:
    """The measures as comma-separated values, in the content's language."""
    with translation.override(content["language"]):
        titles = columns()
        rows = [
            [str(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in rows_of(content)
        ]
        return as_csv(rows, [Column(key, title) for key, title, _width in titles])


def json_of(content: Content, stamp: Stamp) -> str:
    """The frozen content with what identifies it."""
    identity = {"number": stamp.number, "state": stamp.state, "checksum": stamp.checksum}
    return json.dumps({"revision": identity, **content}, ensure_ascii=False, indent=1)


def xlsx(content: Content, stamp: Stamp, *, at: datetime) -> bytes:
    """The workbook: what the plan is, its measures, their activities."""
    with translation.override(content["language"]):
        with Book(content["plan"]["title"], content["organisation"]["name"], at) as book:
            plan = content["plan"]
            book.facts(
                _("Plan"),
                [
                    (_("Title"), plan["title"]),
                    (_("Organisation"), content["organisation"]["name"]),
                    (_("Carried out from"), date.fromisoformat(plan["first"])),
                    (_("Carried out until"), date.fromisoformat(plan["last"])),
                    (_("Purpose"), plan["purpose"]),
                    (_("Revision"), f"{stamp.number}, {stamp.state}"),
                    (_("Checksum"), stamp.checksum),
                ],
            )
            book.table(_("Measures"), [(title, width) for _key, title, width in columns()], rows_of(content))
            book.table(_("Activities"), _activity_columns(), _activity_rows(content))
        return book.content


def _activity_columns() -> list[tuple[str, int]]:
    titles = (
        (_("No."), 5),
        (str(FIELDS["text"]), 40),
        (_("Activity"), 44),
        (_("Begins"), 12),
        (_("Ends"), 12),
        (_("Begins after"), 36),
    )
    return [*titles, (_("Responsible"), 28), (_("Carried out, %"), 12), (_("Carried out on"), 14)]


def _activity_rows(content: Content) -> list[list[Cell]]:
    return [
        [
            measure["number"],
            measure["text"],
            row["text"],
            date.fromisoformat(row["first"]),
            date.fromisoformat(row["last"]),
            words.lines(words.named_before(row)),
            words.person(row.get("owner")),
            row.get("percent"),
            date.fromisoformat(row["done_on"]) if row.get("done_on") else None,
        ]
        for measure in content["measures"]
        for row in measure["activities"]
    ]


class Book:
    """A workbook that is written sheet by sheet; a column in which nothing stands is left out."""

    def __init__(self, title: str, author: str, at: datetime) -> None:
        self.buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = Workbook(self.buffer, options)
        self.book.set_properties({"title": title, "author": author, "created": at.replace(tzinfo=None)})
        plain = {"valign": "top", "text_wrap": True}
        self.plain = self.book.add_format(plain)
        self.head = self.book.add_format({"bold": True, "bottom": 2, **plain})
        self.day = self.book.add_format({"num_format": "dd.mm.yyyy", **plain})
        self.money = self.book.add_format({"num_format": "#,##0.00", **plain})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.book.close()

    @property
    def content(self) -> bytes:
        """The bytes, once the book is closed."""
        return self.buffer.getvalue()

    def facts(self, name: str, rows: Sequence[tuple[str, Cell]]) -> None:
        """A sheet of names and values."""
        sheet = self.book.add_worksheet(name[:31])
        sheet.set_column(0, 0, 34, self.plain)
        sheet.set_column(1, 1, 70, self.plain)
        for index, (title, value) in enumerate(rows):
            sheet.write_string(index, 0, title, self.head)
            self._cell(sheet, index, 1, value)

    def table(self, name: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[Cell]]) -> None:
        """A sheet with a head that stays in sight."""
        sheet = self.book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        kept = [n for n in range(len(columns)) if not rows or any(row[n] not in {None, ""} for row in rows)]
        for place, index in enumerate(kept):
            title, width = columns[index]
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, self.head)
            for line, row in enumerate(rows, start=1):
                self._cell(sheet, line, place, row[index])

    def _cell(self, sheet: Worksheet, row: int, column: int, value: Cell) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.plain)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self.plain)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self.day)  # noqa: DTZ001  a day in a table has no zone
        elif isinstance(value, Decimal) and value.as_tuple().exponent == -2:
            sheet.write_number(row, column, float(value), self.money)
        else:
            sheet.write_number(row, column, float(value), self.plain)
