"""What an uploaded worksheet would change: every difference with both values, nothing decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from secrets import token_urlsafe
from typing import Any

from django.utils.translation import gettext as _

from merilo.assessment.actions.sheets import Content, content_of
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Judgement, Sheet
from merilo.assessment.rules.lines import read_lines
from merilo.assessment.rules.worksheet import LINES, Reading, Row, read_table
from merilo.assessment.worksheets.columns import table_of
from merilo.assessment.worksheets.own import FIELDS, Origin, origin_of, row_of
from merilo.core import sealed
from merilo.core.cells import Grid, Problem
from merilo.core.errors import BadFile


@dataclass(frozen=True, slots=True)
class Change:
    """One item that would change; `clash` says that it was also changed in the platform meanwhile."""

    code: str
    version: int  # of what is stored now; 0: nothing
    content: Content
    clash: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a worksheet says: the changes, what stands in the way, what was passed over."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    missing: tuple[str, ...]
    read: int


def propose(sheet: Sheet, grids: Sequence[Grid], found: Mapping[str, Judgement]) -> Proposal:
    """Compare a worksheet with what is stored. Errors: BadFile for a workbook that is not this sheet."""
    origin = _own_origin(sheet, grids)
    framework = framework_of(sheet.assessment)
    filled_in = [grid for grid in grids if grid.name not in origin.pages]
    reading = read_table(filled_in, table_of(framework, sheet.assessment.method, FIELDS))
    return Proposal(
        changes=tuple(_changes(reading, origin, found)),
        problems=reading.problems,
        remarks=reading.remarks,
        missing=tuple(code for code in origin.items if code not in reading.rows),
        read=len(reading.rows),
    )


def _own_origin(sheet: Sheet, grids: Sequence[Grid]) -> Origin:
    """What the workbook says of itself, when it is this sheet; else BadFile with what it is instead."""
    origin = origin_of(grids)
    if origin is None:
        raise BadFile(
            _("This workbook is not a worksheet from here. Download your worksheet and fill that one in.")
        )
    if origin.framework != sheet.assessment.edition.fingerprint:
        raise BadFile(_("This worksheet belongs to a self-assessment by another framework."))
    if origin.assessment != str(sheet.assessment_id):
        raise BadFile(_("This worksheet belongs to another self-assessment. Upload it there."))
    if origin.sheet != str(sheet.pk) or origin.holder != str(sheet.seat.holder_id):
        raise BadFile(_("This worksheet belongs to somebody else. Only your own can be taken here."))
    if origin.method != sheet.assessment.method:
        raise BadFile(
            _("The scoring method was changed after this worksheet was downloaded. Download it again.")
        )
    return origin


def _changes(reading: Reading, origin: Origin, found: Mapping[str, Judgement]) -> Iterator[Change]:
    """What somebody changed in the file: a row as it was downloaded is no change, whatever is stored now."""
    nothing = (0, row_of("", None)[0].fingerprint(), ())
    for code, row in reading.rows.items():
        version, fingerprint, too_long = origin.items.get(code, nothing)
        told = replace(row, lines={**row.lines, **dict.fromkeys(too_long, ())})
        if told.fingerprint() == fingerprint:
            continue
        stored = found.get(code)
        content = _content(told, stored, too_long)
        if content == content_of(stored):
            continue
        now = stored.version if stored else 0
        yield Change(code, now, content, clash=now != version)


def _content(row: Row, stored: Judgement | None, too_long: Sequence[str]) -> Content:
    """The row as it would be stored; what it leaves as it was keeps its lasting ids and its names."""
    before = content_of(stored)
    kept = {kind: before.lines.get(kind, []) for kind in LINES}
    lines = {kind: kept[kind] if kind in too_long else _lines(kept[kind], row.lines[kind]) for kind in LINES}
    same_reason = stored is not None and row_of(row.code, stored)[0].reason == row.reason
    return Content(
        values=dict(row.values),
        cannot_judge=row.cannot_judge,
        reason=before.reason if same_reason else row.reason,
        lines={kind: rows for kind, rows in lines.items() if rows},
        examples=before.examples,
        ready=row.ready,
    )


def _lines(kept: list[dict[str, Any]], texts: Sequence[str]) -> list[dict[str, Any]]:
    """The lines of a cell; a new wording begins without its author's name."""
    known = {"\n".join(read_lines(line["text"]).lines): line for line in kept}
    fresh = [{"id": token_urlsafe(6), "text": text, "named": False} for text in texts]
    return [known.pop(str(line["text"]), line) for line in fresh]


# --- between looking and taking -----------------------------------------------------------------------


def sign(sheet: Sheet, changes: Iterable[Change]) -> str:
    """The changes as a text that only this sheet takes back, for a while. Errors: BadFile when too long."""
    rows = [[one.code, one.version, asdict(one.content), one.clash] for one in changes]
    return sealed.seal(_owner(sheet), rows)


def unsign(sheet: Sheet, signed: str) -> list[Change]:
    """The changes again. Errors: MeriloError once they are too old, or were shown to somebody else."""
    rows = sealed.unseal(_owner(sheet), signed)
    return [Change(code, version, Content(**content), clash) for code, version, content, clash in rows]


def _owner(sheet: Sheet) -> str:
    return f"{sheet.pk}/{sheet.seat.holder_id}"


def again(changes: Iterable[Change], found: Mapping[str, Judgement]) -> list[Change]:
    """The same changes over what is stored now; what was changed since then has to be decided."""
    return [
        _over(one, found.get(one.code)) for one in changes if one.content != content_of(found.get(one.code))
    ]


def _over(change: Change, stored: Judgement | None) -> Change:
    version = stored.version if stored else 0
    return replace(change, version=version, clash=change.clash or version != change.version)
