"""The daily side: how a measure goes, and the viewer's own measures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core.errors import Refused
from merilo.improvement import permissions, words
from merilo.improvement.actions import running as actions
from merilo.improvement.forms.running import CheckInForm, StepForm, initial_of
from merilo.improvement.models import Measure, PlanState
from merilo.improvement.queries import board
from merilo.improvement.queries import measures as queries
from merilo.improvement.queries import reporting as queries_of_reports
from merilo.improvement.views.base import page
from merilo.improvement.views.editing import Look, edited
from merilo.improvement.views.measures import activity_or_404, measure_or_404, way, where
from merilo.organisations.api import OrgRequest, address, sent, version_of


@require_safe
def mine(request: OrgRequest) -> HttpResponse:
    """The measures that the viewer answers for or is deputy of; what is over comes last."""
    viewer = request.viewer
    viewer.require("plan.read")
    today = timezone.localdate(timezone=viewer.organisation.zone)
    rows = [
        {
            "row": row,
            "shape": words.shape_of(row),
            "standing": words.standing(row),
            "is_deputy": row.measure.owner_id != viewer.membership.pk,
        }
        for row in sorted(queries.mine(viewer, on=today), key=lambda row: not row.signal)
    ]
    steps = queries_of_reports.my_activities(viewer)
    return page(request, "measures/mine", {"rows": rows, "steps": steps, "today": today})


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: OrgRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """Say how a measure goes."""
    found = measure_or_404(request, plan, measure)
    if not permissions.may_report(request.viewer, found):
        raise Refused(_refusal(found))
    form = _form(request, found)
    look = Look(
        _("How does the measure go?"),
        where(request, found),
        way(request, found.plan, found),
        submit=_("Save the check-in"),
        lead=str(found),
    )

    def effect() -> str:
        actions.check_in(
            viewer=request.viewer,
            measure=found,
            said=form.said(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("It is kept how the measure goes."))
        return where(request, found)

    def stored() -> tuple[int, dict[str, Any]]:
        now = measure_or_404(request, plan, measure)
        return now.version, {**initial_of(now), "text": queries_of_reports.last_said(now)}

    return edited(request, found.plan, form, look, effect, stored=stored)


def _refusal(measure: Measure) -> str:
    if measure.plan.state != PlanState.RUNNING:
        return _("The plan is not being carried out.")
    return _("How a measure goes is said by its owner, the deputy and the coordinator.")


def _form(request: OrgRequest, measure: Measure) -> CheckInForm:
    today = timezone.localdate(timezone=request.viewer.organisation.zone)
    return CheckInForm(
        sent(request),
        row=board.row_of(measure, on=today, rule=board.rule_of(measure.plan)),
        drops=permissions.may_edit(request.viewer, measure.plan),
        initial=initial_of(measure),
    )


# --- one activity -----------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def report_activity(request: OrgRequest, plan: UUID, measure: UUID, activity: UUID) -> HttpResponse:
    """Say how far one activity is; its own owner does that, too."""
    found = measure_or_404(request, plan, measure)
    step = activity_or_404(found, activity)
    actions.require_activity_report(request.viewer, step)
    form = StepForm(sent(request), initial={"percent": step.percent})
    back = address(request.viewer, "improvement:mine")
    look = Look(
        _("How far is the activity?"),
        back,
        way(request, found.plan, found),
        submit=_("Save the report"),
        lead=step.text,
    )

    def effect() -> str:
        actions.report_activity(
            viewer=request.viewer,
            activity=step,
            said=form.said(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("It is kept how far the activity is."))
        return back

    def stored() -> tuple[int, dict[str, Any]]:
        now = activity_or_404(found, activity)
        return now.version, {"percent": now.percent, "text": queries_of_reports.last_said(found, now)}

    return edited(request, found.plan, form, look, effect, stored=stored)
