"""All numbers of a frozen report as an Excel workbook, with native charts; and the texts beside them."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from merilo.assessment.reporting.document import Content, Stamp, period
from merilo.assessment.reporting.texts import PARTS
from merilo.core.numbers import MINUS, rounded
from merilo.core.numbers import parts as parts_of

Cell = str | int | Decimal | None
ZERO = "0;0;0"  # too small a number has no sign


def xlsx(
    content: Content, stamp: Stamp, *, accent: str, at: datetime, parts: Collection[str] = tuple(PARTS)
) -> bytes:
    """The workbook: a cover sheet, criteria with a chart, sub-criteria, statements, evidence.

    Numbers are the exact values (Excel keeps 15 digits); cells show them as the other formats do.
    """
    buffer = io.BytesIO()
    with translation.override(content["language"]):
        book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties(
            {
                "title": _("Self-assessment report"),
                "author": content["organisation"]["name"],
                "created": at.replace(tzinfo=None),
            }
        )
        writer = _Writer(book, accent)
        writer.cover(content, stamp)
        if "results" in parts:
            writer.criteria(content)
            writer.items(content)
        if not {"findings", "measures"}.isdisjoint(parts):
            writer.statements(content)
        if "annexes" in parts:
            writer.evidence(content)
        book.close()
    return buffer.getvalue()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Workbook, accent: str) -> None:
        self.book, self.accent = book, accent
        plain = {"valign": "top", "text_wrap": True}
        self.plain = book.add_format(plain)
        self.head = book.add_format({"bold": True, "bottom": 2, **plain})
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.numbers = {
            form: book.add_format({"num_format": form, "valign": "top"})
            for form in ("0", "0.0", ZERO, _signed("0"), _signed("0.0"))
        }

    def cover(self, content: Content, stamp: Stamp) -> None:
        sheet = self.book.add_worksheet(_("Report"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 60)
        sheet.write_string(0, 0, _("Self-assessment report"), self.title)
        rows: list[tuple[str, Cell]] = [
            (_("Organisation"), content["organisation"]["name"]),
            (_("Framework"), content["framework"]["edition"]),
            (_("Period under review"), period(content)),
            (_("Scoring method"), content["method"]["title"]),
            (_("Revision"), f"{stamp.number}, {stamp.state}"),
            (_("Checksum"), stamp.checksum),
            *(_overall(content) if "totals" in content else ()),
        ]
        for index, (name, value) in enumerate(rows, start=2):
            sheet.write_string(index, 0, name, self.plain)
            self._cell(sheet, index, 1, value)

    def criteria(self, content: Content) -> None:
        rows = [
            [c["code"], c["title"], *(_exact(c.get(key)) for key in ("mean", "before", "change"))]
            for c in content["criteria"]
        ]
        columns = [(_("No."), 6), (_("Criterion"), 44), (_("Points"), 10)]
        columns += [(_("Before"), 10), (_("Difference"), 10)]
        sheet = self._table(_("Criteria"), columns, rows)
        if content["totals"]["scored"]:
            self._chart(sheet, content)

    def _chart(self, sheet: Worksheet, content: Content) -> None:
        """The criteria as native bars, under their table."""
        chart = self.book.add_chart({"type": "bar"})
        last = len(content["criteria"])
        name = sheet.get_name()
        chart.add_series(
            {
                "name": [name, 0, 2],
                "categories": [name, 1, 1, last, 1],
                "values": [name, 1, 2, last, 2],
                "fill": {"color": self.accent},
                "data_labels": {"value": True},
            }
        )
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"min": content["scale"]["minimum"], "max": content["scale"]["maximum"]})
        chart.set_title({"name": _("Results by criterion")})
        chart.set_size({"width": 720, "height": 420})
        sheet.insert_chart(last + 2, 0, chart, {"description": _("Results by criterion")})

    def items(self, content: Content) -> None:
        names = {
            name["code"]: name["title"]
            for group in content["method"]["components"].values()
            for name in group
        }
        columns = [(_("No."), 6), (_("Sub-criterion"), 60), *((title, 12) for title in names.values())]
        columns += [(_("Points"), 10), (_("Before"), 10), (_("Difference"), 10), (_("Justification"), 60)]
        rows = [
            [
                item["code"],
                item["title"],
                *(item["values"].get(code) for code in names),
                *(_exact(item.get(key)) for key in ("score", "before", "change")),
                item.get("justification") or item.get("no_score_reason"),
            ]
            for item in _items(content)
        ]
        self._table(_("Sub-criteria"), columns, rows)

    def statements(self, content: Content) -> None:
        kinds = {"strengths": _("Strength"), "areas": _("Area for improvement"), "ideas": _("Proposal")}
        rows = [
            [item["code"], title, statement["text"], statement.get("assessors")]
            for item in _items(content)
            for kind, title in kinds.items()
            for statement in item.get(kind, ())
        ]
        self._table(
            _("Statements"),
            [(_("No."), 6), (_("Kind"), 22), (_("Text"), 90), (_("Written by (count)"), 12)],
            rows,
        )

    def evidence(self, content: Content) -> None:
        rows = [
            [
                row["number"],
                row["title"],
                row.get("result"),
                row["kind"],
                row["year"],
                row.get("unit"),
                ", ".join(row["uses"]),
            ]
            for row in content["evidence"]
        ]
        columns = [
            (_("No."), 6),
            (_("Evidence"), 70),
            (_("Result"), 40),
            (_("Kind"), 18),
            (_("Year"), 8),
            (_("Unit"), 30),
            (_("Used for"), 24),
        ]
        self._table(_("Evidence"), columns, rows)

    def _table(
        self, name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]]
    ) -> Worksheet:
        """A sheet with a head; a column in which nothing stands is left out."""
        rows = list(rows)
        kept = [n for n in range(len(columns)) if not rows or any(row[n] not in {None, ""} for row in rows)]
        sheet = self.book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for place, index in enumerate(kept):
            title, width = columns[index]
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, self.head)
            for line, row in enumerate(rows, start=1):
                self._cell(sheet, line, place, row[index], signed=title == _("Difference"))
        return sheet

    def _cell(self, sheet: Worksheet, row: int, column: int, value: Cell, *, signed: bool = False) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.plain)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self.plain)
        elif isinstance(value, Decimal):
            sheet.write_number(row, column, float(value), self.numbers[form_of(value, signed=signed)])
        else:
            sheet.write_number(row, column, value, self.plain)


def _overall(content: Content) -> Iterable[tuple[str, Cell]]:
    totals = content["totals"]
    yield _("Mean of the criteria"), _exact(totals["mean_of_criteria"])
    yield _("Mean of the sub-criteria"), _exact(totals["mean_of_items"])
    for panel in content["panels"]:
        title = {"panel": panel["title"].lower()}
        yield _("Mean of the criteria: %(panel)s") % title, _exact(panel["mean"])
        yield _("Mean of the sub-criteria: %(panel)s") % title, _exact(panel["mean_of_items"])
    yield _("Sub-criteria scored"), totals["scored"]


def form_of(value: Decimal, *, signed: bool = False) -> str:
    """The number format that shows a value as `core.numbers.display` does: whole without decimals, no −0."""
    shown = parts_of(value)
    plain = "0.0" if shown.tenths else "0"
    if not signed:
        return plain
    return _signed(plain) if rounded(value) else ZERO


def _signed(plain: str) -> str:
    return f'+{plain};"{MINUS}"{plain}'


def _exact(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _items(content: Content) -> Iterable[dict[str, Any]]:
    return (item for criterion in content["criteria"] for item in criterion["items"])
