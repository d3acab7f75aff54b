"""What the plans of the demo share: their group, and proposals of what was found, with the group's points."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from merilo.core.periods import Period
from merilo.groups.api import SeatChange
from merilo.improvement.actions import group, items, priorities
from merilo.improvement.actions.plans import PlanFacts
from merilo.improvement.actions.ticked import Ticked
from merilo.improvement.models import Item, OwnPoints, Plan, Proposal
from merilo.site.demo import content
from merilo.site.demo.content import Node
from merilo.site.demo.scene import Calendar, Scene, dice

KINDS = {"a": "areas", "i": "ideas"}
LEAST, MOST = 1, 5


@dataclass(frozen=True, slots=True)
class Desk:
    """One plan of the demo at work: its scene, and days that do not move with the self-assessment."""

    scene: Scene
    days: Calendar

    def at(self, day: int, hour: int = 10, minute: int = 0) -> datetime:
        return self.days.at(day, hour, minute)

    def day(self, day: int) -> date:
        return self.days.day(day)


def desk(scene: Scene) -> Desk:
    return Desk(scene, Calendar(scene.calendar.now, scene.calendar.zone))


def facts(desk: Desk, node: Node, previous: Plan | None = None) -> PlanFacts:
    """Title and period of a plan; it begins and ends with a month."""
    first = desk.day(node["begins"]).replace(day=1)
    last = _month_end(desk.day(node["ends"]))
    title = str(node["title"]).format(first=first.year, last=last.year)
    return PlanFacts(title, Period(first, last), node["purpose"], previous)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def seat(desk: Desk, plan: Plan, node: Node, at: datetime) -> None:
    """Seat the group of a plan."""
    for key, function in node["group"].items():
        change, holder = SeatChange(function), desk.scene.members[key]
        group.add_seat(viewer=desk.scene.coordinator, plan=plan, holder=holder, change=change, at=at)


# --- what was found ---------------------------------------------------------------------------
def texts() -> dict[str, list[str]]:
    """What the group of the first cycle found, by sub-criterion and kind ("1.2 a")."""
    found = content.found()
    return {
        f"{code} {key}": [one["bg"] for one in node[name]]
        for code, node in found.items()
        for key, name in KINDS.items()
    }


def proposed(
    desk: Desk, plan: Plan, rows: Iterable[Node], found: Mapping[str, list[str]], at: datetime
) -> list[Proposal]:
    """Bring items together into the proposals of the content."""
    viewer = desk.scene.coordinator
    by_text = {(one.code, one.text): one for one in plan.items.all()}
    made = []
    for row in rows:
        own = [by_text[place] for place in _places(row["from"], found)]
        ticked = [Ticked(one.pk, one.version) for one in own]
        made.append(items.bring_together(viewer=viewer, plan=plan, ticked=ticked, text=row["text"], at=at))
    return made


def _places(names: Sequence[str], found: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """What the content names ("1.2 a0"), as sub-criterion and text."""
    for name in names:
        yield name.split()[0], found[name[:-1]][int(name[-1])]


# --- points and decisions ---------------------------------------------------------------------
def scored_alone(
    desk: Desk, plan: Plan, rows: Sequence[tuple[Proposal, Node]], keys: Sequence[str], at: datetime
) -> None:
    """What members gave alone: around what the group agrees on, all at once."""
    random = dice(plan.title)
    seats = {one.holder_id: one for one in plan.group.seats.all()}
    codes = [one["code"] for one in plan.scheme]
    OwnPoints.objects.bulk_create(
        OwnPoints(
            proposal=proposal,
            seat=seats[desk.scene.members[key].pk],
            points={
                code: min(max(middle + random.choice((-1, 0, 0, 0, 1)), LEAST), MOST)
                for code, middle in zip(codes, row.get("points", [3] * len(codes)), strict=True)
            },
            saved_at=at,
        )
        for proposal, row in rows
        for key in keys
    )


def agreed(desk: Desk, plan: Plan, rows: Sequence[tuple[Proposal, Node]], at: datetime) -> None:
    """The points of the group where the content has some."""
    codes = [one["code"] for one in plan.scheme]
    told = [
        priorities.Agreed(proposal.pk, dict(zip(codes, row["points"], strict=True)), proposal.version)
        for proposal, row in rows
        if "points" in row
    ]
    priorities.agree(viewer=desk.scene.coordinator, plan=plan, agreed=told, at=at)


def decided(desk: Desk, plan: Plan, rows: Iterable[Node], at: datetime) -> None:
    """Decisions with their reasons, those of one kind and reason together."""
    decisions = {row["text"]: (row["decision"], row.get("reason", "")) for row in rows if "decision" in row}
    made = [one for one in plan.proposals.all() if one.text in decisions]
    ordered = sorted(made, key=lambda one: (decisions[one.text], one.number))
    for (decision, reason), together in groupby(ordered, key=lambda one: decisions[one.text]):
        ticked = [Ticked(one.pk, one.version) for one in together]
        priorities.decide(
            viewer=desk.scene.coordinator, plan=plan, ticked=ticked, decision=decision, reason=reason, at=at
        )


def set_rest_aside(desk: Desk, plan: Plan, reason: str, at: datetime) -> None:
    """What lies in no proposal is set aside."""
    rest = Item.objects.filter(plan=plan, proposal=None, aside="")
    ticked = [Ticked(one.pk, one.version) for one in rest]
    items.set_aside(viewer=desk.scene.coordinator, plan=plan, ticked=ticked, reason=reason, at=at)
