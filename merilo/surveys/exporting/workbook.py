"""Results, breakdowns and codebook of a survey as an Excel workbook with native charts; also the answers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from merilo.surveys import showing
from merilo.surveys.analysis.contents import Content, said
from merilo.surveys.exporting.dataset import AWAY, MISSING, Dataset
from merilo.surveys.exporting.sheet_rows import Step, put_in

Cell = str | int | float | None
PIECE = 2**20  # bytes
CHART_LINES = 16  # of a sheet that a chart stands beside


@dataclass(frozen=True, slots=True)
class Figures:
    """What the results sheets show: contents of items, of breakdowns, and facts about the survey."""

    items: Sequence[Content]
    tables: Sequence[Content]
    facts: Sequence[tuple[str, str]]


def xlsx(
    figures: Figures,
    dataset: Dataset | None,
    *,
    codebook: Dataset | None,
    language: str,
    accent: str,
    at: datetime,
    step: Step = lambda _done: None,
) -> Iterator[bytes]:
    """The workbook in pieces: survey, results, breakdowns, codebook; the answers too if they are given.

    Rows are written one after the other and do not stay in memory; `step` hears how far it is, in per cent.
    """
    with tempfile.TemporaryDirectory() as folder:
        path, filled = Path(folder) / "results.xlsx", Path(folder) / "answers.xlsx"
        with override(language):
            part = _written(path, figures, dataset, codebook, _Look(language, accent, at))
        if dataset is not None:
            put_in(path, part, dataset, filled, step)
        with (path if dataset is None else filled).open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


@dataclass(frozen=True, slots=True)
class _Look:
    language: str
    accent: str
    at: datetime


def _written(
    path: Path, figures: Figures, dataset: Dataset | None, codebook: Dataset | None, look: _Look
) -> str:
    """Write all sheets, of the answers the head alone; answers which part of the file the last sheet is."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(str(path), options | {"tmpdir": str(path.parent)})
    book.set_properties({"created": look.at.replace(tzinfo=None)})
    writer = _Writer(book, look.language, look.accent)
    writer.facts(figures.facts)
    writer.results(figures.items)
    writer.breakdowns(figures.tables)
    if codebook is not None:
        writer.codebook(codebook)
    if dataset is not None:
        writer.answers(dataset)
    book.close()
    return f"xl/worksheets/sheet{len(book.worksheets())}.xml"


class _Writer:
    """Writes the sheets of one workbook, each from its first row to its last."""

    def __init__(self, book: Workbook, language: str, accent: str) -> None:
        self.book, self.language, self.accent = book, language, accent
        wrapped = {"valign": "top", "text_wrap": True}
        self.plain = book.add_format(wrapped)
        self.head = book.add_format({"bold": True, "bottom": 2, **wrapped})
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.share = book.add_format({"num_format": "0.0%", "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.points = book.add_format({"num_format": "0.00", "valign": "top"})

    def _sheet(self, name: str, widths: Sequence[int]) -> Worksheet:
        sheet = self.book.add_worksheet(name[:31])
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        sheet = self._sheet(_("Survey"), (34, 90))
        for row, (name, value) in enumerate(facts):
            sheet.write_string(row, 0, name, self.head)
            sheet.write_string(row, 1, value, self.plain)

    # --- results ------------------------------------------------------------------------------
    def results(self, items: Sequence[Content]) -> None:
        """One block for each item: its answers with shares and intervals, its figures, its chart."""
        sheet = self._sheet(_("Results"), (44, 12, 12, 12, 12))
        row = 0
        for item in items:
            if item["kind"] not in {"short", "long", "file"}:
                row = self._item(sheet, row, item) + 1

    def _item(self, sheet: Worksheet, row: int, item: Content) -> int:
        """Answers the row after the block."""
        first = row
        sheet.write_string(row, 0, self._name(item), self.title)
        if item["hidden"]:
            sheet.write_string(row + 1, 0, showing.HIDDEN, self.plain)
            return row + 2
        words = (_("Answer"), _("Number of people"), _("Share of people"), _("from"), _("to"))
        for column, word in enumerate(words):
            sheet.write_string(row + 1, column, word, self.head)
        row += 2
        for answer in item["answers"]:
            sheet.write_string(row, 0, showing.answer_words(answer), self.plain)
            sheet.write_number(row, 1, answer["count"])
            self._numbers(sheet, row, 2, [answer[name] for name in ("share", "low", "high")], self.share)
            row += 1
        if item["answers"]:
            self._chart(sheet, first, first + 2, row - 1, self._name(item))
        for name, value, low, high, format_ in self._figures(item):
            sheet.write_string(row, 0, name, self.plain)
            self._numbers(sheet, row, 1, [value], format_)
            self._numbers(sheet, row, 3, [low, high], format_)
            row += 1
        return max(row, first + CHART_LINES) if item["answers"] else row

    def _name(self, item: Content) -> str:
        texts = (said(item["text"], self.language), said(item["row"], self.language))
        return " – ".join(filter(None, texts))

    @staticmethod
    def _numbers(
        sheet: Worksheet, row: int, column: int, numbers: Sequence[float | None], form: Any = None
    ) -> None:
        for place, number in enumerate(numbers, start=column):
            if number is not None:
                sheet.write_number(row, place, number, form)

    def _figures(self, item: Content) -> Iterator[tuple[str, float, float | None, float | None, Any]]:
        names = {"mean": _("Mean"), "top": _("The two best answers"), "nps": _("Net promoter score")}
        for code, name in names.items():
            if found := item["figures"].get(code):
                form = self.share if code == "top" else self.points
                yield name, found["value"], found["low"], found["high"], form
        told = {
            "base": _("Answered"),
            "unknown": _("Don’t know"),
            "none": _("No answer"),
            "away": _("Not asked"),
        }
        for code, name in told.items():
            yield name, item[code], None, None, None

    def _chart(self, sheet: Worksheet, place: int, first: int, last: int, name: str) -> None:
        """The shares as native bars, beside their table."""
        chart, of = self.book.add_chart({"type": "bar"}), sheet.get_name()
        chart.add_series(
            {
                "categories": [of, first, 0, last, 0],
                "values": [of, first, 2, last, 2],
                "fill": {"color": self.accent},
                "data_labels": {"value": True},
                "gap": 60,
            }
        )
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%", "major_gridlines": {"visible": False}})
        chart.set_title({"name": name[:200], "name_font": {"size": 11}})
        chart.set_size({"width": 560, "height": 290})
        sheet.insert_chart(place, 6, chart, {"description": name[:200]})

    # --- breakdowns ---------------------------------------------------------------------------
    def breakdowns(self, tables: Sequence[Content]) -> None:
        """Every protected table as it stands on its page: counts, and :c for what is hidden."""
        if not tables:
            return
        sheet = self._sheet(_("Breakdowns"), (44, *([14] * 14)))
        row = 0
        for table in tables:
            shown = showing.breakdown(table)
            sheet.write_string(row, 0, f"{self._name(table)} / {shown.by}", self.title)
            head = [
                shown.by,
                *(showing.joined(column) for column in table["columns"]),
                _("Number of people"),
                _("Mean"),
            ]
            for column, word in enumerate(head):
                sheet.write_string(row + 1, column, word, self.head)
            row += 2
            for line in table["rows"]:
                self._line(sheet, row, line)
                row += 1
            for note in shown.notes:
                sheet.write_string(row, 0, note)
                row += 1
            row += 1

    def _line(self, sheet: Worksheet, row: int, line: Content) -> None:
        sheet.write_string(row, 0, showing.joined(line), self.plain)
        for place, count in enumerate(line["cells"], start=1):
            if count is None:
                sheet.write_string(row, place, showing.HIDDEN)
            else:
                sheet.write_number(row, place, count)
        sheet.write_number(row, len(line["cells"]) + 1, line["total"])
        if line["mean"]:
            sheet.write_number(row, len(line["cells"]) + 2, line["mean"]["value"], self.points)

    # --- codebook and answers -----------------------------------------------------------------
    def codebook(self, dataset: Dataset) -> None:
        """One line for each field and each of its values."""
        sheet = self._sheet(_("Codebook"), (26, 60, 10, 16, 40))
        words = (_("Field"), _("What was asked"), _("Value"), _("Code"), _("What it means"))
        for column, word in enumerate(words):
            sheet.write_string(0, column, word, self.head)
        sheet.freeze_panes(1, 0)
        for row, cells in enumerate(self._lines(dataset), start=1):
            for column, cell in enumerate(cells):
                self._cell(sheet, row, column, cell)

    def _lines(self, dataset: Dataset) -> Iterator[tuple[Cell, ...]]:
        for one in dataset.fields:
            yield one.name, said(one.text, self.language)
            for value in one.answers:
                yield "", "", value.number, value.code, said(value.text, self.language)
        yield "", _("In all fields"), MISSING, "", _("No answer")
        yield "", "", AWAY, "", _("Not asked")
        for text in dataset.left_out:
            yield (
                "",
                _("Left out so that nobody can be recognised: %(text)s")
                % {"text": said(text, self.language)},
            )

    def answers(self, dataset: Dataset) -> None:
        """The head of the answers, which stand by numbers as in the codebook, one row for each response."""
        sheet = self._sheet(_("Answers"), ())
        sheet.freeze_panes(1, 0)
        for column, one in enumerate(dataset.fields):
            sheet.write_string(0, column, one.name, self.head)
            if one.kind == "day":
                sheet.set_column(column, column, 12, self.day)

    @staticmethod
    def _cell(sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            if cell:
                sheet.write_string(row, column, cell)
        elif cell is not None:
            sheet.write_number(row, column, cell)
