"""The organisations of the demo with their units and people, and who stands outside of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from merilo.accounts.models import Person
from merilo.core import audit
from merilo.core.models import PLATFORM
from merilo.organisations.models import Membership, Organisation, Unit
from merilo.organisations.roles import GRANTABLE
from merilo.site.demo.content import Node, Voice
from merilo.site.demo.scene import Calendar, Day, Scene
from merilo.web.accent import derive

PASSWORD = "merilo-demo-2026"  # noqa: S105  printed on purpose: the demo's data is invented
OPERATOR, OPERATOR_NAME = "operator@merilo.example", "Катя Петрова"
STRANGER, STRANGER_NAME = "n.stranska@merilo.example", "Нели Странска"
GROUP_ROLES = {"chair", "facilitator", "observer", "substitute", "consultant"}


def outsiders(*, at: datetime) -> None:
    """The operator of the platform, and somebody who belongs to no organisation."""
    hashed = make_password(PASSWORD)
    _person(OPERATOR_NAME, OPERATOR, hashed, at, is_operator=True)
    _person(STRANGER_NAME, STRANGER, hashed, at)


def _person(name: str, email: str, hashed: str, at: datetime, **fields: object) -> Person:
    person = Person.objects.create(name=name, email=email, password=hashed, joined_at=at, **fields)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def found(node: Node, people: Iterable[Node], voice: Voice, calendar: Calendar, *, on: Day) -> Scene:
    """An organisation with its units and members, all of them able to sign in."""
    at = calendar.at(on, 9)
    scene = Scene(_organisation(node, voice, at), voice, calendar)
    for position, unit in enumerate(node["units"]):
        scene.units[unit["key"]] = Unit.objects.create(
            organisation=scene.organisation, name=voice(unit["name"]), position=position
        )
    hashed = make_password(PASSWORD)
    for entry in people:
        _member(scene, entry, hashed, at)
    _record(scene, at)
    return scene


def _organisation(node: Node, voice: Voice, at: datetime) -> Organisation:
    facts = node["organisation"]
    english = facts["name"]["en"] if isinstance(facts["name"], dict) else facts["name"]
    return Organisation.objects.create(
        slug=facts["slug"],
        name=voice(facts["name"]),
        name_en=english,
        kind=facts["kind"],
        country=facts["country"],
        register_number=facts["eik"],
        languages=list(facts["languages"]),
        time_zone=facts["time_zone"],
        colour=facts["accent"],
        accent=asdict(derive(facts["accent"])),
        founded_at=at,
    )


def _member(scene: Scene, entry: Node, hashed: str, at: datetime) -> None:
    name = scene.voice(entry["name"])
    is_guest = "consultant" in entry["roles"]
    member = Membership.objects.create(
        organisation=scene.organisation,
        person=_person(name, entry["email"], hashed, at, language=scene.voice.language),
        name=name,
        email=entry["email"],
        unit=scene.units.get(entry.get("unit", "")),
        position=scene.voice(entry["position"]),
        roles=["guest"] if is_guest else _granted(entry["roles"]),
        joined_at=at,
        valid_until=scene.calendar.day(entry["access"]["until"]) if is_guest else None,
    )
    scene.members[entry["key"]] = member
    for role in entry["roles"]:
        scene.roles.setdefault(role, member)
    if "assessor" in entry:
        scene.assessors[entry["assessor"]] = member


def _granted(roles: Iterable[str]) -> list[str]:
    """Roles in the organisation; a function in the group alone makes its holder a viewer."""
    granted = [role for role in roles if role in GRANTABLE]
    return granted or ["viewer"]


def _record(scene: Scene, at: datetime) -> None:
    founder = scene.roles["coordinator"].person_id
    organisation = scene.organisation
    for chain in (organisation.pk, PLATFORM):
        audit.record("organisation.founded", organisation=chain, actor=founder, target=organisation, at=at)
    for member in scene.members.values():
        payload = {"roles": member.roles}
        audit.record(
            "member.joined",
            organisation=organisation.pk,
            actor=member.person_id,
            target=member,
            payload=payload,
            at=at,
        )
