"""Evidence and individual judgements of the demo: who wrote what, when, and how far each has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from merilo.assessment.actions import calling_in, sheets
from merilo.assessment.actions import evidence as shelf
from merilo.assessment.models import Assessment, LineKind, Sheet
from merilo.organisations.models import Membership
from merilo.organisations.viewers import Viewer
from merilo.site.demo.content import Node
from merilo.site.demo.scene import Day, Scene, dice

KINDS = {"strengths": LineKind.STRENGTH, "areas": LineKind.AREA, "ideas": LineKind.IDEA}
SEED = 2026
# How many of the 28 sub-criteria each assessor has finished in the running cycle, and who has handed in.
PROGRESS = {1: 28, 2: 28, 3: 27, 4: 18, 5: 28, 6: 14, 7: 0, 8: 0, 9: 9, 10: 22}
HANDED_IN = (1, 2, 5)
REMINDED = (4, 7)


# --- the shelf ------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Proof:
    """One thing on the shelf, gathered from all sub-criteria that name it."""

    node: Node
    uses: dict[str, str] = field(default_factory=dict)


def fill_shelf(
    scene: Scene, assessment: Assessment, items: Mapping[str, Node], *, start: Day, last_year: int
) -> int:
    """Put the evidence on the shelf that existed by `last_year`; answers how many things these are."""
    random = dice(SEED)
    proofs = [proof for proof in _proofs(items) if _existed(proof.node, last_year)]
    begun = scene.calendar.at(start, 9)
    span = max(int((scene.calendar.now - begun).total_seconds()), 1)
    moments = sorted(random.randrange(min(span, 14 * 86400)) for _ in proofs)
    adders = [scene.roles["coordinator"], *scene.assessors.values()]
    for proof, seconds in zip(proofs, moments, strict=True):
        adder = scene.viewer(random.choice(adders))
        at = begun + timedelta(seconds=seconds)
        scene.happens(at, _adding(assessment, adder, proof, _content(scene, proof.node, last_year)))
    return len(proofs)


def _adding(
    assessment: Assessment, viewer: Viewer, proof: _Proof, said: shelf.Content
) -> Callable[[datetime], object]:
    def act(at: datetime) -> None:
        kind = proof.node["kind"]
        shelf.add(viewer=viewer, assessment=assessment, kind=kind, content=said, uses=proof.uses, at=at)

    return act


def _proofs(items: Mapping[str, Node]) -> Iterator[_Proof]:
    """Each evidence once, with the sub-criteria and pages it is used for."""
    found: dict[tuple[str, str], _Proof] = {}
    for code, item in items.items():
        for node in item["evidence"]:
            proof = found.setdefault((node["kind"], node["title"]["en"]), _Proof(node))
            proof.uses[code] = str(node.get("page", ""))
    yield from found.values()


def _existed(node: Node, last_year: int) -> bool:
    if node["kind"] == "indicator":
        return any(year <= last_year for year in node["values"])
    return int(node["year"]) <= last_year


def _content(scene: Scene, node: Node, last_year: int) -> shelf.Content:
    say = scene.voice
    return shelf.Content(
        title=say(node["title"]),
        year=node.get("year"),
        unit=scene.units[node["unit"]],
        url=say(node.get("url", "")),
        text=say(node.get("text", "")),
        details=_details(scene, node, last_year),
    )


def _details(scene: Scene, node: Node, last_year: int) -> dict[str, Any]:
    say = scene.voice
    if node["kind"] == "survey":
        return {"wave": say(node["wave"]), "n": node["n"], "method": say(node["method"])}
    if node["kind"] != "indicator":
        return {}
    values = {str(year): str(value) for year, value in node["values"].items() if year <= last_year}
    return {
        "measure": say(node["measure"]),
        "values": values,
        "target": str(node.get("target", "")),
        "better": node["better"],
        "source": say(node["source"]),
    }


# --- the sheets -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Save:
    """One judgement at the moment it was written."""

    at: datetime
    number: int
    code: str
    ready: bool


def judge(
    scene: Scene,
    assessment: Assessment,
    items: Mapping[str, Node],
    *,
    period: tuple[Day, Day],
    progress: Mapping[int, int],
) -> None:
    """Let the assessors write their sheets between two days, in the order in which it happened."""
    own = _sheets(scene, assessment)
    for save in _saves(scene, list(items), period, progress):
        scene.happens(
            save.at, _writing(scene, own[save.number], scene.assessors[save.number], items[save.code], save)
        )


def hand_in(scene: Scene, assessment: Assessment, numbers: Iterable[int], *, on: Day) -> None:
    """Let some assessors hand in, one after the other in the afternoon of a day."""
    own = _sheets(scene, assessment)
    for number in numbers:
        sheet, viewer = own[number], scene.viewer(scene.assessors[number])
        scene.happens(scene.calendar.at(on, 15, number * 3), _handing_in(viewer, sheet))


def _handing_in(viewer: Viewer, sheet: Sheet) -> Callable[[datetime], object]:
    def act(at: datetime) -> None:
        sheets.hand_in(viewer=viewer, sheet=sheet, gaps=0, confirmed=True, at=at)

    return act


def remind(scene: Scene, assessment: Assessment, numbers: Iterable[int], *, on: Day) -> None:
    """Let the coordinator remind some assessors."""
    own = _sheets(scene, assessment)
    for number in numbers:
        scene.happens(scene.calendar.at(on, 16, number * 3), _reminding(scene.coordinator, own[number]))


def _reminding(viewer: Viewer, sheet: Sheet) -> Callable[[datetime], object]:
    def act(at: datetime) -> None:
        calling_in.remind(viewer=viewer, assessment=sheet.assessment, seat=sheet.seat_id, at=at)

    return act


def _sheets(scene: Scene, assessment: Assessment) -> dict[int, Sheet]:
    rows = Sheet.objects.filter(assessment=assessment).select_related("seat", "assessment")
    by_holder = {sheet.seat.holder_id: sheet for sheet in rows}
    return {number: by_holder[member.pk] for number, member in scene.assessors.items()}


def _saves(
    scene: Scene, codes: list[str], period: tuple[Day, Day], progress: Mapping[int, int]
) -> Iterator[_Save]:
    """When each assessor wrote what: in the model's order, spread over the working hours of the period."""
    random = dice(SEED + 1)
    first, last = scene.calendar.at(period[0], 9), scene.calendar.at(period[1], 12)
    days = max((last.date() - first.date()).days, 1)
    for number, finished in progress.items():
        begun = codes[: min(finished + (0 < finished < len(codes)), len(codes))]
        moments = sorted((random.randrange(days), random.randrange(9 * 60, 17 * 60)) for _ in begun)
        for place, (code, (day, minute)) in enumerate(zip(begun, moments, strict=True)):
            at = first.replace(hour=0, minute=0) + timedelta(days=day, minutes=minute)
            yield _Save(min(at, last), number, code, place < finished)


def _writing(
    scene: Scene, sheet: Sheet, member: Membership, item: Node, save: _Save
) -> Callable[[datetime], object]:
    def act(at: datetime) -> None:
        minutes = dice(f"{save.number} {save.code}").randrange(4, 10)
        sheets.save_judgement(
            viewer=scene.viewer(member),
            sheet=sheet,
            stored=None,
            code=save.code,
            version=0,
            content=content_of(scene, item, save.number, save.code, ready=save.ready),
            opened=at - timedelta(minutes=minutes),
            at=at,
        )

    return act


def content_of(scene: Scene, item: Node, number: int, code: str, *, ready: bool) -> sheets.Content:
    """What assessor `number` says about an item; an unfinished one has remarks and no score yet."""
    score = item["scores"][number - 1]
    cannot = score is None
    lines = {str(kind): _lines(scene, item[key], number, code, key) for key, kind in KINDS.items()}
    return sheets.Content(
        values={} if cannot or not ready else {"score": score},
        cannot_judge=cannot and ready,
        reason=scene.voice(item["cannot_judge"][number]) if cannot and ready else "",
        lines={kind: rows for kind, rows in lines.items() if rows},
        examples={"1": "yes", "2": "unknown"} if number % 3 else {},
        ready=ready,
    )


def _lines(scene: Scene, remarks: list[Node], number: int, code: str, key: str) -> list[dict[str, Any]]:
    """The remarks of one kind that this assessor wrote; their ids tell nothing and are the same each time."""
    return [
        {
            "id": f"{dice(f'{code} {key} {place}').getrandbits(64):016x}",
            "text": scene.voice(remark),
            "named": bool(remark.get("named")),
        }
        for place, remark in enumerate(remarks)
        if remark["by"] == number
    ]
