"""Leading a meeting: opening and ending it, what stands on the wall, who is there, which screens may look."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from merilo.assessment.actions.agreement import agreeing, require_leader
from merilo.assessment.actions.voting import settle
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import (
    Assessment,
    Meeting,
    Order,
    Pass,
    Presence,
    Round,
    Turn,
    WallLink,
)
from merilo.assessment.queries import sittings
from merilo.core.errors import MeriloError, Refused
from merilo.core.secret import digest_of, new_token
from merilo.groups.api import scoring_seats
from merilo.organisations.api import Viewer, record

LONGEST_VOTE = 15 * 60  # seconds


class Elsewhere(MeriloError):
    """Somebody else who leads has gone on meanwhile; nothing was typed that could be lost."""

    status = 409


def open_meeting(*, viewer: Viewer, assessment: Assessment, at: datetime) -> Meeting:
    """Begin a meeting; the one that is going on, if one is. Errors: Refused."""
    require_leader(viewer, assessment)
    going_on = sittings.running_in(assessment)
    if going_on is not None:
        return going_on
    with agreeing(viewer, assessment) as running:
        if running is not None:
            return Meeting.objects.get(pk=running)
        meeting = Meeting.objects.create(assessment=assessment, opened_at=at, opened_by=viewer.membership)
        record(viewer, "meeting.opened", meeting, {"assessment": str(assessment.pk)}, at=at)
    return meeting


@contextmanager
def leading(viewer: Viewer, assessment: Assessment, at: datetime) -> Iterator[Meeting]:
    """One transaction on the meeting that is going on, by who leads it; all screens get news.

    A vote that is over by now is counted first. Errors: Refused, also where no meeting is going on.
    """
    require_leader(viewer, assessment)
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().filter(assessment=assessment, ended_at=None).first()
        if meeting is None:
            raise Refused(_("No meeting is going on."))
        meeting.assessment = assessment
        settle(meeting, at)
        yield meeting
        Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)


def end_meeting(*, viewer: Viewer, assessment: Assessment, at: datetime) -> Meeting:
    """End the meeting: its minutes are frozen, its screens, codes and votes are over. Errors: Refused."""
    with transaction.atomic():
        Assessment.objects.select_for_update().only("pk").get(pk=assessment.pk)  # no decision slips past it
        with leading(viewer, assessment, at) as meeting:
            Round.objects.filter(meeting=meeting, closed_at=None).delete()
            _leave(meeting, at)
            meeting.ended_at = at
            meeting.minutes = sittings.minutes_of(meeting)
            meeting.save(update_fields=["ended_at", "minutes"])
            WallLink.objects.filter(meeting=meeting, revoked_at=None).update(revoked_at=at)
            Pass.objects.filter(meeting=meeting).delete()
            record(viewer, "meeting.ended", meeting, {"items": len(meeting.minutes["items"])}, at=at)
    return meeting


# --- what stands on the wall --------------------------------------------------------------------------
def take_up(*, viewer: Viewer, assessment: Assessment, code: str, leaving: str, at: datetime) -> None:
    """Put an item on the wall in place of the one named `leaving` ("": none).

    Errors: Refused, Elsewhere when another stands there by now, UnknownCode, MeriloError during a vote.
    """
    require_leader(viewer, assessment)
    framework_of(assessment).item(code)
    with leading(viewer, assessment, at) as meeting:
        _require_on_the_wall(meeting, leaving)
        if code == leaving:
            return
        _require_no_vote(meeting)
        _leave(meeting, at)
        Turn.objects.create(meeting=meeting, code=code, began_at=at)
        record(viewer, "meeting.item_taken", meeting, {"code": code}, at=at)


def pause(*, viewer: Viewer, assessment: Assessment, leaving: str, at: datetime) -> None:
    """Take the item off the wall, as for a break: its time stands still. Errors: those of `take_up`."""
    with leading(viewer, assessment, at) as meeting:
        _require_on_the_wall(meeting, leaving)
        _require_no_vote(meeting)
        _leave(meeting, at)
        record(viewer, "meeting.paused", meeting, {"code": leaving}, at=at)


def _require_on_the_wall(meeting: Meeting, code: str) -> None:
    if sittings.code_on_wall(meeting) != code:
        raise Elsewhere(
            _("Somebody else who leads the meeting has gone on meanwhile. Look what stands there now.")
        )


def _require_no_vote(meeting: Meeting) -> None:
    if Round.objects.filter(meeting=meeting, closed_at=None).exists():
        raise MeriloError(_("A vote is going on. End it first."))


def _leave(meeting: Meeting, at: datetime) -> None:
    Turn.objects.filter(meeting=meeting, ended_at=None).update(ended_at=at)


def set_order(*, viewer: Viewer, assessment: Assessment, order: str, at: datetime) -> None:
    """Choose in which order the items stand. Errors: Refused, ValueError for an unknown order."""
    chosen = Order(order)
    with leading(viewer, assessment, at) as meeting:
        if meeting.order == chosen:
            return
        meeting.order = chosen
        meeting.save(update_fields=["order"])
        record(viewer, "meeting.order_set", meeting, {"order": str(chosen)}, at=at)


# --- votes --------------------------------------------------------------------------------------------
def open_vote(*, viewer: Viewer, assessment: Assessment, code: str, seconds: int, at: datetime) -> Round:
    """Let the members vote anew on the item on the wall; 0 seconds: until all who are there have voted.

    The vote that is going on, if one is. Errors: Refused, Elsewhere, MeriloError while nobody is there.
    """
    with leading(viewer, assessment, at) as meeting:
        _require_on_the_wall(meeting, code)
        running = Round.objects.filter(meeting=meeting, closed_at=None).first()
        if running is not None:
            return running
        if not Presence.objects.filter(meeting=meeting, left_at=None).exists():
            raise MeriloError(
                _("Nobody is here yet to vote. The members open the meeting on their phones first.")
            )
        limit = min(max(seconds, 0), LONGEST_VOTE)
        closes = at + timedelta(seconds=limit) if limit else None
        made = Round.objects.create(meeting=meeting, code=code, opened_at=at, closes_at=closes)
        record(viewer, "meeting.vote_opened", made, {"code": code, "seconds": limit}, at=at)
    return made


def close_vote(*, viewer: Viewer, assessment: Assessment, at: datetime) -> None:
    """End the vote that is going on and count it; without one nothing changes. Errors: Refused."""
    with leading(viewer, assessment, at) as meeting:
        counted = settle(meeting, at, at_once=True)
        if counted is not None:
            record(viewer, "meeting.vote_closed", counted, {"code": counted.code}, at=at)


# --- who is there ---------------------------------------------------------------------------------------
def mark_present(*, viewer: Viewer, assessment: Assessment, seats: Collection[UUID], at: datetime) -> None:
    """Say which scoring seats take part now: these and no others. Errors: Refused."""
    with leading(viewer, assessment, at) as meeting:
        here = {row.seat_id: row for row in Presence.objects.filter(meeting=meeting)}
        for seat in scoring_seats(assessment.group):
            _mark(meeting, seat.pk, here.get(seat.pk), is_here=seat.pk in set(seats), at=at)
        present = Presence.objects.filter(meeting=meeting, left_at=None).count()
        record(viewer, "meeting.presence_set", meeting, {"present": present}, at=at)


def _mark(meeting: Meeting, seat: UUID, row: Presence | None, *, is_here: bool, at: datetime) -> None:
    if row is None and is_here:
        Presence.objects.create(meeting=meeting, seat_id=seat, since=at)
    elif row is not None and (row.left_at is None) != is_here:
        row.left_at = None if is_here else at
        row.save(update_fields=["left_at"])


# --- screens --------------------------------------------------------------------------------------------
def make_wall_link(*, viewer: Viewer, assessment: Assessment, at: datetime) -> str:
    """A new secret for a screen in the room; answers the secret, which is kept nowhere. Errors: Refused."""
    token = new_token()
    with leading(viewer, assessment, at) as meeting:
        link = WallLink.objects.create(meeting=meeting, digest=digest_of("meeting.wall", token), made_at=at)
        record(viewer, "meeting.wall_opened", link, at=at)
    return token


def revoke_wall_links(*, viewer: Viewer, assessment: Assessment, at: datetime) -> int:
    """Turn off all screens of the meeting; answers how many links were valid. Errors: Refused."""
    with leading(viewer, assessment, at) as meeting:
        count = WallLink.objects.filter(meeting=meeting, revoked_at=None).update(revoked_at=at)
        record(viewer, "meeting.walls_revoked", meeting, {"links": count}, at=at)
    return count
