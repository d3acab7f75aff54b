"""The living example at five stages in a database of its own, and the address of every page in it.

Runs as a program of its own: `python -m tests.accessibility.example FOLDER` fills the database that the
environment names and writes FOLDER/example.json.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from tests.journeys import group, improving

TABLE = Path(__file__).with_name("pages.yaml")
CENTRE = "todorova@centre.example"
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


@cache
def table() -> dict[str, dict[str, Any]]:
    """The pages as the table tells them."""
    rows: dict[str, dict[str, Any]] = yaml.safe_load(TABLE.read_text("utf-8"))
    return rows


def names() -> list[str]:
    """The names of all pages that are looked at, as the table tells them."""
    return [name for name, row in table().items() if not row.keys() & {"file", "elsewhere"}]


def route_of(name: str) -> str:
    return name.split(": ", maxsplit=1)[0]


def main(folder: Path) -> None:
    """Build everything and write down where it stands."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "merilo.site.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from merilo.core.models import OutgoingMail
    from tests.people import a_person

    call_command("migrate", verbosity=0, skip_checks=True)
    with transaction.atomic():
        built = build()
        pages = {name: asdict(page_of(name, table()[name], built)) for name in names()}
        sessions = {who: session_of(email) for who, email in built["people"].items()}
        newcomer = a_person("Мария Колева", language="en").email
        OutgoingMail.objects.update(sent_at=timezone.now())  # a hundred letters of the past to nobody
        groups = {"locked": group.built(locked=True), "open": group.built(locked=False)}
        ideas = improving.town()
    told = {"pages": pages, "sessions": sessions, "emails": built["people"], "spare": built["spare"]}
    told |= {"groups": groups, "newcomer": newcomer, "ideas": ideas}
    (folder / "example.json").write_text(json.dumps(told), "utf-8")


def page_of(name: str, row: dict[str, Any], built: dict[str, Any]) -> Page:
    """The address of one row of the table."""
    from django.urls import get_resolver, reverse

    stage = row.get("at", "assessing")
    known = PLAIN | {"org": built["org"], "pk": built[stage]} | built["surveys"][row.get("survey", "open")]
    if name.startswith("improvement:"):
        known |= built["plans"][row.get("plan", "running")]
    if name.startswith("feedback:"):
        known |= built["feedbacks"][row.get("feedback", "applied")] | {"step": "1"}
    if name.startswith("answer:"):
        known["token"] = known["survey_token"]
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
    rooms = {"organisations", "assessment", "improvement", "feedback", "indicators", "surveys"}
    return {"org"} if space in rooms else set()


def session_of(email: str) -> str:
    """A session of a person who has signed in, and has typed the password once more."""
    from django.conf import settings
    from django.test import Client

    from merilo.accounts.models import Person

    client = Client()
    person = Person.objects.get(email=email)
    client.force_login(person)
    session = client.session
    later = time.time() + 24 * 3600
    session["account_authentication_methods"] = [{"method": "password", "at": later, "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# --- what is built --------------------------------------------------------------------------------
def build() -> dict[str, Any]:
    """The town with its past cycle and a cycle at each stage; the objects that addresses name."""
    from django.utils import timezone, translation

    from merilo.assessment.models import State
    from merilo.site.demo import build as demo
    from merilo.site.demo import earlier, people, wording
    from merilo.site.demo.scene import Calendar

    moment = timezone.now()
    people.outsiders(at=moment)
    with translation.override("bg"):
        town = demo._town(moment, demo.SHIFTS[State.REPORTING])
        past = demo._past_cycle(town, signed=False)
        cycles = {State.PUBLISHED: past}
        finished, begun = earlier.enter(town), being_entered(town, moment)
        wording.word(town)
        for stage in (State.REPORTING, State.AGREEING, State.PLANNING, State.ASSESSING):
            town.calendar = Calendar(moment, town.calendar.zone, demo.SHIFTS[stage])
            cycles[stage] = demo._cycle(town, stage, previous=past)
        past.report.refresh_from_db()
        revise(town, cycles[State.REPORTING], moment)
    built: dict[str, Any] = {stage.value: str(cycle.pk) for stage, cycle in cycles.items()}
    built |= {"entered": str(finished.pk), "entering": str(begun.pk)}
    built |= {"org": town.organisation.slug, "slug": past.report.public_slug, "people": emails(town)}
    built |= asked(cycles[State.ASSESSING], moment)
    built |= {"passkey": secured(town), "service": own_sign_in(town, moment)}
    built |= planned(town, cycles[State.ASSESSING]) | agreed(cycles[State.AGREEING]) | ways_in(town)
    built |= calibrated(town, cycles, moment)
    built["surveys"] = surveyed(town)
    built["plans"] = improved(town)
    built |= reported(town, built["plans"]["running"]["measure"])
    built["feedbacks"] = evaluated(town, past, built["plans"]["running"]["plan"])
    built["plan_slug"] = f"{town.organisation.slug}-2026-2027"
    PLAIN.update(measured(town))
    built["centre"] = resource_centre(town, moment)
    built["people"]["centre"] = CENTRE
    return built | met(town, cycles[State.AGREEING], moment)


def measured(town: Any) -> dict[str, str]:
    """An indicator with values of two years, one of them corrected."""
    from tests import world_surveys

    indicator, value = world_surveys.an_indicator(town.organisation, "Срок за издаване на разрешение")
    return {"indicator": str(indicator.pk), "value": str(value.pk)}


def improved(town: Any) -> dict[str, dict[str, str]]:
    """A plan of improvement in each state, with the parts of addresses that name something of it."""
    from tests import world_plans

    return world_plans.parts(town.organisation, *list(town.members.values())[:2])


def reported(town: Any, measure: str) -> dict[str, str]:
    """Links of mails by which a measure is reported on: one that is open, one that was used."""
    from django.utils import timezone

    from merilo.improvement.models import Measure
    from tests.plans import a_link

    found, holder = Measure.objects.get(pk=measure), next(iter(town.members.values()))
    a_link(found, holder, "open-check-in")
    a_link(found, holder, "used-check-in", used_at=timezone.now())
    return {"check_in_link": "open-check-in", "used_check_in_link": "used-check-in"}


def evaluated(town: Any, past: Any, plan: str) -> dict[str, dict[str, str]]:
    """An external feedback in each state, with the parts of addresses that name something of it."""
    from merilo.improvement.models import Plan
    from tests import feedbacks

    guest, another = town.members["stoimenov"], town.members["krumova"]
    return feedbacks.parts(past, Plan.objects.get(pk=plan), guest, another)


def surveyed(town: Any) -> dict[str, dict[str, str]]:
    """A survey in each state, with the parts of addresses that name something of it."""
    from tests import world_surveys

    return world_surveys.parts(town.organisation)


def being_entered(town: Any, moment: Any) -> Any:
    """An earlier cycle of which only the facts are entered."""
    from merilo.assessment.actions.entered import CycleFacts, enter_cycle
    from merilo.assessment.queries import frameworks
    from merilo.core.periods import years

    choice = frameworks.choice(town.coordinator, "caf-2020")
    facts = CycleFacts("Самооценка 2017", "fine-tuned", years(2015, 2016))
    return enter_cycle(viewer=town.coordinator, choice=choice, facts=facts, at=moment)


def secured(town: Any) -> str:
    """Somebody who signs in with an app and a passkey."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    from merilo.accounts.tests.test_second_factor import a_passkey_of

    person = town.members["radinov"].person
    TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    passkey: Authenticator = a_passkey_of(person)
    return str(passkey.pk)


def own_sign_in(town: Any, moment: Any) -> str:
    """The town's own sign-in, at an address where nobody answers."""
    from merilo.organisations.actions.services import set_service

    service = set_service(
        organisation=town.organisation,
        name="Община Примерово",
        issuer="http://127.0.0.1:9",
        client_id="merilo",
        client_secret="nobody's",
        at=moment,
    )
    return str(service.key)


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
        "organisation": town.organisation,
        "fresh_organisation": fresh_organisation(town),
        "person": town.members["hadzhieva"].person,
    }
    return {name: str(thing.pk) for name, thing in found.items()}


def asked(assessment: Any, moment: Any) -> dict[str, str]:
    """A request that waits for a colleague, one that was answered, and links of an open and a settled one."""
    from merilo.assessment.models import RequestLink
    from merilo.core.secret import digest_of

    found = {request.state: request for request in assessment.requests.all()}
    for token, state in (("asked-0123456789", "requested"), ("settled-0123456789", "accepted")):
        digest = digest_of("evidence.request", token)
        RequestLink.objects.create(request=found[state], digest=digest, made_at=moment)
    return {
        "asked": str(found["requested"].pk),
        "answered": str(found["received"].pk),
        "link": "asked-0123456789",
        "closed_link": "settled-0123456789",
    }


def resource_centre(town: Any, moment: Any) -> str:
    """One that sees the town, and another that asks to."""
    from merilo.accounts.api import make_person
    from merilo.organisations.actions import sharing
    from merilo.organisations.models import Membership, Organisation, Sharing

    kind, organisations = "centre", Organisation.objects
    centre, asking = (
        organisations.create(slug=slug, name=name, kind=kind, languages=["bg"], founded_at=moment)
        for slug, name in (("centre", "Ресурсен център"), ("asking", "Център за качество"))
    )
    person = make_person(
        email=CENTRE,
        name="Снежана Тодорова",
        password="not used here",
        language="bg",
        verified=True,
        at=moment,
    )
    Membership.objects.create(
        organisation=centre, person=person, name=person.name, roles=["coordinator"], joined_at=moment
    )
    sharing.share(viewer=town.coordinator, centre=centre.pk, with_reports=True, at=moment)
    Sharing.objects.create(town=town.organisation, centre=asking, asked_at=moment)
    return str(centre.slug)


def fresh_organisation(town: Any) -> Any:
    """One that the operator has just made: its first coordinator has not come yet."""
    from merilo.organisations.models import Organisation

    place = town.organisation
    return Organisation.objects.create(
        slug="fresh", name="Община Нова", kind=place.kind, languages=["bg"], founded_at=place.founded_at
    )


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


def calibrated(town: Any, cycles: Any, moment: Any) -> dict[str, Any]:
    """The practice that the demo's group has behind it, and one that is going on."""
    from merilo.assessment.actions import calibration
    from merilo.assessment.models import State

    going_on = calibration.open_calibration(
        viewer=town.coordinator,
        assessment=cycles[State.PLANNING],
        case="service-centre",
        method="fine-tuned",
        at=moment,
    )
    past = cycles[State.ASSESSING].calibrations.get()
    return {"calibrated": str(past.pk), "calibrating": str(going_on.pk)}


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

    from merilo.accounts.api import daily_address

    person = town.members["pencheva"].person
    address = person.emailaddress_set.get()
    address.verified = False
    address.save()
    return {
        "uid": user_pk_to_url_str(person),
        "reset": default_token_generator.make_token(person),
        "confirmation": EmailConfirmationHMAC(address).key,
        "invitation": invited(town),
        "daily": daily_address(person).rstrip("/").rpartition("/")[2],
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
