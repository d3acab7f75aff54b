"""A member's phone in a meeting: the item on the wall, their own earlier score, their vote. Nothing else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from merilo.assessment.actions import admission, voting
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.meeting import CodeForm, VoteForm, with_tapped
from merilo.assessment.models import AgreementState, LineKind, Meeting
from merilo.assessment.queries import sittings, voters
from merilo.assessment.queries.voters import Voter
from merilo.assessment.rules import scoring
from merilo.assessment.rules.rounds import quick_values
from merilo.assessment.scores_in_words import values_in_words
from merilo.assessment.views import live
from merilo.assessment.words import language
from merilo.core import requests
from merilo.framework.catalogue import Scale
from merilo.organisations.api import is_open_to, speak_for

PASSES = "meeting_passes"  # in the session: meeting -> the device's secret


def voter_at(request: HttpRequest, meeting: Meeting) -> Voter | None:
    """Whose phone this is: somebody signed in with a seat, or let in by a code."""
    today = timezone.localdate()
    if request.user.is_authenticated and is_open_to(request, meeting.assessment.organisation_id):
        found = voters.voter_of(request.user, meeting, on=today)
        if found is not None:
            return found
    device = request.session.get(PASSES, {}).get(str(meeting.pk), "")
    return voters.voter_with(device, meeting, on=today)


@require_safe
def phone(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """What a member sees; who is not known yet gives a code or signs in."""
    found = voters.running(meeting)
    if found is None:
        return render(request, "assessment/meeting/over.html", status=404)
    with translation.override(speak_for(request, found.assessment.organisation)):
        voter = voter_at(request, found)
        if voter is None:
            return _door(request, found, CodeForm())
        running = sittings.running_vote(found)
        over = running is not None and sittings.is_over_now(running, now=timezone.now())
        etag = live.stamp(found, running, over=over, who=voter.seat.pk.hex[:8])
        return live.answer(request, "meeting/phone", etag, lambda: _shown(voter))


def _door(request: HttpRequest, meeting: Meeting, form: CodeForm, status: int = 200) -> HttpResponse:
    context = {"meeting": meeting, "assessment": meeting.assessment, "form": form}
    return render(request, "assessment/meeting/door.html", context, status=status)


def _shown(voter: Voter, refused: VoteForm | None = None) -> dict[str, Any]:
    meeting = voter.meeting
    context: dict[str, Any] = {
        "meeting": meeting,
        "assessment": meeting.assessment,
        "voter": voter,
        "is_here": voters.is_here(voter),
        "code": sittings.code_on_wall(meeting),
    }
    if not context["code"] or not context["is_here"]:
        return context
    return context | _item(voter, str(context["code"]), refused)


def _item(voter: Voter, code: str, refused: VoteForm | None) -> dict[str, Any]:
    meeting, now = voter.meeting, timezone.now()
    framework = framework_of(meeting.assessment)
    scale = framework.scale_for(code, meeting.assessment.method)
    own = voters.own_judgement(voter, code)
    vote = sittings.vote_on(meeting, code, now=now)
    ballot = voters.ballot_of(voter, vote.pk) if vote is not None and not vote.is_over else None
    return {
        "item": framework.item(code),
        "title": framework.item(code).title.in_language(language()),
        "own": _own(scale, own),
        "remarks": _remarks(own),
        "vote": vote,
        "running": vote is not None and not vote.is_over,
        "remaining": sittings.remaining(vote, now=now),
        "ballot": ballot,
        "ballot_words": _words(scale, ballot.values, cannot=ballot.cannot_judge) if ballot else "",
        "form": refused or VoteForm(scale=scale, initial=_initial(scale, own)),
        "quick": []
        if scale.components or own is None
        else quick_values(scale, own.values.get(scoring.SINGLE)),
        "agreed": _agreed(voter, scale, code),
        "errors": refused.error_links if refused else [],
        "has_errors": refused is not None,
    }


def _own(scale: Scale, own: Any) -> str:
    return "" if own is None else _words(scale, own.values, cannot=own.cannot_judge)


def _words(scale: Scale, values: dict[str, int], *, cannot: bool) -> str:
    return _("cannot judge") if cannot else values_in_words(scale, values)


def _initial(scale: Scale, own: Any) -> dict[str, Any]:
    """Components begin as the member gave them before; a single score begins empty."""
    if own is None or not scale.components:
        return {}
    return {f"value-{part}": value for part, value in own.values.items()}


def _remarks(own: Any) -> list[tuple[str, list[str]]]:
    if own is None:
        return []
    found = [
        (
            str(LineKind(kind).label),
            [line["text"] for line in own.lines.get(kind, []) if line["text"].strip()],
        )
        for kind in LineKind.values
    ]
    return [(label, texts) for label, texts in found if texts]


def _agreed(voter: Voter, scale: Scale, code: str) -> str:
    found = sittings.agreement_on(voter.meeting, code)
    if found is None or found.state != AgreementState.AGREED:
        return ""
    return values_in_words(scale, found.values)


# --- what a member does ----------------------------------------------------------------------------------
@require_POST
def enter(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Let a member in by a personal code; this device is theirs until the meeting ends."""
    found = _running_or_404(meeting)
    with translation.override(speak_for(request, found.assessment.organisation)):
        form = CodeForm(request.POST)
        if not form.is_valid():
            return _door(request, found, form, status=422)
        try:
            device = admission.enter(
                meeting=found,
                code=form.cleaned_data["code"],
                network=requests.origin(),
                at=timezone.now(),
            )
        except admission.WrongCode as wrong:
            form.add_error("code", wrong.sentence)
            return _door(request, found, form, status=422)
        request.session[PASSES] = {**request.session.get(PASSES, {}), str(found.pk): device}
        voter = voters.voter_with(device, found, on=timezone.localdate())
        if voter is not None:
            voting.join(voter=voter, at=timezone.now())
    return redirect("rooms:phone", meeting=found.pk)


@require_POST
def join(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """The member is here."""
    found = _running_or_404(meeting)
    voter = voter_at(request, found)
    if voter is None:
        return _unknown(request, found)
    voting.join(voter=voter, at=timezone.now())
    return redirect("rooms:phone", meeting=meeting)


@require_POST
def vote(request: HttpRequest, meeting: UUID, round_: UUID) -> HttpResponse:
    """Cast or change one's vote."""
    found = _running_or_404(meeting)
    voter = voter_at(request, found)
    if voter is None:
        return _unknown(request, found)
    if not sittings.has_round(voter.meeting, round_):
        raise Http404
    with translation.override(speak_for(request, voter.meeting.assessment.organisation)):
        scale = _scale_on_wall(voter)
        if scale is None:
            return redirect("rooms:phone", meeting=meeting)
        form = VoteForm(with_tapped(request.POST), scale=scale)
        if not form.is_valid():
            return render(request, "assessment/meeting/phone.html", _shown(voter, form), status=422)
        voting.vote(voter=voter, round_=round_, values=form.vote(), at=timezone.now())
    return redirect("rooms:phone", meeting=meeting)


def _scale_on_wall(voter: Voter) -> Scale | None:
    code = sittings.code_on_wall(voter.meeting)
    assessment = voter.meeting.assessment
    return framework_of(assessment).scale_for(code, assessment.method) if code else None


def _running_or_404(pk: UUID) -> Meeting:
    found = voters.running(pk)
    if found is None:
        raise Http404
    return found


def _unknown(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Whose sign-in has expired meanwhile signs in again; who has no voice finds nothing."""
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(reverse("rooms:phone", args=[meeting.pk]))
