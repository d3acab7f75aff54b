"""The agreement of the demo: lock, statements merged from the group's remarks, scores, what is postponed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from merilo.assessment.actions import agreement, locking, statements
from merilo.assessment.actions.agreement import Outcome, Proposal
from merilo.assessment.models import Agreement, AgreementState, Assessment, Contribution, Statement
from merilo.organisations.viewers import Viewer
from merilo.site.demo.content import Node
from merilo.site.demo.judging import KINDS, SEED
from merilo.site.demo.scene import Day, Scene, dice

CLOSE = 10  # points between the lowest and the highest score of items that are agreed together
WIDE_AGREED, POSTPONED = 6, 3  # how far an unfinished agreement has come
MINUTES_PER_ITEM = 17
FOLLOWING = 20  # place of the first statement that came up, after all others of its kind
DISSENTS = (
    {
        "bg": "Бих дал с пет точки по-малко: доказателствата са само за едната от двете години.",
        "en": "I would give five points less: the evidence covers only one of the two years.",
    },
    {
        "bg": "Според мен селата са оценени твърде високо; там напредъкът още не се вижда.",
        "en": "In my view the villages are rated too high; progress cannot be seen there yet.",
    },
)


@dataclass(frozen=True, slots=True)
class Table:
    """Who leads the agreement of what, with the group's remarks by item, kind and text."""

    scene: Scene
    assessment: Assessment
    viewer: Viewer
    remarks: Mapping[tuple[str, str, str], UUID]


def past_items(items: Mapping[str, Node]) -> dict[str, Node]:
    """The sheets of the first cycle as they may have been, with scores around the agreed ones."""
    random = dice(SEED + 2)
    return {code: _past_item(item["agreed_2024"], random) for code, item in items.items()}


def _past_item(agreed: Node, random: Random) -> Node:
    scores = [min(100, max(0, agreed["score"] + random.randint(-14, 14))) for _ in range(10)]
    item: dict[str, object] = {"scores": scores, "cannot_judge": {}}
    merged: dict[str, object] = {"score": agreed["score"], "justification": agreed["justification"]}
    for key in KINDS:
        item[key] = [{**node, "by": random.randint(1, 10)} for node in agreed[key]]
        merged[key] = [{**node, "from": [place]} for place, node in enumerate(agreed[key])]
    return item | {"agreed": merged}


def running_items(items: Mapping[str, Node]) -> dict[str, Node]:
    """The sheets of the running cycle, with what the group agrees on under `agreed`."""
    return {code: {**item, "agreed": item["agreed_2026"]} for code, item in items.items()}


def lock(scene: Scene, assessment: Assessment, *, on: Day) -> None:
    """Freeze the sheets in the evening of the day on which this was announced."""
    locking.lock_sheets(viewer=scene.coordinator, assessment=assessment, at=scene.calendar.at(on, 18, 5))


def agree(
    scene: Scene,
    assessment: Assessment,
    items: Mapping[str, Node],
    *,
    on: Sequence[Day],
    finished: bool,
    more: Mapping[str, Node] | None = None,
) -> None:
    """Work through the items, close ones together, then by disagreement; all of them if `finished`.

    `more` came up at the meetings.
    """
    table = _table(scene, assessment)
    close = [code for code, item in items.items() if _is_close(item)]
    wide = sorted((code for code in items if code not in close), key=lambda code: -_spread(items[code]))
    agreed = wide if finished else wide[:WIDE_AGREED]
    clock = _moments(scene, on)
    _agree_together(table, {code: items[code] for code in close}, next(clock))
    for code in agreed:
        _agree_one(table, code, items[code], next(clock))
    _came_up(table, more or {})
    if finished:
        agreement.finish(viewer=table.viewer, assessment=assessment, at=next(clock))
        return
    for code in wide[WIDE_AGREED : WIDE_AGREED + POSTPONED]:
        _merge(table, code, items[code], next(clock), most=1)
        _decide(table, code, Outcome(AgreementState.POSTPONED), (), next(clock))


def _table(scene: Scene, assessment: Assessment) -> Table:
    rows = Contribution.objects.filter(assessment=assessment).values_list("code", "kind", "text", "pk")
    remarks = {(code, kind, text): pk for code, kind, text, pk in rows}
    return Table(scene, assessment, scene.viewer(scene.roles["facilitator"]), remarks)


def _scores(item: Node) -> list[Decimal]:
    return [Decimal(score) for score in item["scores"] if score is not None]


def _spread(item: Node) -> Decimal:
    return max(_scores(item)) - min(_scores(item))


def _is_close(item: Node) -> bool:
    return None not in item["scores"] and _spread(item) <= CLOSE


def _moments(scene: Scene, days: Sequence[Day]) -> Iterator[datetime]:
    """One moment after another in the working hours of the meetings; the last day takes what is left."""
    for day in days[:-1]:
        for place in range(11):
            yield scene.calendar.at(day, 9, 30) + timedelta(minutes=place * MINUTES_PER_ITEM)
    place = 0
    while True:
        yield min(scene.calendar.at(days[-1], 9, 30) + timedelta(minutes=place * 9), scene.calendar.now)
        place += 1


def _agree_together(table: Table, items: Mapping[str, Node], at: datetime) -> None:
    for code, item in items.items():
        _merge(table, code, item, at)
    proposals = [Proposal(code, 1, _outcome(table, item), _scores(item)) for code, item in items.items()]
    agreement.agree_together(viewer=table.viewer, assessment=table.assessment, proposals=proposals, at=at)


def _agree_one(table: Table, code: str, item: Node, at: datetime) -> None:
    _merge(table, code, item, at)
    _decide(table, code, _outcome(table, item), _scores(item), at)
    if code in {"1.3", "6.1"}:
        said = DISSENTS[code == "6.1"]
        name = table.scene.assessors[10].name if code == "1.3" else ""
        agreement.record_dissent(
            viewer=table.viewer,
            assessment=table.assessment,
            code=code,
            text=table.scene.voice(said),
            name=name,
            at=at,
        )


def _outcome(table: Table, item: Node) -> Outcome:
    agreed = item["agreed"]
    return Outcome(
        AgreementState.AGREED, {"score": agreed["score"]}, table.scene.voice(agreed["justification"])
    )


def _decide(table: Table, code: str, outcome: Outcome, scores: Sequence[Decimal], at: datetime) -> None:
    version = Agreement.objects.values_list("version", flat=True).get(assessment=table.assessment, code=code)
    proposal = Proposal(code, version, outcome, scores)
    agreement.agree(viewer=table.viewer, assessment=table.assessment, proposal=proposal, at=at)


def _merge(table: Table, code: str, item: Node, at: datetime, *, most: int = 99) -> None:
    """Make the agreed statements of an item from the remarks they came from."""
    for key, kind in KINDS.items():
        for agreed in item["agreed"][key][:most]:
            statements.make_statement(
                viewer=table.viewer,
                assessment=table.assessment,
                code=code,
                kind=kind,
                sources=_sources(table, code, kind, item[key], agreed["from"]),
                text=table.scene.voice(agreed),
                at=at,
            )


def _came_up(table: Table, more: Mapping[str, Node]) -> None:
    """Statements without remarks of the sheets, all at once."""
    Statement.objects.bulk_create(
        Statement(
            assessment=table.assessment,
            code=code,
            kind=KINDS[key],
            text=table.scene.voice(said),
            position=FOLLOWING + place,
        )
        for code, node in more.items()
        for key, told in node.items()
        for place, said in enumerate(told)
    )


def _sources(table: Table, code: str, kind: str, remarks: Sequence[Node], places: Sequence[int]) -> set[UUID]:
    texts = [table.scene.voice(remarks[place]) for place in places]
    return {table.remarks[code, kind, text] for text in texts}
