"""The communication plan and the notices for the staff."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.assessment.actions import communication as actions
from merilo.assessment.actions.planning import require_records
from merilo.assessment.forms.communication import ItemForm, NoticeForm, initial_of
from merilo.assessment.models import Assessment
from merilo.assessment.queries import planning
from merilo.assessment.views.acting import act, crumbs, do, page, retyped, sent
from merilo.assessment.views.base import assessment_or_404
from merilo.core.errors import Conflict
from merilo.organisations.api import (
    CommunicationItem,
    Notice,
    OrgRequest,
    address,
    edited_form,
    version_of,
)
from merilo.web import tables
from merilo.web.items import Link
from merilo.web.markdown import to_html


# --- the plan -------------------------------------------------------------------------------------
@require_safe
def communication(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Who learns what, how and when; `?format=` gives the table to take away."""
    assessment = assessment_or_404(request, pk)
    items = list(planning.items_of(assessment))
    if "format" in request.GET:
        return _export(items, request.GET["format"])
    context = {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment),
        "items": [(item, _tag(item)) for item in items],
        "formats": tables.FORMATS,
        "may_plan": request.viewer.can("assessment.plan"),
    }
    return page(request, "communication", context)


def _tag(item: CommunicationItem) -> str:
    if item.done_at:
        return "done"
    return "late" if item.date < timezone.localdate() else "idle"


def _export(items: list[CommunicationItem], kind: str) -> HttpResponse:
    columns = [
        tables.Column("message", _("Message")),
        tables.Column("medium", _("Medium")),
        tables.Column("audience", _("Audience")),
        tables.Column("date", _("Date")),
        tables.Column("done_at", _("Done on")),
    ]
    rows = [(item.message, item.medium, item.audience, item.date, item.done_at) for item in items]
    return tables.export(rows, columns, kind, "communication")


@require_POST
def suggest(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Fill an empty plan with the usual rows."""
    assessment = assessment_or_404(request, pk)

    def effect() -> str:
        actions.suggest_items(viewer=request.viewer, assessment=assessment, at=timezone.now())
        messages.success(request, _("The usual rows are added. Change them to what fits you."))
        return address(request.viewer, "assessment:communication", pk=pk)

    return do(request, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def new_item(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Add a row."""
    assessment = assessment_or_404(request, pk)
    require_records(request.viewer, assessment)
    form = ItemForm(sent(request))

    def effect() -> str:
        facts = form.facts()
        actions.add_item(viewer=request.viewer, assessment=assessment, facts=facts, at=timezone.now())
        return address(request.viewer, "assessment:communication", pk=pk)

    return _item_page(request, assessment, form, effect, None)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: OrgRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Change a row."""
    assessment = assessment_or_404(request, pk)
    require_records(request.viewer, assessment)
    row = _item_or_404(assessment, item)
    form = ItemForm(sent(request), initial=initial_of(row))

    def effect() -> str:
        actions.change_item(
            viewer=request.viewer,
            assessment=assessment,
            item=row,
            facts=form.facts(),
            version=version_of(request),
            at=timezone.now(),
        )
        return address(request.viewer, "assessment:communication", pk=pk)

    return _item_page(request, assessment, form, effect, row)


def _item_page(
    request: OrgRequest,
    assessment: Assessment,
    form: ItemForm,
    effect: Callable[[], str],
    row: CommunicationItem | None,
) -> HttpResponse:
    plan = Link(_("Communication"), address(request.viewer, "assessment:communication", pk=assessment.pk))
    context = {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment, plan),
        "form": form,
        "item": row,
    }

    def show(more: Mapping[str, Any], status: int) -> HttpResponse:
        return page(request, "communication_item", {**context, **more}, form, status=status)

    def stored() -> tuple[int, dict[str, Any]]:
        assert row is not None  # noqa: S101  asked below
        now = _item_or_404(assessment, row.pk)
        return now.version, initial_of(now)

    return edited_form(request, form, effect, show, stored=stored if row else None)


@require_POST
def done(request: OrgRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Say that a row is done today, or not done after all."""
    assessment = assessment_or_404(request, pk)
    row = _item_or_404(assessment, item)
    on = None if request.POST.get("undo") else timezone.localdate()

    def effect() -> str:
        actions.mark_item(
            viewer=request.viewer, assessment=assessment, item=row, done_at=on, at=timezone.now()
        )
        return address(request.viewer, "assessment:communication", pk=pk)

    return do(request, effect)


@require_POST
def remove(request: OrgRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Take a row off the plan."""
    assessment = assessment_or_404(request, pk)
    row = _item_or_404(assessment, item)

    def effect() -> str:
        actions.remove_item(viewer=request.viewer, assessment=assessment, item=row, at=timezone.now())
        messages.success(request, _("The message is removed."))
        return address(request.viewer, "assessment:communication", pk=pk)

    return do(request, effect)


def _item_or_404(assessment: Assessment, pk: UUID) -> CommunicationItem:
    try:
        return planning.item_of(assessment, pk)
    except planning.NotHere as error:
        raise Http404 from error


# --- notices --------------------------------------------------------------------------------------
@require_safe
def notices(request: OrgRequest, pk: UUID) -> HttpResponse:
    """What the staff reads; drafts only for those who plan."""
    assessment = assessment_or_404(request, pk)
    found = [
        (notice, to_html(notice.body, top=3)) for notice in planning.notices_of(request.viewer, assessment)
    ]
    context = {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment),
        "notices": found,
        "may_plan": request.viewer.can("assessment.plan"),
    }
    return page(request, "notices", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_notice(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Write a notice as a draft."""
    assessment = assessment_or_404(request, pk)
    require_records(request.viewer, assessment)
    form = NoticeForm(sent(request))

    def effect() -> str:
        data = form.cleaned_data
        made = actions.write_notice(
            viewer=request.viewer,
            assessment=assessment,
            title=data["title"],
            body=data["body"],
            at=timezone.now(),
        )
        messages.success(
            request, _("The draft is saved. Only you and your deputy see it until it is shared.")
        )
        return address(request.viewer, "assessment:edit_notice", pk=pk, notice=made.pk)

    if request.method == "POST" and form.is_valid():
        return act(request, form, effect) or _notice_page(request, assessment, form)
    return _notice_page(request, assessment, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_notice(request: OrgRequest, pk: UUID, notice: UUID) -> HttpResponse:
    """Change a notice; a stale version gets both texts."""
    assessment = assessment_or_404(request, pk)
    require_records(request.viewer, assessment)
    stored = _notice_or_404(request, assessment, notice)
    initial = {"title": stored.title, "body": stored.body, "version": stored.version}
    form = NoticeForm(sent(request), initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _notice_page(request, assessment, form, stored)
    try:
        answer = act(request, form, lambda: _save_notice(request, assessment, stored, form))
    except Conflict as conflict:
        return _notice_conflict(request, assessment, form, stored, conflict)
    return answer or _notice_page(request, assessment, form, stored)


def _save_notice(request: OrgRequest, assessment: Assessment, notice: Notice, form: NoticeForm) -> str:
    data = form.cleaned_data
    actions.change_notice(
        viewer=request.viewer,
        assessment=assessment,
        notice=notice,
        title=data["title"],
        body=data["body"],
        version=data["version"] or 0,
        at=timezone.now(),
    )
    messages.success(request, _("The notice is saved."))
    return address(request.viewer, "assessment:notice", pk=assessment.pk)


def _notice_conflict(
    request: OrgRequest, assessment: Assessment, form: NoticeForm, stored: Notice, conflict: Conflict
) -> HttpResponse:
    """Both texts; the form keeps what was typed and names the stored version."""
    data = retyped(form, version=str(conflict.details["version"]))
    theirs = {"title": conflict.details["title"], "body": conflict.details["body"]}
    return _notice_page(request, assessment, NoticeForm(data), stored, theirs=theirs, status=409)


def _notice_page(
    request: OrgRequest,
    assessment: Assessment,
    form: NoticeForm,
    notice: Notice | None = None,
    *,
    theirs: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    here = Link(_("Notices"), address(request.viewer, "assessment:notice", pk=assessment.pk))
    context = {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment, here),
        "form": form,
        "notice": notice,
        "theirs": theirs,
    }
    return page(request, "notice_edit", context, form, status=status)


@require_POST
def share(request: OrgRequest, pk: UUID, notice: UUID) -> HttpResponse:
    """Let every member read the notice, or make it a draft again."""
    assessment = assessment_or_404(request, pk)
    found = _notice_or_404(request, assessment, notice)
    shared = not request.POST.get("undo")

    def effect() -> str:
        actions.share_notice(
            viewer=request.viewer, assessment=assessment, notice=found, shared=shared, at=timezone.now()
        )
        told = (
            _("Everybody in the organisation can read the notice now.")
            if shared
            else _("It is a draft again.")
        )
        messages.success(request, told)
        return address(request.viewer, "assessment:notice", pk=pk)

    return do(request, effect)


@require_POST
def remove_notice(request: OrgRequest, pk: UUID, notice: UUID) -> HttpResponse:
    """Remove a draft."""
    assessment = assessment_or_404(request, pk)
    found = _notice_or_404(request, assessment, notice)

    def effect() -> str:
        actions.remove_notice(viewer=request.viewer, assessment=assessment, notice=found, at=timezone.now())
        messages.success(request, _("The draft is removed."))
        return address(request.viewer, "assessment:notice", pk=pk)

    return do(request, effect)


def _notice_or_404(request: OrgRequest, assessment: Assessment, pk: UUID) -> Notice:
    try:
        return planning.notice_of(request.viewer, assessment, pk)
    except planning.NotHere as error:
        raise Http404 from error
