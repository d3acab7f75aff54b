"""Our own workbook of a plan: edited where there is no network, and read back by `comparing`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from merilo.core.workbooks import MOST_ROWS
from merilo.improvement.interchange.fields import CODE, NAME, NUMBER, OF, PARTS, UNIT, Part, title, words_for
from merilo.improvement.interchange.stored import Stored, Whole, whole
from merilo.improvement.models import Plan
from merilo.improvement.queries.criteria import framework_for
from merilo.improvement.rules.filling import Field, Sort, Words, cell_for, tidy
from merilo.improvement.rules.merging import marks
from merilo.organisations.api import Viewer
from merilo.web.spreadsheets import Drawing

KIND = "plan-1"
_WIDTHS = {"text": 44, "objective": 36, "goals": 36, "note": 36, "risks": 30, "owner": 26, "deputy": 26}
_WIDTHS |= {"units": 26, "participants": 26, "funding": 24, "number": 7, "of": 9, "name": 36, "days": 24}
_FIGURES = {Sort.WHOLE: "0", Sort.MONEY: "#,##0.00", Sort.NUMBER: "General", Sort.DAY: "dd.mm.yyyy"}
_FIGURES |= {Sort.STEPS: "@"}  # else programs make days and figures of numbers like 2.1
_LISTS = "names"


def workbook(viewer: Viewer, plan: Plan, *, language: str, at: datetime) -> bytes:
    """All measures with their activities and indicators, as they stand now."""
    with translation.override(language):
        now = whole(viewer, plan)
        words = words_for(now.names, (item.code for item in framework_for(plan).items), now.steps())
        writer = _Writer(Drawing(title=plan.title, author=plan.organisation.name, at=at), now, words)
        writer.drawing.words(_("How to edit it"), plan.title, _instructions())
        for part in PARTS:
            writer.part(part)
        writer.lists()
        writer.drawing.identity(writer.identity(plan))
        return writer.drawing.finish()


def _instructions() -> Iterator[tuple[str, str]]:
    yield _("Yellow fields"), _("They can be changed. The numbers say which row is which: leave them.")
    yield (
        _("A new measure"),
        _(
            "Fill in a row below the last one. Its activities and indicators find it by a number that "
            "no other measure has; it gets its own when it is taken."
        ),
    )
    yield (
        _("Removing"),
        _("A row that you remove from the file stays in the plan. Measures are removed or dropped there."),
    )
    yield (
        _("Begins after"),
        _("Numbers of activities that have to end before: 2.1; 3.4. The number of a new row may be one."),
    )
    yield _("People"), _("Choose from the list. Several units stand one a line: Alt+Enter begins a new line.")
    yield (
        _("Back to the platform"),
        _(
            "Save as “Excel Workbook (.xlsx)” and upload the file where you downloaded it. You see every "
            "difference and tick what is taken; what others changed meanwhile is named."
        ),
    )


class _Writer:
    """Writes the sheets of one plan."""

    def __init__(self, drawing: Drawing, now: Whole, words: Words) -> None:
        self.drawing, self.now, self.words = drawing, now, words
        self.sheets: dict[str, str] = {}
        self.formats = {sort: drawing.field(form) for sort, form in _FIGURES.items()}

    def part(self, part: Part) -> None:
        """One sheet with a row for each thing."""
        sheet = self.drawing.sheet(str(part.name), guarded=False)
        self.sheets[part.key] = sheet.get_name()
        columns = part.columns()
        self.drawing.heads(sheet, 0, [(title(part.key, name), _WIDTHS.get(name, 13)) for name in columns])
        for place, one in enumerate(part.fields, start=len(part.keys)):
            width = _WIDTHS.get(one.name, 13)
            sheet.set_column(place, place, width, self.formats.get(one.sort, self.drawing.text))
            self._offer(sheet, place, one)
        rows = [row for row in self.now.rows.values() if row.part == part.key]
        for number, row in enumerate(rows, start=1):
            for place, text in enumerate(_keys(part, row)):
                sheet.write_string(number, place, text, self.drawing.plain)
            for place, one in enumerate(part.fields, start=len(part.keys)):
                self._cell(sheet, number, place, one, row.values[one.name])

    def _cell(self, sheet: Worksheet, number: int, place: int, one: Field, value: str) -> None:
        cell = cell_for(one, value, self.words)
        form: Format = self.formats.get(one.sort, self.drawing.text)
        if isinstance(cell, date):
            day = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001  a day in a table has no zone
            sheet.write_datetime(number, place, day, form)
        elif isinstance(cell, float):
            sheet.write_number(number, place, cell, form)
        else:
            self.drawing.free(sheet, number, place, str(cell), form if one.sort is Sort.STEPS else None)

    def _offer(self, sheet: Worksheet, place: int, one: Field) -> None:
        """The list that a column takes its words from."""
        source: Sequence[str] | str = ""
        if one.sort is Sort.CHOICE:
            source = list(self.words.choices.values())
        elif one.sort is Sort.TICK:
            source = list(self.words.ticks)
        elif one.sort is Sort.PERSON and self.words.people:
            source = f"={_LISTS}!$A$1:$A${len(self.words.people)}"
        if source:
            told = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(1, place, MOST_ROWS - 1, place, told)

    def lists(self) -> None:
        """The names that lists offer."""
        sheet = self.drawing.book.add_worksheet(_LISTS)
        for place, named in enumerate((self.words.people, self.words.units)):
            for number, label in enumerate(named.values()):
                sheet.write_string(number, place, label)
        sheet.hide()

    def identity(self, plan: Plan) -> Iterator[tuple[str, ...]]:
        """What the workbook is, and each row as it was then."""
        yield "kind", KIND
        yield "plan", str(plan.pk)
        for key, name in self.sheets.items():
            yield "sheet", key, name
        for row in self.now.rows.values():
            part = next(part for part in PARTS if part.key == row.part)
            keys = {name: tidy(text) for name, text in zip(part.keys, _keys(part, row), strict=True)}
            told = json.dumps(marks({**keys, **row.values}), separators=(",", ":"))
            yield "row", row.part, row.key, row.id, told


def _keys(part: Part, row: Stored) -> list[str]:
    told = {NUMBER: row.key, OF: str(row.measure.number)}
    if part.key == "indicator":
        indicator = row.row.indicator
        told |= {CODE: indicator.code, NAME: indicator.name, UNIT: indicator.unit}
    return [told[name] for name in part.keys]
