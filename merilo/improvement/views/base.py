"""What the pages of plans share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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


def carried_out_or_404(request: OrgRequest, pk: UUID) -> Plan:
    """A plan of which there is something to report."""
    plan = plan_or_404(request, pk)
    if plan.state == PlanState.DRAFT:
        raise Http404
    return plan


def page(
    request: OrgRequest, name: str, context: Mapping[str, Any], *refused: forms.Form, status: int = 200
) -> HttpResponse:
    """The page; 422 when one of the forms was refused. Of a plan it carries `parts` and `pages`."""
    wrong = any(form.is_bound and form.errors for form in refused)
    values = {"has_errors": wrong, **context}
    if isinstance(plan := context.get("plan"), Plan):
        values["parts"] = list(parts(request, plan))
        values["pages"] = next((part.pages for part in values["parts"] if part.current), ())
    return render(request, f"improvement/{name}.html", values, status=422 if wrong else status)


def crumbs(request: OrgRequest, plan: Plan, *more: Link) -> list[Link]:
    """The way to a page of one plan."""
    return [Link(plan.title, address(request.viewer, "improvement:overview", plan=plan.pk)), *more]


# --- the parts of a plan ----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Part:
    """One part of the work on a plan with its pages; it leads to the first of them."""

    text: str
    pages: Sequence[Link]

    @property
    def url(self) -> str:
        return self.pages[0].url

    @property
    def current(self) -> bool:
        """Whether one of its pages is open."""
        return any(page.current for page in self.pages)


def parts(request: OrgRequest, plan: Plan) -> Iterator[Part]:
    """The parts of one plan that the viewer may open, in the order of the work; empty ones are left out."""
    for text, rows in _laid_out(request, plan):
        pages = [_page(request, plan, name, title) for may, name, title in rows if may]
        if pages:
            yield Part(text, pages)


Rows = Sequence[tuple[bool, str, str]]


def _laid_out(request: OrgRequest, plan: Plan) -> Iterator[tuple[str, Rows]]:
    viewer = request.viewer
    edits, drafts = permissions.may_edit(viewer, plan), permissions.reads_drafts(viewer, plan)
    is_carried_out, writes = plan.state != PlanState.DRAFT, viewer.can("plan.edit")
    yield _("The plan"), [(True, "overview", _("Overview")), (edits, "settings", _("Settings"))]
    yield (
        _("Preparation"),
        [
            (True, "group", _("Group")),
            (True, "preparations", _("Plan's own schedule")),
            (True, "communication", _("Communication")),
        ],
    )
    yield (
        _("Choosing"),
        [
            (drafts, "items", _("Areas and ideas")),
            (drafts, "proposals", _("Proposals")),
            (drafts, "priorities", _("Priorities")),
        ],
    )
    yield _("Measures"), [(True, "measures", _("Measures")), (drafts, "inbox", _("Offered measures"))]
    yield _("Approval"), [(drafts or is_carried_out, "revisions", _("Approval"))]
    yield (
        _("Results of the plan"),
        [
            (is_carried_out, "interim", _("Interim report")),
            (is_carried_out, "effect", _("Effect")),
            (is_carried_out and writes, "next_cycle", _("Next cycle")),
        ],
    )


def _page(request: OrgRequest, plan: Plan, name: str, text: str) -> Link:
    """A page of the plan, current when it or one below it is open."""
    url = address(request.viewer, f"improvement:{name}", plan=plan.pk)
    below = name != "overview" and request.path.startswith(url)
    return Link(text, url, current=below or request.path == url)
