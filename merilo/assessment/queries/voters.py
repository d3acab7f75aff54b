"""Who votes in a meeting: the holder of a scoring seat, signed in or let in by a personal code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from merilo.accounts.api import Person
from merilo.assessment.models import Ballot, Judgement, Meeting, Pass, Presence, Way
from merilo.core.secret import digest_of
from merilo.groups.api import SCORING, Seat
from merilo.organisations.api import Viewer


@dataclass(frozen=True, slots=True)
class Voter:
    """A seat with a voice in a meeting that is going on.

    `is_proven` tells that the device is the member's own: signed in, or by a code that went to their
    mailbox. Only such a device shows the member's own earlier score; a slip passes through other hands.
    """

    meeting: Meeting
    seat: Seat
    is_proven: bool


def running(pk: UUID) -> Meeting | None:
    """A meeting that is going on, with what its screens need to know about the assessment. One query."""
    found = Meeting.objects.filter(pk=pk, ended_at=None, assessment__organisation__closed_at=None)
    return found.select_related(
        "assessment__edition", "assessment__organisation", "assessment__group"
    ).first()


def voter_of(person: Person, meeting: Meeting, *, on: date) -> Voter | None:
    """The seat that somebody signed in holds in the meeting's group. One query."""
    mine = Q(holder__person=person, holder__left_at=None)
    seat = _voices(meeting, on).filter(mine).first()
    return None if seat is None else Voter(meeting, seat, is_proven=True)


def voter_with(device: str, meeting: Meeting, *, on: date) -> Voter | None:
    """The seat whose code was used on this device, as long as its holder holds it. One query."""
    if not device:
        return None
    found = (
        Pass.objects.filter(meeting=meeting, device=digest_of("meeting.device", device))
        .select_related("seat__holder")
        .first()
    )
    if found is None or found.seat.holder_id != found.holder_id or not _is_valid(found.seat, on):
        return None
    return Voter(meeting, found.seat, is_proven=found.way == Way.MAIL)


def _voices(meeting: Meeting, on: date) -> QuerySet[Seat]:
    seats = Seat.objects.filter(group=meeting.assessment.group_id, function__in=SCORING)
    return seats.filter(Q(until=None) | Q(until__gte=on)).select_related("holder")


def _is_valid(seat: Seat, on: date) -> bool:
    return seat.function in SCORING and (seat.until is None or seat.until >= on) and seat.holder.is_here(on)


def meetings_of(viewer: Viewer, *, on: date) -> QuerySet[Meeting]:
    """Meetings that are going on and in which the viewer has a voice. One query."""
    mine = Seat.objects.filter(
        Q(until=None) | Q(until__gte=on), holder=viewer.membership, function__in=SCORING
    )
    found = Meeting.objects.filter(assessment__organisation=viewer.organisation, ended_at=None)
    found = found.filter(assessment__group__in=mine.values("group"))
    return found.select_related("assessment").order_by("opened_at", "id")


def voices_of(meeting: Meeting, *, on: date) -> list[tuple[Seat, Presence | None]]:
    """All scoring seats of the meeting's group, and since when they are there. Two queries."""
    here = {row.seat_id: row for row in Presence.objects.filter(meeting=meeting)}
    return [(seat, here.get(seat.pk)) for seat in _voices(meeting, on).order_by("position", "holder__name")]


def is_here(voter: Voter) -> bool:
    """Whether the seat takes part now. One query."""
    return Presence.objects.filter(meeting=voter.meeting, seat=voter.seat, left_at=None).exists()


def ballot_of(voter: Voter, round_: UUID) -> Ballot | None:
    """What the member voted in a round that is going on. One query."""
    return Ballot.objects.filter(round=round_, seat=voter.seat).first()


def own_judgement(voter: Voter, code: str) -> Judgement | None:
    """What the member gave before the lock; nothing on a device not proven to be theirs. One query."""
    if not voter.is_proven:
        return None
    return Judgement.objects.filter(sheet__seat=voter.seat, code=code).first()
