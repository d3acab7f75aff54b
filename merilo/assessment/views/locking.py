"""Pages of the lock: what it means and whom it concerns, and taking it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merilo.assessment import permissions
from merilo.assessment.actions import locking as actions
from merilo.assessment.forms.agreement import ReasonForm
from merilo.assessment.models import State
from merilo.assessment.queries.locking import readiness
from merilo.assessment.views.acting import act, crumbs
from merilo.assessment.views.base import assessment_or_404
from merilo.assessment.words import language
from merilo.core.errors import Refused
from merilo.organisations.api import OrgRequest, address


@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Say how far everybody is and what locking means; then lock."""
    assessment = assessment_or_404(request, pk)
    listing = address(request.viewer, "assessment:agree", pk=assessment.pk)
    if request.method == "POST":
        if actions.lock_sheets(viewer=request.viewer, assessment=assessment, at=timezone.now()):
            messages.success(request, _("The individual scores are locked. The agreement can begin."))
        return redirect(listing)
    found = readiness(request.viewer, assessment)
    if assessment.state in permissions.AFTER_LOCK:
        return redirect(listing)
    context = {
        "assessment": assessment,
        "found": found,
        "thin": [(row.item.code, row.item.short.in_language(language()), row.count) for row in found.thin],
        "crumbs": crumbs(request, assessment),
        "is_open": assessment.state == State.ASSESSING,
        "too_few": "" if actions.hides_whose(assessment) else actions.too_few(),
    }
    return render(request, "assessment/agreement/lock.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Take the lock back, with a reason."""
    assessment = assessment_or_404(request, pk)
    if not permissions.may_plan(request.viewer, assessment):
        raise Refused(_("Only the coordinator can open the individual assessment again."))
    form = ReasonForm(request.POST or None)

    def effect() -> str:
        reason = form.cleaned_data["reason"]
        actions.reopen_sheets(viewer=request.viewer, assessment=assessment, reason=reason, at=timezone.now())
        messages.success(request, _("The individual assessment is open again."))
        return address(request.viewer, "assessment:overview", pk=assessment.pk)

    done = act(request, form, effect) if request.method == "POST" and form.is_valid() else None
    begun = assessment.state != State.AGREEING or actions.is_begun(assessment)
    context = {"assessment": assessment, "form": form, "crumbs": crumbs(request, assessment), "begun": begun}
    status = 422 if form.errors else 200
    return done or render(request, "assessment/agreement/reopen.html", context, status=status)
