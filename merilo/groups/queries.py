"""Reads of groups and their gatherings; the group itself was reached through a viewer."""

from __future__ import annotations

from datetime import date
from typing import Protocol
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from merilo.groups.models import SCORING, Attendance, Function, Gathering, Group, Material, Seat
from merilo.organisations.api import Viewer

ORDER = (
    Function.CHAIR,
    Function.MEMBER,
    Function.FACILITATOR,
    Function.OBSERVER,
    Function.CONSULTANT,
)


def seats_of(group: Group) -> QuerySet[Seat]:
    """The seats in the order of the annex: chair, members, facilitator, observers, consultants. One query."""
    places = [When(function=function, then=Value(place)) for place, function in enumerate(ORDER)]
    return (
        Seat.objects.filter(group=group)
        .select_related("holder__unit", "substitute__unit")
        .alias(place=Case(*places, default=Value(len(ORDER)), output_field=IntegerField()))
        .order_by("place", "position", "holder__name", "id")
    )


def seat_in(group: Group, pk: UUID) -> Seat:
    """One seat of the group with its people. Errors: Seat.DoesNotExist."""
    return Seat.objects.select_related("group", "holder__unit", "substitute__unit").get(group=group, pk=pk)


class WithGroup(Protocol):
    """What a group works on: a self-assessment or a plan."""

    group_id: UUID


def seat_held(viewer: Viewer, work: WithGroup) -> Seat | None:
    """The seat that the viewer holds in the group of the work, or None. One query, remembered on the work."""
    seats: dict[object, Seat | None] = work.__dict__.setdefault("_seats", {})
    key = viewer.membership.pk
    if key not in seats:
        seats[key] = Seat.objects.filter(group_id=work.group_id, holder_id=key).first()
    return seats[key]


def scoring_seats(group: Group) -> QuerySet[Seat]:
    """Seats whose holder scores: chair and members."""
    return seats_of(group).filter(function__in=SCORING)


def gatherings_of(group: Group, *kinds: str) -> QuerySet[Gathering]:
    """Trainings, meetings or briefings of the group by date, each with `people`, the number of names."""
    return (
        Gathering.objects.filter(group=group, kind__in=kinds)
        .select_related("unit")
        .annotate(people=Count("attendances", distinct=True))
        .order_by("from_date", "id")
    )


def gathering_in(group: Group, pk: UUID) -> Gathering:
    """One gathering of the group. Errors: Gathering.DoesNotExist."""
    return Gathering.objects.select_related("unit", "group").get(group=group, pk=pk)


def attendances_of(gathering: Gathering) -> QuerySet[Attendance]:
    """Everybody who took part, by name, with unit and position of the organisation's own people."""
    return (
        Attendance.objects.filter(gathering=gathering).select_related("member__unit").order_by("name", "id")
    )


def materials_of(gathering: Gathering) -> QuerySet[Material]:
    """Files of a gathering."""
    return Material.objects.filter(gathering=gathering).select_related("file").order_by("title", "id")


def material_in(gathering: Gathering, pk: UUID) -> Material:
    """One file of the gathering. Errors: Material.DoesNotExist."""
    return materials_of(gathering).get(pk=pk)


def coming_gatherings(viewer: Viewer, group: Group, *, on: date) -> QuerySet[Gathering]:
    """Gatherings of the group that are not over, the next one first."""
    mine = Q(organisation=viewer.organisation, group=group)
    return Gathering.objects.filter(mine, until_date__gte=on).order_by("from_date", "id")
