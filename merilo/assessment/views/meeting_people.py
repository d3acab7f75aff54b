"""Who takes part in a meeting and how they get in; the screens that show it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from merilo.assessment.actions import admission
from merilo.assessment.actions import meeting as actions
from merilo.assessment.models import Meeting, Way
from merilo.assessment.queries import sittings
from merilo.assessment.views.base import assessment_or_404
from merilo.assessment.views.live import phone_address
from merilo.assessment.views.meeting import back, way_to
from merilo.core import mail, postage
from merilo.core.secret import spaced
from merilo.organisations.api import OrgRequest
from merilo.web.qr import qr


@require_POST
def people(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Say who takes part: those who are ticked."""
    assessment = assessment_or_404(request, pk)
    ticked = [UUID(value) for value in request.POST.getlist("seat") if _is_id(value)]
    actions.mark_present(viewer=request.viewer, assessment=assessment, seats=ticked, at=timezone.now())
    return back(request, assessment)


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Personal codes for who is not signed in: mailed, or printed on slips that are shown once."""
    assessment = assessment_or_404(request, pk)
    meeting = sittings.led_by(request.viewer, assessment)
    if meeting is None:
        return back(request, assessment)
    meeting.assessment = assessment
    if request.method == "POST":
        return _made(request, meeting)
    context = {
        "assessment": assessment,
        "crumbs": way_to(request, assessment),
        "has_mail": mail.has_server(),
        "seats": sittings.voices_here(meeting, on=timezone.localdate()),
        "phone": phone_address(meeting),
    }
    return render(request, "assessment/meeting/codes.html", context)


@transaction.atomic
def _made(request: OrgRequest, meeting: Meeting) -> HttpResponse:
    by_mail = request.POST.get("way") == Way.MAIL and mail.has_server()
    ticked = [UUID(value) for value in request.POST.getlist("seat") if _is_id(value)]
    made = admission.make_codes(
        viewer=request.viewer,
        assessment=meeting.assessment,
        way=Way.MAIL if by_mail else Way.SLIP,
        seats=ticked,
        at=timezone.now(),
    )
    if not made:
        messages.warning(request, _("Tick those who are to get a code."))
        return redirect(request.path)
    return _mailed(request, meeting, made) if by_mail else _slips(request, meeting, made)


def _mailed(request: OrgRequest, meeting: Meeting, made: Sequence[admission.Code]) -> HttpResponse:
    language = next(iter(request.viewer.organisation.languages), settings.LANGUAGE_CODE)
    postage.pay(by=request.viewer.person_id, to=[code.seat.holder.email for code in made])
    with translation.override(language):
        for code in made:
            context = {
                "organisation": request.viewer.organisation,
                "assessment": meeting.assessment,
                "name": code.seat.holder.name,
                "code": spaced(code.digits),
                "address": phone_address(meeting),
            }
            send_mail(
                _("Your code for the consensus meeting"),
                render_to_string("assessment/email/meeting_code.txt", context),
                None,
                [code.seat.holder.email],
            )
    words = ngettext("%(n)s code is on its way.", "%(n)s codes are on their way.", len(made))
    messages.success(request, words % {"n": len(made)})
    return back(request, meeting.assessment)


def _slips(request: OrgRequest, meeting: Meeting, made: Sequence[admission.Code]) -> HttpResponse:
    phone = phone_address(meeting)
    context = {
        "assessment": meeting.assessment,
        "crumbs": way_to(request, meeting.assessment),
        "slips": [(code.seat.holder.name, spaced(code.digits)) for code in made],
        "phone": phone,
        "qr": mark_safe(qr(phone, _("Opens the meeting on a phone"))),
    }
    answer = render(request, "assessment/meeting/slips.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


# --- screens -------------------------------------------------------------------------------------------
@require_POST
def wall(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Open a new screen."""
    assessment = assessment_or_404(request, pk)
    token = actions.make_wall_link(viewer=request.viewer, assessment=assessment, at=timezone.now())
    return redirect(reverse("rooms:wall", args=[token]))


@require_POST
def wall_off(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Turn all screens off."""
    assessment = assessment_or_404(request, pk)
    count = actions.revoke_wall_links(viewer=request.viewer, assessment=assessment, at=timezone.now())
    words = ngettext("%(n)s screen is turned off.", "%(n)s screens are turned off.", count)
    messages.success(request, words % {"n": count})
    return back(request, assessment)
