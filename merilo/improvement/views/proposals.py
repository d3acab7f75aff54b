"""Proposals of a plan: the list, and one of them with what it was brought together from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core.errors import Conflict
from merilo.improvement import permissions
from merilo.improvement.actions import plans as plan_actions
from merilo.improvement.actions import proposals as actions
from merilo.improvement.forms.items import ticked
from merilo.improvement.forms.proposals import MergeForm, ProposalForm, initial_of
from merilo.improvement.models import Decision, Plan, Proposal
from merilo.improvement.priority_words import QUADRANTS, STATUS
from merilo.improvement.queries import proposals as queries
from merilo.improvement.queries.items import themes_of
from merilo.improvement.queries.titles import titles_of
from merilo.improvement.rules.priorities import place
from merilo.improvement.rules.scheme import criteria_of
from merilo.improvement.views.base import crumbs, draft_or_404, page
from merilo.organisations.api import OrgRequest, act, address, do, sent, version_of
from merilo.web.items import Link


def proposals_link(request: OrgRequest, plan: Plan) -> Link:
    """Back to the list."""
    return Link(_("Proposals"), address(request.viewer, "improvement:proposals", plan=plan.pk))


def proposal_or_404(request: OrgRequest, plan: UUID, pk: UUID) -> Proposal:
    """A proposal of a plan that the viewer works on."""
    try:
        return queries.proposal_in(draft_or_404(request, plan), pk)
    except Proposal.DoesNotExist as error:
        raise Http404 from error


@require_safe
def proposals(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The proposals, by number or those of one theme."""
    found = draft_or_404(request, plan)
    rows = list(queries.proposals_of(found))
    theme = request.GET.get("theme", "")
    context = {
        "plan": found,
        "crumbs": crumbs(request, found),
        "themes": [Link(_("All"), "?", current=not theme), *_themes(rows, theme)],
        "rows": [_row(found, one) for one in rows if not theme or str(one.theme_id or "") == theme],
        "may_edit": permissions.may_edit(request.viewer, found),
    }
    return page(request, "proposals/list", context)


def _themes(rows: list[Proposal], chosen: str) -> list[Link]:
    named = {str(one.theme_id): one.theme.name for one in rows if one.theme is not None}
    by_name = sorted(named.items(), key=lambda pair: pair[1].casefold())
    return [Link(name, f"?theme={key}", current=key == chosen) for key, name in by_name]


def _row(plan: Plan, proposal: Proposal) -> dict[str, Any]:
    quadrant = place(criteria_of(plan.scheme), proposal.points).quadrant
    return {
        "proposal": proposal,
        "quadrant": QUADRANTS[quadrant] if quadrant else "",
        "status": STATUS[Decision(proposal.decision)],
        "measure": getattr(proposal, "measure", None),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: OrgRequest, plan: UUID, proposal: UUID) -> HttpResponse:
    """One proposal: its wording, what it was brought together from, another one that comes in."""
    found = proposal_or_404(request, plan, proposal)
    if request.method == "POST":
        plan_actions.require_edit(request.viewer, found.plan)
        if "remove" in request.POST:
            return do(request, lambda: _remove(request, found))
        if "out" in request.POST:
            return do(request, lambda: _take_out(request, found))
    others = [one for one in queries.proposals_of(found.plan) if one.pk != found.pk]
    is_merge = "other" in request.POST
    merge = MergeForm(sent(request) if is_merge else None, others=others)
    form = ProposalForm(None if is_merge else sent(request), plan=found.plan, initial=initial_of(found))
    if is_merge and merge.is_valid() and (done := act(request, merge, lambda: _merge(request, found, merge))):
        return done
    conflict = ""
    if request.method == "POST" and not is_merge and form.is_valid():
        try:
            if done := act(request, form, lambda: _change(request, found, form)):
                return done
        except Conflict as error:
            conflict, found = error.sentence, proposal_or_404(request, plan, proposal)
    context = {
        **_about(request, found),
        "form": form,
        "merge": merge if others else None,
        "conflict": conflict,
    }
    return page(request, "proposals/one", context, form, merge, status=409 if conflict else 200)


def _about(request: OrgRequest, proposal: Proposal) -> dict[str, Any]:
    plan, titles = proposal.plan, titles_of(proposal.plan)
    before, after = queries.neighbours_of(proposal)
    return {
        "plan": plan,
        "crumbs": crumbs(request, plan, proposals_link(request, plan)),
        **_row(plan, proposal),
        "rows": [(item, titles.of(item.code) if item.code else "") for item in queries.items_in(proposal)],
        "themes": themes_of(plan),
        "factors": [plan.factors[place] for place in proposal.factors if place < len(plan.factors)],
        "previous": _link(request, before),
        "next": _link(request, after),
        "may_edit": permissions.may_edit(request.viewer, plan),
    }


def _link(request: OrgRequest, proposal: Proposal | None) -> Link | None:
    if proposal is None:
        return None
    return Link(f"{proposal.number}. {proposal.text}", _address(request, proposal))


def _address(request: OrgRequest, proposal: Proposal) -> str:
    return address(request.viewer, "improvement:proposal", plan=proposal.plan_id, proposal=proposal.pk)


def _change(request: OrgRequest, proposal: Proposal, form: ProposalForm) -> str:
    actions.change_proposal(
        viewer=request.viewer,
        proposal=proposal,
        facts=form.facts(),
        version=version_of(request),
        at=timezone.now(),
    )
    messages.success(request, _("Saved."))
    return _address(request, proposal)


def _take_out(request: OrgRequest, proposal: Proposal) -> str:
    count = actions.take_out(
        viewer=request.viewer,
        proposal=proposal,
        ticked=ticked(request.POST.getlist("out")),
        at=timezone.now(),
    )
    messages.success(
        request, ngettext("%(count)s waits again.", "%(count)s wait again.", count) % {"count": count}
    )
    return _address(request, proposal)


def _merge(request: OrgRequest, proposal: Proposal, form: MergeForm) -> str:
    other = form.others[form.cleaned_data["other"]]
    actions.merge(viewer=request.viewer, proposal=proposal, other=other, at=timezone.now())
    messages.success(request, _("Proposal %(number)s has come into this one.") % {"number": other.number})
    return _address(request, proposal)


def _remove(request: OrgRequest, proposal: Proposal) -> str:
    actions.remove(viewer=request.viewer, proposal=proposal, at=timezone.now())
    messages.success(request, _("The proposal is removed; its areas and ideas wait again."))
    return proposals_link(request, proposal.plan).url
