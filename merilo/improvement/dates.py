"""The days of plans in people's own calendars, and those of a published plan in everybody's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid5

from django.utils.translation import gettext as _

from merilo.core.calendars import Day
from merilo.improvement.models import Activity, Measure, MeasureIndicator, MeasureState, PlanRevision
from merilo.improvement.queries import calendars as queries
from merilo.improvement.queries.reporting import due_of
from merilo.improvement.reporting.content import Content
from merilo.organisations.api import Viewer, address


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a thing is seen, when and how often it changed."""

    path: str
    changed_at: datetime
    version: int
    about: str = ""


def own_days(viewer: Viewer, on: date) -> Iterator[Day]:
    """What the viewer answers for, reports on, measures and prepares. At most four queries."""
    if not viewer.can("plan.read"):
        return
    for measure in queries.own_measures(viewer):
        yield from _measure(viewer, measure)
    for activity in queries.own_activities(viewer):
        yield from _activity(viewer, activity)
    for measured in queries.own_indicators(viewer):
        yield from _measured(viewer, measured)
    for row in queries.own_preparations(viewer):
        path = address(viewer, "improvement:preparations", plan=row.plan_id)
        if row.due:
            yield Day(
                f"preparation/{row.pk}",
                row.text,
                row.due,
                row.changed_at,
                version=row.version,
                about=row.plan.title,
                path=path,
            )


def _measure(viewer: Viewer, measure: Measure) -> Iterator[Day]:
    where = {"plan": measure.plan_id, "measure": measure.pk}
    told = {"number": measure.number, "text": measure.text}
    path = address(viewer, "improvement:measure", **where)
    seen, plan = Seen(path, measure.changed_at, measure.version, measure.plan.title), measure.plan
    begins, ends = _("Measure %(number)s begins: %(text)s"), _("Measure %(number)s ends: %(text)s")
    yield _day(f"measure-begins/{measure.pk}", begins % told, measure.first, seen)
    yield _day(f"measure-ends/{measure.pk}", ends % told, measure.last, seen)
    if due := due_of(measure):
        title = _("Say how measure %(number)s goes: %(text)s") % told
        changed_at, version = max(measure.changed_at, plan.changed_at), measure.version + plan.version
        report = Seen(address(viewer, "improvement:check_in", **where), changed_at, version, plan.title)
        yield _day(f"report/{measure.pk}", title, due, report)


def _activity(viewer: Viewer, activity: Activity) -> Iterator[Day]:
    measure = activity.measure
    path = address(viewer, "improvement:measure", plan=measure.plan_id, measure=measure.pk)
    about = f"{measure.number}. {measure.text}\n{measure.plan.title}"
    seen, told = Seen(path, activity.changed_at, activity.version, about), {"text": activity.text}
    yield _day(f"activity-begins/{activity.pk}", _("Begins: %(text)s") % told, activity.first, seen)
    yield _day(f"activity-ends/{activity.pk}", _("Ends: %(text)s") % told, activity.last, seen)


def _measured(viewer: Viewer, measured: MeasureIndicator) -> Iterator[Day]:
    path = address(viewer, "indicators:indicator", indicator=measured.indicator_id)
    about = f"{measured.measure.number}. {measured.measure.text}\n{measured.measure.plan.title}"
    seen = Seen(path, measured.changed_at, measured.version, about)
    title = _("Measure the indicator: %(name)s") % {"name": measured.indicator.name}
    for day in measured.days:
        yield _day(f"measured/{measured.pk}/{day}", title, date.fromisoformat(day), seen)


def _day(key: str, title: str, day: date, seen: Seen) -> Day:
    return Day(key, title, day, seen.changed_at, version=seen.version, about=seen.about, path=seen.path)


# --- everybody's ----------------------------------------------------------------------------------
def public_days(row: PlanRevision, content: Content, path: str) -> Iterator[Day]:
    """The days of a published plan as its page shows them today, in the active language.

    Numbers of measures stay while a plan is carried out, so they name the entries for ever; activities are
    named by their ids, in contents frozen before these were kept by a digest of what they are.
    """
    for measure in content["measures"]:
        told = {"number": measure["number"], "text": measure["text"]}
        key = f"{row.plan_id}/{measure['number']}"
        off = measure["state"] == MeasureState.DROPPED
        here = f"{path}#measure-{measure['number']}"
        for part, title, day in (
            ("begins", _("Measure %(number)s begins: %(text)s") % told, measure["first"]),
            ("ends", _("Measure %(number)s ends: %(text)s") % told, measure["last"]),
        ):
            yield _public(row, f"plan-{part}/{key}", title, day, here, off=off)
        for one in measure["activities"]:
            title = _("Ends: %(text)s") % {"text": one["text"]}
            named = one.get("id") or uuid5(row.plan_id, one["text"])
            yield _public(row, f"plan-activity/{key}/{named}", title, one["last"], here, off=off)


def _public(row: PlanRevision, key: str, title: str, day: str, path: str, *, off: bool) -> Day:
    assert row.published_at is not None  # noqa: S101  of what is published only
    return Day(
        key,
        title,
        date.fromisoformat(day),
        row.published_at,
        version=row.number,
        about=row.plan.title,
        path=path,
        cancelled=off,
    )
