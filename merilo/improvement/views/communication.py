"""The communication plan of a plan: who learns what of it, how and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.improvement import permissions
from merilo.improvement.actions import communication as actions
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.forms.communication import NAMES, MessageForm, initial_of
from merilo.improvement.models import Plan
from merilo.improvement.queries import communication as queries
from merilo.improvement.views.base import crumbs, page, plan_or_404
from merilo.organisations.api import (
    CommunicationItem,
    OrgRequest,
    address,
    do,
    edited_form,
    sent,
    version_of,
)
from merilo.web import tables
from merilo.web.items import Link


@require_safe
def communication(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Who learns what, how and when; `?format=` gives the table to take away."""
    found = plan_or_404(request, plan)
    rows = queries.messages_of(found)
    if "format" in request.GET:
        return _export(rows, request.GET["format"])
    context = {
        "plan": found,
        "crumbs": crumbs(request, found),
        "rows": [(row, _tag(row)) for row in rows],
        "formats": tables.FORMATS,
        "may_edit": permissions.may_edit(request.viewer, found),
    }
    return page(request, "communication/list", context)


def _tag(row: CommunicationItem) -> str:
    if row.done_at:
        return "done"
    return "late" if row.date < timezone.localdate() else "idle"


def _export(rows: list[CommunicationItem], kind: str) -> HttpResponse:
    titles = (_("Message"), _("Medium"), _("Audience"), _("Date"), _("Done on"))
    columns = [tables.Column(key, title) for key, title in zip(NAMES, titles, strict=True)]
    return tables.export(
        [[getattr(row, name) for name in NAMES] for row in rows], columns, kind, "communication"
    )


def _here(request: OrgRequest, plan: Plan) -> str:
    return address(request.viewer, "improvement:communication", plan=plan.pk)


@require_POST
def suggest(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Fill an empty plan with the usual rows."""
    found = plan_or_404(request, plan)

    def effect() -> str:
        actions.suggest_messages(viewer=request.viewer, plan=found, at=timezone.now())
        messages.success(request, _("The usual rows are added. Change them to what fits you."))
        return _here(request, found)

    return do(request, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def new_message(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Add a row."""
    found = plan_or_404(request, plan)
    require_edit(request.viewer, found)
    form = MessageForm(sent(request))

    def effect() -> str:
        actions.add_message(viewer=request.viewer, plan=found, facts=form.facts(), at=timezone.now())
        return _here(request, found)

    return _edited(request, found, form, effect, None)


@require_http_methods(["GET", "HEAD", "POST"])
def message(request: OrgRequest, plan: UUID, message: UUID) -> HttpResponse:
    """Change a row."""
    found = plan_or_404(request, plan)
    require_edit(request.viewer, found)
    row = _row_or_404(found, message)
    form = MessageForm(sent(request), initial=initial_of(row))

    def effect() -> str:
        actions.change_message(
            viewer=request.viewer,
            plan=found,
            row=row,
            facts=form.facts(),
            version=version_of(request),
            at=timezone.now(),
        )
        return _here(request, found)

    return _edited(request, found, form, effect, row)


def _edited(
    request: OrgRequest,
    plan: Plan,
    form: MessageForm,
    effect: Callable[[], str],
    row: CommunicationItem | None,
) -> HttpResponse:
    way = crumbs(request, plan, Link(_("Communication"), _here(request, plan)))
    context = {"plan": plan, "crumbs": way, "form": form, "row": row}

    def show(more: Mapping[str, Any], status: int) -> HttpResponse:
        return page(request, "communication/message", {**context, **more}, form, status=status)

    def stored() -> tuple[int, dict[str, Any]]:
        assert row is not None  # noqa: S101  asked below
        now = _row_or_404(plan, row.pk)
        return now.version, initial_of(now)

    return edited_form(request, form, effect, show, stored=stored if row else None)


@require_POST
def done(request: OrgRequest, plan: UUID, message: UUID) -> HttpResponse:
    """Say that a row is done today, or not done after all."""
    found = plan_or_404(request, plan)
    row = _row_or_404(found, message)
    on = None if request.POST.get("undo") else timezone.localdate()

    def effect() -> str:
        actions.mark_message(viewer=request.viewer, plan=found, row=row, done_at=on, at=timezone.now())
        return _here(request, found)

    return do(request, effect)


@require_POST
def remove(request: OrgRequest, plan: UUID, message: UUID) -> HttpResponse:
    """Take a row off the plan."""
    found = plan_or_404(request, plan)
    row = _row_or_404(found, message)

    def effect() -> str:
        actions.remove_message(viewer=request.viewer, plan=found, row=row, at=timezone.now())
        messages.success(request, _("The message is removed."))
        return _here(request, found)

    return do(request, effect)


def _row_or_404(plan: Plan, pk: UUID) -> CommunicationItem:
    try:
        return queries.message_of(plan, pk)
    except CommunicationItem.DoesNotExist as error:
        raise Http404 from error
