"""The assessor's pages and the coordinator's progress page, as browsers meet them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from merilo.assessment import work
from merilo.assessment.models import Agreement, Assessment, Judgement, Sheet, State, Statement
from merilo.core import owner
from merilo.core.models import KeptForm
from merilo.organisations.models import Membership, Organisation
from tests.people import (
    PASSWORD,
    a_member,
    a_seat,
    an_assessment,
    an_edition,
    an_organisation,
    as_viewer,
    signed_in,
)

pytestmark = pytest.mark.django_db
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


class Town:
    """An organisation with two assessors, their coordinator, and a stranger from elsewhere."""

    def __init__(self, **fields: Any) -> None:
        self.organisation: Organisation = an_organisation()
        self.ana: Membership = a_member(self.organisation, "assessor", name="Ana")
        self.bob: Membership = a_member(self.organisation, "assessor", name="Bob")
        self.coordinator: Membership = a_member(self.organisation, "coordinator", name="Cora")
        self.stranger: Membership = a_member(an_organisation(), "coordinator", "assessor", name="Sam")
        self.assessment: Assessment = an_assessment(self.organisation, self.ana, self.bob, **fields)

    def url(self, rest: str = "") -> str:
        return f"/o/{self.organisation.slug}/a/{self.assessment.pk}/{rest}"

    def client(self, member: Membership, language: str = "en") -> Client:
        client = signed_in(member)
        client.cookies["language"] = language
        return client

    def sheet(self, member: Membership) -> Sheet:
        return Sheet.objects.get(assessment=self.assessment, seat__holder=member)

    def judged(self, member: Membership, code: str, **fields: Any) -> Judgement:
        values = {"values": {"score": 45}, "saved_at": timezone.now()}
        return Judgement.objects.create(sheet=self.sheet(member), code=code, **(values | fields))


@pytest.fixture
def town() -> Town:
    return Town()


def score(points: Any, version: Any = 0, **more: Any) -> dict[str, Any]:
    return {"version": version, "score-band": "3", "score-points-3": points, "ready": "yes", **more}


def html(response: Any) -> str:
    return str(response.content.decode())


# --- the task list --------------------------------------------------------------------------------


def test_the_task_list_says_what_is_mine_and_how_far_it_is(town: Town) -> None:
    town.judged(town.ana, "1.1", ready=True, seconds=600)
    town.judged(town.ana, "1.2")
    page = html(town.client(town.ana).get(town.url("my/")))
    assert "Ready 1 of 28 · about 4 h 30 min left" in page
    assert [page.count(words) for words in ("> Ready<", ">Ready<", "In progress", "Not begun")][1:] == [
        1,
        1,
        26,
    ]
    assert page.count(f'href="{town.url("my/")}') >= 28


def test_what_is_not_assigned_is_optional(town: Town) -> None:
    Sheet.objects.filter(pk=town.sheet(town.ana).pk).update(assigned=["1.1", "6.2"])
    client = town.client(town.ana)
    mine = html(client.get(town.url("my/")))
    assert "Ready 0 of 2" in mine
    assert mine.index("6.2") < mine.index("Optional for you") < mine.index("1.2 ")
    assert "Optional for you" not in html(client.get(town.url("my/?show=all")))


@pytest.mark.parametrize("count", [1, 28])
def test_the_task_list_asks_the_database_the_same_for_1_and_28_judgements(
    town: Town, count: int, django_assert_num_queries: Any
) -> None:
    items = [
        f"{n}.{m}"
        for n, most in zip(range(1, 10), (4, 4, 3, 6, 3, 2, 2, 2, 2), strict=True)
        for m in range(1, most + 1)
    ]
    for code in items[:count]:
        town.judged(town.ana, code)
    client = town.client(town.ana)
    with django_assert_num_queries(7):
        client.get(town.url("my/"))


# --- one sub-criterion ----------------------------------------------------------------------------


def test_saving_goes_on_to_the_next_sub_criterion(town: Town) -> None:
    answer = town.client(town.ana).post(town.url("my/1.2/"), score(55))
    assert (answer.status_code, answer["Location"]) == (302, town.url("my/1.3/"))
    assert Judgement.objects.get().values == {"score": 55}


def test_a_refused_score_answers_422_with_everything_typed_and_the_rest_stored(town: Town) -> None:
    client = town.client(town.ana)
    answer = client.post(town.url("my/1.2/"), score(75, **{"strength-text": ["Typed strength"]}))
    page = html(answer)
    assert answer.status_code == 422
    assert page.count("Enter a whole number from 51 to 70") == 2
    assert 'href="#score-points-3"' in page
    assert 'value="75"' in page
    assert "Typed strength" in page
    assert re.search(r"<title>\s*Error:", page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    again = client.post(
        town.url("my/1.2/"), score(65, int(version[1]), **{"strength-text": ["Typed strength"]})
    )
    assert again.status_code == 302
    assert Judgement.objects.get().values == {"score": 65}


def test_autosave_answers_in_json_and_says_what_it_could_not_store(town: Town) -> None:
    client, quiet = town.client(town.ana), {"Accept": "application/json", "X-Autosave": "1"}
    first = client.post(town.url("my/1.2/"), score(55), headers=quiet)
    assert (first.status_code, first.json()["version"]) == (200, 1)
    assert first.json()["saved"].startswith("Saved at ")
    half = client.post(town.url("my/1.2/"), score(5, 1, **{"area-text": ["New"]}), headers=quiet)
    assert (half.status_code, half.json()["version"]) == (422, 2)
    assert list(half.json()["errors"]) == ["score-points-3"]
    stored = Judgement.objects.get()
    assert (stored.values, stored.lines["area"][0]["text"]) == ({"score": 55}, "New")


@pytest.mark.parametrize("headers", [{}, {"Accept": "application/json", "X-Autosave": "1"}])
def test_a_stale_tab_gets_both_texts_and_overwrites_nothing(town: Town, headers: dict[str, str]) -> None:
    client = town.client(town.ana)
    client.post(
        town.url("my/1.2/"), score(55, **{"strength-id": ["a"], "strength-text": ["From the first tab"]})
    )
    mine = score(66, 0, **{"strength-id": ["a"], "strength-text": ["From the second tab"]})
    answer = client.post(town.url("my/1.2/"), mine, headers=headers)
    page = html(answer)
    assert answer.status_code == 409
    assert "From the first tab" in page
    assert "From the second tab" in page
    assert page.startswith("<!doctype") is not bool(headers)
    assert Judgement.objects.get().values == {"score": 55}


def _forms(page: str) -> list[dict[str, list[str]]]:
    forms = []
    for body in re.findall(r'<form method="post" action="[^"]*my/1.2/">(.*?)</form>', page, re.DOTALL):
        fields: dict[str, list[str]] = {}
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body):
            fields.setdefault(name, []).append(value)
        forms.append(fields)
    return forms


def test_the_two_versions_can_be_joined_or_mine_kept(town: Town) -> None:
    client = town.client(town.ana)
    client.post(
        town.url("my/1.2/"), score(55, **{"strength-id": ["a", "b"], "strength-text": ["First", "Same"]})
    )
    mine = {"version": 0, "score-band": "", "strength-id": ["a", "b"], "strength-text": ["Second", "Same"]}
    both, kept = _forms(html(client.post(town.url("my/1.2/"), mine)))
    assert client.post(town.url("my/1.2/"), both).status_code == 302
    stored = Judgement.objects.get()
    assert stored.values == {"score": 55}
    assert sorted(line["text"] for line in stored.lines["strength"]) == ["First", "Same", "Second"]
    kept["version"] = [str(stored.version)]
    client.post(town.url("my/1.2/"), kept)
    assert [line["text"] for line in Judgement.objects.get().lines["strength"]] == ["Second", "Same"]


def test_last_cycle_is_not_in_the_page_before_the_own_score_is_set(town: Town) -> None:
    past = an_assessment(town.organisation, town.ana, state=State.PUBLISHED, title="Past")
    Assessment.objects.filter(pk=town.assessment.pk).update(previous=past)
    Agreement.objects.create(assessment=past, code="1.2", state="agreed", values={"score": 37})
    Statement.objects.create(assessment=past, code="1.2", kind="strength", text="Canary of the past")
    client = town.client(town.ana)
    before = html(client.get(town.url("my/1.2/")))
    assert "Canary of the past" not in before
    assert ">37<" not in before
    client.post(town.url("my/1.2/"), score(55))
    after = html(client.get(town.url("my/1.2/")))
    assert "Canary of the past" in after
    assert ">37<" in after


def test_a_high_score_without_evidence_is_noted_but_taken(town: Town) -> None:
    client = town.client(town.ana)
    client.post(town.url("my/1.2/"), score(55))
    assert "no evidence stands beside it" in html(client.get(town.url("my/1.2/")))
    client.post(town.url("my/6.2/"), score(55))
    assert "without a trend of three years and without a target" in html(client.get(town.url("my/6.2/")))


@pytest.mark.parametrize(
    ("method", "edition", "code", "needed"),
    [
        ("classical", "caf-2020", "1.2", "score-points-3"),
        ("fine-tuned", "caf-2020", "1.2", 'name="score-plan"'),
        ("fine-tuned", "caf-2020", "9.1", 'name="score-trend"'),
        ("maturity", "principles-12", "1", 'name="score-band"'),
    ],
)
def test_every_method_has_its_page(method: str, edition: str, code: str, needed: str) -> None:
    town = Town(method=method, edition=an_edition(edition))
    for language in ("bg", "en"):
        answer = town.client(town.ana, language).get(town.url(f"my/{code}/"))
        assert answer.status_code == 200
        assert needed in html(answer)


def test_each_wrong_component_is_named() -> None:
    town = Town(method="fine-tuned")
    wrong = {"score-plan": "101", "score-do": "60", "score-check": "x", "score-act": "1"}
    answer = town.client(town.ana).post(town.url("my/1.2/"), {"version": 0, **wrong})
    assert [link.text for link in answer.context["errors"]] == [
        "Plan: enter a whole number from 0 to 100",
        "Check: enter a whole number from 0 to 100",
    ]


@pytest.mark.parametrize("lines", [1, 28])
def test_opening_and_saving_ask_the_same_for_1_and_28_judgements(town: Town, lines: int) -> None:
    for number in range(lines):
        town.judged(town.ana, f"{number % 9 + 1}.{number // 9 + 3}x")
    town.judged(town.ana, "1.2")
    client = town.client(town.ana)
    with CaptureQueriesContext(connection) as opened:
        client.get(town.url("my/1.2/"))
    assert len(opened) == 7
    quiet = {"Accept": "application/json", "X-Autosave": "1"}
    client.post(town.url("my/1.1/"), score(55), headers=quiet)  # the audit's chain is begun
    with CaptureQueriesContext(connection) as saved:
        client.post(town.url("my/1.2/"), score(55, 1), headers=quiet)
    asked = [one["sql"] for one in saved if not one["sql"].startswith(TRANSACTION)]
    assert len(asked) == 10


def test_an_unknown_sub_criterion_is_not_found(town: Town) -> None:
    assert town.client(town.ana).get(town.url("my/7.9/")).status_code == 404


# --- an expired sign-in ---------------------------------------------------------------------------


def test_a_form_sent_after_the_sign_in_expired_is_kept_and_stored(town: Town) -> None:
    client = town.client(town.ana)
    person = town.ana.person
    assert person is not None
    client.logout()
    fields = score(55, owner_token=owner.mark(person.pk), **{"strength-text": ["Written for an hour"]})
    answer = client.post(town.url("my/1.2/"), fields)
    assert answer.status_code == 302
    kept = KeptForm.objects.get()
    assert f"%2Fkept%2F{kept.token}" in answer["Location"]
    assert Judgement.objects.count() == 0
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    page = client.get(f"/kept/{kept.token}/")
    if page.status_code == 200:
        page = client.post(f"/kept/{kept.token}/")
    assert page.status_code in {302, 303, 307}
    stored = Judgement.objects.get()
    assert (stored.values, stored.lines["strength"][0]["text"]) == ({"score": 55}, "Written for an hour")


# --- handing in -----------------------------------------------------------------------------------


def test_the_check_page_begins_with_what_is_missing_and_opens_only_that(town: Town) -> None:
    town.judged(town.ana, "1.2", values={"score": 61}, ready=True)
    town.judged(town.ana, "1.3", values={"score": 52})
    client = town.client(town.ana)
    answer = client.get(town.url("my/check/"))
    page = html(answer)
    missing = [link.url for link in answer.context["missing"]]
    assert (len(missing), missing[:2]) == (27, ["#answer-1.1", "#answer-1.3"])
    assert all(f'id="{url[1:]}"' in page for url in missing)
    assert re.findall(r"<summary>Your score: (\d+)", page) == ["61"]
    client.post(town.url("my/hand-in/"), {"confirm": "yes"})
    assert "<summary>Your score" not in html(client.get(town.url("my/check/")))


def test_the_check_page_shows_gaps_and_handing_in_with_them_needs_a_tick(town: Town) -> None:
    town.judged(town.ana, "1.2", values={"score": 61}, ready=True)
    client = town.client(town.ana)
    page = html(client.get(town.url("my/check/")))
    assert ">61<" in page
    assert page.count("Not provided") > 27
    assert "27 sub-criteria are not marked as ready" in page
    refused = client.post(town.url("my/hand-in/"))
    assert refused.status_code == 422
    assert town.sheet(town.ana).handed_in_at is None
    assert client.post(town.url("my/hand-in/"), {"confirm": "yes"}).status_code == 302
    assert town.sheet(town.ana).handed_in_at is not None
    assert "You handed in" in html(client.get(town.url("my/")))
    assert client.post(town.url("my/1.2/"), score(55, 1)).status_code == 403
    assert "score-points" not in html(client.get(town.url("my/1.2/")))
    client.post(town.url("my/take-back/"))
    assert town.sheet(town.ana).handed_in_at is None


# --- who sees what --------------------------------------------------------------------------------

OWN = ("my/", "my/1.2/", "my/check/")


def test_strangers_find_nothing(town: Town) -> None:
    client = signed_in(town.stranger)
    for rest in (*OWN, "progress/", "evidence/"):
        assert client.get(town.url(rest)).status_code == 404
    for rest in ("my/1.2/", "my/hand-in/", "my/take-back/"):
        assert client.post(town.url(rest), score(55)).status_code == 404
    foreign = f"/o/{town.stranger.organisation.slug}/a/{town.assessment.pk}/"
    for rest in (*OWN, "progress/", "evidence/"):
        assert client.get(foreign + rest).status_code == 404


def test_members_without_a_seat_have_no_sheet(town: Town) -> None:
    viewer = a_member(town.organisation, "viewer")
    facilitator = a_member(town.organisation, "assessor")
    a_seat(town.assessment, facilitator, "facilitator", 5)
    for member in (viewer, facilitator, town.coordinator):
        client = town.client(member)
        for rest in OWN:
            assert client.get(town.url(rest)).status_code == 403
        assert client.post(town.url("my/1.2/"), score(55)).status_code == 403


def test_before_the_lock_nobody_else_sees_a_text_or_a_score(town: Town) -> None:
    canary = {"strength": [{"id": "c", "text": "CanaryStrength", "named": True}]}
    town.judged(town.ana, "1.2", values={"score": 63}, lines=canary, reason="CanaryReason")
    addresses = (
        "",
        "my/",
        "my/?show=all",
        "my/1.2/",
        "my/check/",
        "progress/",
        "evidence/",
        "agree/",
        "report/",
    )
    for member in (town.bob, town.coordinator, a_member(town.organisation, "sponsor")):
        client = town.client(member)
        for rest in addresses:
            page = html(client.get(town.url(rest), follow=True))
            assert "Canary" not in page
            assert ">63<" not in page


def test_the_coordinator_sees_how_far_each_has_come(town: Town) -> None:
    town.judged(town.ana, "1.2", ready=True)
    town.judged(town.ana, "1.3")
    page = html(town.client(town.coordinator).get(town.url("progress/")))
    assert "Ana" in page
    assert "Bob" in page
    assert "1 of 28" in page
    assert town.client(town.bob).get(town.url("progress/")).status_code == 403


@pytest.mark.parametrize("others", [0, 3])
def test_progress_asks_the_same_for_every_size_of_group(
    town: Town, others: int, django_assert_num_queries: Any
) -> None:
    for position in range(others):
        a_seat(town.assessment, a_member(town.organisation, "assessor"), position=10 + position)
    client = town.client(town.coordinator)
    with django_assert_num_queries(6):
        client.get(town.url("progress/"))


# --- my work --------------------------------------------------------------------------------------


def test_my_work_says_what_is_left(town: Town) -> None:
    town.judged(town.ana, "1.2", ready=True)
    (item,) = work.sheet_work(as_viewer(town.ana))
    assert item.url == town.url("my/")
    assert "27" in item.title
    assert list(work.sheet_work(as_viewer(town.coordinator))) == []
    Sheet.objects.filter(pk=town.sheet(town.ana).pk).update(assigned=["1.2"])
    (item,) = work.sheet_work(as_viewer(town.ana))
    assert urlsplit(item.url).path == town.url("my/check/")
    Sheet.objects.filter(pk=town.sheet(town.ana).pk).update(handed_in_at=timezone.now())
    assert list(work.sheet_work(as_viewer(town.ana))) == []
    (item,) = work.following_work(as_viewer(town.coordinator))
    assert "1" in item.status_text
    assert item.url == town.url("progress/")
    assert list(work.following_work(as_viewer(town.bob))) == []
