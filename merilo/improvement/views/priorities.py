"""Priorities: matrix, table and decisions, how firm the order is, criteria, measures of the chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core.errors import Conflict
from merilo.improvement import permissions
from merilo.improvement.actions import plans as plan_actions
from merilo.improvement.actions import priorities as actions
from merilo.improvement.forms.items import ticked
from merilo.improvement.forms.priorities import DecideForm, SchemeForm
from merilo.improvement.models import Decision, Plan
from merilo.improvement.priority_words import AXES, QUADRANTS, STATUS
from merilo.improvement.queries import priorities as queries
from merilo.improvement.queries.proposals import proposals_of
from merilo.improvement.rules.priorities import Quadrant
from merilo.improvement.rules.scheme import name_in
from merilo.improvement.views.base import crumbs, draft_or_404, page
from merilo.organisations.api import OrgRequest, act, address, do, sent, version_of
from merilo.web import charts, drawings, forms
from merilo.web.charts import Drawing
from merilo.web.items import Link

CORNERS = (Quadrant.KEY_PROJECT, Quadrant.QUICK_WIN, Quadrant.POSTPONE, Quadrant.FILL_IN)
DECIDED, TO_MEASURE = "decided", "to_measure"  # besides the decisions themselves


def language() -> str:
    """The language of the page."""
    return get_language() or ""


def priorities_link(request: OrgRequest, plan: Plan) -> Link:
    """Back to the matrix."""
    return Link(_("Priorities"), address(request.viewer, "improvement:priorities", plan=plan.pk))


# --- the matrix and the decisions -------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def priorities(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The matrix, and the table of the same proposals with what was decided; a bar decides on several."""
    found = draft_or_404(request, plan)
    form = DecideForm(sent(request))
    if request.method == "POST":
        actions.require_moderate(request.viewer, found)
        if form.is_valid() and (done := act(request, form, lambda: _decide(request, found, form))):
            return done
    rows = queries.ranked(found, list(proposals_of(found)))
    asked = _asked(request)
    state, quadrant = asked.get("state", ""), asked.get("place", "")
    shown = [row for row in rows if _fits(row, state, quadrant)]
    stand = queries.stand_in(found, [row.proposal for row in rows])
    context = {
        "plan": found,
        "crumbs": crumbs(request, found),
        "drawing": drawing_of(rows),
        "stand": stand,
        "states": _states(rows, state),
        "places": _places(rows, quadrant),
        "is_filtered": bool(state or quadrant),
        "rows": [_row(row) for row in shown],
        "form": form,
        "query": asked.urlencode(),
        "tick_all": "all" in request.GET,
        "ticked": {str(one.pk) for one in ticked(request.POST.getlist("proposals"))},
        "may_edit": permissions.may_edit(request.viewer, found),
        "may_moderate": permissions.may_moderate(request.viewer, found),
        "scores": permissions.may_score(request.viewer, found),
    }
    return page(request, "priorities/matrix", context, form)


def _asked(request: OrgRequest) -> QueryDict:
    """What is asked for behind the question mark, without the ticks."""
    asked = request.GET.copy()
    asked.pop("all", None)
    return asked


def _fits(row: queries.Row, state: str, quadrant: str) -> bool:
    if quadrant and row.placed.quadrant != quadrant:
        return False
    decision = row.proposal.decision
    if state == DECIDED:
        return decision != Decision.OPEN
    if state == TO_MEASURE:
        return decision == Decision.CHOSEN and getattr(row.proposal, "measure", None) is None
    return not state or decision == state


def _states(rows: Sequence[queries.Row], state: str) -> list[Link]:
    told = [("", _("All"), len(rows))]
    for value, words in Decision.choices:
        told.append((value, str(words), sum(row.proposal.decision == value for row in rows)))
    return [
        Link(f"{words} ({count})", f"?state={value}#table", current=value == state)
        for value, words, count in told
        if count or value == state
    ]


def _places(rows: Sequence[queries.Row], chosen: str) -> list[Link]:
    """The four parts of the matrix with how many proposals lie there, each a link to these rows."""
    counts = {one: sum(row.placed.quadrant is one for row in rows) for one in Quadrant}
    return [
        Link(f"{QUADRANTS[one]}: {counts[one]}", f"?place={one}#table", current=one == chosen)
        for one in Quadrant
    ]


def _row(row: queries.Row) -> dict[str, Any]:
    quadrant = row.placed.quadrant
    return {
        "proposal": row.proposal,
        "placed": row.placed,
        "rank": row.rank,
        "quadrant": QUADRANTS[quadrant] if quadrant else "",
        "status": STATUS[Decision(row.proposal.decision)],
        "measure": getattr(row.proposal, "measure", None),
    }


def drawing_of(rows: Sequence[queries.Row]) -> Drawing | None:
    """The matrix of the proposals that have a place; None while none has."""
    spots = [
        charts.Spot(
            str(row.proposal.number),
            row.proposal.text,
            row.placed.feasibility,
            row.placed.impact,
            strong=row.proposal.decision == Decision.CHOSEN,
        )
        for row in sorted(rows, key=lambda row: row.proposal.number)
        if row.placed.impact is not None and row.placed.feasibility is not None
    ]
    if not spots:
        return None
    chart = charts.Matrix(
        title=_("Impact and feasibility of the proposals"),
        spots=spots,
        x_name=_("Feasibility"),
        y_name=_("Impact"),
        corners=charts.Corners(*(str(QUADRANTS[one]) for one in CORNERS)),
        description=_("Each number is a proposal; the table tells its points."),
    )
    return charts.matrix(chart, words=drawings.words())


def _decide(request: OrgRequest, plan: Plan, form: DecideForm) -> str:
    data = form.cleaned_data
    count = actions.decide(
        viewer=request.viewer,
        plan=plan,
        ticked=ticked(request.POST.getlist("proposals")),
        decision=data["decision"],
        reason=data["reason"],
        at=timezone.now(),
    )
    told = ngettext("%(count)s proposal is decided.", "%(count)s proposals are decided.", count)
    messages.success(request, told % {"count": count})
    query = _asked(request).urlencode()
    here = priorities_link(request, plan).url
    return f"{here}?{query}#table" if query else f"{here}#table"


@require_http_methods(["GET", "HEAD", "POST"])
def make_measures(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Make measures of the chosen proposals that are none yet; who only looks is led to the button for it."""
    found = draft_or_404(request, plan)
    if request.method != "POST":
        return redirect(priorities_link(request, found).url)
    plan_actions.require_edit(request.viewer, found)

    def effect() -> str:
        count = actions.make_measures(viewer=request.viewer, plan=found, at=timezone.now())
        told = ngettext("%(count)s measure is made.", "%(count)s measures are made.", count)
        where = address(request.viewer, "improvement:measures", plan=found.pk)
        there = format_html('<a href="{}">{}</a>', where, _("To the measures"))
        messages.success(request, format_html("{} {}", told % {"count": count}, there))
        return priorities_link(request, found).url

    return do(request, effect)


# --- how firm the order is --------------------------------------------------------------------
@require_safe
def sensitivity(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Which of the first ten change when one weight grows or shrinks by a fifth."""
    found = draft_or_404(request, plan)
    proposals = list(proposals_of(found))
    by_key = {one.pk: one for one in proposals}
    names = {one["code"]: name_in(one, language()) for one in found.scheme}
    rows = [row for row in queries.ranked(found, proposals) if row.rank]
    context = {
        "plan": found,
        "crumbs": crumbs(request, found, priorities_link(request, found)),
        "rows": [
            {
                "name": names[shift.criterion],
                "grows": shift.grows,
                "came": [by_key[key] for key in shift.came],
                "went": [by_key[key] for key in shift.went],
            }
            for shift in queries.shifts(found, proposals)
        ],
        "first": [_row(row) for row in rows[:10]],
        "is_short": len(rows) <= 10,
        "weights": sum(bool(one["weight"]) for one in found.scheme),
    }
    return page(request, "priorities/sensitivity", context)


# --- criteria ---------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def criteria(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Criteria with names and weights, and the critical success factors."""
    found = draft_or_404(request, plan)
    plan_actions.require_edit(request.viewer, found)
    late = request.method == "POST" and version_of(request) != found.version
    form = SchemeForm(_on_top(request.POST, found) if late else sent(request), plan=found)
    conflict = _("Somebody else has changed the plan in the meantime.") if late else ""
    stored = found

    def effect() -> str:
        actions.change_scheme(
            viewer=request.viewer,
            plan=found,
            scheme=form.scheme(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The criteria are saved."))
        return priorities_link(request, found).url

    if request.method == "POST" and not late and form.is_valid():
        try:
            if done := act(request, form, effect):
                return done
        except Conflict as error:
            conflict, stored = error.sentence, draft_or_404(request, plan)
    context = {
        "plan": stored,
        "crumbs": crumbs(request, found, priorities_link(request, found)),
        "form": form,
        "blocks": [(AXES[axis], fields) for axis, fields in form.blocks(language())],
        "conflict": conflict,
        "stored": [(name_in(one, language()), one["weight"]) for one in stored.scheme],
    }
    refused = () if conflict else (form,)  # a conflict comes before what else is wrong
    return page(request, "priorities/criteria", context, *refused, status=409 if conflict else 200)


def _on_top(data: QueryDict, plan: Plan) -> QueryDict:
    """What somebody typed on a page that is old by now, with what came since as it is stored."""
    typed = data.copy()
    for name, field in SchemeForm(None, plan=plan).fields.items():
        if name not in typed and not isinstance(field, forms.BooleanField):
            typed[name] = str(field.initial or "")
    return typed
