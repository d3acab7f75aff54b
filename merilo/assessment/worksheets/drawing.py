"""The workbook behind the tables: what all workbooks to fill in have, and fields for points."""

from __future__ import annotations

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from merilo.assessment.worksheets.columns import answers
from merilo.framework.catalogue import Scale
from merilo.web import spreadsheets


class Drawing(spreadsheets.Drawing):
    """One workbook while it is written."""

    def number(self, sheet: Worksheet, row: int, column: int, value: int | None, scale: Scale) -> None:
        """A field for points, which takes whole numbers of the scale."""
        if value is None:
            sheet.write_blank(row, column, None, self.points)
        else:
            sheet.write_number(row, column, value, self.points)
        words = _("Enter a whole number from %(low)s to %(high)s") % {
            "low": scale.minimum,
            "high": scale.maximum,
        }
        sheet.data_validation(
            row,
            column,
            row,
            column,
            {
                "validate": "integer",
                "criteria": "between",
                "minimum": scale.minimum,
                "maximum": scale.maximum,
                "error_title": _("Points"),
                "error_message": words,
            },
        )

    def yes_or_no(self, sheet: Worksheet, row: int, column: int, *, chosen: bool) -> None:
        """A field that takes yes or no from a list."""
        yes, no = answers()
        self.choice(sheet, row, column, yes if chosen else no, (yes, no))
