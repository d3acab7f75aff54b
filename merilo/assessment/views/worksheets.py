"""The own sheet as a workbook: download it, look at what an upload would change, take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.assessment import permissions
from merilo.assessment.actions.sheets import Content, require_writable
from merilo.assessment.actions.worksheets import take_worksheet
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.sheets import JudgementForm
from merilo.assessment.forms.worksheets import WorkbookForm
from merilo.assessment.models import Judgement, Sheet
from merilo.assessment.queries import sheets as queries
from merilo.assessment.views import sheet_pages as pages
from merilo.assessment.views.acting import sent
from merilo.assessment.views.sheets import own_sheet
from merilo.assessment.worksheets import differences, own, words
from merilo.assessment.worksheets.differences import Change, Proposal
from merilo.core import files, workbooks
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.organisations.api import OrgRequest, address
from merilo.web.items import Link

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, name: str) -> HttpResponse:
    """A workbook to download."""
    return files.attachment(content, name=f"{name}.xlsx", content_type=EXCEL)


@require_safe
def worksheet_file(request: OrgRequest, pk: UUID) -> HttpResponse:
    """The own sheet with all that is stored in it now."""
    sheet = own_sheet(request, pk)
    content = own.workbook(
        sheet,
        queries.judgements(sheet),
        organisation=request.viewer.organisation.name,
        language=get_language() or "bg",
        at=timezone.now(),
    )
    return attachment(content, f"worksheet-{sheet.assessment.period_until.year}")


@require_http_methods(["GET", "HEAD", "POST"])
def worksheet(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Download, upload, and what an upload would change."""
    sheet = own_sheet(request, pk)
    form = WorkbookForm(sent(request), request.FILES or None)
    if request.method != "POST":
        return _page(request, sheet, form)
    if not permissions.may_write_sheet(request.viewer, sheet):
        return _page(request, sheet, WorkbookForm(), status=403)
    if not form.is_valid():
        return _page(request, sheet, form, status=422)
    try:
        found = queries.judgements(sheet)
        proposal = differences.propose(sheet, workbooks.read(form.cleaned_data["file"]), found)
        signed = differences.sign(sheet, proposal.changes)
    except MeriloError as error:
        form.add_error("file", error.sentence)
        return _page(request, sheet, form, status=422)
    if proposal.problems:
        return _page(request, sheet, form, proposal, status=422)
    return _differences(request, sheet, proposal.changes, found, signed=signed, proposal=proposal)


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Take the differences that were shown; where both changed, what the person chose."""
    sheet = own_sheet(request, pk)
    if request.method != "POST":
        return redirect(address(request.viewer, "assessment:worksheet", pk=pk))
    try:
        require_writable(request.viewer, sheet)
        changes = differences.unsign(sheet, request.POST.get("differences", ""))
    except Refused:
        return _page(request, sheet, WorkbookForm(), status=403)
    except MeriloError as error:
        form = WorkbookForm({})
        form.add_error("file", error.sentence)
        return _page(request, sheet, form, status=422)
    return _taken(request, sheet, changes)


def _taken(request: OrgRequest, sheet: Sheet, changes: Sequence[Change]) -> HttpResponse:
    undecided = [one.code for one in changes if one.clash and _choice(request, one.code) is None]
    if undecided:
        return _again(request, sheet, changes, status=422, undecided=undecided)
    taken = [one for one in changes if not one.clash or _choice(request, one.code)]
    try:
        rows = [(one.code, one.version, one.content) for one in taken]
        take_worksheet(viewer=request.viewer, sheet=sheet, rows=rows, at=timezone.now())
    except Conflict:
        return _again(request, sheet, changes, status=409)
    told = ngettext(
        "%(count)s sub-criterion was taken from the file.",
        "%(count)s sub-criteria were taken from the file.",
        len(taken),
    )
    messages.success(request, told % {"count": len(taken)})
    return redirect(address(request.viewer, "assessment:my", pk=sheet.assessment_id))


def _choice(request: OrgRequest, code: str) -> bool | None:
    """Whether what the file says is taken where both changed; None while that is not decided."""
    return {"file": True, "stored": False}.get(request.POST.get(f"choice-{code}", ""))


def _page(
    request: OrgRequest, sheet: Sheet, form: WorkbookForm, proposal: Proposal | None = None, status: int = 200
) -> HttpResponse:
    problems = proposal.problems if proposal else ()
    context = {
        **_frame(request, sheet),
        "form": form,
        "problems": [(workbooks.where(one), words.sentence(one)) for one in problems],
        "has_errors": status == 422,
        "writable": permissions.may_write_sheet(request.viewer, sheet),
        "refused": status == 403,
    }
    return render(request, "assessment/sheets/worksheet.html", context, status=status)


def _frame(request: OrgRequest, sheet: Sheet) -> dict[str, Any]:
    mine = address(request.viewer, "assessment:my", pk=sheet.assessment_id)
    crumbs = [Link(_("Sub-criteria to assess"), mine)]
    return {
        "assessment": sheet.assessment,
        "sheet": sheet,
        "crumbs": pages.crumbs(request, sheet.assessment, *crumbs),
    }


# --- the differences ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """One item with what is stored beside what the file says; only what differs."""

    code: str
    title: str
    rows: list[tuple[str, list[str], list[str]]]
    clash: bool
    chosen: str = ""
    error: str = ""


def _again(
    request: OrgRequest,
    sheet: Sheet,
    changes: Sequence[Change],
    *,
    status: int,
    undecided: Sequence[str] = (),
) -> HttpResponse:
    """The differences once more over what is stored now."""
    found = queries.judgements(sheet)
    left = differences.again(changes, found)
    signed = differences.sign(sheet, left)
    return _differences(request, sheet, left, found, signed=signed, status=status, undecided=undecided)


def _differences(
    request: OrgRequest,
    sheet: Sheet,
    changes: Sequence[Change],
    found: dict[str, Judgement],
    *,
    signed: str,
    proposal: Proposal | None = None,
    status: int = 200,
    undecided: Sequence[str] = (),
) -> HttpResponse:
    rows = [_difference(request, sheet, one, found.get(one.code), undecided) for one in changes]
    context = {
        **_frame(request, sheet),
        "differences": [row for row in rows if not row.clash],
        "clashes": [row for row in rows if row.clash],
        "signed": signed,
        "remarks": [
            (workbooks.where(one), words.sentence(one)) for one in (proposal.remarks if proposal else ())
        ],
        "missing": ", ".join(proposal.missing) if proposal else "",
        "read": proposal.read if proposal else 0,
        "changed_since": status == 409,
        "errors": [Link(_undecided(code), f"#choice-{code}") for code in undecided],
        "has_errors": bool(undecided),
    }
    return render(request, "assessment/sheets/differences.html", context, status=status)


def _difference(
    request: OrgRequest, sheet: Sheet, change: Change, stored: Judgement | None, undecided: Sequence[str]
) -> Difference:
    framework = framework_of(sheet.assessment)
    item = framework.item(change.code)
    before, after = (_told(sheet, change.code, one) for one in (stored, _judgement(change.content)))
    return Difference(
        code=change.code,
        title=f"{item.code} {pages.say(item.short)}",
        rows=[
            (name, old, new) for (name, old), (_same, new) in zip(before, after, strict=True) if old != new
        ],
        clash=change.clash,
        chosen=request.POST.get(f"choice-{change.code}", ""),
        error=_undecided(change.code) if change.code in undecided else "",
    )


def _undecided(code: str) -> str:
    return _("%(code)s: choose which of the two stays.") % {"code": code}


def _judgement(content: Content) -> Judgement:
    return Judgement(**asdict(content))


def _told(sheet: Sheet, code: str, judgement: Judgement | None) -> list[tuple[str, list[str]]]:
    """A judgement to read: name of each part, and its texts."""
    framework = framework_of(sheet.assessment)
    scale = framework.scale_for(code, sheet.assessment.method)
    told = JudgementForm(framework.item(code), scale, judgement).told
    ready = _("yes") if judgement and judgement.ready else _("no")
    score = told.score if judgement and (judgement.values or judgement.cannot_judge) else ""
    return [
        (_("Score"), [score] if score else []),
        (_("Why not"), [told.reason] if told.reason else []),
        *told.blocks,
        (pgettext("sub-criterion", "Ready"), [ready]),
    ]
