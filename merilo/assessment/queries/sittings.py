"""What the screens of a meeting show, and the minutes that write themselves.

Every function here takes a meeting that was reached by somebody who leads it, by a member's voice or by a
screen's link. Nothing tells who scored what.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.models import (
    Agreement,
    Assessment,
    Ballot,
    Decision,
    Dissent,
    EvidenceUse,
    Meeting,
    Order,
    Presence,
    Round,
    Statement,
    Turn,
    WallLink,
)
from merilo.assessment.queries import agreement
from merilo.assessment.queries.agreement import Overview, Row
from merilo.assessment.queries.voters import voices_of
from merilo.assessment.rules.rounds import Tally, is_over, mean_seconds, spread_as_json
from merilo.core.errors import Refused
from merilo.core.secret import digest_of
from merilo.groups.api import Seat
from merilo.organisations.api import Membership, Viewer


# --- reaching a meeting ---------------------------------------------------------------------------------
def running_in(assessment: Assessment) -> Meeting | None:
    """The meeting of an assessment that is going on. One query."""
    return Meeting.objects.filter(assessment=assessment, ended_at=None).first()


def led_by(viewer: Viewer, assessment: Assessment) -> Meeting | None:
    """The same for who leads it. Errors: Refused."""
    if not permissions.may_moderate(viewer, assessment):
        raise Refused(_("Only the coordinator, the chair or the facilitator leads the meeting."))
    return running_in(assessment)


def ended(viewer: Viewer, assessment: Assessment) -> QuerySet[Meeting]:
    """Meetings of an assessment that the viewer may see, the last first; their minutes are frozen."""
    return Meeting.objects.filter(assessment=assessment, ended_at__isnull=False).select_related("opened_by")


def on_wall(token: str) -> Meeting | None:
    """The meeting that a screen's link shows: until it is revoked or the meeting ends. One query."""
    related = (
        "meeting__assessment__edition",
        "meeting__assessment__organisation",
        "meeting__assessment__group",
    )
    found = (
        WallLink.objects.filter(
            digest=digest_of("meeting.wall", token),
            revoked_at=None,
            meeting__ended_at=None,
            meeting__assessment__organisation__closed_at=None,
        )
        .select_related(*related)
        .first()
    )
    return None if found is None else found.meeting


# --- the vote ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Vote:
    """The last vote on an item as everybody may see it: how many voted while it runs, then what it found."""

    pk: UUID
    opened_at: datetime
    closes_at: datetime | None
    voted: int
    expected: int
    is_over: bool
    tally: Tally | None


def vote_on(meeting: Meeting, code: str, *, now: datetime) -> Vote | None:
    """The last vote on an item in this meeting. Three queries at most.

    A vote whose time has run out is over, also while nobody has counted it yet.
    """
    found = Round.objects.filter(meeting=meeting, code=code).order_by("-opened_at").first()
    if found is None:
        return None
    if found.tally is not None:
        tally = Tally.from_json(found.tally)
        return Vote(found.pk, found.opened_at, found.closes_at, tally.voted, tally.voted, True, tally)
    voted = Ballot.objects.filter(round=found).count()
    expected = Presence.objects.filter(meeting=meeting, left_at=None).count()
    over = is_over(closed=False, closes_at=found.closes_at, voted=voted, expected=expected, now=now)
    return Vote(found.pk, found.opened_at, found.closes_at, voted, max(voted, expected), over, None)


def is_over_now(running: Round, *, now: datetime) -> bool:
    """Whether the time of a vote has run out; that everybody voted is counted at once."""
    return is_over(closed=False, closes_at=running.closes_at, voted=0, expected=0, now=now)


def has_round(meeting: Meeting, pk: UUID) -> bool:
    """Whether a vote was held in this meeting. One query."""
    return Round.objects.filter(meeting=meeting, pk=pk).exists()


def running_vote(meeting: Meeting) -> Round | None:
    """The vote that is going on or waits to be counted. One query."""
    return Round.objects.filter(meeting=meeting, closed_at=None).first()


def remaining(vote: Vote | None, *, now: datetime) -> int | None:
    """Whole seconds until the vote is closed; None where none runs or it waits for everybody."""
    if vote is None or vote.is_over or vote.closes_at is None:
        return None
    return max(0, round((vote.closes_at - now).total_seconds()))


def code_on_wall(meeting: Meeting) -> str:
    """The item that stands on the wall, or empty. One query."""
    turn = Turn.objects.filter(meeting=meeting, ended_at=None).values_list("code", flat=True).first()
    return turn or ""


def agreement_on(meeting: Meeting, code: str) -> Agreement | None:
    """What the group has agreed on an item so far. One query."""
    return Agreement.objects.filter(assessment=meeting.assessment_id, code=code).first()


# --- the wall ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Stage:
    """Everything about a meeting that the wall and who leads it look at."""

    meeting: Meeting
    overview: Overview
    turns: Sequence[Turn]
    row: Row | None
    vote: Vote | None
    now: datetime

    @cached_property
    def turn(self) -> Turn | None:
        """What stands on the wall now, and since when."""
        return next((turn for turn in self.turns if turn.ended_at is None), None)

    @cached_property
    def spent(self) -> dict[str, float]:
        """Seconds spent on each item in this meeting, those of the present one up to now."""
        found: defaultdict[str, float] = defaultdict(float)
        for turn in self.turns:
            found[turn.code] += ((turn.ended_at or self.now) - turn.began_at).total_seconds()
        return dict(found)

    @property
    def mean(self) -> int | None:
        """The mean seconds of the items that are off the wall again."""
        here = self.turn.code if self.turn else ""
        return mean_seconds([seconds for code, seconds in self.spent.items() if code != here])

    @property
    def rows(self) -> list[Row]:
        """All items in the order chosen for this meeting."""
        by_number = self.meeting.order == Order.MODEL
        return self.overview.by_number if by_number else self.overview.by_disagreement

    @property
    def to_discuss(self) -> list[Row]:
        return [row for row in self.rows if row.is_open and not row.is_close]

    @property
    def following(self) -> Row | None:
        """What comes next: the first item to discuss after the present one that is not postponed, or any."""
        here = self.turn.code if self.turn else ""
        waiting = [row for row in self.to_discuss if row.item.code != here]
        fresh = [row for row in waiting if row.agreement.state == "open"]
        order = [row.item.code for row in self.rows]
        later = [row for row in fresh if not here or order.index(row.item.code) > order.index(here)]
        close = [row for row in self.overview.close if row.item.code != here]
        return next(iter([*later, *fresh, *waiting, *close]), None)

    @property
    def agreed_after_talk(self) -> int:
        """How many of the agreed items were on the wall."""
        return sum(row.item.code in self.spent for row in self.overview.agreed)


def stage(meeting: Meeting, *, now: datetime) -> Stage:
    """A meeting as it stands now. Five to eight queries, whatever its size."""
    overview = agreement.overview_of(meeting.assessment)
    turns = list(Turn.objects.filter(meeting=meeting))
    code = next((turn.code for turn in turns if turn.ended_at is None), "")
    row = next((row for row in overview.by_number if row.item.code == code), None)
    vote = vote_on(meeting, code, now=now) if code else None
    return Stage(meeting, overview, turns, row, vote, now)


# --- the minutes --------------------------------------------------------------------------------------------
def minutes_of(meeting: Meeting) -> dict[str, Any]:
    """What happened, as plain data without anybody's score; people stand by the id of their membership.

    Items come in the order in which they were taken up; those agreed without a talk come after them.
    """
    whole = agreement.overview_of(meeting.assessment)
    rows = {row.item.code: row for row in whole.by_number}
    turns = list(Turn.objects.filter(meeting=meeting))
    decisions: dict[str, Decision] = {}
    for one in Decision.objects.filter(meeting=meeting).select_related("agreement").order_by("at", "id"):
        decisions[one.agreement.code] = one
    codes = dict.fromkeys([turn.code for turn in turns] + [code for code in rows if code in decisions])
    told = _Told(meeting)
    present = Presence.objects.filter(meeting=meeting).select_related("seat")
    return {
        "led_by": str(meeting.opened_by_id),
        "present": [{"member": str(one.seat.holder_id), "function": one.seat.function} for one in present],
        "counts": whole.counts,
        "items": [_item(rows[code], turns, decisions.get(code), told) for code in codes if code in rows],
    }


class _Told:
    """What was said and voted, read once for all items."""

    def __init__(self, meeting: Meeting) -> None:
        self.rounds: defaultdict[str, list[Tally]] = defaultdict(list)
        for round_ in Round.objects.filter(meeting=meeting, tally__isnull=False):
            self.rounds[round_.code].append(Tally.from_json(round_.tally or {}))
        self.statements: defaultdict[str, list[Statement]] = defaultdict(list)
        for statement in Statement.objects.filter(assessment=meeting.assessment_id):
            self.statements[statement.code].append(statement)
        self.dissents: defaultdict[str, list[Dissent]] = defaultdict(list)
        agreements = Agreement.objects.filter(assessment=meeting.assessment_id)
        for dissent in Dissent.objects.filter(agreement__in=agreements).select_related("agreement"):
            self.dissents[dissent.agreement.code].append(dissent)


def _item(row: Row, turns: Sequence[Turn], decision: Decision | None, told: _Told) -> dict[str, Any]:
    code = row.item.code
    spent = [
        (turn.ended_at - turn.began_at).total_seconds()
        for turn in turns
        if turn.code == code and turn.ended_at
    ]
    return {
        "code": code,
        "seconds": round(sum(spent)) if any(turn.code == code for turn in turns) else None,
        "individual": spread_as_json(row.voices.spread),
        "votes": [{"voted": one.voted, "spread": spread_as_json(one.spread)} for one in told.rounds[code]],
        "decided": None if decision is None else decision.after,
        "statements": [{"kind": one.kind, "text": one.text} for one in told.statements[code]],
        "dissents": [{"text": one.text, "name": one.name} for one in told.dissents[code]],
    }


def names_in(meeting: Meeting) -> dict[str, str]:
    """The names of those who stand in the minutes, by membership. One query."""
    told = meeting.minutes or {"led_by": "", "present": []}
    wanted = {told["led_by"], *(row["member"] for row in told["present"])} - {""}
    found = Membership.objects.filter(organisation=meeting.assessment.organisation_id, pk__in=wanted)
    return {str(member.pk): member.on_record for member in found.order_by("pk")}


# --- beside it -------------------------------------------------------------------------------------------
def walls(meeting: Meeting) -> int:
    """How many links for screens are valid. One query."""
    return WallLink.objects.filter(meeting=meeting, revoked_at=None).count()


def voices_here(meeting: Meeting, *, on: date) -> list[tuple[Seat, bool]]:
    """All scoring seats, and whether they take part now. Two queries."""
    return [(seat, row is not None and row.left_at is None) for seat, row in voices_of(meeting, on=on)]


def present(meeting: Meeting) -> int:
    """How many scoring seats are there now. One query."""
    return Presence.objects.filter(meeting=meeting, left_at=None).count()


def evidence_titles(assessment: Assessment, code: str) -> list[str]:
    """Titles of the evidence for an item that the whole group sees. One query."""
    uses = EvidenceUse.objects.filter(
        code=code,
        evidence__assessment=assessment,
        evidence__only_coordinator=False,
        evidence__removed_at=None,
    )
    return list(uses.order_by("evidence__title").values_list("evidence__title", flat=True))


def last_decision(agreement_: Agreement) -> Decision | None:
    """The decision that made an agreement what it is now. One query."""
    found = Decision.objects.filter(agreement=agreement_, version=agreement_.version)
    return found.select_related("by").first()
