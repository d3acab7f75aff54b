"""The indicators of a measure: by what its effect is seen."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merilo.improvement.actions import measures as actions
from merilo.improvement.forms.measures import AimForm, MeasuredForm, NewIndicatorForm, initial_of_aim
from merilo.improvement.models import Measure, MeasureIndicator
from merilo.improvement.queries import measures as queries
from merilo.improvement.views.editing import Look, Question, confirmed, edited
from merilo.improvement.views.measures import to_edit, way, where
from merilo.indicators.api import indicators_of
from merilo.organisations.api import OrgRequest, address, sent, version_of
from merilo.web.items import Link


def _measured_or_404(measure: Measure, pk: int) -> MeasureIndicator:
    try:
        return queries.measured(measure, pk)
    except MeasureIndicator.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """See the effect by one of the organisation's indicators."""
    found = to_edit(request, plan, measure)
    there = set(found.indicators.values_list("indicator_id", flat=True))
    offered = [one for one in indicators_of(request.viewer) if one.pk not in there]
    form = MeasuredForm(sent(request), indicators=offered)
    begin_url = address(request.viewer, "improvement:begin_measured", plan=found.plan_id, measure=found.pk)
    look = Look(
        _("Add an indicator"),
        where(request, found),
        way(request, found.plan, found),
        submit=_("Add the indicator"),
        lead=_("By what one will see that the measure has an effect."),
        more={"further_link": Link(_("Begin a new indicator instead"), begin_url)},
    )

    def effect() -> str:
        actions.add_measured(
            viewer=request.viewer,
            measure=found,
            indicator=form.chosen(),
            aim=form.aim(),
            at=timezone.now(),
        )
        messages.success(request, _("The indicator is added."))
        return where(request, found)

    return edited(request, found.plan, form, look, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: OrgRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """Begin a new indicator of the organisation for a measure."""
    found = to_edit(request, plan, measure)
    form = NewIndicatorForm(sent(request))
    look = Look(
        _("Begin a new indicator"),
        where(request, found),
        way(request, found.plan, found),
        submit=_("Begin the indicator"),
        lead=_("It stands among the indicators of the organisation, too; its values are entered there."),
    )

    def effect() -> str:
        actions.begin_measured(
            viewer=request.viewer,
            measure=found,
            facts=form.indicator(),
            aim=form.aim(),
            at=timezone.now(),
        )
        messages.success(request, _("The indicator is added."))
        return where(request, found)

    return edited(request, found.plan, form, look, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OrgRequest, plan: UUID, measure: UUID, measured: int) -> HttpResponse:
    """Change baseline, target and days of an indicator."""
    found = to_edit(request, plan, measure)
    own = _measured_or_404(found, measured)
    form = AimForm(sent(request), initial=dict(initial_of_aim(own)))
    keys: dict[str, Any] = {"plan": found.plan_id, "measure": found.pk, "measured": own.pk}
    look = Look(
        _("Aim of the indicator"),
        where(request, found),
        way(request, found.plan, found),
        lead=str(own.indicator),
        more={
            "further_link": Link(
                _("Remove the indicator from the measure"),
                address(request.viewer, "improvement:measured_remove", **keys),
            )
        },
    )

    def effect() -> str:
        actions.change_measured(
            viewer=request.viewer,
            measure=found,
            measured=own,
            aim=form.aim(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The indicator is saved."))
        return where(request, found)

    def stored() -> tuple[int, Any]:
        now = _measured_or_404(found, measured)
        return now.version, {**initial_of_aim(now), "days": [date.fromisoformat(day) for day in now.days]}

    return edited(request, found.plan, form, look, effect, stored=stored)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OrgRequest, plan: UUID, measure: UUID, measured: int) -> HttpResponse:
    """Take an indicator from a measure."""
    found = to_edit(request, plan, measure)
    own = _measured_or_404(found, measured)
    question = Question(
        title=_("Remove the indicator from the measure"),
        text=_("“%(indicator)s” and its values stay among the indicators of the organisation.")
        % {"indicator": str(own.indicator)},
        submit=_("Remove from the measure"),
        back=where(request, found),
        crumbs=way(request, found.plan, found),
    )

    def effect() -> str:
        actions.remove_measured(viewer=request.viewer, measure=found, measured=own, at=timezone.now())
        messages.success(request, _("The indicator is removed from the measure."))
        return where(request, found)

    return confirmed(request, found.plan, question, effect)
