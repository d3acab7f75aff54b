"""An assessor's own sheet as a workbook. It carries no name: before the lock it is theirs alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.worksheet import Worksheet

from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Judgement, Sheet
from merilo.assessment.queries.sheets import assigned_codes
from merilo.assessment.rules.lines import read_lines
from merilo.assessment.rules.scoring import components_of
from merilo.assessment.rules.worksheet import CANNOT, CODE, LINES, READY, REASON, TITLE, Row
from merilo.assessment.worksheets.columns import scale_columns, title
from merilo.assessment.worksheets.drawing import Drawing
from merilo.core.cells import Grid, shown
from merilo.framework.catalogue import Band, Criterion, Framework, Item, Scale
from merilo.web.spreadsheets import IDENTITY, MOST_IN_CELL

KIND = "worksheet-1"
FIELDS = (CANNOT, REASON, *LINES, READY)
_WIDTHS = {CODE: 6, TITLE: 44, CANNOT: 11, REASON: 26, READY: 9} | dict.fromkeys(LINES, 44)
_HEAD = 2  # the row of the titles


@dataclass(frozen=True, slots=True)
class Origin:
    """What a downloaded sheet said of itself: whose it is, and each item as it was then.

    `pages` are those to read only; `items` maps a code to its version, its fingerprint, and the kinds of
    lines that did not fit into cells.
    """

    assessment: str
    sheet: str
    holder: str
    framework: str
    method: str
    pages: frozenset[str]
    items: Mapping[str, tuple[int, str, tuple[str, ...]]]


def row_of(code: str, stored: Judgement | None) -> tuple[Row, tuple[str, ...]]:
    """What a judgement puts into its row, and the kinds of lines that are too long for a cell."""
    if stored is None:
        return Row(code, {}, lines=dict.fromkeys(LINES, ())), ()
    lines = {kind: lines_of(stored, kind) for kind in LINES}
    too_long = tuple(kind for kind in LINES if len("\n".join(lines[kind])) > MOST_IN_CELL)
    row = Row(
        code=code,
        values=stored.values,
        cannot_judge=stored.cannot_judge,
        reason="\n".join(read_lines(stored.reason).lines),
        lines={kind: () if kind in too_long else texts for kind, texts in lines.items()},
        ready=stored.ready,
    )
    return row, too_long


def lines_of(stored: Judgement, kind: str) -> tuple[str, ...]:
    """The stored lines of a kind as a cell gives them back."""
    return read_lines("\n".join(line["text"] for line in stored.lines.get(kind, []))).lines


def workbook(
    sheet: Sheet, found: Mapping[str, Judgement], *, organisation: str, language: str, at: datetime
) -> bytes:
    """All assigned items, a page per criterion, with what is stored now."""
    with translation.override(language):
        writer = _Writer(sheet, found, language)
        drawing = Drawing(title=_("Worksheet"), author=organisation, at=at)
        drawing.words(_("How to fill it in"), sheet.assessment.title, _instructions(organisation))
        for criterion in writer.framework.criteria:
            writer.criterion(drawing, criterion)
        writer.scales(drawing)
        drawing.identity(writer.identity(drawing))
        return drawing.finish()


def _instructions(organisation: str) -> Iterator[tuple[str, str]]:
    yield _("Organisation"), organisation
    yield _("Yellow fields"), _("Only they can be filled in; everything else stays as it is.")
    yield _("Points"), _("Whole numbers. An empty field means “not scored yet”; 0 is a score.")
    yield _("Cannot judge"), _("Choose “yes” and say in a few words why. Then leave the points empty.")
    yield (
        _("Strengths, areas, ideas"),
        _("One thought per line: Alt+Enter begins a new line in the same field."),
    )
    yield pgettext("sub-criterion", "Ready"), _("Choose “yes” when the sub-criterion is finished.")
    yield (
        _("Back to the platform"),
        _(
            "Save as “Excel Workbook (.xlsx)” and upload the file on the page from which you downloaded it. "
            "You see every difference before anything is taken. Whether a line may carry your name is chosen "
            "there."
        ),
    )
    yield (
        _("Confidential"),
        _("Before the scores are locked nobody but you should see this file. Delete it once it is uploaded."),
    )


class _Writer:
    """Writes the pages of one sheet."""

    def __init__(self, sheet: Sheet, found: Mapping[str, Judgement], language: str) -> None:
        self.sheet, self.found, self.language = sheet, found, language
        self.framework: Framework = framework_of(sheet.assessment)
        self.codes = assigned_codes(sheet, self.framework)
        self.tables: set[str] = set()

    def criterion(self, drawing: Drawing, criterion: Criterion) -> None:
        items = [item for item in criterion.items if item.code in self.codes]
        if not items:
            return
        scale = self.framework.scale_for(items[0].code, self.sheet.assessment.method)
        page = drawing.sheet(_("Criterion %(code)s") % {"code": criterion.code})
        self.tables.add(page.get_name())
        heading = f"{criterion.code}. {criterion.title.in_language(self.language)}"
        page.write_string(0, 0, heading, drawing.title)
        points = scale_columns(scale, self.language)
        columns = [(title(key), _WIDTHS[key]) for key in (CODE, TITLE)]
        columns += [(name, max(11, len(name) + 2)) for _key, name in points]
        columns += [(title(key), _WIDTHS[key]) for key in FIELDS]
        drawing.heads(page, _HEAD, columns)
        for number, item in enumerate(items, start=_HEAD + 1):
            self._row(drawing, page, number, item, scale)

    def _row(self, drawing: Drawing, page: Worksheet, number: int, item: Item, scale: Scale) -> None:
        points = components_of(scale)
        row, too_long = row_of(item.code, self.found.get(item.code))
        page.write_string(number, 0, item.code, drawing.strong)
        page.write_string(number, 1, item.title.in_language(self.language), drawing.plain)
        for place, key in enumerate(points, start=2):
            drawing.number(page, number, place, row.values.get(key), scale)
        place = 2 + len(points)
        drawing.yes_or_no(page, number, place, chosen=row.cannot_judge)
        drawing.free(page, number, place + 1, row.reason)
        for step, kind in enumerate(LINES, start=2):
            text = "\n".join(row.lines[kind])
            if kind in too_long:
                text = _("These lines do not fit into one field. They stay as they are in the platform.")
            drawing.free(page, number, place + step, text)
        drawing.yes_or_no(page, number, place + 5, chosen=row.ready)

    def scales(self, drawing: Drawing) -> None:
        """What the points mean, to look up."""
        rows: list[tuple[str, str]] = []
        method = self.framework.method(self.sheet.assessment.method)
        for panel, code in method.scales:
            scale = self.framework.scale(code)
            rows.append((self.framework.panel(panel).title.in_language(self.language), ""))
            for part in scale.components:
                rows.append((part.title.in_language(self.language), part.text.in_language(self.language)))
                rows += self._bands(part.bands)
            rows += self._bands(scale.bands)
        drawing.words(_("What the points mean"), method.title.in_language(self.language), rows)

    def _bands(self, bands: Sequence[Band]) -> list[tuple[str, str]]:
        return [
            (
                f"{band.low}–{band.high} {band.phase.in_language(self.language)}",
                band.text.in_language(self.language),
            )
            for band in bands
        ]

    def identity(self, drawing: Drawing) -> Iterator[tuple[str, ...]]:
        assessment = self.sheet.assessment
        yield "kind", KIND
        yield "assessment", str(assessment.pk)
        yield "sheet", str(self.sheet.pk)
        yield "holder", str(self.sheet.seat.holder_id)
        yield "framework", assessment.edition.fingerprint
        yield "method", assessment.method
        for page in drawing.book.worksheets():
            if page.get_name() not in self.tables:
                yield "page", page.get_name()
        for code in self.codes:
            stored = self.found.get(code)
            row, too_long = row_of(code, stored)
            version = stored.version if stored else 0
            yield "item", code, str(version), row.fingerprint(), ",".join(too_long)


def origin_of(grids: Sequence[Grid]) -> Origin | None:
    """What the hidden page says; None where the workbook has none or it is of another kind."""
    hidden = next((grid for grid in grids if grid.name == IDENTITY), None)
    if hidden is None:
        return None
    rows = [[shown(cell) for cell in row] for row in hidden.rows]
    facts = {row[0]: row[1] for row in rows if len(row) > 1}
    if facts.get("kind") != KIND:
        return None
    items = {row[1]: _item(row) for row in rows if row[0] == "item" and len(row) > 3}
    return Origin(
        **{name: facts.get(name, "") for name in ("assessment", "sheet", "holder", "framework", "method")},
        pages=frozenset(row[1] for row in rows if row[0] == "page") | {IDENTITY},
        items=items,
    )


def _item(row: Sequence[str]) -> tuple[int, str, tuple[str, ...]]:
    kinds = row[4].split(",") if len(row) > 4 else []
    return (int(row[2]) if row[2].isdigit() else 0), row[3], tuple(kind for kind in kinds if kind in LINES)
