"""Activities: those of the whole plan, and those of one measure with their forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.improvement.actions import measures as actions
from merilo.improvement.forms.measures import ActivityForm, DatesForm, initial_of_activity
from merilo.improvement.models import Activity, Measure, MeasureState
from merilo.improvement.queries import measures as queries
from merilo.improvement.views.base import page, plan_or_404
from merilo.improvement.views.editing import Look, Question, confirmed, edited, people_for
from merilo.improvement.views.measures import activity_or_404, back_to_calendar, to_edit, way, where
from merilo.organisations.api import OrgRequest, address, sent, version_of
from merilo.web.items import Link

WHOLE = 100


@require_safe
def listing(request: OrgRequest, plan: UUID) -> HttpResponse:
    """All activities of the plan, or those carried out or not; those of dropped measures are not counted."""
    found = plan_or_404(request, plan)
    every = list(queries.activities_of(found))
    done = request.GET.get("done", "")
    counted = [one for one in every if one.measure.state != MeasureState.DROPPED]
    rows = [one for one in counted if done not in {"yes", "no"} or (one.percent >= WHOLE) == (done == "yes")]
    base = address(request.viewer, "improvement:activities", plan=found.pk)
    choices = (("", _("All")), ("yes", _("Carried out already")), ("no", _("Not carried out yet")))
    context = {
        "plan": found,
        "crumbs": way(request, found),
        "rows": rows,
        "dropped": len(every) - len(counted),
        "today": timezone.localdate(timezone=request.viewer.organisation.zone),
        "hurried": queries.hurried(every, queries.follows_in(found)),
        "choices": [Link(text, f"{base}?done={key}" if key else base, done == key) for key, text in choices],
    }
    return page(request, "measures/activities", context)


def _form(request: OrgRequest, measure: Measure, activity: Activity | None, initial: Any) -> ActivityForm:
    others = [one for one in queries.activities_of(measure.plan) if activity is None or one.pk != activity.pk]
    followed = queries.follows_in(measure.plan).get(activity.pk, []) if activity else []
    return ActivityForm(
        sent(request),
        people=people_for(request.viewer, measure.owner, activity.owner if activity else None),
        others=others,
        measure=measure,
        followed=followed,
        initial=initial,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest, plan: UUID, measure: UUID) -> HttpResponse:
    """Add a step to a measure."""
    found = to_edit(request, plan, measure)
    initial = {"first": found.first, "last": found.last, "owner": str(found.owner_id or "")}
    form = _form(request, found, None, initial)
    look = Look(
        _("Add an activity"),
        where(request, found),
        way(request, found.plan, found),
        submit=_("Add the activity"),
        lead=str(found),
    )

    def effect() -> str:
        actions.add_activity(viewer=request.viewer, measure=found, facts=form.facts(), at=timezone.now())
        messages.success(request, _("The activity is added."))
        return where(request, found)

    return edited(request, found.plan, form, look, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OrgRequest, plan: UUID, measure: UUID, activity: UUID) -> HttpResponse:
    """Change a step of a measure."""
    found = to_edit(request, plan, measure)
    own = activity_or_404(found, activity)

    def values(one: Activity) -> Any:
        return initial_of_activity(one, queries.follows_in(found.plan).get(one.pk, []))

    form = _form(request, found, own, values(own))
    where_to = address(
        request.viewer,
        "improvement:activity_remove",
        plan=found.plan_id,
        measure=found.pk,
        activity=own.pk,
    )
    look = Look(
        _("Change the activity"),
        where(request, found),
        way(request, found.plan, found),
        lead=str(found),
        more={"further_link": Link(_("Remove the activity"), where_to)},
    )

    def effect() -> str:
        actions.change_activity(
            viewer=request.viewer,
            activity=own,
            facts=form.facts(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The activity is saved."))
        return where(request, found)

    def stored() -> tuple[int, Any]:
        now = activity_or_404(found, activity)
        return now.version, values(now)

    return edited(request, found.plan, form, look, effect, stored=stored)


@require_http_methods(["GET", "HEAD", "POST"])
def dates(request: OrgRequest, plan: UUID, measure: UUID, activity: UUID) -> HttpResponse:
    """The days of an activity alone, as its bar on the calendar is moved."""
    found = to_edit(request, plan, measure)
    own = activity_or_404(found, activity)

    def stored() -> tuple[int, Any]:
        now = activity_or_404(found, activity)
        return now.version, {"first": now.first, "last": now.last}

    form = DatesForm(sent(request), initial={"first": own.first, "last": own.last})
    back = back_to_calendar(request, found.plan)
    look = Look(_("Begins and ends"), back, way(request, found.plan, found), lead=own.text)

    def effect() -> str:
        actions.move_activity(
            viewer=request.viewer,
            activity=own,
            dates=form.facts(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The dates are saved: %(name)s") % {"name": own.text})
        return f"{back}#{own.pk}"

    return edited(request, found.plan, form, look, effect, stored=stored)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OrgRequest, plan: UUID, measure: UUID, activity: UUID) -> HttpResponse:
    """Remove a step of a measure."""
    found = to_edit(request, plan, measure)
    own = activity_or_404(found, activity)
    question = Question(
        title=_("Remove the activity"),
        text=_("“%(activity)s” goes from the plan. Activities that begin after it stay as they are.")
        % {"activity": own.text},
        submit=_("Remove the activity"),
        back=where(request, found),
        crumbs=way(request, found.plan, found),
    )

    def effect() -> str:
        actions.remove_activity(viewer=request.viewer, activity=own, at=timezone.now())
        messages.success(request, _("The activity is removed."))
        return where(request, found)

    return confirmed(request, found.plan, question, effect)
