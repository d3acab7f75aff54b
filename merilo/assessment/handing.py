"""What somebody has in self-assessments, as the page of the hand-over lists it and hands it over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.assessment import words
from merilo.assessment.actions import groups as seats
from merilo.assessment.actions import requests
from merilo.assessment.actions.planning import StepFacts, plan_steps
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment
from merilo.assessment.queries import handing as queries
from merilo.groups.api import SCORING, Function, Gathering, GatheringFacts, Seat, SeatChange, change_gathering
from merilo.organisations.api import Handing, HandingKind, Membership, Thing, address, permissions_of


# --- steps ----------------------------------------------------------------------------------------
def _steps(handing: Handing) -> Iterator[Thing]:
    for plan in queries.open_steps(handing.viewer, handing.member):
        name = framework_of(plan.assessment).step(plan.number).short.in_language(words.language())
        text = _("Step %(number)s: %(name)s") % {"number": plan.number, "name": name}
        url = address(handing.viewer, "assessment:schedule", pk=plan.assessment_id)
        yield Thing(text, plan.assessment.title, url)


def _give_steps(handing: Handing, at: datetime) -> None:
    plans = queries.open_steps(handing.viewer, handing.member)
    for assessment, rows in groupby(plans, key=lambda plan: plan.assessment):
        facts = {plan.number: StepFacts(owner=handing.to, due=plan.due) for plan in rows}
        plan_steps(viewer=handing.viewer, assessment=assessment, rows=facts, at=at)


# --- seats ----------------------------------------------------------------------------------------
def _seats(handing: Handing) -> Iterator[Thing]:
    for assessment, seat in queries.seats_of(handing.viewer, handing.member):
        yield Thing(
            text=_seat_in_words(seat, handing.member),
            about=assessment.title,
            url=address(handing.viewer, "assessment:group", pk=assessment.pk),
            stays=why_it_stays(assessment, seat, handing),
        )


def _seat_in_words(seat: Seat, member: Membership) -> str:
    if seat.holder_id == member.pk:
        return str(Function(seat.function).label)
    return _("Substitute of %(name)s") % {"name": seat.holder.name}


def why_it_stays(assessment: Assessment, seat: Seat, handing: Handing) -> str:
    """Why a seat does not go to the receiver and what to do instead; empty when it goes."""
    if seat.function == Function.CONSULTANT:
        return _("An external consultant is invited by name. Invite another one on the page of the group.")
    to = handing.to
    has_sheet = seat.holder_id == handing.member.pk and seat.function in SCORING
    if has_sheet and (why := _why_a_sheet_stays(assessment, seat, to)):
        return why
    if to is not None and queries.is_in_group(assessment, to, besides=seat):
        return _(
            "%(name)s already has a seat in this group or is a substitute. "
            "Choose somebody else for the seats."
        ) % {"name": to.name}
    if has_sheet and to is not None and not seats.may_read_sheet(seat, to):
        return _(
            "The sheet holds confidential work, and %(name)s leads or follows the self-assessment: who leads "
            "must not read individual scores before the lock. Choose somebody else for the seats."
        ) % {"name": to.name}
    return ""


def _why_a_sheet_stays(assessment: Assessment, seat: Seat, to: Membership | None) -> str:
    if assessment.state not in seats.BEFORE_LOCK:
        return _(
            "The individual scores are locked, and they count: the seat stays in the record under the name "
            "of its holder. Nothing has to be done; who is absent from a meeting does not vote in it."
        )
    if queries.is_handed_in(seat):
        return _(
            "The sheet is handed in and counts: the seat stays in the record under the name of its holder. "
            "Nothing has to be done."
        )
    if seat.substitute is not None and seat.substitute != to:
        return _(
            "The group has %(name)s as the substitute. Choose %(name)s for the seats, or first name another "
            "substitute on the page of the group."
        ) % {"name": seat.substitute.name}
    return ""


def _give_seats(handing: Handing, at: datetime) -> None:
    for assessment, seat in queries.seats_of(handing.viewer, handing.member):
        if not why_it_stays(assessment, seat, handing):
            _give_seat(handing, assessment, seat, at)


def _give_seat(handing: Handing, assessment: Assessment, seat: Seat, at: datetime) -> None:
    viewer, to = handing.viewer, handing.to
    assert to is not None  # noqa: S101  nothing is given to nobody
    change = SeatChange(function=seat.function, substitute=to, until=seat.until)
    if seat.holder_id != handing.member.pk:
        seats.change_seat(viewer=viewer, assessment=assessment, seat=seat, change=change, at=at)
    elif seat.function in SCORING:
        seats.give_seat(viewer=viewer, assessment=assessment, seat=seat, to=to, at=at)
    else:
        seats.remove_seat(viewer=viewer, assessment=assessment, seat=seat, at=at)
        own = replace(change, substitute=None if seat.substitute == to else seat.substitute)
        seats.add_seat(viewer=viewer, assessment=assessment, holder=to, change=own, at=at)


# --- trainings and meetings -------------------------------------------------------------------------
def _gatherings(handing: Handing) -> Iterator[Thing]:
    for assessment, gathering in queries.led_gatherings(handing.viewer, handing.member, on=handing.on):
        url = address(handing.viewer, "assessment:gathering", pk=assessment.pk, gathering=gathering.pk)
        yield Thing(gathering.title, words.day(gathering.from_date), url)


def _give_gatherings(handing: Handing, at: datetime) -> None:
    to = handing.to
    assert to is not None  # noqa: S101  nothing is given to nobody
    for _assessment, gathering in queries.led_gatherings(handing.viewer, handing.member, on=handing.on):
        facts = _facts(gathering)
        lecturer = facts.lecturer.replace(handing.member.name, to.name)
        change_gathering(
            viewer=handing.viewer, gathering=gathering, facts=replace(facts, lecturer=lecturer), at=at
        )


def _facts(gathering: Gathering) -> GatheringFacts:
    return GatheringFacts(**{name: getattr(gathering, name) for name in GatheringFacts.__dataclass_fields__})


# --- requests to colleagues --------------------------------------------------------------------------
def _requests(handing: Handing) -> Iterator[Thing]:
    stays = _why_requests_stay(handing.to)
    for request in queries.open_requests(handing.viewer, handing.member):
        url = address(handing.viewer, "assessment:request", pk=request.assessment_id, ask=request.pk)
        yield Thing(request.what, request.assessment.title, url, stays)


def _why_requests_stay(to: Membership | None) -> str:
    if to is None or "evidence.edit" in permissions_of(to.roles):
        return ""
    return _(
        "%(name)s cannot add evidence, so answers of colleagues could not be accepted. Choose somebody else."
    ) % {"name": to.name}


def _give_requests(handing: Handing, at: datetime) -> None:
    assert handing.to is not None  # noqa: S101  nothing is given to nobody
    for request in queries.open_requests(handing.viewer, handing.member):
        requests.pass_on(viewer=handing.viewer, request=request, to=handing.to, at=at)


# --- texts of the report ----------------------------------------------------------------------------
def _texts(handing: Handing) -> Iterator[Thing]:
    if "report.edit" not in permissions_of(handing.member.roles):
        return
    for assessment, written in queries.reports_in_progress(handing.viewer):
        text = _("Report of “%(title)s”") % {"title": assessment.title}
        url = address(handing.viewer, "assessment:report", pk=assessment.pk)
        yield Thing(text, _("texts written: %(count)s") % {"count": written}, url)


KINDS = (
    HandingKind("seats", gettext_lazy("Seats in the group"), _seats, _give_seats),
    HandingKind("steps", gettext_lazy("Steps of the schedule"), _steps, _give_steps),
    HandingKind("gatherings", gettext_lazy("Trainings and meetings to lead"), _gatherings, _give_gatherings),
    HandingKind("requests", gettext_lazy("Requests to colleagues"), _requests, _give_requests),
    HandingKind("texts", gettext_lazy("Texts of the report in progress"), _texts),
)
