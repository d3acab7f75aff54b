"""What the coordinator does about others' sheets: remind of one, send one back with a note."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from merilo.assessment import permissions
from merilo.assessment.actions import calling_in as actions
from merilo.assessment.forms.sheet_note import SheetNoteForm
from merilo.assessment.models import Assessment, Sheet
from merilo.assessment.queries import sheets as queries
from merilo.assessment.views import sheet_pages as pages
from merilo.assessment.views.acting import act
from merilo.assessment.views.base import assessment_or_404
from merilo.core.errors import MeriloError, Refused
from merilo.organisations.api import OrgRequest, address


@require_POST
def remind(request: OrgRequest, pk: UUID, seat: UUID) -> HttpResponse:
    """Remind somebody of the sheet, and go back to where that was asked."""
    assessment = assessment_or_404(request, pk)
    _sheet_or_404(request, assessment, seat)
    try:
        sheet = actions.remind(viewer=request.viewer, assessment=assessment, seat=seat, at=timezone.now())
    except Refused:
        raise
    except MeriloError as error:
        messages.warning(request, error.sentence)
    else:
        words = _("%(name)s is reminded. If a reminder went out less than 48 hours ago, this one goes later.")
        messages.success(request, words % {"name": sheet.seat.holder.name})
    if request.POST.get("back") == "work":
        return redirect(address(request.viewer, "site:work"))
    return redirect(_progress(request, assessment))


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: OrgRequest, pk: UUID, seat: UUID) -> HttpResponse:
    """Send a handed-in sheet back, with a note for its holder."""
    assessment = assessment_or_404(request, pk)
    sheet = _sheet_or_404(request, assessment, seat)
    if not permissions.may_call_in(request.viewer, assessment):
        raise Refused(
            _("Only the coordinator reminds assessors and sends sheets back, and only before the lock.")
        )
    form = SheetNoteForm(request.POST or None)

    def effect() -> str:
        note, now = form.cleaned_data["note"], timezone.now()
        actions.send_back(viewer=request.viewer, assessment=assessment, seat=seat, note=note, at=now)
        words = _("The sheet of %(name)s is open again; the note stands on “My work”.")
        messages.success(request, words % {"name": sheet.seat.holder.name})
        return _progress(request, assessment)

    done = act(request, form, effect) if request.method == "POST" and form.is_valid() else None
    context = {
        "assessment": assessment,
        "form": form,
        "name": sheet.seat.holder.name,
        "back": _progress(request, assessment),
        "crumbs": pages.crumbs(request, assessment),
    }
    status = 422 if form.errors else 200
    return done or render(request, "assessment/sheets/send_back.html", context, status=status)


def _progress(request: OrgRequest, assessment: Assessment) -> str:
    return address(request.viewer, "assessment:progress", pk=assessment.pk)


def _sheet_or_404(request: OrgRequest, assessment: Assessment, seat: UUID) -> Sheet:
    try:
        return queries.sheet_of(request.viewer, assessment, seat)
    except Sheet.DoesNotExist as error:
        raise Http404 from error
