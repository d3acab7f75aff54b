"""Every address of the program, from its own URL configuration, and the objects it is asked with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from merilo.surveys.letters import stop_mark
from tests import feedbacks, world_plans, world_surveys
from tests.world import Cycle, Town, World

NOBODY = UUID("00000000-0000-4000-8000-000000000000")
# What stands at a place of an address, when the table does not say otherwise.
PLAIN = {"code": "1.1", "kind": "csv", "number": 1, "key": "introduction", "format_": "json", "dissent": 0}
OBJECTS = {
    "organisations:unit": "unit",
    "organisations:unit_move": "unit",
    "organisations:unit_remove": "unit",
    "organisations:member": "spare",
    "organisations:leave": "spare",
    "organisations:take_back": "spare",
    "organisations:hand_over": "spare",
    "organisations:hand_over_confirm": "spare",
    "organisations:renew": "invited",
    "organisations:notification_open": "notification",
    "assessment:framework": "edition",
    "assessment:withdraw_framework": "edition",
    "site:logo": "logo",
    "operator:organisation": "organisation",
    "operator:coordinator": "organisation",
    "operator:person": "spare_person",
}  # routes whose `pk` is not a self-assessment
PARTS = (
    "evidence",
    "seat",
    "gathering",
    "material",
    "document",
    "item",
    "notice",
    "statement",
    "dissent",
    "calibration",
    "ask",
    "thing",
)
MEASURED = ("indicator", "value")
NOWHERE = {
    "number": 999,
    "dissent": 2_000_000_000,
    "measured": 2_000_000_000,
    "thing": 2_000_000_000,
    "slug": "nowhere",
    "token": "nowhere",
    "result": "nowhere",
    "code": "0.0",
}


@dataclass(frozen=True)
class Route:
    """One named address with the names of its parts, in order."""

    name: str
    parts: tuple[str, ...]

    @property
    def is_inside(self) -> bool:
        """Whether it lies inside an organisation."""
        return "org" in self.parts

    @property
    def objects(self) -> tuple[str, ...]:
        """The parts that name an object of somebody's, outermost first."""
        owned = {
            "pk",
            "number",
            "slug",
            "token",
            "meeting",
            "round_",
            *PARTS,
            *MEASURED,
            *world_surveys.PARTS,
            *world_plans.PARTS,
            *feedbacks.PARTS,
        }
        return tuple(part for part in self.parts if part in owned)


def routes() -> list[Route]:
    """All named routes of the URL configuration."""
    found = [Route(name, parts) for name, parts, _ in patterns(get_resolver())]
    return sorted(found, key=lambda route: route.name)


def patterns(
    resolver: URLResolver, space: str = "", above: str = ""
) -> Iterator[tuple[str, tuple[str, ...], URLPattern]]:
    """Full name, parts and pattern of each address; the name ends in `?` where there is none."""
    for entry in resolver.url_patterns:
        text = above + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{space}{entry.namespace}:" if entry.namespace else space, text)
        else:
            parts = re.findall(r"<(?:\w+:)?(\w+)>", text)
            yield f"{space}{entry.name or '?'}", tuple(parts), entry


@dataclass(frozen=True)
class Target:
    """One address to ask: whose object it names (`own`, `foreign`, `smuggled`, `none`)."""

    kind: str
    path: str


def targets(route: Route, row: dict[str, object], world: World) -> Iterator[Target]:
    """The addresses of a route: one's own object, the stranger's, the stranger's beneath one's own, none."""
    asked_at = states_of(row)
    fixed = row.get("with", {})
    assert isinstance(fixed, dict)
    own, foreign = (values(route, town, *asked_at) | fixed for town in (world.own, world.foreign))
    yield Target("own", address(route, own))
    if not route.is_inside:
        if route.objects:
            yield Target("none", address(route, own | nobody(route, fixed)))
        return
    yield Target("foreign", address(route, foreign))
    owned = [part for part in route.objects if part not in fixed and part != "number"]
    for place, part in enumerate(owned):
        # Everything before this part is one's own, this part and all after it the stranger's.
        mixed = own | {later: foreign[later] for later in owned[place:]}
        yield Target("smuggled", address(route, mixed))
        del part
    others = (
        ("approved", "published"),
        ("open", "closed"),
        ("running", "draft"),
        ("applied", "decided"),
    )
    sibling = values(
        route, world.own, *(b if a == at else a for at, (a, b) in zip(asked_at, others, strict=True))
    )
    for part in owned[1:]:
        if sibling.get(part, own[part]) == own[part]:
            continue  # there is one of it only
        yield Target("smuggled", address(route, own | {part: sibling[part]}))
    if route.objects:
        yield Target("none", address(route, own | nobody(route, fixed)))


def nobody(route: Route, fixed: dict[str, object]) -> dict[str, object]:
    """An object that does not exist, at the last place of the address that names one."""
    last = [part for part in route.objects if part not in fixed or part == "number"][-1:]
    return {part: NOWHERE.get(part, NOBODY) for part in last}


def address(route: Route, parts: dict[str, object]) -> str:
    return reverse(route.name, kwargs={part: parts[part] for part in route.parts})


def states_of(row: dict[str, object]) -> tuple[str, str, str, str]:
    """The states of self-assessment, survey, plan and external feedback that an address is asked with."""
    usual = {"at": "assessing", "survey": "open", "plan": "running", "feedback": "applied"}
    at, survey, plan, feedback = (str(row.get(name, state)) for name, state in usual.items())
    return at, survey, plan, feedback


def values(
    route: Route,
    town: Town,
    state: str,
    asked: str = "open",
    planned: str = "running",
    *given: str,
) -> dict[str, object]:
    """What stands at each part of the address: one organisation's objects, cycle, survey, plan, feedback."""
    cycle = town.cycles[state]
    found: dict[str, object] = dict(PLAIN)
    found |= {"org": town.slug, "token": town.token, "slug": slug_of(town.cycles["published"])}
    found |= {"uidb36": "1", "place": "order"}
    for part in PARTS:
        thing = getattr(cycle, part)
        if thing is not None:
            found[part] = thing.pk
    for part in MEASURED:
        found[part] = getattr(town, part).pk
    for part in world_surveys.PARTS:
        found[part] = getattr(town.surveys[asked], part).pk
    found |= of_room(route, town, asked, planned)
    if route.name.startswith("feedback:"):
        one = town.feedbacks[given[0] if given else "applied"]
        found |= {part: getattr(one, part).pk for part in feedbacks.PARTS} | {"step": "1"}
    if route.name == "site:kept":
        found["token"] = town.kept
    if cycle.meeting is not None and cycle.running is not None:
        is_room = route.name.startswith("rooms:")
        found["meeting"] = cycle.running.meeting_id if is_room else cycle.meeting.pk
        found["round_"] = cycle.running.pk
    where = OBJECTS.get(route.name)
    found["pk"] = getattr(town, where).pk if where else cycle.assessment.pk
    return found


def of_room(route: Route, town: Town, asked: str, planned: str) -> dict[str, object]:
    """What a part of an address is called in one room only."""
    survey = town.surveys[asked]
    match route.name.partition(":")[0]:
        case "improvement":
            return {part: getattr(town.plans[planned], part).pk for part in world_plans.PARTS}
        case "plans":
            return {"slug": world_plans.slug_of(town.organisation)}
        case "yearly" | "labels":
            return {"slug": town.slug}
        case "answer":
            return {"short": survey.survey.short, "token": survey.token}
        case "letters":
            return {"short": survey.survey.short, "stop": stop_mark(survey.invitation.pk)}
        case _:
            return {}


def slug_of(cycle: Cycle) -> str:
    return str(cycle.assessment.report.public_slug)
