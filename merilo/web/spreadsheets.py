"""Workbooks to fill in: formats, fields with their lists, and a hidden page of what the workbook is."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

MOST_IN_CELL = 32_000  # characters; a cell holds 32 767
IDENTITY = "merilo"  # name of the hidden page
_FIELD = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#8a8f94"}


class Drawing:
    """One workbook while it is written; texts are never formulas, whatever they begin with."""

    def __init__(self, *, title: str, author: str, at: datetime) -> None:
        self.buffer = io.BytesIO()
        self.book = Workbook(
            self.buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        created = {"created": at.replace(tzinfo=None)}
        self.book.set_properties({"title": title, "author": author, **created})
        self._figures: dict[str, Format] = {}
        self.title = self._format(bold=True, font_size=16)
        self.head = self._format(bold=True, text_wrap=True, valign="top", bottom=2, bg_color="#e8edef")
        self.plain = self._format(text_wrap=True, valign="top")
        self.strong = self._format(text_wrap=True, valign="top", bold=True)
        self.points = self._format(locked=False, num_format="0", bg_color="#fffdf2", **_FIELD)
        # What looks like a formula stays a text when its cell is edited.
        self.text = self._format(locked=False, bg_color="#fffdf2", quote_prefix=True, **_FIELD)

    def _format(self, **properties: object) -> Format:
        return self.book.add_format(dict(properties))

    def figure(self, form: str) -> Format:
        """The format of a number, made once."""
        if form not in self._figures:
            self._figures[form] = self._format(num_format=form, valign="top")
        return self._figures[form]

    def field(self, form: str) -> Format:
        """The format of a field to fill in that takes numbers or days."""
        return self._format(locked=False, num_format=form, bg_color="#fffdf2", **_FIELD)

    def finish(self) -> bytes:
        self.book.close()
        return self.buffer.getvalue()

    def sheet(self, name: str, *, guarded: bool = True) -> Worksheet:
        """A page on which only the fields to fill in can be changed; widths and heights always can."""
        sheet = self.book.add_worksheet(name[:31])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if guarded:
            sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
        return sheet

    def words(self, name: str, title: str, rows: Iterable[tuple[str, str]], *, width: int = 34) -> None:
        """A page to read: a title, then pairs of a name and a text."""
        sheet = self.sheet(name)
        sheet.set_column(0, 0, width)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, title, self.title)
        for number, (term, text) in enumerate(rows, start=2):
            sheet.write_string(number, 0, term, self.strong)
            sheet.write_string(number, 1, text, self.plain)

    def heads(self, sheet: Worksheet, row: int, columns: Sequence[tuple[str, int]]) -> None:
        """The titles of a table, which stay in sight and are printed on every page."""
        for place, (title, width) in enumerate(columns):
            sheet.set_column(place, place, width)
            sheet.write_string(row, place, title, self.head)
        sheet.freeze_panes(row + 1, 2)
        sheet.repeat_rows(row)

    def choice(self, sheet: Worksheet, row: int, column: int, chosen: str, offered: Sequence[str]) -> None:
        """A field that takes one of a few words from a list."""
        self.free(sheet, row, column, chosen)
        told = {"validate": "list", "source": list(offered), "error_message": " / ".join(offered)[:255]}
        sheet.data_validation(row, column, row, column, told)

    def free(self, sheet: Worksheet, row: int, column: int, text: str, form: Format | None = None) -> None:
        """A field for text, or an empty one of another format."""
        if text:
            sheet.write_string(row, column, text, form or self.text)
        else:
            sheet.write_blank(row, column, None, form or self.text)

    def identity(self, rows: Iterable[Sequence[str]]) -> None:
        """The hidden page that says what the workbook is, for reading it back."""
        sheet = self.book.add_worksheet(IDENTITY)
        for number, row in enumerate(rows):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text)
        sheet.very_hidden()
