"""The leader's page of a meeting, and what can be done on it. Every deed goes back to the page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.assessment import permissions
from merilo.assessment.actions import agreement as agreeing
from merilo.assessment.actions import meeting as actions
from merilo.assessment.counting import count_when_over
from merilo.assessment.forms.agreement import AGREE, POSTPONE, AgreeForm, initial_of
from merilo.assessment.models import Assessment, Meeting, Order, State
from merilo.assessment.queries import sittings
from merilo.assessment.queries.agreement import row_of
from merilo.assessment.views import live
from merilo.assessment.views.acting import act, crumbs
from merilo.assessment.views.agreement import score_conflict
from merilo.assessment.views.agreement_item import Place, item_address, place_or_404
from merilo.assessment.views.base import assessment_or_404
from merilo.assessment.views.board import board, name_of
from merilo.core.errors import Conflict, MeriloError
from merilo.framework.catalogue import UnknownCode
from merilo.organisations.api import OrgRequest, address
from merilo.web.items import Link

SECONDS = (60, 120, 0)  # how long a vote may be open; 0: until all have voted
LISTED, LINES = 30, 6


def back(request: OrgRequest, assessment: Assessment) -> HttpResponse:
    """To the leader's page."""
    return redirect(address(request.viewer, "assessment:meeting", pk=assessment.pk))


@require_safe
def room(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Lead the meeting that is going on, or begin one; members are sent to their own page."""
    assessment = assessment_or_404(request, pk)
    if not permissions.may_moderate(request.viewer, assessment):
        return _to_the_phone(request, assessment)
    meeting = sittings.running_in(assessment)
    if meeting is None:
        return _before(request, assessment)
    meeting.assessment = assessment
    return show(request, meeting)


def _to_the_phone(request: OrgRequest, assessment: Assessment) -> HttpResponse:
    meeting = sittings.running_in(assessment)
    if meeting is not None and permissions.may_dissent(request.viewer, assessment):
        return redirect(reverse("rooms:phone", args=[meeting.pk]))
    sittings.led_by(request.viewer, assessment)  # refuses, in words
    raise Http404


def _before(request: OrgRequest, assessment: Assessment) -> HttpResponse:
    context = {
        "assessment": assessment,
        "crumbs": way_to(request, assessment),
        "may_begin": assessment.state == State.AGREEING,
        "ended": list(sittings.ended(request.viewer, assessment)),
    }
    return render(request, "assessment/meeting/begin.html", context)


def way_to(request: OrgRequest, assessment: Assessment) -> list[Link]:
    """The way to a page of a meeting."""
    listing = address(request.viewer, "assessment:agree", pk=assessment.pk)
    return crumbs(request, assessment, Link(_("Agreement on scores"), listing))


def show(request: OrgRequest, meeting: Meeting, form: AgreeForm | None = None) -> HttpResponse:
    """The leader's page; with a refused form answered 422."""
    now = timezone.now()
    running = sittings.running_vote(meeting)
    over = running is not None and sittings.is_over_now(running, now=now)
    etag = live.stamp(meeting, running, over=over)
    if form is not None:
        context = _leading(request, meeting, form)
        return render(request, "assessment/meeting/room.html", context, status=422)
    return live.answer(request, "meeting/room", etag, lambda: _leading(request, meeting))


def _leading(request: OrgRequest, meeting: Meeting, refused: AgreeForm | None = None) -> dict[str, Any]:
    stage = sittings.stage(meeting, now=timezone.now())
    context = board(stage, listed=LISTED, lines=LINES)
    context |= {
        "crumbs": way_to(request, meeting.assessment),
        "phone": live.phone_address(meeting),
        "seconds": [(seconds, _seconds(seconds)) for seconds in SECONDS],
        "orders": Order,
        "walls": sittings.walls(meeting),
        "people": sittings.voices_here(meeting, on=timezone.localdate()),
        "all_rows": [(row, name_of(row)) for row in stage.rows],
        "following": stage.following,
        "following_name": name_of(stage.following) if stage.following else "",
        "errors": refused.error_links if refused else [],
        "has_errors": refused is not None,
    }
    if stage.row is not None:
        scale = stage.row.voices.scale
        context["form"] = refused or AgreeForm(scale=scale, initial=initial_of(stage.row.agreement))
        context["undoable"] = sittings.last_decision(stage.row.agreement)
    return context


def _seconds(seconds: int) -> str:
    if not seconds:
        return _("until all have voted")
    return _("%(n)s seconds") % {"n": seconds}


# --- deeds ---------------------------------------------------------------------------------------------
def _deed(view: Callable[[OrgRequest, Assessment], None]) -> Callable[..., HttpResponse]:
    """A view of one button: does it and goes back; a plain refusal is said on the page."""

    @require_POST
    def deed(request: OrgRequest, pk: UUID) -> HttpResponse:
        assessment = assessment_or_404(request, pk)
        try:
            view(request, assessment)
        except actions.Elsewhere as elsewhere:
            messages.warning(request, elsewhere.sentence)
        except MeriloError as error:
            if type(error) is not MeriloError:
                raise
            messages.warning(request, error.sentence)
        return back(request, assessment)

    return deed


@_deed
def start(request: OrgRequest, assessment: Assessment) -> None:
    """Begin a meeting."""
    actions.open_meeting(viewer=request.viewer, assessment=assessment, at=timezone.now())


@_deed
def take(request: OrgRequest, assessment: Assessment) -> None:
    """Put an item on the wall; one that the framework does not have changes nothing."""
    with suppress(UnknownCode):
        actions.take_up(
            viewer=request.viewer,
            assessment=assessment,
            code=request.POST.get("code", ""),
            leaving=request.POST.get("leaving", ""),
            at=timezone.now(),
        )


@_deed
def pause(request: OrgRequest, assessment: Assessment) -> None:
    """Take the item off the wall."""
    leaving = request.POST.get("leaving", "")
    actions.pause(viewer=request.viewer, assessment=assessment, leaving=leaving, at=timezone.now())


@_deed
def order(request: OrgRequest, assessment: Assessment) -> None:
    """Change the order of the list; an unknown one changes nothing."""
    agreeing.require_leader(request.viewer, assessment)
    chosen = request.POST.get("order", "")
    if chosen in Order.values:
        actions.set_order(viewer=request.viewer, assessment=assessment, order=chosen, at=timezone.now())


@_deed
def open_vote(request: OrgRequest, assessment: Assessment) -> None:
    """Let the members vote anew."""
    seconds = request.POST.get("seconds", "0")
    made = actions.open_vote(
        viewer=request.viewer,
        assessment=assessment,
        code=request.POST.get("code", ""),
        seconds=int(seconds) if seconds.isascii() and seconds.isdigit() else 0,
        at=timezone.now(),
    )
    count_when_over(made)


@_deed
def close_vote(request: OrgRequest, assessment: Assessment) -> None:
    """End the vote."""
    actions.close_vote(viewer=request.viewer, assessment=assessment, at=timezone.now())


# --- what the group decides ----------------------------------------------------------------------------
@require_POST
def agree(request: OrgRequest, pk: UUID, code: str) -> HttpResponse:
    """Record what the group agreed on the item on the wall, or postpone it."""
    place = place_or_404(request, pk, code)
    meeting = sittings.led_by(request.viewer, place.assessment)
    if meeting is None:
        return back(request, place.assessment)
    meeting.assessment = place.assessment
    form = AgreeForm(request.POST, scale=place.scale, decision=request.POST.get("decision", AGREE))
    try:
        done = act(request, form, lambda: _agree(request, place, form)) if form.is_valid() else None
    except Conflict as conflict:
        return score_conflict(request, place, form, conflict)
    return done or show(request, meeting, form)


def _agree(request: OrgRequest, place: Place, form: AgreeForm) -> str:
    row = row_of(request.viewer, place.assessment, place.code, on=timezone.localdate())
    proposal = agreeing.Proposal(place.code, form.cleaned_data["version"], form.outcome(), row.basis)
    agreeing.agree(viewer=request.viewer, assessment=place.assessment, proposal=proposal, at=timezone.now())
    if form.decision == POSTPONE:
        messages.success(request, _("The sub-criterion is postponed. It stays on the list."))
    return address(request.viewer, "assessment:meeting", pk=place.assessment.pk)


@require_POST
def undo(request: OrgRequest, pk: UUID, code: str) -> HttpResponse:
    """Take the last decision on an item back."""
    place = place_or_404(request, pk, code)
    version = request.POST.get("version", "")
    agreeing.undo(
        viewer=request.viewer,
        assessment=place.assessment,
        code=place.code,
        version=int(version) if version.isascii() and version.isdigit() else 0,
        at=timezone.now(),
    )
    messages.success(request, _("The decision is undone. What stood before stands again; the trace is kept."))
    if request.POST.get("back") == "item":
        return redirect(item_address(request, place, "score"))
    return back(request, place.assessment)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Ask whether the meeting is to end, and end it."""
    assessment = assessment_or_404(request, pk)
    meeting = sittings.led_by(request.viewer, assessment)
    if meeting is None:
        return back(request, assessment)
    if request.method == "POST":
        done = actions.end_meeting(viewer=request.viewer, assessment=assessment, at=timezone.now())
        messages.success(request, _("The meeting has ended. Its minutes are written."))
        return redirect(
            address(request.viewer, "assessment:meeting_minutes", pk=assessment.pk, meeting=done.pk)
        )
    meeting.assessment = assessment
    context = {
        "assessment": assessment,
        "stage": sittings.stage(meeting, now=timezone.now()),
        "vote": sittings.running_vote(meeting),
        "room": address(request.viewer, "assessment:meeting", pk=assessment.pk),
        "crumbs": way_to(request, assessment),
    }
    return render(request, "assessment/meeting/end.html", context)
