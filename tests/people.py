"""The people and places of the tests: an organisation, insiders, colleagues, strangers, an assessment."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from merilo.accounts.models import Person
from merilo.assessment.catalogue import framework_in
from merilo.assessment.models import Agreement, Assessment, FrameworkEdition, Report, Sheet, State, StepPlan
from merilo.framework.loading import fingerprint, load_shipped, to_json
from merilo.groups.models import SCORING, Group, Seat
from merilo.organisations.models import CommunicationPlan, Membership, Organisation
from merilo.organisations.queries import viewer_in
from merilo.organisations.viewers import Viewer

ZONE = ZoneInfo("Europe/Sofia")  # where the towns of the tests are
PASSWORD = "a long enough password"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def today() -> date:
    """The day that it is in the towns of the tests."""
    return timezone.localdate(timezone=ZONE)


def an_organisation(slug: str = "", **fields: Any) -> Organisation:
    slug = slug or f"town-{next(_numbers)}"
    values = {
        "name": f"Община {slug}",
        "kind": "municipality",
        "languages": ["bg", "en"],
        "founded_at": timezone.now(),
    }
    return Organisation.objects.create(slug=slug, **(values | fields))


def a_person(name: str = "", **fields: Any) -> Person:
    name = name or f"Person {next(_numbers)}"
    email = fields.pop("email", f"person-{next(_numbers)}@town.example")
    person = Person.objects.create_user(email, PASSWORD, name=name, **fields)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def a_member(organisation: Organisation, *roles: str, name: str = "", **fields: Any) -> Membership:
    person = a_person(name)
    return Membership.objects.create(
        organisation=organisation,
        person=person,
        name=person.name,
        email=person.email,
        roles=list(roles or ("viewer",)),
        joined_at=timezone.now(),
        **fields,
    )


def as_viewer(membership: Membership) -> Viewer:
    assert membership.person is not None
    viewer = viewer_in(membership.person, membership.organisation.slug, on=timezone.localdate())
    assert viewer is not None
    return viewer


def signed_in(membership_or_person: Membership | Person) -> Client:
    person = membership_or_person if isinstance(membership_or_person, Person) else membership_or_person.person
    assert person is not None
    client = Client()
    client.force_login(person)
    return client


def an_edition(code: str = "caf-2020") -> FrameworkEdition:
    content = to_json(load_shipped(code))
    edition, _ = FrameworkEdition.objects.get_or_create(
        organisation=None,
        fingerprint=fingerprint(content),
        defaults={"code": code, "version": "1.0", "content": content, "added_at": timezone.now()},
    )
    framework_in(edition)  # parsed before a test counts its queries
    return edition


def an_assessment(
    organisation: Organisation,
    *members: Membership,
    state: str = State.ASSESSING,
    method: str = "classical",
    **fields: Any,
) -> Assessment:
    """An assessment in a state, with one scoring seat (and sheet) per member; the first is the chair."""
    values = {"title": "Самооценка 2026", "period_from": date(2024, 1, 1), "period_until": date(2025, 12, 31)}
    assessment = Assessment.objects.create(
        organisation=organisation,
        edition=fields.pop("edition", None) or an_edition(),
        method=method,
        state=state,
        group=Group.objects.create(organisation=organisation, name="Група за самооценка"),
        communication=CommunicationPlan.objects.create(organisation=organisation),
        created_at=timezone.now(),
        **(values | fields),
    )
    StepPlan.objects.bulk_create(StepPlan(assessment=assessment, number=n) for n in range(1, 11))
    Report.objects.create(assessment=assessment)
    for position, member in enumerate(members):
        a_seat(assessment, member, "chair" if position == 0 else "member", position)
    return assessment


def a_seat(assessment: Assessment, member: Membership, function: str = "member", position: int = 0) -> Seat:
    seat = Seat.objects.create(group=assessment.group, holder=member, function=function, position=position)
    if function in SCORING:
        Sheet.objects.create(assessment=assessment, seat=seat)
    return seat


def agreements_of(assessment: Assessment, codes: list[str]) -> list[Agreement]:
    return Agreement.objects.bulk_create(Agreement(assessment=assessment, code=code) for code in codes)
