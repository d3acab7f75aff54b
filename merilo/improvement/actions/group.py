"""Writes about the group of a plan: who sits in it, what it is there for, the order it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core import files
from merilo.core.errors import MeriloError
from merilo.groups import api as groups
from merilo.groups.api import Seat, SeatChange
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.models import OwnPoints, Plan
from merilo.organisations.api import DocumentKind, Membership, OfficialDocument, Viewer, record


def add_seat(*, viewer: Viewer, plan: Plan, holder: Membership, change: SeatChange, at: datetime) -> Seat:
    """Give somebody a seat. Errors: Refused, SeatError."""
    require_edit(viewer, plan)
    return groups.add_seat(viewer=viewer, group=plan.group, holder=holder, change=change, at=at)


def change_seat(*, viewer: Viewer, plan: Plan, seat: Seat, change: SeatChange, at: datetime) -> None:
    """Change what a seat is. Errors: Refused, SeatError."""
    require_edit(viewer, plan)
    groups.change_seat(viewer=viewer, seat=seat, change=change, at=at)


def remove_seat(*, viewer: Viewer, plan: Plan, seat: Seat, at: datetime) -> None:
    """Take a seat out of the group. Errors: Refused, MeriloError (points of its holder would be lost)."""
    require_edit(viewer, plan)
    with transaction.atomic():
        if OwnPoints.objects.filter(seat=seat).exists():
            raise MeriloError(
                _("%(name)s has already given points; they would be lost. Make the seat one of an observer.")
                % {"name": seat.holder.name}
            )
        groups.remove_seat(viewer=viewer, seat=seat, at=at)


def set_mandate(*, viewer: Viewer, plan: Plan, mandate: str, version: int, at: datetime) -> None:
    """Write what the group is there for. Errors: Refused, Conflict."""
    require_edit(viewer, plan)
    groups.set_mandate(viewer=viewer, group=plan.group, mandate=mandate, version=version, at=at)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Number and date as registered, the subject, the signed file if one is given."""

    number: str
    date: date
    title: str = ""
    file: files.Upload | None = None


def record_order(*, viewer: Viewer, plan: Plan, facts: OrderFacts, at: datetime) -> OfficialDocument:
    """Record or correct the order of the group; without a new file the one kept before stays.

    Errors: Refused, BadFile.
    """
    require_edit(viewer, plan)
    with transaction.atomic():
        order = plan.order or OfficialDocument(
            organisation=viewer.organisation, kind=DocumentKind.ORDER, added_at=at
        )
        order.number, order.date, order.title = facts.number, facts.date, facts.title
        if facts.file is not None:
            order.file = files.receive(
                facts.file,
                organisation=viewer.organisation_id,
                by=viewer.person_id,
                allowed=files.SIGNED,
                at=at,
            )
        order.save()
        plan.order = order
        plan.save(update_fields=["order"])
        groups.name_order(group=plan.group, order=order)
        told = {
            "number": order.number,
            "date": order.date,
            "sha256": order.file.sha256 if order.file else None,
        }
        record(viewer, "plan.order_recorded", plan, told, at=at)
    return order
