"""The group of a self-assessment: seats with their sheets, taking over, and who scores what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.assessment import mails, permissions
from merilo.assessment.actions import steps
from merilo.assessment.actions.planning import require_plan
from merilo.assessment.models import Assessment, Sheet, State
from merilo.assessment.queries.planning import holds_work
from merilo.assessment.rules.lines import unnamed
from merilo.core.errors import MeriloError
from merilo.groups import api as groups
from merilo.groups.api import SCORING, Function, Seat, SeatChange
from merilo.organisations.api import (
    Guest,
    InvitationLink,
    Membership,
    Viewer,
    invite_guest,
    permissions_of,
    record,
    send_invitations,
)

BEFORE_LOCK = {State.PLANNING, State.ASSESSING}
LEADING = {"assessment.plan", "assessment.follow", "assessment.moderate"}


def add_seat(
    *, viewer: Viewer, assessment: Assessment, holder: Membership, change: SeatChange, at: datetime
) -> Seat:
    """Give somebody a seat; who scores gets a sheet once the assessment is open.

    Errors: Refused, SeatError, MeriloError (a scoring seat after the lock).
    """
    require_plan(viewer, assessment)
    _require_before_lock(assessment, change.function)
    with transaction.atomic():
        seat = groups.add_seat(viewer=viewer, group=assessment.group, holder=holder, change=change, at=at)
        _give_sheet(assessment, seat)
        steps.mark_begun(assessment, 3, at=at)
    return seat


def change_seat(
    *, viewer: Viewer, assessment: Assessment, seat: Seat, change: SeatChange, at: datetime
) -> None:
    """Change a seat. Errors: Refused, SeatError, MeriloError (its sheet already holds work)."""
    require_plan(viewer, assessment)
    if change.function != seat.function:
        _require_before_lock(assessment, change.function, seat.function)
    with transaction.atomic():
        if change.function not in SCORING:
            _drop_sheet(seat)
        groups.change_seat(viewer=viewer, seat=seat, change=change, at=at)
        _give_sheet(assessment, seat)


def remove_seat(*, viewer: Viewer, assessment: Assessment, seat: Seat, at: datetime) -> None:
    """Take a seat out of the group.

    Errors: Refused, MeriloError (its sheet holds work, or the lock is past).
    """
    require_plan(viewer, assessment)
    _require_before_lock(assessment, seat.function)
    with transaction.atomic():
        _drop_sheet(seat)
        groups.remove_seat(viewer=viewer, seat=seat, at=at)


def take_over(*, viewer: Viewer, assessment: Assessment, seat: Seat, at: datetime) -> None:
    """The substitute takes over the seat with its one sheet, until it is handed in; the holder is told.

    Remarks ticked to carry a name lose the tick: the name would be another one now.
    Errors: Refused, SeatError, MeriloError (handed in, locked, or read by somebody who leads).
    """
    with transaction.atomic():
        _change_hands(viewer, assessment, seat, seat.substitute)
        former, now = seat.holder, seat.substitute
        groups.take_over(viewer=viewer, seat=seat, at=at)
        if now is not None:
            mails.seat_taken_over(viewer, assessment, former=former, now=now, at=at)


def give_seat(*, viewer: Viewer, assessment: Assessment, seat: Seat, to: Membership, at: datetime) -> None:
    """Give a scoring seat with its sheet to somebody for good, on the word of who composes the group.

    The former holder has no part in it any more. Errors: as of `take_over`.
    """
    require_plan(viewer, assessment)
    change = SeatChange(function=seat.function, substitute=to, until=seat.until)
    with transaction.atomic():
        _change_hands(viewer, assessment, seat, to)
        groups.change_seat(viewer=viewer, seat=seat, change=change, at=at)
        groups.take_over(viewer=viewer, seat=seat, at=at)
        held = groups.seat_in(assessment.group, seat.pk)
        groups.change_seat(viewer=viewer, seat=held, change=replace(change, substitute=None), at=at)


def _change_hands(viewer: Viewer, assessment: Assessment, seat: Seat, to: Membership | None) -> None:
    """Refuse where a sheet may not go to another holder; what goes is freed of the first one's name."""
    if not permissions.is_own(viewer, assessment) or assessment.state not in BEFORE_LOCK:
        raise MeriloError(_("Seats change hands before the lock only."))
    sheet = Sheet.objects.select_for_update().filter(seat=seat).first()
    if sheet is None:
        return
    if sheet.handed_in_at is not None:
        raise MeriloError(_("This sheet is handed in; it cannot be taken over any more."))
    if to is not None:
        _require_confidential(seat, to)
        _take_names_off(sheet)


def may_read_sheet(seat: Seat, reader: Membership) -> bool:
    """Who leads or follows the work never gets to read what somebody else wrote before the lock."""
    leads = LEADING & set(permissions_of(reader.roles))
    return not leads or not Sheet.objects.filter(seat=seat, judgements__isnull=False).exists()


def _require_confidential(seat: Seat, substitute: Membership) -> None:
    if not may_read_sheet(seat, substitute):
        raise MeriloError(
            _(
                "%(name)s leads or follows the self-assessment and must not read individual scores before "
                "the lock. Name another substitute."
            )
            % {"name": substitute.name}
        )


def _take_names_off(sheet: Sheet) -> None:
    for judgement in sheet.judgements.all():
        lines = unnamed(judgement.lines)
        if lines != judgement.lines:
            judgement.lines = lines
            judgement.version += 1
            judgement.save(update_fields=["lines", "version"])


def assign_items(
    *,
    viewer: Viewer,
    assessment: Assessment,
    assigned: Mapping[UUID, Collection[str] | None],
    known: Collection[str],
    at: datetime,
) -> None:
    """Say who scores what: seat id -> item codes, None for all. `known` are the framework's items, in order.

    Errors: Refused, MeriloError (nothing left for a seat, or the lock is past).
    """
    require_plan(viewer, assessment)
    _require_before_lock(assessment, *SCORING)
    with transaction.atomic():
        for seat in groups.scoring_seats(assessment.group).filter(pk__in=assigned):
            codes = _codes(seat, assigned[seat.pk], known)
            Sheet.objects.update_or_create(
                seat=seat,
                defaults={"assigned": codes},
                create_defaults={"assessment": assessment, "assigned": codes},
            )
        told = {str(seat): None if codes is None else sorted(codes) for seat, codes in assigned.items()}
        record(viewer, "assessment.items_assigned", assessment, {"assigned": told}, at=at)


def set_mandate(*, viewer: Viewer, assessment: Assessment, mandate: str, version: int, at: datetime) -> None:
    """Write what the group is there for. Errors: Refused, Conflict."""
    require_plan(viewer, assessment)
    groups.set_mandate(viewer=viewer, group=assessment.group, mandate=mandate, version=version, at=at)


def _codes(seat: Seat, chosen: Collection[str] | None, known: Collection[str]) -> list[str] | None:
    if chosen is None or set(known) <= set(chosen):
        return None
    codes = [code for code in known if code in chosen]
    if not codes:
        raise MeriloError(
            _("Choose at least one for %(name)s, or give the seat another function.")
            % {"name": seat.holder.name}
        )
    return codes


def _require_before_lock(assessment: Assessment, *functions: str) -> None:
    if assessment.state not in BEFORE_LOCK and set(functions) & set(SCORING):
        raise MeriloError(_("The scores are locked; the chair and the members stay as they are."))


def _give_sheet(assessment: Assessment, seat: Seat) -> None:
    if assessment.state == State.ASSESSING and seat.function in SCORING:
        Sheet.objects.get_or_create(seat=seat, defaults={"assessment": assessment})


def _drop_sheet(seat: Seat) -> None:
    if holds_work(seat):
        raise MeriloError(
            _("The sheet of this seat already holds work. Name a substitute who takes it over instead.")
        )
    Sheet.objects.filter(seat=seat).delete()


def invite_consultant(
    *, viewer: Viewer, assessment: Assessment, guest: Guest, at: datetime
) -> tuple[Membership, InvitationLink | None]:
    """Invite an external consultant as a guest of this one assessment; answers the one-time link.

    Reads after the lock, until the day the guest is invited for. Somebody who was a consultant before and
    has an account needs no link. Errors: Refused, MeriloError.
    """
    require_plan(viewer, assessment)
    change = SeatChange(function=Function.CONSULTANT, until=guest.valid_until)
    group = assessment.group
    with transaction.atomic():
        member, link = invite_guest(viewer=viewer, guest=guest, at=at)
        seat = groups.seats_of(group).filter(holder=member, function=Function.CONSULTANT).first()
        if seat is None:
            groups.add_seat(viewer=viewer, group=group, holder=member, change=change, at=at)
        elif seat.until and seat.until >= timezone.localdate(at, viewer.organisation.zone):
            raise MeriloError(_("This consultant has been invited already."), field="email")
        else:
            groups.change_seat(viewer=viewer, seat=seat, change=change, at=at)
        send_invitations(viewer=viewer, links=[link] if link else [])
    return member, link
