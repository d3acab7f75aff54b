"""Who can be signed in as in the demo, and what each may try: for the printed table and the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from merilo.site.demo import content, people
from merilo.site.demo.content import Node


@dataclass(frozen=True, slots=True)
class Actor:
    """One person of the demo."""

    name: str
    email: str
    role: str
    hint: str


def groups() -> list[tuple[str, list[Actor]]]:
    """The people of the organisations and those outside, in the active language's words."""
    town, other, centre = content.town(), content.other_town(), content.centre()
    return [
        (town["organisation"]["name"]["bg"], _actors(town, _town_parts())),
        (other["organisation"]["name"], _actors(other, _other_parts())),
        (centre["organisation"]["name"]["bg"], _actors(centre, _centre_parts())),
        (_("Outside of all"), _outside()),
    ]


def _actors(node: Node, parts: dict[str, tuple[str, str]]) -> list[Actor]:
    """People with a part of their own first; the rest share one."""
    entries = {entry["key"]: entry for entry in node["people"]}
    return [_actor(entries[key], role, hint) for key, (role, hint) in parts.items()]


def _actor(entry: Node, role: str, hint: str) -> Actor:
    name = entry["name"]["bg"] if isinstance(entry["name"], dict) else entry["name"]
    return Actor(name, entry["email"], role, hint)


def _town_parts() -> dict[str, tuple[str, str]]:
    assessor = _("Assessor")
    return {
        "dimova": (_("Coordinator"), _("my work, whom we wait for, plan, group, record of who did what")),
        "ilchev": (_("Deputy coordinator"), _("the same rights as the coordinator")),
        "radinov": (_("Mayor (sponsor)"), _("follow the work, read and approve the report")),
        "krumova": (_("Chair of the group"), _("has handed in; take it back, see the evidence")),
        "savov": (assessor, _("has handed in")),
        "teneva": (assessor, _("one sub-criterion left, then hand in")),
        "kehayov": (assessor, _("18 of 28 finished: go on writing")),
        "balkandzhieva": (assessor, _("has handed in")),
        "varbanov": (assessor, _("half way; has a substitute")),
        "cheshmedzhieva": (assessor, _("has not begun; the substitute can take over")),
        "racheva": (assessor, _("has not begun")),
        "yumerov": (assessor, _("village mayor, 9 of 28 finished")),
        "zahova": (assessor, _("22 of 28 finished")),
        "valeva": (_("Facilitator"), _("locks the scores and leads the agreement")),
        "krastev": (_("Editor"), _("texts of the report, publication")),
        "hadzhieva": (_("Viewer"), _("reads what is shared inside")),
        "lalov": (_("Substitute"), _("takes over a seat")),
        "pencheva": (_("Substitute"), _("takes over a seat")),
        "donchev": (_("Observer"), _("sits in the group, gives no scores")),
        "stoimenov": (_("External consultant"), _("a guest: sees the self-assessment after the lock only")),
    }


def _other_parts() -> dict[str, tuple[str, str]]:
    return {
        "whitcombe": (_("Coordinator"), _("the agreement is half done; no deputy is named yet")),
        "pryce": (_("Mayor (sponsor)"), _("follows the work")),
        "ashby": (_("Facilitator"), _("go on with the agreement: open and postponed items")),
        "hollis": (_("Chair of the group"), _("leads the agreement together with the facilitator")),
        "okafor": (_("Assessor"), _("reads the scores of all, without names")),
        "marlow": (_("Viewer"), _("reads what is shared inside")),
    }


def _centre_parts() -> dict[str, tuple[str, str]]:
    return {
        "lozanova": (
            _("Coordinator"),
            _("sees the ten steps of a town that shares them, asks others"),
        ),
        "gerov": (_("Viewer"), _("sees the same, opens approved reports")),
    }


def _outside() -> list[Actor]:
    return [
        Actor(
            people.STRANGER_NAME,
            people.STRANGER,
            _("In no organisation"),
            _("found an organisation of your own"),
        ),
        Actor(
            people.OPERATOR_NAME,
            people.OPERATOR,
            _("Operator of the platform"),
            _("the operator’s room: organisations, people, mail, tasks, record"),
        ),
    ]
