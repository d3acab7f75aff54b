"""Votes of the members: hidden while they are cast, counted without names when the vote is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Ballot, Meeting, Presence, Round
from merilo.assessment.queries.voters import Voter
from merilo.assessment.rules import scoring
from merilo.assessment.rules.rounds import is_over, tally
from merilo.core import audit
from merilo.core.errors import MeriloError


class VoteOver(MeriloError):
    """The vote came too late; it is not counted and the member is told so."""

    status = 409


@contextmanager
def sitting(meeting: UUID) -> Iterator[Meeting]:
    """One transaction on a meeting that is going on; all screens get news. Errors: MeriloError."""
    with transaction.atomic():
        held = (
            Meeting.objects.select_for_update(of=("self",))
            .select_related("assessment__edition")
            .filter(pk=meeting, ended_at=None)
            .first()
        )
        if held is None:
            raise MeriloError(_("The meeting has ended."))
        yield held
        Meeting.objects.filter(pk=meeting).update(version=F("version") + 1)


def join(*, voter: Voter, at: datetime) -> None:
    """The member is here; saying so again changes nothing."""
    here = Presence.objects.filter(meeting=voter.meeting, seat=voter.seat, left_at=None)
    if here.exists():
        return
    with sitting(voter.meeting.pk) as meeting:
        Presence.objects.update_or_create(
            meeting=meeting, seat=voter.seat, defaults={"left_at": None}, create_defaults={"since": at}
        )
        _record(voter, "meeting.joined", meeting, {}, at)


def vote(*, voter: Voter, round_: UUID, values: Mapping[str, int] | None, at: datetime) -> None:
    """Cast or change one's vote in a round; None: cannot judge. The last who votes ends it.

    Errors: VoteOver, scoring.ScoreError.
    """
    with sitting(voter.meeting.pk) as meeting:
        settle(meeting, at)
        found = Round.objects.filter(pk=round_, meeting=meeting, closed_at=None).first()
        if found is None:
            raise VoteOver(_("This vote is over, so your score was not counted. Tell the group about it."))
        scale = framework_of(meeting.assessment).scale_for(found.code, meeting.assessment.method)
        if values is not None:
            scoring.score_of(scale, values)
        Presence.objects.update_or_create(
            meeting=meeting, seat=voter.seat, defaults={"left_at": None}, create_defaults={"since": at}
        )
        said = {"values": dict(values or {}), "cannot_judge": values is None}
        Ballot.objects.update_or_create(round=found, seat=voter.seat, defaults=said)
        _record(voter, "meeting.voted", found, {"code": found.code}, at)
        settle(meeting, at)


def settle(meeting: Meeting, at: datetime, *, at_once: bool = False) -> Round | None:
    """Count the open vote if it is over, or `at_once`; its ballots become sorted values and are deleted.

    Answers the round that was counted now. Runs inside a transaction that holds the meeting.
    """
    found = Round.objects.filter(meeting=meeting, closed_at=None).first()
    if found is None:
        return None
    ballots = list(Ballot.objects.filter(round=found))
    expected = Presence.objects.filter(meeting=meeting, left_at=None).count()
    over = is_over(closed=at_once, closes_at=found.closes_at, voted=len(ballots), expected=expected, now=at)
    if not over:
        return None
    scale = framework_of(meeting.assessment).scale_for(found.code, meeting.assessment.method)
    counted = tally(scale, [None if row.cannot_judge else row.values for row in ballots])
    found.tally, found.closed_at = counted.as_json(), min(at, found.closes_at or at)
    found.save(update_fields=["tally", "closed_at"])
    Ballot.objects.filter(round=found).delete()
    return found


def count_if_over(*, round_: UUID, at: datetime) -> bool:
    """Count a vote whose time has run out, with nobody there to press anything; the system does it."""
    found = Round.objects.filter(pk=round_, closed_at=None, meeting__ended_at=None).first()
    if found is None:
        return False
    with sitting(found.meeting_id) as meeting:
        counted = settle(meeting, at)
        if counted is not None:
            audit.record(
                "meeting.vote_closed",
                organisation=meeting.assessment.organisation_id,
                target=counted,
                payload={"code": counted.code},
                at=at,
            )
    return counted is not None


def _record(voter: Voter, verb: str, target: object, payload: Mapping[str, object], at: datetime) -> None:
    """What a member did, without what they voted."""
    audit.record(
        verb,
        organisation=voter.meeting.assessment.organisation_id,
        actor=voter.seat.holder.person_id or audit.UNNAMED,
        target=target,
        payload=dict(payload),
        at=at,
    )
