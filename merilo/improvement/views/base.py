"""What the pages of plans share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from merilo.core.errors import Refused
from merilo.improvement import permissions
from merilo.improvement.models import Plan, PlanState
from merilo.improvement.queries import plans
from merilo.organisations.api import OrgRequest, address
from merilo.web import forms
from merilo.web.items import Link


def plan_or_404(request: OrgRequest, pk: UUID) -> Plan:
    """The plan if the viewer may see it; strangers get 404."""
    try:
        return plans.plan(request.viewer, pk)
    except Plan.DoesNotExist as error:
        raise Http404 from error


def draft_or_404(request: OrgRequest, pk: UUID) -> Plan:
    """The plan for those who work on it: who drafts, approves or sits in its group."""
    plan = plan_or_404(request, pk)
    if not permissions.reads_drafts(request.viewer, plan):
        raise Refused(_("Only the group of the plan and those who approve it see this page."))
    return plan


def version_of(request: OrgRequest) -> int:
    """The version that a form was filled in with; 0 for what no form of ours sends."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 9 else 0


def page(
    request: OrgRequest, name: str, context: Mapping[str, Any], *refused: forms.Form, status: int = 200
) -> HttpResponse:
    """The page; 422 when one of the forms was refused. Of a plan it carries `sections`."""
    wrong = any(form.is_bound and form.errors for form in refused)
    values = {"has_errors": wrong, **context}
    if isinstance(plan := context.get("plan"), Plan):
        values["sections"] = [
            replace(link, current=_is_here(request, link, plan)) for link in sections(request, plan)
        ]
    return render(request, f"improvement/{name}.html", values, status=422 if wrong else status)


def _is_here(request: OrgRequest, link: Link, plan: Plan) -> bool:
    """Whether a section is open: its page or one below it."""
    overview = address(request.viewer, "improvement:overview", plan=plan.pk)
    return request.path == link.url or (link.url != overview and request.path.startswith(link.url))


def crumbs(request: OrgRequest, plan: Plan, *more: Link) -> list[Link]:
    """The way to a page of one plan."""
    return [Link(plan.title, address(request.viewer, "improvement:overview", plan=plan.pk)), *more]


def sections(request: OrgRequest, plan: Plan) -> Iterator[Link]:
    """The pages of one plan that the viewer may open, in the order of the work."""
    viewer = request.viewer
    edits, drafts = permissions.may_edit(viewer, plan), permissions.reads_drafts(viewer, plan)
    is_carried_out = plan.state != PlanState.DRAFT
    pages = (
        (True, "overview", _("Overview")),
        (True, "group", _("Group")),
        (drafts, "inbox", _("Offered measures")),
        (drafts, "items", _("Areas and ideas")),
        (drafts, "proposals", _("Proposals")),
        (drafts, "priorities", _("Priorities")),
        (True, "measures", _("Measures")),
        (True, "preparations", _("Plan's own schedule")),
        (drafts or is_carried_out, "revisions", _("Approval")),
        (True, "communication", _("Communication")),
        (is_carried_out, "interim", _("Interim report")),
        (edits, "settings", _("Settings")),
    )
    for may, name, text in pages:
        if may:
            yield Link(text, address(viewer, f"improvement:{name}", plan=plan.pk))
