"""One's own worksheet, and how far everybody has come. Nobody reads another's judgements here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.messages import REMINDED, RETURNED
from merilo.assessment.models import Agreement, Assessment, Judgement, LineKind, Sheet, State, Statement
from merilo.assessment.queries.assessments import assessments_of
from merilo.assessment.queries.evidence import Support
from merilo.assessment.rules import progress as progress_rules
from merilo.assessment.rules import scoring
from merilo.assessment.rules.findings import Finding
from merilo.assessment.rules.readiness import ItemState, sheet_findings
from merilo.core.errors import Refused
from merilo.framework.catalogue import Criterion, Framework, Item, Scale
from merilo.groups.api import Function
from merilo.organisations.api import Viewer, address, last_notified, may_remind, notifications

# Text stays in the row: these columns are enough to say how far an item is.
_STATE = ("code", "values", "cannot_judge", "reason", "lines", "ready", "seconds", "saved_at")
_OWN = [field.attname for field in Judgement._meta.concrete_fields]


def own_sheets(viewer: Viewer) -> QuerySet[Sheet]:
    """The sheets of the seats the viewer holds in the acting organisation."""
    own = Sheet.objects.filter(assessment__organisation=viewer.organisation, seat__holder=viewer.membership)
    # The framework's text is long and kept parsed (catalogue): it is not read with every sheet.
    return own.select_related("seat", "assessment__edition").defer("assessment__edition__content")


def own_sheet(viewer: Viewer, pk: UUID) -> Sheet:
    """The viewer's sheet in one assessment; raises Sheet.DoesNotExist. One query."""
    return own_sheets(viewer).get(assessment__pk=pk)


def own_judgement(viewer: Viewer, pk: UUID, code: str) -> tuple[Sheet, Judgement | None]:
    """The viewer's sheet with what it says about one item, None if nothing yet. One query for both."""
    own = FilteredRelation("judgements", condition=Q(judgements__code=code))
    columns = {f"own_{name}": F(f"own__{name}") for name in _OWN}
    sheet = own_sheets(viewer).annotate(own=own).annotate(**columns).get(assessment__pk=pk)
    return sheet, _judgement_on(sheet)


def _judgement_on(sheet: Sheet) -> Judgement | None:
    row: dict[str, Any] = {name: sheet.__dict__.pop(f"own_{name}") for name in _OWN}
    if row["id"] is None:
        return None
    found = Judgement.from_db("default", _OWN, [row[name] for name in _OWN])
    found.sheet = sheet
    return found


def judgement(sheet: Sheet, code: str) -> Judgement | None:
    """What a sheet obtained through its viewer says about one item, read afresh."""
    return Judgement.objects.filter(sheet=sheet, code=code).first()


def judgements(sheet: Sheet) -> dict[str, Judgement]:
    """All judgements of a sheet obtained through its viewer, by item code. One query."""
    return {row.code: row for row in Judgement.objects.filter(sheet=sheet)}


def is_answered(found: Judgement | None, scale: Scale) -> bool:
    """A full score, or "cannot judge" with its reason. 0 is an answer, nothing is not."""
    if found is None:
        return False
    if found.cannot_judge:
        return bool(found.reason)
    return scoring.is_complete(scale, found.values)


def is_begun(found: Judgement | None) -> bool:
    """Something was written, scored or said."""
    return found is not None and bool(
        found.values or found.cannot_judge or found.reason or any(found.lines.values())
    )


def assigned_codes(sheet: Sheet, framework: Framework) -> list[str]:
    """Codes of the items this seat is asked to assess, in the framework's order."""
    wanted = None if sheet.assigned is None else set(sheet.assigned)
    return [item.code for item in framework.items if wanted is None or item.code in wanted]


@dataclass(frozen=True, slots=True)
class Row:
    """One item in a person's task list."""

    item: Item
    status: str  # idle, progress, done
    optional: bool
    has_evidence: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion with its rows."""

    criterion: Criterion
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Desk:
    """A person's task list with its figures."""

    sheet: Sheet
    parts: list[Part]
    optional: list[Row]
    ready: int
    total: int
    minutes_left: int


def desk(sheet: Sheet, *, with_evidence: set[str], show: str) -> Desk:
    """The task list of a sheet; `show` is mine, all or bare (without evidence). One query."""
    framework = framework_of(sheet.assessment)
    mine = assigned_codes(sheet, framework)
    found = {row.code: row for row in Judgement.objects.filter(sheet=sheet).only(*_STATE)}
    rows = [
        Row(item, status_of(found.get(item.code)), item.code not in mine, item.code in with_evidence)
        for item in framework.items
    ]
    done = [row.item.code for row in rows if row.status == "done" and not row.optional]
    shown = {row.item.code: row for row in rows if _is_shown(row, show)}
    return Desk(
        sheet=sheet,
        parts=list(_parts(framework, shown)),
        optional=[row for row in rows if row.optional] if show == "mine" else [],
        ready=len(done),
        total=len(mine),
        minutes_left=progress_rules.remaining_minutes(len(mine) - len(done), _own_pace(found.values())),
    )


def _is_shown(row: Row, show: str) -> bool:
    return {"mine": not row.optional, "bare": not row.has_evidence}.get(show, True)


def _parts(framework: Framework, shown: dict[str, Row]) -> Iterable[Part]:
    for criterion in framework.criteria:
        rows = [shown[item.code] for item in criterion.items if item.code in shown]
        if rows:
            yield Part(criterion, rows)


def status_of(found: Judgement | None) -> str:
    """How far one item is: idle, progress, done."""
    if found is not None and found.ready:
        return "done"
    return "progress" if is_begun(found) else "idle"


def _own_pace(found: Iterable[Judgement]) -> list[int]:
    return [row.seconds for row in found if row.ready and row.seconds]


def ready_count(sheet: Sheet, framework: Framework) -> tuple[int, int]:
    """How many of the assigned items are ready, and how many are assigned. One query."""
    mine = assigned_codes(sheet, framework)
    return Judgement.objects.filter(sheet=sheet, ready=True, code__in=mine).count(), len(mine)


@dataclass(frozen=True, slots=True)
class Past:
    """What the group agreed on an item in the cycle before."""

    assessment: Assessment
    values: dict[str, int]
    strengths: list[str]
    areas: list[str]


def past_of(sheet: Sheet, code: str) -> Past | None:
    """Last cycle's agreed score and statements on an item. Two queries; none without a last cycle.

    The caller asks only after the person's own score is set: an earlier number would pull it.
    """
    previous = sheet.assessment.previous
    if previous is None or previous.state not in permissions.AFTER_LOCK:
        return None
    agreed = Agreement.objects.filter(assessment=previous, code=code, state="agreed").first()
    texts: dict[str, list[str]] = {LineKind.STRENGTH: [], LineKind.AREA: []}
    for statement in Statement.objects.filter(assessment=previous, code=code, kind__in=list(texts)):
        texts[statement.kind].append(statement.text)
    if agreed is None and not any(texts.values()):
        return None
    values = agreed.values if agreed else {}
    return Past(previous, values, texts[LineKind.STRENGTH], texts[LineKind.AREA])


@dataclass(frozen=True, slots=True)
class SeatProgress:
    """How far one seat has come; never what was written."""

    name: str
    function: str
    ready: int
    total: int
    begun: bool
    handed_in_at: datetime | None
    last_day: date | None
    reminded_at: datetime | None
    remind_url: str  # empty where this viewer does not remind, or not now
    send_back_url: str


def progress(viewer: Viewer, assessment: Assessment) -> list[SeatProgress]:
    """Each scoring seat with its counts, for those who follow the work. Two queries."""
    if not permissions.may_follow(viewer, assessment):
        raise Refused(_("Only the coordinator and the sponsor see how far the assessors have come."))
    path = address(viewer, "assessment:my", pk=assessment.pk)
    last = last_notified(viewer, REMINDED, path, person="seat__holder__person")
    sheets = Sheet.objects.filter(assessment=assessment).select_related("seat__holder")
    sheets = sheets.annotate(reminded_at=last)
    rows: dict[UUID, list[tuple[str, bool, datetime]]] = {}
    for sheet_id, code, ready, saved_at in _marks(assessment):
        rows.setdefault(sheet_id, []).append((code, ready, saved_at))
    return [_seat_progress(viewer, assessment, sheet, rows.get(sheet.pk, [])) for sheet in sheets]


def _marks(assessment: Assessment) -> models.QuerySet[Judgement, tuple[UUID, str, bool, datetime]]:
    return (
        Judgement.objects.filter(sheet__assessment=assessment)
        .order_by("sheet_id", "code")
        .values_list("sheet_id", "code", "ready", "saved_at")
    )


def _seat_progress(
    viewer: Viewer, assessment: Assessment, sheet: Sheet, rows: list[tuple[str, bool, datetime]]
) -> SeatProgress:
    mine = set(assigned_codes(sheet, framework_of(assessment)))
    last = max((saved_at for _code, _ready, saved_at in rows), default=None)
    may_act = permissions.may_call_in(viewer, assessment) and sheet.seat.holder_id != viewer.membership.pk
    reminded_at: datetime | None = sheet.reminded_at  # type: ignore[attr-defined]  # annotated in `progress`
    is_waited_for = sheet.handed_in_at is None and may_remind(reminded_at, timezone.now())
    where = {"pk": assessment.pk, "seat": sheet.seat_id}
    return SeatProgress(
        name=sheet.seat.holder.on_record,
        function=str(Function(sheet.seat.function).label),
        ready=sum(ready and code in mine for code, ready, _saved_at in rows),
        total=len(mine),
        begun=bool(rows),
        handed_in_at=sheet.handed_in_at,
        last_day=timezone.localdate(last) if last else None,
        reminded_at=reminded_at,
        remind_url=address(viewer, "assessment:remind", **where) if may_act and is_waited_for else "",
        send_back_url=address(viewer, "assessment:send_back", **where)
        if may_act and sheet.handed_in_at
        else "",
    )


def sheet_of(viewer: Viewer, assessment: Assessment, seat: UUID) -> Sheet:
    """The sheet of a seat with its holder; raises Sheet.DoesNotExist. One query."""
    found = Sheet.objects.filter(assessment=assessment, assessment__organisation=viewer.organisation)
    return found.select_related("seat__holder").get(seat=seat)


def open_sheets(viewer: Viewer) -> QuerySet[Sheet]:
    """The viewer's sheets that still wait for them, with the number of finished items. One query."""
    return (
        own_sheets(viewer)
        .filter(assessment__state=State.ASSESSING, handed_in_at=None)
        .order_by("assessment__lock_at", "id")
    )


def notes_of(viewer: Viewer, sheets: Iterable[Sheet]) -> dict[str, str]:
    """Why sheets were sent back to the viewer, by the id of the sheet. One query."""
    mine = {str(sheet.pk) for sheet in sheets}
    rows = notifications(viewer).filter(kind=RETURNED).order_by("made_at", "pk")
    told = rows.values_list("facts", flat=True)
    return {facts["sheet"]: facts["note"] for facts in told if facts["sheet"] in mine}


def note_of(viewer: Viewer, sheet: Sheet) -> str:
    """Why the viewer's own sheet was sent back last; empty where it never was. One query."""
    return notes_of(viewer, [sheet]).get(str(sheet.pk), "")


def handed_in_counts(viewer: Viewer, *, on: date) -> list[tuple[Assessment, int, int]]:
    """The assessments being written with their sheets handed in and sheets at all. One query."""
    rows = (
        assessments_of(viewer, on=on)
        .filter(state=State.ASSESSING)
        .annotate(sheets_done=Count("sheets__handed_in_at"), sheets_all=Count("sheets"))
        .filter(sheets_all__gt=0)
        .order_by("lock_at", "id")
    )
    return [(row, row.sheets_done, row.sheets_all) for row in rows]


def ready_codes(sheets: Iterable[Sheet]) -> dict[UUID, set[str]]:
    """The finished items of some sheets obtained through their viewer. One query."""
    found: dict[UUID, set[str]] = {}
    rows = Judgement.objects.filter(sheet__in=list(sheets), ready=True).order_by("id")
    for sheet_id, code in rows.values_list("sheet_id", "code"):
        found.setdefault(sheet_id, set()).add(code)
    return found


def item_state(
    framework: Framework, method: str, code: str, found: Judgement | None, support: Support | None
) -> ItemState:
    """What the checks want to know of one item on a sheet."""
    scale = framework.scale_for(code, method)
    support = support or Support()
    base = ItemState(
        code=code,
        panel=framework.panel_of(code).code,
        evidence=support.count,
        has_trend=support.has_trend,
        has_target=support.has_target,
        minimum=scale.minimum,
        maximum=scale.maximum,
    )
    if found is None:
        return base
    return replace(
        base,
        score=scoring.score_or_none(scale, found.values),
        begun=bool(found.values),
        cannot_judge=found.cannot_judge,
        reason=found.reason,
        strengths=len(found.lines.get(LineKind.STRENGTH, [])),
        areas=len(found.lines.get(LineKind.AREA, [])),
    )


def findings(
    sheet: Sheet, found: dict[str, Judgement], support: dict[str, Support]
) -> dict[str, list[Finding]]:
    """What the holder should look at before handing in, by item code; only assigned items."""
    framework, method = framework_of(sheet.assessment), sheet.assessment.method
    codes = assigned_codes(sheet, framework)
    states = [item_state(framework, method, code, found.get(code), support.get(code)) for code in codes]
    by_code: dict[str, list[Finding]] = {}
    for finding in sheet_findings(states):
        by_code.setdefault(finding.subject, []).append(finding)
    return by_code
