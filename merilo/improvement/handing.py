"""What somebody has in plans of improvement, as the page of the hand-over lists it and hands it over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.improvement.actions.running import take_over
from merilo.improvement.models import Activity, Measure
from merilo.improvement.queries.measures import held_by
from merilo.organisations.api import Handing, HandingKind, Membership, Thing, address


def _held(handing: Handing) -> Iterator[Thing]:
    for measure, activity in held_by(handing.viewer, handing.member):
        url = address(handing.viewer, "improvement:measure", plan=measure.plan_id, measure=measure.pk)
        yield Thing(_named(measure, activity), _about(measure, handing.member), url)


def _named(measure: Measure, activity: Activity | None) -> str:
    if activity is not None:
        return _("Activity: %(text)s") % {"text": activity.text}
    return _("Measure %(number)s: %(text)s") % {"number": measure.number, "text": measure.text}


def _about(measure: Measure, member: Membership) -> str:
    """The plan; who could take it on at once, or that only the place of the deputy goes."""
    if measure.deputy_id == member.pk:
        return _("%(plan)s · as deputy") % {"plan": measure.plan.title}
    if measure.owner_id == member.pk and measure.deputy is not None:
        return _("%(plan)s · the deputy is %(name)s") % {
            "plan": measure.plan.title,
            "name": measure.deputy.name,
        }
    return measure.plan.title


def _give(handing: Handing, at: datetime) -> None:
    to = handing.to
    assert to is not None  # noqa: S101  nothing is given to nobody
    held = {measure.pk: measure for measure, _activity in held_by(handing.viewer, handing.member)}
    for measure in held.values():
        take_over(viewer=handing.viewer, measure=measure, member=handing.member, to=to, at=at)


KIND = HandingKind("measures", gettext_lazy("Measures of improvement plans"), _held, _give)
