"""Pages of approval: what would be submitted, the frozen revisions, deciding on them, publication."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.core import files
from merilo.core.errors import Conflict, Refused
from merilo.improvement import permissions
from merilo.improvement.actions import revisions as actions
from merilo.improvement.forms.revisions import ApprovalForm, ReturnForm, SubmitForm
from merilo.improvement.models import Plan, PlanRevision, RevisionState
from merilo.improvement.queries.measures import gaps_of
from merilo.improvement.reporting import revisions
from merilo.improvement.reporting.document import blocks_of
from merilo.improvement.reporting.workbook import csv_of, json_of
from merilo.improvement.rules.wording import as_runs
from merilo.improvement.views.base import crumbs, page, plan_or_404
from merilo.organisations.api import OrgRequest, act, address, do, sent
from merilo.web import forms
from merilo.web.documents import FORMATS
from merilo.web.documents.page import chapters, html
from merilo.web.items import Link

DATA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The revisions of a plan, what has changed since the approved one, and submitting another."""
    found = plan_or_404(request, plan)
    viewer = request.viewer
    may_edit = permissions.may_edit(viewer, found)
    form = SubmitForm(sent(request), initial={"language": translation.get_language()}) if may_edit else None
    if request.method == "POST":
        if form is None:
            raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
        if form.is_valid() and (done := act(request, form, lambda: _submit(request, found, form))):
            return done
    drafts = permissions.reads_drafts(viewer, found)
    approved = revisions.approved(found)
    changes = revisions.changes_since(approved, on=timezone.localdate()) if approved and drafts else []
    context = {
        "plan": found,
        "crumbs": crumbs(request, found),
        "form": form if changes or not approved else None,
        "rows": list(revisions.revisions_of(viewer, found, drafts=drafts).defer("content")),
        "approved": approved,
        "waiting": revisions.waiting(found) if drafts else None,
        "changes": changes,
        "warnings": list(_warnings(found)) if may_edit else [],
        "drafts": drafts,
    }
    return page(request, "revisions/list", context, *([form] if form else []))


def _submit(request: OrgRequest, plan: Plan, form: SubmitForm) -> str:
    made = actions.submit(
        viewer=request.viewer, plan=plan, language=form.cleaned_data["language"], at=timezone.now()
    )
    messages.success(request, _("Revision %(number)s waits for approval.") % {"number": made.number})
    return address(request.viewer, "improvement:revision", plan=plan.pk, number=made.number)


def _warnings(plan: Plan) -> Iterator[tuple[str, str]]:
    """What an approver will ask about: what measures lack, and days that reach out of what holds them."""
    gaps = gaps_of(plan)
    lists = (
        (_("Without anybody responsible"), gaps.owner),
        (_("Without activities"), gaps.activities),
        (_("Without an indicator"), gaps.indicators),
        (_("With a term outside that of the plan"), gaps.terms),
        (_("With an activity outside the term of the measure"), gaps.steps),
    )
    for title, missing in lists:
        if missing:
            yield title, f"№\u00a0{as_runs(row.number for row in missing)}"


# --- one revision -----------------------------------------------------------------------------
def _revision_or_404(request: OrgRequest, plan: UUID, number: int) -> PlanRevision:
    found = plan_or_404(request, plan)
    row = revisions.revisions_of(request.viewer, found, drafts=True).filter(number=number).first()
    if row is None or not permissions.may_read_revision(request.viewer, row):
        raise Http404
    return row


@require_safe
def revision(request: OrgRequest, plan: UUID, number: int) -> HttpResponse:
    """One frozen revision: its documents, its state, what may be done with it, and its text."""
    return _page(request, _revision_or_404(request, plan, number))


def _page(request: OrgRequest, row: PlanRevision, *refused: forms.Form, **given: forms.Form) -> HttpResponse:
    plan, viewer = row.plan, request.viewer
    content = revisions.content_of(row)
    with translation.override(row.language):
        blocks = tuple(blocks_of(content, with_annex=False))
        text = html(blocks)
    made = revisions.files_of(row)
    link = Link(_("Approval"), address(viewer, "improvement:revisions", plan=plan.pk))
    waits = row.state == RevisionState.SUBMITTED
    context: dict[str, Any] = {
        "plan": plan,
        "revision": row,
        "amends": content.get("amends"),
        "crumbs": crumbs(request, plan, link),
        "text": text,
        "chapters": chapters(blocks),
        "downloads": downloads(
            row,
            url_of=lambda format_: address(
                viewer, "improvement:revision_file", plan=plan.pk, number=row.number, format_=format_
            ),
        ),
        "failed": [format_ for format_, file in made.items() if file.error],
        "being_made": set(made) < set(FORMATS),
        "may_approve": waits and permissions.may_approve(viewer, plan),
        "may_record": waits and permissions.may_record_approval(viewer, plan),
        "may_publish": row.state == RevisionState.APPROVED and permissions.may_publish(viewer, plan),
        "may_edit": permissions.may_edit(viewer, plan),
        "newest": _newest(row) if row.state == RevisionState.REPLACED else None,
        "changed_since": len(revisions.changes_since(row, on=timezone.localdate())) if waits else 0,
        "return_form": ReturnForm(),
        "approval_form": ApprovalForm(),
        **given,
    }
    return page(request, "revisions/revision", context, *refused)


def _newest(row: PlanRevision) -> int | None:
    waits = revisions.waiting(row.plan) or revisions.approved(row.plan)
    return waits.number if waits else None


def _moved_on(request: OrgRequest, row: PlanRevision, conflict: Conflict) -> HttpResponse:
    """Somebody was faster: what there is to decide on now, with a sentence about it."""
    messages.warning(request, conflict.sentence)
    waits = revisions.waiting(row.plan)
    number = waits.number if waits else row.number
    return redirect(address(request.viewer, "improvement:revision", plan=row.plan_id, number=number))


def _address(request: OrgRequest, row: PlanRevision) -> str:
    return address(request.viewer, "improvement:revision", plan=row.plan_id, number=row.number)


@require_POST
def approve(request: OrgRequest, plan: UUID, number: int) -> HttpResponse:
    """The signed-in sponsor approves."""
    row = _revision_or_404(request, plan, number)

    def effect() -> str:
        actions.approve(viewer=request.viewer, revision=row, at=timezone.now())
        messages.success(request, _("The plan is approved."))
        return _address(request, row)

    try:
        return do(request, effect)
    except Conflict as conflict:
        return _moved_on(request, row, conflict)


@require_POST
def send_back(request: OrgRequest, plan: UUID, number: int) -> HttpResponse:
    """The sponsor wants changes first."""
    row = _revision_or_404(request, plan, number)
    if not permissions.may_approve(request.viewer, row.plan):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    form = ReturnForm(request.POST)

    def effect() -> str:
        note = form.cleaned_data["note"]
        actions.send_back(viewer=request.viewer, revision=row, note=note, at=timezone.now())
        messages.success(request, _("The plan is sent back with your note."))
        return _address(request, row)

    if form.is_valid() and (done := act(request, form, effect)):
        return done
    return _page(request, row, form, return_form=form)


@require_POST
def record_approval(request: OrgRequest, plan: UUID, number: int) -> HttpResponse:
    """The coordinator records an approval signed on paper."""
    row = _revision_or_404(request, plan, number)
    if not permissions.may_record_approval(request.viewer, row.plan):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    form = ApprovalForm(request.POST, request.FILES)

    def effect() -> str:
        paper = form.paper()
        actions.record_approval(viewer=request.viewer, revision=row, paper=paper, at=timezone.now())
        messages.success(request, _("The approval is recorded."))
        return _address(request, row)

    if form.is_valid() and (done := act(request, form, effect)):
        return done
    return _page(request, row, form, approval_form=form)


@require_POST
def publish(request: OrgRequest, plan: UUID, number: int) -> HttpResponse:
    """Show an approved revision to everybody."""
    row = _revision_or_404(request, plan, number)

    def effect() -> str:
        actions.publish(viewer=request.viewer, revision=row, at=timezone.now())
        messages.success(request, _("Everybody can read the plan now."))
        return _address(request, row)

    return do(request, effect)


@require_POST
def withdraw(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Take the public page away."""
    found = plan_or_404(request, plan)

    def effect() -> str:
        actions.withdraw(viewer=request.viewer, plan=found, at=timezone.now())
        messages.success(request, _("The public page is taken away."))
        return address(request.viewer, "improvement:revisions", plan=found.pk)

    return do(request, effect)


@require_POST
def make_documents_again(request: OrgRequest, plan: UUID, number: int) -> HttpResponse:
    """Try again to make the documents that failed."""
    row = _revision_or_404(request, plan, number)

    def effect() -> str:
        actions.make_documents_again(viewer=request.viewer, revision=row, at=timezone.now())
        return _address(request, row)

    return do(request, effect)


# --- documents --------------------------------------------------------------------------------
@require_safe
def document(request: OrgRequest, plan: UUID, number: int, format_: str) -> HttpResponseBase:
    """One document of a revision; CSV and JSON are made of the frozen content."""
    row = _revision_or_404(request, plan, number)
    if format_ in DATA:
        content = revisions.content_of(row)
        told = csv_of(content) if format_ == "csv" else json_of(content, revisions.stamp_of(row))
        name = f"{revisions.file_name(row)}.{format_}"
        return files.attachment(told, name=name, content_type=DATA[format_])
    return made_or_404(row, format_, public=False)


def made_or_404(row: PlanRevision, format_: str, *, public: bool) -> HttpResponseBase:
    """The file of a revision, or 404 where the worker has not made it yet."""
    made = revisions.files_of(row, public=public).get(format_)
    if made is None or made.file is None:
        raise Http404
    return files.response(made.file)


@dataclass(frozen=True, slots=True)
class Download:
    """A document that can be taken away: its name, address and size, 0 where it is made on asking."""

    name: str
    url: str
    size: int = 0


def downloads(row: PlanRevision, *, url_of: Callable[[str], str], public: bool = False) -> list[Download]:
    """The finished documents of a revision, and its data, which are always there."""
    names = {"pdf": _("Plan (PDF)"), "docx": "Word", "xlsx": _("Spreadsheet (Excel)")}
    made = revisions.files_of(row, public=public)
    found = [
        Download(name, url_of(format_), file.size)
        for format_, name in names.items()
        if format_ in made and (file := made[format_].file)
    ]
    data = {"csv": _("Measures (CSV)"), "json": _("Data (JSON)")}
    return [*found, *(Download(name, url_of(format_)) for format_, name in data.items())]
