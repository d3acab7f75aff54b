"""Composing a group: who sits where, who stands in, and taking over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError, Refused
from merilo.groups import permissions
from merilo.groups.models import Function, Group, Seat
from merilo.organisations.api import Membership, Viewer, record


class SeatError(MeriloError):
    """The seat cannot be given as asked; `field` names what to correct."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence, field=field)
        self.field = field


@dataclass(frozen=True, slots=True)
class SeatChange:
    """What a seat is to be: its function, its substitute, and its last day for a seat on time."""

    function: str
    substitute: Membership | None = None
    until: date | None = None


def add_seat(*, viewer: Viewer, group: Group, holder: Membership, change: SeatChange, at: datetime) -> Seat:
    """Give somebody a seat. Errors: Refused, SeatError (already in the group, a second chair)."""
    _require(permissions.may_manage(viewer, group))
    with transaction.atomic():
        _lock(group)
        _check(group, holder, change)
        last = Seat.objects.filter(group=group).aggregate(last=Max("position"))["last"]
        seat = Seat.objects.create(
            group=group,
            holder=holder,
            function=change.function,
            substitute=change.substitute,
            until=change.until,
            position=0 if last is None else last + 1,
        )
        _record("group.seat_added", viewer, seat, at)
    return seat


def change_seat(*, viewer: Viewer, seat: Seat, change: SeatChange, at: datetime) -> None:
    """Change function, substitute or last day of a seat; the holder stays. Errors: Refused, SeatError."""
    _require(permissions.may_manage(viewer, seat.group))
    with transaction.atomic():
        _lock(seat.group)
        _check(seat.group, seat.holder, change, besides=seat)
        seat.function, seat.substitute, seat.until = change.function, change.substitute, change.until
        seat.save(update_fields=["function", "substitute", "until"])
        _record("group.seat_changed", viewer, seat, at)


def remove_seat(*, viewer: Viewer, seat: Seat, at: datetime) -> None:
    """Take a seat out of the group. Errors: Refused."""
    _require(permissions.may_manage(viewer, seat.group))
    with transaction.atomic():
        _record("group.seat_removed", viewer, seat, at)
        seat.delete()


def take_over(*, viewer: Viewer, seat: Seat, at: datetime) -> None:
    """The substitute becomes the holder and the other way round; the seat stays one.

    Errors: Refused, SeatError (no substitute, or one who has a seat by now).
    """
    _require(permissions.may_take_over(viewer, seat))
    with transaction.atomic():
        _lock(seat.group)
        held = Seat.objects.select_for_update(of=("self",))
        seat = held.select_related("group", "holder", "substitute").get(pk=seat.pk)
        if seat.substitute is None:
            raise SeatError(_("This seat has no substitute."))
        if Seat.objects.filter(group=seat.group, holder=seat.substitute).exists():
            raise SeatError(_("%(name)s already has a seat in the group.") % {"name": seat.substitute.name})
        seat.holder, seat.substitute, seat.taken_over_at = seat.substitute, seat.holder, at
        seat.save(update_fields=["holder", "substitute", "taken_over_at"])
        _record("group.seat_taken_over", viewer, seat, at)


def _lock(group: Group) -> None:
    # Two who give the chair at once: the second waits, and then reads that there is one.
    Group.objects.select_for_update().get(pk=group.pk)


def _require(allowed: bool) -> None:  # noqa: FBT001 - a predicate's answer
    if not allowed:
        raise Refused(_("Only the coordinator and the deputy change the group."))


def _check(group: Group, holder: Membership, change: SeatChange, *, besides: Seat | None = None) -> None:
    others = Seat.objects.filter(group=group)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    _check_holder(others, group, holder)
    if change.substitute is not None:
        _check_substitute(others, group, holder, change.substitute)
    if change.function == Function.CHAIR and others.filter(function=Function.CHAIR).exists():
        raise SeatError(_("The group already has a chair."), field="function")


def _check_holder(others: QuerySet[Seat], group: Group, holder: Membership) -> None:
    if holder.organisation_id != group.organisation_id:
        raise SeatError(_("Choose somebody of the organisation."), field="holder")
    if others.filter(Q(holder=holder) | Q(substitute=holder)).exists():
        raise SeatError(
            _("%(name)s already has a seat in the group or is a substitute.") % {"name": holder.name},
            field="holder",
        )


def _check_substitute(
    others: QuerySet[Seat], group: Group, holder: Membership, substitute: Membership
) -> None:
    if substitute.organisation_id != group.organisation_id:
        raise SeatError(_("Choose somebody of the organisation."), field="substitute")
    if substitute.pk == holder.pk:
        raise SeatError(_("Nobody can be their own substitute."), field="substitute")
    if others.filter(Q(holder=substitute) | Q(substitute=substitute)).exists():
        raise SeatError(
            _("%(name)s already has a seat in the group or is a substitute.") % {"name": substitute.name},
            field="substitute",
        )


def _record(verb: str, viewer: Viewer, seat: Seat, at: datetime) -> None:
    record(
        viewer,
        verb,
        seat,
        at=at,
        payload={
            "function": seat.function,
            "holder": seat.holder_id,
            "substitute": seat.substitute_id,
            "until": seat.until,
        },
    )
