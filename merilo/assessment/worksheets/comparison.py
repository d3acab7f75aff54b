"""Two cycles side by side as a workbook: criteria, sub-criteria and texts, to work on further."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.worksheet import Worksheet

from merilo.assessment import compared as told
from merilo.assessment import words
from merilo.assessment.queries.comparing import SideBySide
from merilo.assessment.reporting.workbook import form_of
from merilo.assessment.rules.comparison import Change
from merilo.assessment.worksheets.drawing import Drawing

Row = tuple[str, str, Change]


def workbook(found: SideBySide, *, organisation: str, at: datetime) -> bytes:
    """What the page shows, in the reader's language; exact values, shown as on the page."""
    drawing = Drawing(title=_("Comparison of cycles"), author=organisation, at=at)
    drawing.words(_("About the comparison"), _("Comparison of cycles"), _about(found))
    if not found.is_foreign:
        _points(drawing, _("Criteria"), found, list(_criteria(found)))
        _points(drawing, _("Sub-criteria"), found, list(_items(found)))
        _statements(drawing, found)
    return drawing.finish()


def _about(found: SideBySide) -> Iterator[tuple[str, str]]:
    for name, cycle in ((_("Earlier cycle"), found.before), (_("Later cycle"), found.after)):
        about = (words.model_of(cycle), told.method_of(cycle), words.period(cycle))
        yield name, f"{words.titled(cycle)}: {', '.join(about)}"
    for text in filter(None, (told.refusal(found), told.summary(found), *told.cautions(found))):
        yield "", text


def _criteria(found: SideBySide) -> Iterator[Row]:
    for criterion in found.framework.criteria:
        if change := found.change_of(criterion.code):
            yield criterion.code, criterion.title.in_language(words.language()), change


def _items(found: SideBySide) -> Iterator[Row]:
    for pair in found.items:
        yield pair.item.code, pair.item.title.in_language(words.language()), pair.change


def _points(drawing: Drawing, name: str, found: SideBySide, rows: Sequence[Row]) -> None:
    sheet = drawing.sheet(name, guarded=False)
    columns = [(_("No."), 6), (_("Title"), 60), (found.before.title, 18), (found.after.title, 18)]
    with_change = found.refusal is None
    drawing.heads(sheet, 0, [*columns, (_("Difference"), 12)] if with_change else columns)
    for line, (code, title, change) in enumerate(rows, start=1):
        sheet.write_string(line, 0, code, drawing.strong)
        sheet.write_string(line, 1, title, drawing.plain)
        _number(drawing, sheet, line, 2, change.before)
        _number(drawing, sheet, line, 3, change.after)
        if with_change:
            _number(drawing, sheet, line, 4, change.difference, signed=True)


def _number(
    drawing: Drawing, sheet: Worksheet, row: int, column: int, value: Decimal | None, *, signed: bool = False
) -> None:
    if value is not None:
        sheet.write_number(row, column, float(value), drawing.figure(form_of(value, signed=signed)))


def _statements(drawing: Drawing, found: SideBySide) -> None:
    sheet = drawing.sheet(_("Statements"), guarded=False)
    columns = [(_("No."), 6), (_("Kind"), 22), (_("What became of it"), 14)]
    drawing.heads(sheet, 0, [*columns, (found.before.title, 60), (found.after.title, 60)])
    for line, row in enumerate(_said(found), start=1):
        for place, text in enumerate(row):
            sheet.write_string(line, place, text, drawing.plain)


def _said(found: SideBySide) -> Iterator[tuple[str, str, str, str, str]]:
    """Number, kind, what became of it, the wording then and now."""
    for pair in found.items:
        for kind, said in pair.said.items():
            place = (pair.item.code, str(told.KINDS[kind]))
            for one in said.stayed:
                yield *place, pgettext("statement", "stayed"), one.before, one.after
            for text in said.new:
                yield *place, pgettext("statement", "new"), "", text
            for text in said.gone:
                yield *place, pgettext("statement", "gone"), text, ""
