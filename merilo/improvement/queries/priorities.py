"""Points, places and decisions of a plan's proposals; the plan was reached through its viewer.

What members gave alone leaves this module only for themselves, or for all without names once it is closed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from merilo.groups.api import SCORING, Seat, scoring_seats
from merilo.improvement.models import Decision, OwnPoints, Plan, PlanState, Proposal
from merilo.improvement.queries.plans import plans_of
from merilo.improvement.queries.proposals import proposals_of
from merilo.improvement.rules.priorities import Placed, Shifted, Spread, ordered, sensitivity, spread
from merilo.improvement.rules.scheme import criteria_of, is_complete
from merilo.organisations.api import Viewer

Points = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal at its place; `rank` is None while it has no place."""

    proposal: Proposal
    placed: Placed
    rank: int | None


def ranked(plan: Plan, proposals: Sequence[Proposal]) -> list[Row]:
    """The proposals by what the group agreed, the best first, those without a place last."""
    by_key = {one.pk: one for one in proposals}
    table = ordered(criteria_of(plan.scheme), {key: one.points for key, one in by_key.items()})
    return [
        Row(by_key[key], placed, number if placed.rank else None)
        for number, (key, placed) in enumerate(table, start=1)
    ]


def shifts(plan: Plan, proposals: Sequence[Proposal]) -> list[Shifted[UUID]]:
    """Which of the first ten change when a weight moves by a fifth."""
    return sensitivity(criteria_of(plan.scheme), {one.pk: one.points for one in proposals})


# --- alone ------------------------------------------------------------------------------------
def own_points(plan: Plan, seat: Seat) -> dict[UUID, Points]:
    """What a member gave alone, by proposal. One query."""
    rows = OwnPoints.objects.filter(proposal__plan=plan, seat=seat)
    return dict(rows.values_list("proposal_id", "points"))


@dataclass(frozen=True, slots=True)
class Mine:
    """How many proposals a member has scored on every criterion, and how many still wait for points."""

    done: int
    waiting: int


def to_score(viewer: Viewer) -> dict[Plan, Mine]:
    """Plans in preparation whose group the viewer scores in and has not scored all that waits. Three queries.

    What the group has agreed or decided on already waits for nobody.
    """
    member = viewer.membership
    open_plans = plans_of(viewer).filter(state=PlanState.DRAFT, scored_at=None)
    seated = {"group__seats__holder": member, "group__seats__function__in": SCORING}
    plans = {plan.pk: plan for plan in open_plans.filter(**seated).order_by("first", "pk")}
    if not plans:
        return {}
    rows = OwnPoints.objects.filter(proposal__plan__in=plans, seat__holder=member)
    own = dict(rows.values_list("proposal_id", "points"))
    proposals: dict[UUID, list[Proposal]] = {pk: [] for pk in plans}
    for one in Proposal.objects.filter(plan__in=plans).only("pk", "plan_id", "points", "decision"):
        proposals[one.plan_id].append(one)
    found = {plan: _mine(plan, proposals[pk], own) for pk, plan in plans.items()}
    return {plan: mine for plan, mine in found.items() if mine.waiting}


def _mine(plan: Plan, proposals: Sequence[Proposal], own: Mapping[UUID, Points]) -> Mine:
    left = [one for one in proposals if not is_complete(plan.scheme, own.get(one.pk, {}))]
    waiting = [
        one for one in left if one.decision == Decision.OPEN and not is_complete(plan.scheme, one.points)
    ]
    return Mine(len(proposals) - len(left), len(waiting))


@dataclass(frozen=True, slots=True)
class Progress:
    """How many proposals a member has scored on every criterion."""

    seat: Seat
    done: int


def progress_of(plan: Plan) -> list[Progress]:
    """Of each member who scores, without the points. Two queries."""
    done: dict[UUID, int] = defaultdict(int)
    rows = OwnPoints.objects.filter(proposal__plan=plan)
    for seat, points in rows.values_list("seat_id", "points"):
        done[seat] += is_complete(plan.scheme, points)
    return [Progress(seat, done[seat.pk]) for seat in scoring_seats(plan.group)]


# --- together ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Voices:
    """How members' own points for a proposal lie, by criterion; empty until they are closed."""

    spreads: Mapping[str, Spread]

    @property
    def width(self) -> int:
        """The largest distance between two members."""
        return max((one.most - one.least for one in self.spreads.values()), default=0)

    @property
    def middle(self) -> dict[str, int]:
        """The middles of criteria where members are close and the middle is one number."""
        return {
            code: one.middle[0]
            for code, one in self.spreads.items()
            if not one.wide and one.middle[0] == one.middle[1]
        }


def voices_of(plan: Plan) -> dict[UUID, Voices]:
    """By proposal, without names; nothing while members still score. One query."""
    if plan.scored_at is None:
        return {}
    given: dict[UUID, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = OwnPoints.objects.filter(proposal__plan=plan)
    for proposal, points in rows.values_list("proposal_id", "points"):
        for code, value in points.items():
            given[proposal][code].append(value)
    codes = [one["code"] for one in plan.scheme]
    return {
        proposal: Voices({code: found for code in codes if (found := spread(by_code[code]))})
        for proposal, by_code in given.items()
    }


def in_turn(plan: Plan, proposals: Sequence[Proposal], voices: Mapping[UUID, Voices]) -> list[Proposal]:
    """In the order in which the group agrees: what is not agreed first, the most disputed first."""

    def turn(one: Proposal) -> tuple[bool, int]:
        return is_complete(plan.scheme, one.points), -voices[one.pk].width if one.pk in voices else 0

    return sorted(proposals, key=turn)


def around(proposal: Proposal, turn: Sequence[Proposal]) -> tuple[Proposal | None, Proposal | None]:
    """The proposals before and after this one in an order."""
    place = [one.pk for one in turn].index(proposal.pk)
    return turn[place - 1] if place else None, turn[place + 1] if place + 1 < len(turn) else None


def close_ones(plan: Plan, proposals: Sequence[Proposal], voices: Mapping[UUID, Voices]) -> list[Proposal]:
    """Proposals without agreed points on which members are close: their middle can be taken as it is."""
    return [
        one
        for one in proposals
        if not one.points and one.pk in voices and is_complete(plan.scheme, voices[one.pk].middle)
    ]


# --- what comes next --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Stand:
    """How far prioritising is: how many proposals have points, are decided, are chosen without a measure."""

    proposals: int
    scored: int
    decided: int
    to_measure: int


def stand_of(plan: Plan) -> Stand:
    """Of the whole plan. One query."""
    return stand_in(plan, list(proposals_of(plan)))


def stand_in(plan: Plan, rows: Sequence[Proposal]) -> Stand:
    """Of proposals read before."""
    chosen = [one for one in rows if one.decision == Decision.CHOSEN]
    return Stand(
        proposals=len(rows),
        scored=sum(is_complete(plan.scheme, one.points) for one in rows),
        decided=sum(one.decision != Decision.OPEN for one in rows),
        to_measure=sum(getattr(one, "measure", None) is None for one in chosen),
    )
