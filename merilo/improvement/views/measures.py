"""One measure: its page, its forms, its place in the list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core.periods import Period
from merilo.improvement import offered_words, permissions, words
from merilo.improvement.actions import measures as actions
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.forms import measures as measure_forms
from merilo.improvement.models import Activity, Measure, MeasureIndicator, MeasureState, Plan, PlanState
from merilo.improvement.queries import board, criteria
from merilo.improvement.queries import measures as queries
from merilo.improvement.queries.steps import Followed, followed_by, waits_for
from merilo.improvement.views.base import crumbs, page, plan_or_404
from merilo.improvement.views.editing import Look, Question, confirmed, edited, people_for
from merilo.indicators.api import reached
from merilo.organisations.api import OrgRequest, Viewer, address, sent, units, version_of
from merilo.web import drawings, forms
from merilo.web.items import Link
from merilo.web.referring import with_unit


def measure_or_404(request: OrgRequest, plan: UUID, pk: UUID) -> Measure:
    """The measure of a plan that the viewer may see; its plan comes with it."""
    try:
        return queries.measure(plan_or_404(request, plan), pk)
    except Measure.DoesNotExist as error:
        raise Http404 from error


def activity_or_404(measure: Measure, pk: UUID) -> Activity:
    """An activity of a measure obtained through its viewer."""
    try:
        return queries.activity(measure, pk)
    except Activity.DoesNotExist as error:
        raise Http404 from error


def to_edit(request: OrgRequest, plan: UUID, pk: UUID) -> Measure:
    """The same for who may change it."""
    found = measure_or_404(request, plan, pk)
    require_edit(request.viewer, found.plan)
    return found


def where(request: OrgRequest, measure: Measure) -> str:
    """The address of the page of a measure."""
    return address(request.viewer, "improvement:measure", plan=measure.plan_id, measure=measure.pk)


def way(request: OrgRequest, plan: Plan, measure: Measure | None = None) -> list[Link]:
    """The way to a page of the measures, or of one of them."""
    found = crumbs(
        request,
        plan,
        Link(_("Measures"), address(request.viewer, "improvement:measures", plan=plan.pk)),
    )
    if measure is not None:
        name = _("Measure %(number)s") % {"number": measure.number}
        found.append(Link(name, where(request, measure)))
    return found


def back_to_calendar(request: OrgRequest, plan: Plan) -> str:
    """The calendar as it was left: what stands behind the question mark comes from there."""
    path, query = address(request.viewer, "improvement:calendar", plan=plan.pk), request.GET.urlencode()
    return f"{path}?{query}" if query else path


# --- its page -------------------------------------------------------------------------------------
@require_safe
def one(request: OrgRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """All that is known of one measure."""
    found = measure_or_404(request, plan, measure)
    viewer = request.viewer
    today = timezone.localdate(timezone=viewer.organisation.zone)
    row = board.row_of(found, on=today, rule=board.rule_of(found.plan))
    framework = criteria.framework_for(found.plan)
    context = {
        "plan": found.plan,
        "measure": found,
        "crumbs": way(request, found.plan),
        "row": row,
        "shape": words.shape_of(row),
        "standing": words.standing(row),
        "outside": not _term(found.plan).contains(_term(found)),
        "state_shape": words.STATE_SHAPES[MeasureState(found.state)],
        "unfinished": words.unfinished(row),
        "own_signal": bool(row.signal) and row.signal != row.by_rule,
        "rule": words.rule(board.rule_of(found.plan)),
        "codes": criteria.named(framework, found.codes, words.language()),
        "items": list(queries.items_of(found)),
        "sources": offered_words.sources_of(viewer, found),
        "points": _points(found),
        "activities": list(_activities(viewer, found)),
        "aims": [_aim(one) for one in queries.indicators_of(found)],
        "check_ins": list(queries.check_ins_of(found)),
        "hours": words.hours(found),
        "euro": words.euro(found),
        "units": list(found.units.all()),
        "may_edit": permissions.may_edit(viewer, found.plan),
        "may_report": permissions.may_report(viewer, found),
        "is_draft": found.plan.state == PlanState.DRAFT,
    }
    return page(request, "measures/measure", context)


def _term(one: Plan | Measure | Activity) -> Period:
    return Period(one.first, one.last)


def _points(measure: Measure) -> dict[str, str]:
    """What the group agreed of impact and ease, in words."""
    placed = board.place_of(measure)
    if placed is None or placed.quadrant is None:
        return {}
    number = drawings.words().number
    return {"impact": number(placed.impact), "ease": number(placed.feasibility)}


def _activities(viewer: Viewer, measure: Measure) -> Iterator[dict[str, Any]]:
    """The activities with what they wait for, and whether they begin too early for it."""
    activities = measure.activities.all()
    followed = followed_by([one.pk for one in activities])
    for one in activities:
        one.measure = measure
        after = followed.get(one.pk, [])
        early = waits_for(one.first, after)
        yield {
            "activity": one,
            "after": [_named(before, measure) for before in after],
            "earliest": early.earliest if early else None,
            "outside": not _term(measure).contains(_term(one)),
            "may_report": permissions.may_report_activity(viewer, one),
        }


def _named(before: Followed, measure: Measure) -> str:
    return before.text if before.number == measure.number else f"{before.number}. {before.text}"


def _aim(measured: MeasureIndicator) -> dict[str, Any]:
    """One indicator: from where, to where, where it is now."""
    indicator = measured.indicator
    values = indicator.current  # type: ignore[attr-defined]  # see queries.indicators_of
    last = values[-1] if values else None

    def told(value: Any) -> str:
        return "" if value is None else with_unit(value.normalize(), indicator.unit)

    return {
        "measured": measured,
        "indicator": indicator,
        "baseline": told(measured.baseline),
        "target": told(measured.target),
        "now": told(last.value) if last else "",
        "now_on": last.last if last else None,
        "reached": reached(last.value, measured.target, indicator.direction) if last else None,
        "days": [words.day(day) for day in _days(measured)],
    }


def _days(measured: MeasureIndicator) -> list[date]:
    return [date.fromisoformat(day) for day in measured.days]


# --- written by hand ------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Add a measure."""
    found = plan_or_404(request, plan)
    require_edit(request.viewer, found)
    form = measure_forms.NewMeasureForm(
        sent(request),
        framework=criteria.framework_for(found),
        people=people_for(request.viewer),
        initial={"first": found.first, "last": found.last},
    )
    look = Look(
        title=_("Add a measure"),
        back=address(request.viewer, "improvement:measures", plan=found.pk),
        crumbs=way(request, found),
        submit=_("Add the measure"),
        lead=_("Activities, means and indicators are added on its page."),
    )

    def effect() -> str:
        made = actions.add_measure(
            viewer=request.viewer, plan=found, what=form.facts(), who=form.who(), at=timezone.now()
        )
        messages.success(request, _("The measure is added."))
        return where(request, made)

    return edited(request, found, form, look, effect)


# --- its forms ------------------------------------------------------------------------------------
def _form(request: OrgRequest, measure: Measure, part: str, initial: dict[str, Any]) -> Any:
    """The form of one group of facts."""
    data = sent(request)
    match part:
        case "what":
            framework = criteria.framework_for(measure.plan)
            return measure_forms.WhatForm(data, framework=framework, initial=initial)
        case "who":
            people = people_for(request.viewer, measure.owner, measure.deputy)
            own_units = list(units(request.viewer))
            return measure_forms.WhoForm(data, people=people, units=own_units, initial=initial)
        case "means":
            return measure_forms.MeansForm(data, initial=initial)
        case _:
            return measure_forms.DatesForm(data, initial=initial)


def _title(part: str) -> str:
    return {
        "what": _("What is done and why"),
        "who": _("Who and when"),
        "means": _("Means and risks"),
        "dates": _("Begins and ends"),
    }[part]


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OrgRequest, plan: UUID, measure: UUID, part: str) -> HttpResponse:
    """One group of facts of a measure."""
    found = to_edit(request, plan, measure)
    initial = measure_forms.initial_of(found)
    form: forms.Form = _form(request, found, part, initial)
    back = where(request, found)
    if part == "dates":
        back = back_to_calendar(request, found.plan)
    look = Look(_title(part), back, way(request, found.plan, found), lead=str(found))

    def effect() -> str:
        actions.change_measure(
            viewer=request.viewer,
            measure=found,
            facts=form.facts(),  # type: ignore[attr-defined]  # all of them have it
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The measure is saved."))
        return f"{back}#{found.pk}" if part == "dates" else back

    def stored() -> tuple[int, dict[str, Any]]:
        now = measure_or_404(request, plan, measure)
        return now.version, measure_forms.initial_of(now)

    return edited(request, found.plan, form, look, effect, stored=stored)


@require_http_methods(["GET", "HEAD", "POST"])
def items(request: OrgRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """Which areas for improvement and ideas a measure answers."""
    found = to_edit(request, plan, measure)

    def ticked() -> dict[str, Any]:
        return {"items": [str(item.pk) for item in queries.items_of(found)]}

    form = measure_forms.ItemsForm(sent(request), items=queries.possible_items(found), initial=ticked())
    lead = _("Offered is what was gathered in the sub-criteria of the measure.")
    look = Look(
        _("What the measure answers"), where(request, found), way(request, found.plan, found), lead=lead
    )

    def effect() -> str:
        actions.set_items(
            viewer=request.viewer,
            measure=found,
            items=form.chosen(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The measure is saved."))
        return where(request, found)

    return edited(
        request,
        found.plan,
        form,
        look,
        effect,
        stored=lambda: (measure_or_404(request, plan, measure).version, ticked()),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: OrgRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """Another number for a measure of a draft."""
    found = to_edit(request, plan, measure)
    form = measure_forms.MoveForm(sent(request), initial={"number": found.number})
    lead = _("The measures between move by one.")
    look = Look(_("Another number"), where(request, found), way(request, found.plan, found), lead=lead)

    def effect() -> str:
        number = form.cleaned_data["number"]
        actions.move_measure(viewer=request.viewer, measure=found, number=number, at=timezone.now())
        messages.success(request, _("The measure has another number."))
        return where(request, found)

    return edited(request, found.plan, form, look, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OrgRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """Remove a measure of a draft."""
    found = to_edit(request, plan, measure)
    question = Question(
        title=_("Remove the measure"),
        text=_(
            "Measure %(measure)s goes with its activities and its ties to indicators. "
            "What was gathered and the proposal it came from stay."
        )
        % {"measure": str(found)},
        submit=_("Remove the measure"),
        back=where(request, found),
        crumbs=way(request, found.plan, found),
    )

    def effect() -> str:
        actions.remove_measure(viewer=request.viewer, measure=found, at=timezone.now())
        messages.success(request, _("The measure is removed."))
        return address(request.viewer, "improvement:measures", plan=found.plan_id)

    return confirmed(request, found.plan, question, effect)
