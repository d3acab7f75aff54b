"""The next cycle: what a plan leaves, the next self-assessment, the next plan, the end of this one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from merilo.core.errors import Refused
from merilo.improvement.actions import following as actions
from merilo.improvement.forms.following import NextCycleForm, initial_for
from merilo.improvement.models import Plan, PlanState
from merilo.improvement.queries import following as queries
from merilo.improvement.queries.following import Following
from merilo.improvement.views.base import carried_out_or_404, crumbs, page
from merilo.improvement.views.editing import Question, confirmed
from merilo.organisations.api import OrgRequest, act, address, do, sent
from merilo.web.items import Link


@require_http_methods(["GET", "HEAD", "POST"])
def following(request: OrgRequest, plan: UUID) -> HttpResponse:
    """What is carried over, and the form that begins the next self-assessment."""
    found = _own_or_404(request, plan)
    today = timezone.localdate()
    source = queries.following(request.viewer, found, on=today)
    form = NextCycleForm(sent(request), initial=initial_for(source, today) if source else {})
    if request.method == "POST":
        if source is None or source.begun is not None:
            raise Refused(_("There is no self-assessment to continue, or it is continued already."))
        if form.is_valid() and (done := act(request, form, lambda: _begin(request, found, source, form))):
            return done
    context = {"plan": found, "form": form, "source": source, "crumbs": crumbs(request, found)}
    context |= _left(request, found) | {"begun": _begun(request, source)}
    return page(request, "following/following", context, form)


def _begun(request: OrgRequest, source: Following | None) -> Link | None:
    """The self-assessment that continues the last one already."""
    if source is None or source.begun is None:
        return None
    return Link(source.begun.title, address(request.viewer, "assessment:overview", pk=source.begun.pk))


def _left(request: OrgRequest, plan: Plan) -> dict[str, Any]:
    measures, proposals = list(queries.unfinished_in(plan)), list(queries.kept_in(plan))
    viewer = request.viewer
    new_plan = address(viewer, "improvement:new")
    return {
        "measures": [
            (one, address(viewer, "improvement:measure", plan=plan.pk, measure=one.pk)) for one in measures
        ],
        "proposals": [
            (one, address(viewer, "improvement:proposal", plan=plan.pk, proposal=one.pk)) for one in proposals
        ],
        "new_plan_url": f"{new_plan}?{urlencode({'previous': plan.pk})}",
        "next_plan": _next_plan(request, plan),
        "is_closed": plan.state == PlanState.CLOSED,
    }


def _next_plan(request: OrgRequest, plan: Plan) -> Link | None:
    following = queries.next_plan(request.viewer, plan)
    if following is None:
        return None
    return Link(following.title, address(request.viewer, "improvement:overview", plan=following.pk))


def _begin(request: OrgRequest, plan: Plan, source: Following, form: NextCycleForm) -> str:
    came = actions.start_next_cycle(
        viewer=request.viewer, plan=plan, source=source.source, facts=form.facts(), at=timezone.now()
    )
    seats = ngettext("%(count)s seat", "%(count)s seats", came.seats) % {"count": came.seats}
    told = _("The self-assessment has begun. Came along: %(seats)s, %(evidence)s pieces of evidence.")
    messages.success(request, told % {"seats": seats, "evidence": came.evidence})
    return address(request.viewer, "assessment:overview", pk=came.assessment.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Ask, and close the plan."""
    found = _own_or_404(request, plan)
    here = address(request.viewer, "improvement:next_cycle", plan=found.pk)

    def effect() -> str:
        actions.close_plan(viewer=request.viewer, plan=found, at=timezone.now())
        messages.success(request, _("The plan is closed."))
        return here

    question = Question(
        title=_("Close the plan"),
        text=_("Nobody reports on its measures any more. It stays readable, and what it leaves goes on."),
        submit=_("Close the plan"),
        back=here,
        crumbs=crumbs(request, found, Link(_("Next cycle"), here)),
    )
    return confirmed(request, found, question, effect)


@require_POST
def reopen(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Carry a closed plan on."""
    found = _own_or_404(request, plan)

    def effect() -> str:
        actions.reopen_plan(viewer=request.viewer, plan=found, at=timezone.now())
        messages.success(request, _("The plan is carried out again."))
        return address(request.viewer, "improvement:next_cycle", plan=found.pk)

    return do(request, effect)


def _own_or_404(request: OrgRequest, pk: UUID) -> Plan:
    """A plan of which there is something to carry over, for those who write plans."""
    found = carried_out_or_404(request, pk)
    actions.require_own(request.viewer, found)
    return found
