"""What plans of improvement ask of people on "My work"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.core.navigation import WorkItem
from merilo.improvement.models import MeasureState, Signal
from merilo.improvement.queries import board, drafts, measures, priorities, reporting
from merilo.organisations.api import Viewer, address

SOON = timedelta(days=30)


def measures_work(viewer: Viewer) -> Iterator[WorkItem]:
    """Measures of mine that are late, at risk, due soon or should have begun. Two queries at most."""
    today = timezone.localdate(timezone=viewer.organisation.zone)
    for row in measures.mine(viewer, on=today):
        if row.owner != viewer.membership or not row.signal:
            continue
        due = row.measure.last <= today + SOON
        begins = row.measure.state == MeasureState.NOT_STARTED and row.measure.first <= today
        report = reporting.due_of(row.measure)
        if (report and report <= today) or due or begins or row.signal != Signal.ON_TIME:
            yield _item(viewer, row)


def _item(viewer: Viewer, row: board.Row) -> WorkItem:
    measure = row.measure
    wrong = row.signal != Signal.ON_TIME
    return WorkItem(
        title=_("Say how measure %(number)s goes") % {"number": measure.number},
        url=address(viewer, "improvement:check_in", plan=measure.plan_id, measure=measure.pk),
        help=measure.text,
        due=datetime.combine(measure.last, time.max, viewer.organisation.zone),
        status="problem" if wrong else "progress" if measure.state == MeasureState.UNDER_WAY else "idle",
        status_text=str(Signal(row.signal).label) if wrong else str(measure.get_state_display()),
        order=40,
    )


def activities_work(viewer: Viewer) -> Iterator[WorkItem]:
    """Activities of mine that have begun or end soon, in measures of somebody else. One query."""
    today = timezone.localdate(timezone=viewer.organisation.zone)
    for one in reporting.my_activities(viewer):
        if one.measure.owner_id == viewer.membership.pk or today < min(one.first, one.last - SOON):
            continue
        where = {"plan": one.measure.plan_id, "measure": one.measure_id, "activity": one.pk}
        late = one.last < today
        yield WorkItem(
            title=_("Say how far the activity is"),
            url=address(viewer, "improvement:activity_report", **where),
            help=one.text,
            due=datetime.combine(one.last, time.max, viewer.organisation.zone),
            status="problem" if late else "progress" if one.percent else "idle",
            status_text=str(Signal.LATE.label) if late else _("%(percent)s %%") % {"percent": one.percent},
            order=40,
        )


def drafts_work(viewer: Viewer) -> Iterator[WorkItem]:
    """Measures that are offered and wait for a decision, for those who write plans. One query."""
    for plan, count in drafts.waiting(viewer).items():
        words = ngettext("%(count)s waits", "%(count)s wait", count)
        yield WorkItem(
            title=_("Decide about offered measures"),
            url=address(viewer, "improvement:inbox", plan=plan.pk),
            help=plan.title,
            status="idle",
            status_text=words % {"count": count},
            order=45,
        )


def points_work(viewer: Viewer) -> Iterator[WorkItem]:
    """Proposals that wait for points of the viewer, until scores are closed. Three queries at most."""
    for plan, mine in priorities.to_score(viewer).items():
        words = ngettext("%(count)s proposal waits", "%(count)s proposals wait", mine.waiting)
        yield WorkItem(
            title=_("Give your points"),
            url=address(viewer, "improvement:scoring", plan=plan.pk),
            help=plan.title,
            status="progress" if mine.done else "idle",
            status_text=words % {"count": mine.waiting},
            order=20,
        )


def plans_work(viewer: Viewer) -> Iterator[WorkItem]:
    """Measures that nobody answers for, for those who write plans. One query."""
    for plan, count in measures.ownerless(viewer).items():
        words = ngettext("%(count)s measure", "%(count)s measures", count)
        where = address(viewer, "improvement:measures", plan=plan.pk)
        yield WorkItem(
            title=_("Name owners for measures"),
            url=f"{where}?owner={board.NOBODY}",
            help=plan.title,
            status="problem",
            status_text=words % {"count": count},
            order=40,
        )
