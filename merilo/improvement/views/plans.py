"""The list of plans, a new one, the overview of one, its settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.assessment.api import Assessment
from merilo.improvement import permissions
from merilo.improvement.actions import following
from merilo.improvement.actions import plans as actions
from merilo.improvement.forms.plans import PlanForm, initial_of
from merilo.improvement.models import PlanState
from merilo.improvement.queries import plans as queries
from merilo.improvement.queries.priorities import stand_of
from merilo.improvement.views.base import crumbs, page, plan_or_404
from merilo.improvement.views.board import Board
from merilo.organisations.api import OrgRequest, act, address, edited_form, sent, version_of


@require_safe
def listing(request: OrgRequest) -> HttpResponse:
    """The organisation's plans."""
    request.viewer.require("plan.read")
    context = {
        "rows": list(queries.listed(request.viewer)),
        "may_edit": request.viewer.can("plan.edit"),
    }
    return page(request, "list", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest) -> HttpResponse:
    """Begin a plan."""
    viewer = request.viewer
    viewer.require("plan.edit")
    today = timezone.localdate()
    assessments = queries.possible_sources(viewer, on=today)
    form = PlanForm(
        sent(request),
        plans=queries.possible_previous(viewer),
        assessments=assessments,
        initial=_proposed(assessments, today) | {"previous": request.GET.get("previous", "")},
    )

    def effect() -> str:
        made = following.start_after(
            viewer=viewer, facts=form.facts(), sources=form.chosen(), at=timezone.now()
        )
        messages.success(request, _("The plan has begun."))
        then = "import" if "table" in request.POST else "overview"
        return address(viewer, f"improvement:{then}", plan=made.pk)

    if request.method == "POST" and form.is_valid() and (done := act(request, form, effect)):
        return done
    return page(request, "new", {"form": form}, form)


def _proposed(assessments: list[Assessment], today: date) -> dict[str, Any]:
    first = today.year + 1
    return {
        "title": _("Improvement plan %(first)s–%(last)s") % {"first": first, "last": first + 1},
        "first": date(first, 1, 1),
        "last": date(first + 1, 12, 31),
        "sources": [str(one.pk) for one in assessments[:1]],
    }


@require_safe
def overview(request: OrgRequest, plan: UUID) -> HttpResponse:
    """How a plan stands and what comes next."""
    found = plan_or_404(request, plan)
    counts = queries.counts_of(found)
    context: dict[str, Any] = {
        "plan": found,
        "counts": counts,
        "sources": queries.sources_of(found),
        "may_edit": permissions.may_edit(request.viewer, found),
    }
    if found.state != PlanState.DRAFT:
        context |= Board(request, found).standing()
    if permissions.reads_drafts(request.viewer, found):
        stand = stand_of(found)
        context |= {
            "stand": stand,
            "gathers": bool(found.state == PlanState.DRAFT or counts.waiting or stand.to_measure),
        }
        context["scores"] = permissions.may_score(request.viewer, found)
    return page(request, "overview", context)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Title, period and purpose of a plan."""
    found = plan_or_404(request, plan)
    actions.require_edit(request.viewer, found)
    others = [one for one in queries.possible_previous(request.viewer) if one.pk != found.pk]
    form = PlanForm(sent(request), plans=others, initial=initial_of(found))
    context = {"plan": found, "form": form, "crumbs": crumbs(request, found)}

    def effect() -> str:
        facts, version = form.facts(), version_of(request)
        actions.change_plan(
            viewer=request.viewer, plan=found, facts=facts, version=version, at=timezone.now()
        )
        messages.success(request, _("The settings are saved."))
        return address(request.viewer, "improvement:overview", plan=found.pk)

    def show(more: Mapping[str, Any], status: int) -> HttpResponse:
        return page(request, "settings", {**context, **more}, form, status=status)

    def stored() -> tuple[int, Mapping[str, Any]]:
        now = plan_or_404(request, plan)
        return now.version, initial_of(now)

    return edited_form(request, form, effect, show, stored=stored)
