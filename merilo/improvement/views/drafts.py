"""The inbox of a plan: measures that are offered, and what is decided about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core import references
from merilo.core.references import Reference
from merilo.improvement import offered_words as words
from merilo.improvement import permissions
from merilo.improvement.actions import drafts as actions
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.forms.drafts import DeclineForm, OfferForm, initial_of
from merilo.improvement.forms.measures import NewMeasureForm
from merilo.improvement.models import Draft, DraftState, Plan
from merilo.improvement.queries import criteria
from merilo.improvement.queries import drafts as queries
from merilo.improvement.queries.drafts import Source
from merilo.improvement.views.base import crumbs, draft_or_404, page, plan_or_404
from merilo.improvement.views.editing import Look, edited, people_for
from merilo.improvement.views.measures import where
from merilo.organisations.api import OrgRequest, Viewer, address, sent
from merilo.web.items import Link

CRITERION = "criterion"
STATES = {DraftState.WAITING: "waiting", DraftState.ACCEPTED: "done", DraftState.DECLINED: "idle"}


def _inbox(viewer: Viewer, plan: Plan) -> Link:
    return Link(_("Offered measures"), address(viewer, "improvement:inbox", plan=plan.pk))


@require_safe
def inbox(request: OrgRequest, plan: UUID) -> HttpResponse:
    """What waits, and what was decided."""
    found = draft_or_404(request, plan)
    rows = list(queries.drafts_of(found))
    sources = queries.sources_of(request.viewer, rows)
    told = [_told(request.viewer, found, row, sources.get(row.pk, [])) for row in rows]
    context = {
        "plan": found,
        "crumbs": crumbs(request, found),
        "waiting": [one for one in told if one["draft"].state == DraftState.WAITING],
        "decided": [one for one in reversed(told) if one["draft"].state != DraftState.WAITING],
        "may_edit": permissions.may_edit(request.viewer, found),
        "may_offer": permissions.may_offer(request.viewer, found),
    }
    return page(request, "drafts/inbox", context)


def _told(viewer: Viewer, plan: Plan, row: Draft, sources: list[Source]) -> dict[str, Any]:
    framework = criteria.framework_for(plan)
    return {
        "draft": row,
        "shape": STATES[DraftState(row.state)],
        "codes": criteria.named(framework, row.codes, str(viewer.organisation.language)),
        "sources": [words.source_words(one) for one in sources],
    }


# --- offering ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Offer a measure, because of things of another room or of one's own accord."""
    found = plan_or_404(request, plan)
    actions.require_offer(request.viewer, found)
    chosen = _chosen(request)
    form = OfferForm(sent(request), framework=criteria.framework_for(found), initial=_initial(chosen))
    back = address(request.viewer, "improvement:overview", plan=found.pk)
    back = chosen[0].snapshot.path if chosen else back
    look = Look(
        _("Offer a measure"),
        back,
        crumbs(request, found),
        submit=_("Offer the measure"),
        lead=_("It waits for those who write the plan. They accept it, or say why not; you are told."),
        more={"sources": words.seen_now(request.viewer, chosen)},
    )

    def effect() -> str:
        actions.offer(viewer=request.viewer, plan=found, offered=form.offered(chosen), at=timezone.now())
        messages.success(request, _("The measure is offered to “%(plan)s”.") % {"plan": found.title})
        return back

    return edited(request, found, form, look, effect)


def _chosen(request: OrgRequest) -> list[Reference]:
    """What was chosen in another room, of what the viewer may point at there."""
    kind = references.kind_of(request.GET.get("kind", ""))
    if kind is None:
        return []
    return references.chosen(request.viewer, kind, request.GET.get("place", ""), request.GET.getlist("take"))


def _initial(chosen: Sequence[Reference]) -> dict[str, Any]:
    """The sub-criteria that were chosen; of other things a person says where they belong."""
    codes = [one.id.partition("/")[2] for one in chosen if one.kind == CRITERION]
    return {"codes": ", ".join(codes)}


# --- deciding ---------------------------------------------------------------------------------------
def _to_decide(request: OrgRequest, plan: UUID, pk: UUID) -> Draft:
    found = plan_or_404(request, plan)
    require_edit(request.viewer, found)
    try:
        return queries.draft(found, pk)
    except Draft.DoesNotExist as error:
        raise Http404 from error


def _look(request: OrgRequest, draft: Draft, title: str, submit: str) -> Look:
    inbox_link = _inbox(request.viewer, draft.plan)
    return Look(
        title,
        inbox_link.url,
        crumbs(request, draft.plan, inbox_link),
        submit=submit,
        lead=draft.text,
        more={"sources": words.told_sources(request.viewer, draft), "offered": draft},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: OrgRequest, plan: UUID, draft: UUID) -> HttpResponse:
    """Make a measure of a draft, reworded where that is better."""
    found = _to_decide(request, plan, draft)
    period = {"first": found.plan.first, "last": found.plan.last}
    form = NewMeasureForm(
        sent(request),
        framework=criteria.framework_for(found.plan),
        people=people_for(request.viewer),
        initial=initial_of(found) | period,
    )

    def effect() -> str:
        what = replace(form.facts(), note=found.note)
        made = actions.accept(
            viewer=request.viewer, draft=found, what=what, who=form.who(), at=timezone.now()
        )
        messages.success(request, _("The measure is added."))
        return where(request, made)

    look = _look(request, found, _("Accept as a measure"), _("Add the measure"))
    return edited(request, found.plan, form, look, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: OrgRequest, plan: UUID, draft: UUID) -> HttpResponse:
    """Say why a draft does not become a measure."""
    found = _to_decide(request, plan, draft)
    form = DeclineForm(sent(request))

    def effect() -> str:
        reason = form.cleaned_data["reason"]
        actions.decline(viewer=request.viewer, draft=found, reason=reason, at=timezone.now())
        messages.success(request, _("The offer is declined; its author is told why."))
        return _inbox(request.viewer, found.plan).url

    look = _look(request, found, _("Decline the offer"), _("Decline"))
    return edited(request, found.plan, form, look, effect)
