"""The agreed scores and statements of a cycle as a workbook, to fill in or to correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment
from merilo.assessment.queries.entered import KINDS, Said
from merilo.assessment.rules.scoring import components_of
from merilo.assessment.rules.worksheet import CODE, TITLE, read_table
from merilo.assessment.worksheets.columns import scale_columns, table_of, title
from merilo.assessment.worksheets.drawing import Drawing
from merilo.core.cells import Grid, Problem

FIELDS = tuple(kind.value for kind in KINDS)
_HEAD = 3  # the row of the titles


@dataclass(frozen=True, slots=True)
class Reading:
    """What a workbook says beside what is stored: only the items that differ, and what stands in the way."""

    changes: Mapping[str, Said]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    missing: tuple[str, ...]


def workbook(
    assessment: Assessment, said: Mapping[str, Said], *, organisation: str, language: str, at: datetime
) -> bytes:
    """One page with all items; where nothing is stored yet it is a template to fill in."""
    framework = framework_of(assessment)
    method = framework.method(assessment.method)
    scales = [framework.scale(code) for _panel, code in method.scales]
    with translation.override(language):
        drawing = Drawing(title=assessment.title, author=organisation, at=at)
        page = drawing.sheet(_("Agreed scores"))
        page.write_string(0, 0, assessment.title, drawing.title)
        words = _("Fill in the yellow fields. One thought per line: Alt+Enter begins a new line in a field.")
        page.write_string(1, 0, words)
        points = dict(pair for scale in scales for pair in scale_columns(scale, language))
        columns = [(title(CODE), 6), (title(TITLE), 44)]
        columns += [(name, max(11, len(name) + 2)) for name in points.values()]
        columns += [(title(kind), 60) for kind in FIELDS]
        drawing.heads(page, _HEAD, columns)
        for number, item in enumerate(framework.items, start=_HEAD + 1):
            scale, stored = framework.scale_for(item.code, assessment.method), said[item.code]
            page.write_string(number, 0, item.code, drawing.strong)
            page.write_string(number, 1, item.title.in_language(language), drawing.plain)
            for place, key in enumerate(points, start=2):
                if key in components_of(scale):
                    drawing.number(page, number, place, stored.values.get(key), scale)
            for place, kind in enumerate(FIELDS, start=2 + len(points)):
                drawing.free(page, number, place, "\n".join(stored.lines[kind]))
        return drawing.finish()


def read(assessment: Assessment, grids: Sequence[Grid], said: Mapping[str, Said]) -> Reading:
    """Compare a workbook with what is stored."""
    framework = framework_of(assessment)
    found = read_table(grids, replace(table_of(framework, assessment.method, FIELDS), complete=True))
    rows = {code: Said(dict(row.values), dict(row.lines)) for code, row in found.rows.items()}
    return Reading(
        changes={code: row for code, row in rows.items() if row != said[code]},
        problems=found.problems,
        remarks=found.remarks,
        missing=tuple(item.code for item in framework.items if item.code not in rows),
    )
