"""The living example at five stages in a database of its own, and the address of every page in it.

Runs as a program of its own: `python -m tests.accessibility.example FOLDER` fills the database that the
environment names and writes FOLDER/pages.json.
"""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).with_name("pages.yaml")
PLAIN = {"code": "1.1", "number": 1}


@dataclass(frozen=True)
class Page:
    """One page in one state: its address, who looks, and what is pressed before."""

    path: str
    who: str
    fill: dict[str, str]
    press: str
    answers: int
    headings: int


def table() -> dict[str, dict[str, Any]]:
    """The pages as the table tells them."""
    rows: dict[str, dict[str, Any]] = yaml.safe_load(TABLE.read_text("utf-8"))
    return rows


def names() -> list[str]:
    """The names of all pages that are looked at, as the table tells them."""
    return [name for name, row in table().items() if not row.get("file")]


def route_of(name: str) -> str:
    return name.split(": ", maxsplit=1)[0]


def main(folder: Path) -> None:
    """Build everything and write down where it stands."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "merilo.site.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0, skip_checks=True)
    with transaction.atomic():
        built = build()
        pages = {name: asdict(page_of(name, table()[name], built)) for name in names()}
        sessions = {who: session_of(email) for who, email in built["people"].items()}
    told = {"pages": pages, "sessions": sessions, "emails": built["people"], "spare": built["spare"]}
    (folder / "pages.json").write_text(json.dumps(told), "utf-8")


def page_of(name: str, row: dict[str, Any], built: dict[str, Any]) -> Page:
    """The address of one row of the table."""
    from django.urls import get_resolver, reverse

    stage = row.get("at", "assessing")
    known = PLAIN | {"org": built["org"], "pk": built[stage]}
    known |= {
        part: built[value[1:-1]] if str(value)[:1] == "<" else value
        for part, value in row.get("with", {}).items()
    }
    space, _, route = route_of(name).rpartition(":")
    resolver = get_resolver().namespace_dict[space][1] if space else get_resolver()
    parts = {part for possibility in resolver.reverse_dict.getlist(route) for part in possibility[0][0][1]}
    path = reverse(route_of(name), kwargs={part: known[part] for part in parts | ({"org"} & outer(space))})
    query = f"?{named(row['query'], built)}" if "query" in row else ""
    answers = row.get("answers", 422 if "press" in row else 200)
    return Page(
        path=path + query,
        who=row.get("who", ""),
        fill=row.get("fill", {}),
        press=row.get("press", ""),
        answers=answers,
        headings=row.get("headings", 1),
    )


def named(query: str, built: dict[str, Any]) -> str:
    """The query with the objects of the example in place of their names."""
    return re.sub("<([a-z_]+)>", lambda found: str(built[found[1]]), query)


def outer(space: str) -> set[str]:
    """The parts that stand before a room's own addresses."""
    return {"org"} if space in {"organisations", "assessment"} else set()


def session_of(email: str) -> str:
    """A session of a person who has signed in."""
    from django.conf import settings
    from django.test import Client

    from merilo.accounts.models import Person

    client = Client()
    client.force_login(Person.objects.get(email=email))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# --- what is built --------------------------------------------------------------------------------
def build() -> dict[str, Any]:
    """The town with its past cycle and a cycle at each stage; the objects that addresses name."""
    from django.utils import timezone, translation

    from merilo.assessment.models import State
    from merilo.site.demo import build as demo
    from merilo.site.demo import earlier, people
    from merilo.site.demo.scene import Calendar

    moment = timezone.now()
    people.outsiders(at=moment)
    with translation.override("bg"):
        town = demo._town(moment, demo.SHIFTS[State.REPORTING])
        past = demo._past_cycle(town, signed=False)
        cycles = {State.PUBLISHED: past}
        finished, begun = earlier.enter(town), being_entered(town, moment)
        for stage in (State.REPORTING, State.AGREEING, State.PLANNING, State.ASSESSING):
            town.calendar = Calendar(moment, town.calendar.zone, demo.SHIFTS[stage])
            cycles[stage] = demo._cycle(town, stage, previous=past)
        past.report.refresh_from_db()
        revise(town, cycles[State.REPORTING], moment)
    built: dict[str, Any] = {stage.value: str(cycle.pk) for stage, cycle in cycles.items()}
    built |= {"entered": str(finished.pk), "entering": str(begun.pk)}
    built |= {"org": town.organisation.slug, "slug": past.report.public_slug, "people": emails(town)}
    built |= planned(town, cycles[State.ASSESSING]) | agreed(cycles[State.AGREEING]) | ways_in(town)
    return built | met(town, cycles[State.AGREEING], moment)


def being_entered(town: Any, moment: Any) -> Any:
    """An earlier cycle of which only the facts are entered."""
    from merilo.assessment.actions.entered import CycleFacts, enter_cycle
    from merilo.assessment.queries import frameworks
    from merilo.core.periods import years

    choice = frameworks.choice(town.coordinator, "caf-2020")
    facts = CycleFacts("Самооценка 2017", "fine-tuned", years(2015, 2016))
    return enter_cycle(viewer=town.coordinator, choice=choice, facts=facts, at=moment)


def emails(town: Any) -> dict[str, str]:
    from merilo.site.demo import people

    found = {key: member.email for key, member in town.members.items()}
    return found | {"operator": people.OPERATOR, "stranska": people.STRANGER}


def revise(town: Any, assessment: Any, moment: Any) -> None:
    """A draft of the report, and a second one that waits for the mayor."""
    from merilo.assessment.actions import report

    for _ in range(2):
        revision = report.make_revision(
            viewer=town.coordinator, assessment=assessment, language="bg", at=moment
        )
    report.submit(viewer=town.coordinator, revision=revision, at=moment)


def planned(town: Any, assessment: Any) -> dict[str, Any]:
    """Units, people, messages, seats, trainings and evidence of the running cycle."""
    from merilo.groups.models import GatheringKind
    from merilo.organisations.models import CommunicationItem, Notice

    plan, group = assessment.communication, assessment.group
    absent = group.seats.get(holder=town.members["cheshmedzhieva"])
    found = {
        "unit": town.units["finance"],
        "member": town.members["hadzhieva"],
        "coordinator": town.members["dimova"],
        "item": CommunicationItem.objects.filter(plan=plan).first(),
        "notice": Notice.objects.filter(plan=plan).first(),
        "seat": absent,
        "gathering": group.gatherings.filter(kind=GatheringKind.TRAINING).first(),
        "evidence": assessment.evidence.filter(kind="indicator").first(),
        "edition": assessment.edition,
        "own_edition": own_edition(town, assessment.edition),
    }
    return {name: str(thing.pk) for name, thing in found.items()}


def own_edition(town: Any, edition: Any) -> Any:
    from merilo.assessment.models import FrameworkEdition

    return FrameworkEdition.objects.create(
        organisation=town.organisation,
        code="own",
        version="1",
        content=edition.content,
        fingerprint=sha256(b"own").hexdigest(),
        added_at=edition.added_at,
    )


def agreed(assessment: Any) -> dict[str, Any]:
    """A sub-criterion still open, two more for those who agree on one, and one with a statement."""
    statement = assessment.statements.first()
    opened = assessment.agreements.filter(state="open").order_by("code").values_list("code", flat=True)
    base = f"/o/{assessment.organisation.slug}/a/{assessment.pk}/agree"
    spare = {"keyboard": f"{base}/{opened[1]}/", "without": f"{base}/{opened[2]}/"}
    return {"open": opened[0], "stated": statement.code, "statement": str(statement.pk), "spare": spare}


def met(town: Any, assessment: Any, moment: Any) -> dict[str, Any]:
    """A meeting that has ended; one that is going on with a vote open, and the link of its wall."""
    from merilo.assessment.actions import meeting

    led = {"viewer": town.coordinator, "assessment": assessment, "at": moment}
    code = assessment.agreements.filter(state="open").order_by("code").values_list("code", flat=True)[0]
    seats = list(assessment.group.seats.values_list("pk", flat=True))
    for _ in range(2):
        meeting.open_meeting(**led)
        meeting.take_up(**led, code=code, leaving="")
        meeting.mark_present(**led, seats=seats)
        if not assessment.meetings.filter(ended_at__isnull=False).exists():
            ended = meeting.end_meeting(**led)
    running = meeting.open_vote(**led, code=code, seconds=0).meeting_id
    return {"ended": str(ended.pk), "running": str(running), "wall": meeting.make_wall_link(**led)}


def ways_in(town: Any) -> dict[str, Any]:
    """An invitation, a confirmation and a reset that have not been used."""
    from allauth.account.forms import default_token_generator
    from allauth.account.models import EmailConfirmationHMAC
    from allauth.account.utils import user_pk_to_url_str

    person = town.members["pencheva"].person
    address = person.emailaddress_set.get()
    address.verified = False
    address.save()
    return {
        "uid": user_pk_to_url_str(person),
        "reset": default_token_generator.make_token(person),
        "confirmation": EmailConfirmationHMAC(address).key,
        "invitation": invited(town),
    }


def invited(town: Any) -> str:
    from django.utils import timezone

    from merilo.organisations.actions.invitations import hash_of
    from merilo.organisations.models import Invitation, Membership

    now, token = timezone.now(), "invited-0123456789"
    member = Membership.objects.create(
        organisation=town.organisation,
        name="Иван Петров",
        email="i.petrov@elsewhere.example",
        roles=["viewer"],
        joined_at=now,
    )
    Invitation.objects.create(
        organisation=town.organisation,
        membership=member,
        token_hash=hash_of(token),
        made_at=now,
        expires_at=now + timedelta(days=7),
    )
    return token


if __name__ == "__main__":
    main(Path(sys.argv[1]))
