"""Points: each member of the group alone, then what the group agrees on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from merilo.core.errors import Conflict, Refused
from merilo.groups.api import SCORING, Seat, seat_held
from merilo.improvement import permissions
from merilo.improvement.actions import priorities as actions
from merilo.improvement.forms.priorities import PointsForm, TableForm
from merilo.improvement.models import Plan, Proposal
from merilo.improvement.queries import priorities as queries
from merilo.improvement.queries.proposals import items_in, neighbours_of, proposals_of
from merilo.improvement.queries.titles import titles_of
from merilo.improvement.rules.priorities import Spread
from merilo.improvement.rules.scheme import is_complete, name_in
from merilo.improvement.views.base import crumbs, draft_or_404, page
from merilo.improvement.views.priorities import language, priorities_link
from merilo.improvement.views.proposals import proposal_or_404
from merilo.organisations.api import OrgRequest, act, address, do, sent, version_of
from merilo.web.items import Link

PER_TABLE = 30  # proposals whose points are entered on one page


# --- alone ------------------------------------------------------------------------------------
def _seat(request: OrgRequest, plan: Plan) -> Seat | None:
    """The viewer's seat in the group if it scores. Errors: Refused for who sends points without one."""
    seat = seat_held(request.viewer, plan)
    if seat is not None and seat.function in SCORING:
        return seat
    if request.method == "POST":
        raise Refused(_("Members of the group score here until their scores are closed."))
    return None


def _no_seat(request: OrgRequest, plan: Plan) -> HttpResponse:
    """What somebody is told who comes to score and has no seat that scores."""
    messages.info(
        request, _("Points are given by the members of the group. Here is what the group agrees on.")
    )
    return redirect(agreeing_link(request, plan).url)


def _closed(request: OrgRequest, plan: Plan) -> HttpResponse:
    """What somebody is told who comes to score after the scores were closed."""
    messages.info(request, _("The members' scores are closed; now the group agrees."))
    return redirect(agreeing_link(request, plan).url)


@require_http_methods(["GET", "HEAD"])
def scoring(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The proposals with how far one is."""
    found = draft_or_404(request, plan)
    if (seat := _seat(request, found)) is None:
        return _no_seat(request, found)
    if not permissions.may_score(request.viewer, found):
        return _closed(request, found)
    own = queries.own_points(found, seat)
    rows = [_task(request, one, own.get(one.pk, {}), "improvement:score") for one in proposals_of(found)]
    left = [row for row in rows if row["status"] != "done"]
    context = {
        "plan": found,
        "crumbs": crumbs(request, found, priorities_link(request, found)),
        "rows": rows,
        "done": len(rows) - len(left),
        "next": left[0] if left else None,
    }
    return page(request, "priorities/scoring", context)


def _task(request: OrgRequest, proposal: Proposal, points: Mapping[str, int], name: str) -> dict[str, Any]:
    status = "idle"
    if points:
        status = "done" if is_complete(proposal.plan.scheme, points) else "progress"
    return {"proposal": proposal, "url": _address(request, name, proposal), "status": status}


def _address(request: OrgRequest, name: str, proposal: Proposal) -> str:
    return address(request.viewer, name, plan=proposal.plan_id, proposal=proposal.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def score(request: OrgRequest, plan: UUID, proposal: UUID) -> HttpResponse:
    """One's own points for one proposal."""
    found = proposal_or_404(request, plan, proposal)
    if (seat := _seat(request, found.plan)) is None:
        return _no_seat(request, found.plan)
    if not permissions.may_score(request.viewer, found.plan):
        return _closed(request, found.plan)
    own = queries.own_points(found.plan, seat)
    form = PointsForm(sent(request), plan=found.plan, language=language(), points=own.get(found.pk, {}))

    def effect() -> str:
        points = form.points()
        actions.score_alone(
            viewer=request.viewer, plan=found.plan, points={found.pk: points}, at=timezone.now()
        )
        return _after(request, found, {**own, found.pk: points})

    if request.method == "POST" and form.is_valid() and (done := act(request, form, effect)):
        return done
    link = Link(_("My points"), address(request.viewer, "improvement:scoring", plan=found.plan_id))
    context = {
        **_about(request, found, "improvement:score", *neighbours_of(found)),
        "crumbs": crumbs(request, found.plan, priorities_link(request, found.plan), link),
        "form": form,
        "back": link.url,
    }
    return page(request, "priorities/points", context, form)


def _after(request: OrgRequest, proposal: Proposal, own: Mapping[UUID, queries.Points]) -> str:
    """The next proposal that is not scored yet, after this one or from the beginning; else the list."""
    plan = proposal.plan
    rows = list(proposals_of(plan))
    later = [one for one in rows if one.number > proposal.number] + rows
    left = (
        one for one in later if not is_complete(plan.scheme, own.get(one.pk, {})) and one.pk != proposal.pk
    )
    if (after := next(left, None)) is not None:
        return _address(request, "improvement:score", after)
    messages.success(request, _("You have scored everything."))
    return address(request.viewer, "improvement:scoring", plan=plan.pk)


def _about(request: OrgRequest, proposal: Proposal, name: str, *around: Proposal | None) -> dict[str, Any]:
    titles = titles_of(proposal.plan)
    before, after = around
    return {
        "plan": proposal.plan,
        "proposal": proposal,
        "items": [(item, titles.of(item.code) if item.code else "") for item in items_in(proposal)],
        "previous": _neighbour(request, name, before),
        "next": _neighbour(request, name, after),
    }


def _neighbour(request: OrgRequest, name: str, proposal: Proposal | None) -> Link | None:
    if proposal is None:
        return None
    return Link(f"{proposal.number}. {proposal.text}", _address(request, name, proposal))


@require_http_methods(["GET", "HEAD", "POST"])
def score_table(request: OrgRequest, plan: UUID) -> HttpResponse:
    """One's own points for many proposals at once."""
    found = draft_or_404(request, plan)
    if (seat := _seat(request, found)) is None:
        return _no_seat(request, found)
    if not permissions.may_score(request.viewer, found):
        return _closed(request, found)
    listed = _listed(request, found)
    own = queries.own_points(found, seat)
    form = TableForm(sent(request), plan=found, language=language(), proposals=list(listed), points=own)

    def effect() -> str:
        points = {one.proposal: one.points for one in form.changed()}
        if points:
            actions.score_alone(viewer=request.viewer, plan=found, points=points, at=timezone.now())
        messages.success(request, _("The points are saved."))
        return _same_page(request, "improvement:score_table", found, listed)

    if request.method == "POST" and form.is_valid() and (done := act(request, form, effect)):
        return done
    back = address(request.viewer, "improvement:scoring", plan=found.pk)
    link = Link(_("My points"), back)
    context = {
        "plan": found,
        "crumbs": crumbs(request, found, priorities_link(request, found), link),
        "form": form,
        "listed": listed,
        "title": _("My points in a table"),
        "back": back,
    }
    return page(request, "priorities/table", context, form)


def _listed(request: OrgRequest, plan: Plan) -> Page[Proposal]:
    return Paginator(proposals_of(plan), PER_TABLE).get_page(request.GET.get("page"))


def _same_page(request: OrgRequest, name: str, plan: Plan, listed: Page[Proposal]) -> str:
    here = address(request.viewer, name, plan=plan.pk)
    return f"{here}?page={listed.number}" if listed.number > 1 else here


# --- together ---------------------------------------------------------------------------------
def agreeing_link(request: OrgRequest, plan: Plan) -> Link:
    """Back to the list of what the group agrees on."""
    return Link(_("Points of the group"), address(request.viewer, "improvement:agreeing", plan=plan.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def agreeing(request: OrgRequest, plan: UUID) -> HttpResponse:
    """What the group agreed on, what is disputed first; whoever moderates closes the members' scores here."""
    found = draft_or_404(request, plan)
    if request.method == "POST":
        actions.require_moderate(request.viewer, found)
        return do(request, lambda: _moderate(request, found))
    voices = queries.voices_of(found)
    rows = queries.in_turn(found, list(proposals_of(found)), voices)
    moderates = permissions.may_moderate(request.viewer, found)
    tasks = [_agreed_row(request, one, voices.get(one.pk)) for one in rows]
    context = {
        "plan": found,
        "crumbs": crumbs(request, found, priorities_link(request, found)),
        "rows": tasks,
        "done": sum(row["status"] == "done" for row in tasks),
        "has_voices": bool(voices),
        "close": queries.close_ones(found, rows, voices) if moderates else [],
        "progress": queries.progress_of(found) if moderates and found.scored_at is None else [],
        "total": len(rows),
        "may_moderate": moderates,
        "scores": permissions.may_score(request.viewer, found),
    }
    return page(request, "priorities/agreeing", context)


def _agreed_row(request: OrgRequest, proposal: Proposal, voices: queries.Voices | None) -> dict[str, Any]:
    row = _task(request, proposal, proposal.points, "improvement:agree")
    spreads = voices.spreads if voices else {}
    disputed = [one for one in proposal.plan.scheme if one["code"] in spreads and spreads[one["code"]].wide]
    return row | {
        "width": voices.width if voices else 0,
        "disputed": ", ".join(name_in(one, language()) for one in disputed),
        "is_heard": bool(spreads),
    }


def _moderate(request: OrgRequest, plan: Plan) -> str:
    viewer, at = request.viewer, timezone.now()
    if "accept" in request.POST:
        count = actions.accept_close(viewer=viewer, plan=plan, at=at)
        told = ngettext(
            "The middle is taken for %(count)s proposal.",
            "The middle is taken for %(count)s proposals.",
            count,
        )
        messages.success(request, told % {"count": count})
    elif "open" in request.POST:
        actions.open_scores(viewer=viewer, plan=plan, at=at)
        messages.success(request, _("Members can score again; their points are hidden."))
    elif "close" in request.POST:
        actions.close_scores(viewer=viewer, plan=plan, at=at)
        messages.success(request, _("The members' scores are closed and shown without names."))
    return agreeing_link(request, plan).url


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: OrgRequest, plan: UUID, proposal: UUID) -> HttpResponse:
    """The group's points for one proposal, beside how the members' own ones lie."""
    found = proposal_or_404(request, plan, proposal)
    if request.method == "POST":
        actions.require_moderate(request.viewer, found.plan)
    all_voices = queries.voices_of(found.plan)
    turn = queries.in_turn(found.plan, list(proposals_of(found.plan)), all_voices)
    voices = all_voices.get(found.pk)
    initial = found.points or (voices.middle if voices else {})
    spreads = voices.spreads if voices else {}
    form = PointsForm(
        sent(request),
        plan=found.plan,
        language=language(),
        points=initial,
        told={code: _in_words(spread) for code, spread in spreads.items()},
    )
    conflict = ""

    def effect() -> str:
        agreed = actions.Agreed(found.pk, form.points(), version_of(request))
        actions.agree(viewer=request.viewer, plan=found.plan, agreed=[agreed], at=timezone.now())
        messages.success(
            request, _("The points of proposal %(number)s are saved.") % {"number": found.number}
        )
        return _after_agreed(request, found, turn)

    if request.method == "POST" and form.is_valid():
        try:
            if done := act(request, form, effect):
                return done
        except Conflict as error:
            conflict, found = error.sentence, proposal_or_404(request, plan, proposal)
    link = agreeing_link(request, found.plan)
    context = {
        **_about(request, found, "improvement:agree", *queries.around(found, turn)),
        "crumbs": crumbs(request, found.plan, priorities_link(request, found.plan), link),
        "form": form,
        "stored": _stored(found.plan, found.points),
        "is_proposed": not found.points and bool(initial),
        "conflict": conflict,
        "agrees": True,
        "may_moderate": permissions.may_moderate(request.viewer, found.plan),
        "back": link.url,
    }
    return page(request, "priorities/points", context, form, status=409 if conflict else 200)


def _after_agreed(request: OrgRequest, proposal: Proposal, turn: Sequence[Proposal]) -> str:
    """The next proposal of the list that is not agreed, after this one or from the top; else the list."""
    plan = proposal.plan
    place = [one.pk for one in turn].index(proposal.pk)
    later = [*turn[place + 1 :], *turn[:place]]
    after = next((one for one in later if not is_complete(plan.scheme, one.points)), None)
    return _address(request, "improvement:agree", after) if after else agreeing_link(request, plan).url


def _in_words(spread: Spread) -> str:
    """How members' points lie: all 4, from 2 to 4, or from 1 to 5 with the median where that says more."""
    told = {"least": spread.least, "most": spread.most, "count": spread.count}
    if spread.least == spread.most:
        return (
            ngettext(
                "Members: %(least)s (%(count)s score)", "Members: %(least)s (%(count)s scores)", spread.count
            )
            % told
        )
    if spread.middle == (spread.least, spread.most):
        return _("Members: from %(least)s to %(most)s (%(count)s scores)") % told
    low, high = spread.middle
    median = str(low) if low == high else _("between %(low)s and %(high)s") % {"low": low, "high": high}
    return _("Members: from %(least)s to %(most)s, median %(median)s (%(count)s scores)") % {
        **told,
        "median": median,
    }


def _stored(plan: Plan, points: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(name_in(one, language()), points[one["code"]]) for one in plan.scheme if one["code"] in points]


@require_http_methods(["GET", "HEAD", "POST"])
def agree_table(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The group's points for many proposals at once, as they are called out in a workshop."""
    found = draft_or_404(request, plan)
    actions.require_moderate(request.viewer, found)
    listed = _listed(request, found)
    form = _group_table(request.POST if request.method == "POST" else None, found, list(listed))
    conflict = ""
    stored: dict[int, list[tuple[str, int]]] = {}

    def effect() -> str:
        if changed := form.changed():
            actions.agree(viewer=request.viewer, plan=found, agreed=changed, at=timezone.now())
        messages.success(request, _("The points are saved."))
        return _same_page(request, "improvement:agree_table", found, listed)

    if request.method == "POST" and form.is_valid():
        try:
            if done := act(request, form, effect):
                return done
        except Conflict as error:
            conflict = error.sentence
            form, stored = _with_stored(request, found, form)
    link = agreeing_link(request, found)
    context = {
        "plan": found,
        "crumbs": crumbs(request, found, priorities_link(request, found), link),
        "form": form,
        "listed": listed,
        "title": _("Points of the group in a table"),
        "conflict": conflict,
        "stored": stored,
        "back": link.url,
    }
    return page(request, "priorities/table", context, form, status=409 if conflict else 200)


def _group_table(data: Any, plan: Plan, proposals: Sequence[Proposal]) -> TableForm:
    points = {one.pk: one.points for one in proposals}
    return TableForm(data, plan=plan, language=language(), proposals=proposals, points=points)


def _with_stored(
    request: OrgRequest, plan: Plan, form: TableForm
) -> tuple[TableForm, dict[int, list[tuple[str, int]]]]:
    """The same points typed, on top of what is stored now; and what somebody else stored meanwhile."""
    fresh = list(proposals_of(plan).filter(pk__in=[one.pk for one in form.proposals]))
    data, stored = request.POST.copy(), {}
    for one in fresh:
        if one.version != form.cleaned_data[f"v{one.number}"]:
            data[f"v{one.number}"] = str(one.version)
            stored[one.number] = _stored(plan, one.points)
    return _group_table(data, plan, fresh), stored
