"""Activities: those of the whole plan, and those of one measure with their forms."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.improvement.actions import measures as actions
from merilo.improvement.forms.measures import ActivityForm, DatesForm, initial_of_activity
from merilo.improvement.models import Activity, Measure
from merilo.improvement.queries import measures as queries
from merilo.improvement.queries.steps import early_among, followed_by, offered_in
from merilo.improvement.views.base import page, plan_or_404
from merilo.improvement.views.editing import Look, Question, confirmed, edited, people_for
from merilo.improvement.views.measures import activity_or_404, back_to_calendar, to_edit, way, where
from merilo.organisations.api import OrgRequest, address, sent, version_of
from merilo.web.items import Link

PER_PAGE = 100
DONE = {"yes": True, "no": False}


@require_safe
def listing(request: OrgRequest, plan: UUID) -> HttpResponse:
    """All activities of the plan, or those carried out or not; those of dropped measures are not counted."""
    found = plan_or_404(request, plan)
    done = request.GET.get("done", "")
    wanted = queries.counted_activities(found, done=DONE.get(done))
    listed = Paginator(wanted, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(listed)
    base = address(request.viewer, "improvement:activities", plan=found.pk)
    choices = (("", _("All")), ("yes", _("Carried out already")), ("no", _("Not carried out yet")))
    context = {
        "plan": found,
        "crumbs": way(request, found),
        "listed": listed,
        "rows": rows,
        "dropped": queries.dropped_activities(found),
        "today": timezone.localdate(timezone=request.viewer.organisation.zone),
        "early": early_among([one.pk for one in rows]),
        "query": urlencode({"done": done}) if done in DONE else "",
        "choices": [Link(text, f"{base}?done={key}" if key else base, done == key) for key, text in choices],
    }
    return page(request, "measures/activities", context)


def _form(request: OrgRequest, measure: Measure, activity: Activity | None, initial: Any) -> ActivityForm:
    own = activity.pk if activity else None
    return ActivityForm(
        sent(request),
        people=people_for(request.viewer, measure.owner, activity.owner if activity else None),
        others=[one for one in offered_in(measure.plan) if one.key != own],
        measure=measure,
        followed=_followed(own) if own else (),
        initial=initial,
    )


def _followed(activity: UUID) -> list[UUID]:
    return [one.key for one in followed_by([activity]).get(activity, ())]


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
        return initial_of_activity(one, _followed(one.pk))

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
