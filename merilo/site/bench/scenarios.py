"""What is measured: the pages and forms that people use most, and two baselines."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merilo.accounts.models import Person
from merilo.assessment.actions import meeting, report
from merilo.assessment.models import Assessment, ReportRevision, Sheet
from merilo.assessment.tasks import draw
from merilo.core.models import OnceKey
from merilo.organisations.models import Membership, Organisation
from merilo.organisations.roles import permissions_of
from merilo.organisations.viewers import Viewer
from merilo.site.bench.fields import fields_of
from merilo.site.bench.measuring import Sample, page, post, sample
from merilo.site.demo.build import Stages


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something to measure, how much slower than usual it is to repeat, and its aim in milliseconds."""

    name: str
    act: Callable[[], bytes]
    before: Callable[[], None] | None = None
    aim: float = 0
    slow: bool = False

    def measure(self, times: int) -> Sample:
        return sample(self.act, times=max(3, times // 20) if self.slow else times, before=self.before)


def scenarios(stages: Stages) -> Iterator[Scenario]:
    """All of them, the baselines first."""
    visitor = client_of("")
    yield Scenario("baseline: trivial page", lambda: page(visitor, "/health/live"))
    yield Scenario("baseline: one empty write", _write)
    yield _task_list(stages)
    yield _saving(stages)
    yield from _agreeing(stages)
    yield from _reporting(stages)


def client_of(email: str) -> Client:
    """A browser of somebody, signed in; of a visitor where there is no e-mail."""
    client = Client(SERVER_NAME="localhost")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "bg"
    if email:
        client.force_login(Person.objects.get(email=email))
    return client


def _write() -> bytes:
    with transaction.atomic():
        OnceKey.objects.create(key=secrets.token_urlsafe(12), owner="bench", made_at=timezone.now())
    return b""


def _address(assessment: Assessment, name: str, **more: object) -> str:
    return reverse(
        f"assessment:{name}", kwargs={"org": assessment.organisation.slug, "pk": assessment.pk, **more}
    )


# --- the assessor ---------------------------------------------------------------------------------
def assessor(assessment: Assessment) -> Client:
    """Somebody who has finished about half of the own sheet."""
    sheets = Sheet.objects.filter(assessment=assessment, handed_in_at=None, judgements__ready=True)
    sheet = sheets.select_related("seat__holder__person").order_by("pk").first()
    if sheet is None or sheet.seat.holder.person is None:
        raise LookupError("no assessor at work")
    return client_of(sheet.seat.holder.person.email)


def _task_list(stages: Stages) -> Scenario:
    client, path = assessor(stages.assessing), _address(stages.assessing, "my")
    return Scenario("opening my task list", lambda: page(client, path), aim=40)


def _saving(stages: Stages) -> Scenario:
    client, path = assessor(stages.assessing), _address(stages.assessing, "judge", code="1.2")
    fields = fields_of(page(client, path), having="strength-text")
    numbers = count(1)

    def act() -> bytes:
        fields["strength-text"] = [f"Редът е описан и се прилага, проверка {next(numbers)}.", ""]
        fields["strength-id"] = ["benchone", "benchtwo"]
        answer = post(client, path, fields, **{"X-Autosave": "1", "Accept": "application/json"})
        fields["version"] = [str(json.loads(answer)["version"])]
        return answer

    return Scenario("saving one judgement", act, aim=15)


# --- the group ------------------------------------------------------------------------------------
def _agreeing(stages: Stages) -> Iterator[Scenario]:
    chair = stages.agreeing.group.seats.select_related("holder__person").get(function="chair").holder.person
    if chair is None:
        raise LookupError("no chair")
    client, path = client_of(chair.email), _address(stages.agreeing, "agree")
    yield Scenario("opening the agreement page", lambda: page(client, path), aim=40)
    item = _address(stages.agreeing, "agree_item", code="1.2")
    yield Scenario("opening one sub-criterion to agree on", lambda: page(client, item), aim=40)
    fields: dict[str, list[str]] = {}
    numbers = count(1)

    def before() -> None:
        fields.clear()
        fields.update(fields_of(page(client, item), having="value-score"))
        fields["value-score"], fields["decision"] = ["45"], ["agree"]
        fields["justification"] = [f"Групата прие доводите, запис {next(numbers)}."]

    yield Scenario("agreeing one sub-criterion", lambda: post(client, item, fields), before, aim=15)

    yield _wall(stages)


def _wall(stages: Stages) -> Scenario:
    """What a screen of a meeting asks most of the time: whether there is news."""
    led: dict[str, Any] = {
        "viewer": coordinator_of(stages.agreeing),
        "assessment": stages.agreeing,
        "at": timezone.now(),
    }
    meeting.open_meeting(**led)
    visitor = client_of("")
    path = f"{reverse('rooms:wall', args=[meeting.make_wall_link(**led)])}?live=1"
    known: dict[str, str] = {}

    def before() -> None:
        known["If-None-Match"] = visitor.get(path)["ETag"]

    def act() -> bytes:
        answer = visitor.get(path, headers=known)
        if answer.status_code != HTTPStatus.NOT_MODIFIED:
            raise AssertionError(answer.status_code)
        return b""

    return Scenario("a wall that asks whether there is news", act, before, aim=5)


# --- the report -----------------------------------------------------------------------------------
def _reporting(stages: Stages) -> Iterator[Scenario]:
    viewer = coordinator_of(stages.reporting)
    client, path = client_of(viewer.person.email), _address(stages.reporting, "report")
    yield Scenario("the report page", lambda: page(client, path), aim=40)
    revision = _revision(viewer, stages.reporting)
    yield Scenario("PDF of the full report", lambda: draw(revision, "pdf"), aim=1000, slow=True)
    yield Scenario("DOCX of the full report", lambda: draw(revision, "docx"), aim=1000, slow=True)


def coordinator_of(assessment: Assessment) -> Viewer:
    """The coordinator of an assessment's organisation."""
    return holder_of(assessment.organisation, "coordinator")


def holder_of(organisation: Organisation, role: str) -> Viewer:
    """Who has a role in an organisation."""
    members = Membership.objects.filter(organisation=organisation).select_related("person")
    member = next(one for one in members if role in one.roles)
    if member.person is None:
        raise LookupError(role)
    return Viewer(member.person, organisation, member, permissions_of(member.roles))


def _revision(viewer: Viewer, assessment: Assessment) -> ReportRevision:
    return report.make_revision(viewer=viewer, assessment=assessment, language="bg", at=timezone.now())
