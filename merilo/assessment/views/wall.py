"""The wall: what a projector shows of a meeting. It reads, knows no person, and ends with the meeting."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merilo.assessment.models import Meeting
from merilo.assessment.queries import sittings
from merilo.assessment.views import live
from merilo.assessment.views.board import board
from merilo.organisations.api import speak_for
from merilo.web.qr import qr

LISTED, LINES, TITLES = 7, 3, 3


@require_safe
def wall(request: HttpRequest, token: str) -> HttpResponse:
    """The meeting on the wall; 404 with the reason once the link is revoked or the meeting has ended."""
    meeting = sittings.on_wall(token)
    if meeting is None:
        return render(request, "assessment/meeting/over.html", status=404)
    with translation.override(speak_for(request, meeting.assessment.organisation)):
        running = sittings.running_vote(meeting)
        over = running is not None and sittings.is_over_now(running, now=timezone.now())
        etag = live.stamp(meeting, running, over=over)
        return live.answer(request, "meeting/wall", etag, lambda: _shown(meeting))


def _shown(meeting: Meeting) -> dict[str, Any]:
    stage = sittings.stage(meeting, now=timezone.now())
    phone = live.phone_address(meeting)
    context = board(stage, listed=LISTED, lines=LINES)
    titles = context.get("evidence", [])
    return context | {
        "phone": phone.partition("//")[2],
        "qr": mark_safe(qr(phone, _("Opens the meeting on a phone"))),
        "evidence": titles[:TITLES],
        "more_evidence": max(0, len(titles) - TITLES),
        "as_of": timezone.localtime(),
    }
