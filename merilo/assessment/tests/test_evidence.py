"""The shared shelf: who sees and changes what, each kind of evidence, nothing overwritten."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from merilo.assessment.actions import evidence as actions
from merilo.assessment.models import Assessment, Evidence, EvidenceUse, State
from merilo.assessment.queries import evidence as queries
from merilo.assessment.tests.test_sheets_pages import Town, html
from merilo.core.models import AuditEntry, AuditPayload
from merilo.organisations.models import Unit
from tests.at_once import at_once
from tests.people import a_member, an_assessment, as_viewer

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a plan"
THIS_YEAR = timezone.localdate().year


@pytest.fixture
def town() -> Town:
    return Town()


def on_the_shelf(town: Town, title: str = "A plan", **fields: Any) -> Evidence:
    uses = fields.pop("uses", {})
    values = {"kind": "note", "added_by": town.ana, "added_at": timezone.now()}
    row = Evidence.objects.create(assessment=town.assessment, title=title, **(values | fields))
    EvidenceUse.objects.bulk_create(
        EvidenceUse(evidence=row, code=code, page=page) for code, page in uses.items()
    )
    return row


def note(**more: Any) -> dict[str, Any]:
    return {"title": "A note", "text": "Seen at the counter", "only_coordinator": "no", **more}


INDICATOR = {
    "title": "Days to answer",
    "measure": "days",
    "better": "lower",
    f"value_{THIS_YEAR - 3}": "12,5",
    f"value_{THIS_YEAR - 2}": "10",
    f"value_{THIS_YEAR - 1}": "8.50",
    "target": "9",
    "source": "Records system",
    "only_coordinator": "no",
}


# --- kinds ----------------------------------------------------------------------------------------


def test_a_note_is_added_with_its_uses_and_leads_back_to_the_sub_criterion(town: Town) -> None:
    client = town.client(town.ana)
    assert client.get(town.url("evidence/new/?for=1.2")).status_code == 200
    fields = note(use=["1.2", "2.1"], **{"page-1.2": "12–18", "page-3.1": "not ticked"})
    answer = client.post(town.url("evidence/new/?kind=note&for=1.2"), fields)
    assert (answer.status_code, answer["Location"]) == (302, town.url("my/1.2/"))
    row = Evidence.objects.get()
    assert {use.code: use.page for use in row.uses.all()} == {"1.2": "12–18", "2.1": ""}
    assert AuditEntry.objects.get(verb="evidence.added").object_id == str(row.pk)
    assert "A note" in html(client.get(town.url("my/1.2/")))


def test_the_same_form_twice_adds_one(town: Town) -> None:
    client = town.client(town.ana)
    for _again in range(3):
        client.post(town.url("evidence/new/?kind=note"), note(once="one-key"))
    assert Evidence.objects.count() == 1


def test_an_indicator_keeps_exact_values_and_supports_a_result(town: Town) -> None:
    client = town.client(town.ana)
    client.post(town.url("evidence/new/?kind=indicator"), INDICATOR | {"use": ["6.2"]})
    figure = queries.indicator_of(Evidence.objects.get().details)
    assert (figure.has_trend, figure.target_met, figure.improves) == (True, True, True)
    assert Evidence.objects.get().details["values"][str(THIS_YEAR - 3)] == "12.5"
    support = queries.support(as_viewer(town.ana), town.assessment)["6.2"]
    assert (support.count, support.has_trend, support.has_target) == (1, True, True)


def test_an_indicator_without_values_or_with_words_is_refused(town: Town) -> None:
    client = town.client(town.ana)
    empty = INDICATOR | {f"value_{THIS_YEAR - n}": "" for n in (1, 2, 3)}
    assert client.post(town.url("evidence/new/?kind=indicator"), empty).status_code == 422
    wrong = client.post(town.url("evidence/new/?kind=indicator"), INDICATOR | {"target": "many"})
    assert wrong.status_code == 422
    assert 'value="many"' in html(wrong)
    assert Evidence.objects.count() == 0


def test_a_survey_says_when_how_many_and_how(town: Town) -> None:
    fields = {
        "title": "Staff",
        "text": "63 %",
        "wave": "October",
        "n": "84",
        "method": "online",
        "only_coordinator": "no",
    }
    client = town.client(town.ana)
    assert client.post(town.url("evidence/new/?kind=survey"), fields).status_code == 302
    assert Evidence.objects.get().details == {"wave": "October", "n": 84, "method": "online"}
    for missing in ("wave", "n", "method"):
        assert client.post(town.url("evidence/new/?kind=survey"), fields | {missing: ""}).status_code == 422


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example/a", "not an address"])
def test_a_link_is_a_web_address(town: Town, url: str) -> None:
    fields = {"title": "A page", "url": url, "only_coordinator": "no"}
    assert town.client(town.ana).post(town.url("evidence/new/?kind=link"), fields).status_code == 422
    fields["url"] = "https://town.example/rules"
    assert town.client(town.ana).post(town.url("evidence/new/?kind=link"), fields).status_code == 302


def test_a_document_is_a_file_or_a_place(town: Town) -> None:
    client, fields = town.client(town.ana), {"title": "A plan", "only_coordinator": "no"}
    where = town.url("evidence/new/?kind=document")
    assert client.post(where, fields).status_code == 422
    hostile = SimpleUploadedFile("plan.pdf", b"MZ not a pdf")
    assert client.post(where, fields | {"file": hostile}).status_code == 422
    assert client.post(where, fields | {"file": SimpleUploadedFile("x.exe", b"MZ")}).status_code == 422
    assert Evidence.objects.count() == 0
    assert client.post(where, fields | {"file": SimpleUploadedFile("plan.pdf", PDF)}).status_code == 302
    assert client.post(where, fields | {"text": "Registry, file 12"}).status_code == 302
    row = Evidence.objects.get(text="")
    answer = client.get(town.url(f"evidence/{row.pk}/file/"))
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    "bad", [{"title": "nul\x00"}, {"title": ""}, {"title": "x" * 301}, {"year": "1700"}, {"text": "x" * 6000}]
)
def test_bad_input_is_refused_and_stays_typed(town: Town, bad: dict[str, str]) -> None:
    answer = town.client(town.ana).post(town.url("evidence/new/?kind=note"), note(**({"source": ""} | bad)))
    assert answer.status_code == 422
    assert Evidence.objects.count() == 0


def test_a_unit_of_another_organisation_is_refused(town: Town) -> None:
    foreign = Unit.objects.create(organisation=town.stranger.organisation, name="Elsewhere")
    answer = town.client(town.ana).post(town.url("evidence/new/?kind=note"), note(unit=str(foreign.pk)))
    assert answer.status_code == 422


# --- change and remove ----------------------------------------------------------------------------


def test_a_change_builds_on_the_version_that_was_read(town: Town) -> None:
    row = on_the_shelf(town, text="Old", uses={"1.2": "5"})
    client, where = town.client(town.ana), town.url(f"evidence/{row.pk}/")
    assert (
        client.post(where, note(title="Mine", version=1, use=["1.3"], **{"was-1.2": "5"})).status_code == 302
    )
    stale = town.client(town.bob).post(where, note(title="From Bob", version=1))
    assert stale.status_code == 409
    assert "Mine" in html(stale)
    assert "From Bob" in html(stale)
    row.refresh_from_db()
    assert (row.title, row.version, [use.code for use in row.uses.all()]) == ("Mine", 2, ["1.3"])
    assert town.client(town.bob).post(where, note(title="From Bob", version=2)).status_code == 302
    assert AuditEntry.objects.filter(verb="evidence.changed").count() == 2


def test_removing_asks_first(town: Town) -> None:
    row = on_the_shelf(town, uses={"1.2": ""})
    client, where = town.client(town.ana), town.url(f"evidence/{row.pk}/remove/")
    assert "A plan" in html(client.get(where))
    assert Evidence.objects.count() == 1
    client.post(where)
    assert not Evidence.objects.filter(removed_at=None).exists()
    assert AuditEntry.objects.filter(verb="evidence.removed").count() == 1


def test_things_on_the_shelf_are_chosen_for_a_sub_criterion(town: Town) -> None:
    first, second = on_the_shelf(town, "First", uses={"1.2": "3"}), on_the_shelf(town, "Second")
    client, where = town.client(town.ana), town.url("evidence/for/1.2/")
    assert "First" in html(client.get(where))
    sent = {"use": [str(second.pk)], f"page-{second.pk}": "7", f"was-{first.pk}": "3"}
    answer = client.post(where, sent)
    assert answer["Location"] == town.url("my/1.2/")
    assert list(EvidenceUse.objects.values_list("evidence", "page")) == [(second.pk, "7")]
    client.post(where, {"use": [str(second.pk)], f"page-{second.pk}": "7"})
    assert AuditEntry.objects.filter(verb="evidence.used").count() == 1
    assert client.post(where, {"use": [str(first.pk)], f"page-{first.pk}": "\x00"}).status_code == 422
    assert client.get(town.url("evidence/for/77/")).status_code == 404


# --- several at the same things -------------------------------------------------------------------
def used(row: Evidence) -> dict[str, str]:
    return {use.code: use.page for use in EvidenceUse.objects.filter(evidence=row)}


def test_the_pages_send_along_which_ticks_they_showed(town: Town) -> None:
    row, client = on_the_shelf(town, uses={"1.2": "3"}), town.client(town.ana)
    assert f'name="was-{row.pk}" value="3"' in html(client.get(town.url("evidence/for/1.2/")))
    page = html(client.get(town.url(f"evidence/{row.pk}/")))
    assert 'name="was-1.2" value="3"' in page
    assert page.count('name="was-') == 1
    again = client.post(town.url(f"evidence/{row.pk}/"), note(title="", use=["1.3"], **{"was-1.2": "3"}))
    assert 'name="was-1.2" value="3"' in html(again)


def test_what_a_colleague_ticked_meanwhile_is_shown_and_kept_when_a_form_is_saved_again(town: Town) -> None:
    row = on_the_shelf(town, uses={"1.2": "", "1.3": ""})
    where, seen = town.url(f"evidence/{row.pk}/"), {"was-1.2": "", "was-1.3": ""}
    town.client(town.bob).post(town.url("evidence/for/2.1/"), {"use": [str(row.pk)]})
    mine = note(title="Mine", use=["1.2", "3.1"], **seen)
    stale = town.client(town.ana).post(where, mine | {"version": 1})
    assert stale.status_code == 409
    assert "1.2, 1.3, 2.1" in html(stale)
    assert (set(used(row)), Evidence.objects.get().title) == ({"1.2", "1.3", "2.1"}, "A plan")
    assert town.client(town.ana).post(where, mine | {"version": 2}).status_code == 302
    assert set(used(row)) == {"1.2", "2.1", "3.1"}
    told = json.loads(AuditPayload.objects.get(entry__verb="evidence.changed").data)
    assert set(told["before"]["uses"]) == {"1.2", "1.3", "2.1"}
    assert set(told["after"]["uses"]) == {"1.2", "2.1", "3.1"}


def test_two_who_tick_for_the_same_sub_criterion_keep_both_and_what_was_taken_off_stays_off(
    town: Town,
) -> None:
    gone, kept, new, other = (on_the_shelf(town, name) for name in ("Gone", "Kept", "New", "Other"))
    EvidenceUse.objects.bulk_create(EvidenceUse(evidence=row, code="1.2", page="1") for row in (gone, kept))
    where, seen = town.url("evidence/for/1.2/"), {f"was-{row.pk}": "1" for row in (gone, kept)}
    pages = {f"page-{row.pk}": "1" for row in (gone, kept)}
    town.client(town.ana).post(where, {"use": [kept.pk, new.pk], **seen, **pages})
    town.client(town.bob).post(where, {"use": [gone.pk, kept.pk, other.pk], **seen, **pages})
    assert [used(row) for row in (gone, kept, new, other)] == [{}, {"1.2": "1"}, {"1.2": ""}, {"1.2": ""}]
    versions = dict(Evidence.objects.values_list("title", "version"))
    assert versions == {"Gone": 2, "Kept": 1, "New": 2, "Other": 2}


def test_what_was_taken_off_the_shelf_meanwhile_gets_no_tick(town: Town) -> None:
    row = on_the_shelf(town)
    Evidence.objects.update(removed_at=timezone.now(), removed_by=town.bob)
    actions.use_for_item(
        viewer=as_viewer(town.ana),
        assessment=town.assessment,
        code="1.2",
        shown={},
        pages={row.pk: ""},
        at=timezone.now(),
    )
    assert used(row) == {}


@pytest.mark.django_db(transaction=True)
def test_ticks_and_a_change_in_the_same_moment_lose_nothing() -> None:
    town = Town()
    row = on_the_shelf(town, uses={"1.2": ""})

    def ticks(code: str) -> Callable[[], int]:
        page = town.url(f"evidence/for/{code}/")
        return lambda: town.client(town.bob).post(page, {"use": [str(row.pk)]}).status_code

    def saves() -> int:
        mine = note(title="Mine", version=1, use=["1.2"], **{"was-1.2": ""})
        return town.client(town.ana).post(town.url(f"evidence/{row.pk}/"), mine).status_code

    saved, *ticked = at_once(saves, ticks("1.3"), ticks("2.1"))
    assert ticked == [302, 302]
    assert set(used(row)) == {"1.2", "1.3", "2.1"}
    row.refresh_from_db()
    assert (saved, row.title, row.version) in {(302, "Mine", 4), (409, "A plan", 3)}


# --- find and take away ---------------------------------------------------------------------------


def test_the_shelf_is_searched_without_regard_to_case_in_cyrillic(town: Town) -> None:
    on_the_shelf(town, "Програма за управление", year=THIS_YEAR - 4, uses={"1.2": ""})
    on_the_shelf(town, "Отчет", kind="link", url="https://town.example/", year=THIS_YEAR - 3)
    client = town.client(town.ana)
    for query, found in (
        ("q=ПРОГРАМА", "Програма за управление"),
        ("kind=link", "Отчет"),
        ("code=1.2", "Програма за управление"),
        ("state=old", "Програма за управление"),
        ("state=unused", "Отчет"),
    ):
        page = html(client.get(town.url(f"evidence/?{query}")))
        assert [title in page for title in ("Програма за управление", "Отчет")].count(True) == 1
        assert found in page
    assert "Nothing found" in html(client.get(town.url("evidence/?q=nowhere")))


@pytest.mark.parametrize("count", [1, 3])
def test_the_shelf_asks_the_same_for_1_and_3_things(
    town: Town, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        on_the_shelf(town, f"Thing {number}", uses={"1.2": "", "1.3": ""})
    client = town.client(town.ana)
    with django_assert_num_queries(9):
        client.get(town.url("evidence/"))
    with django_assert_num_queries(7):
        client.get(town.url("my/1.2/"))


def test_the_shelf_marks_only_what_the_group_does_not_see(town: Town) -> None:
    on_the_shelf(town, "For all")
    shelf = town.client(town.coordinator)
    assert "only the coordinator sees it" not in html(shelf.get(town.url("evidence/")))
    on_the_shelf(town, "A secret", only_coordinator=True)
    assert html(shelf.get(town.url("evidence/"))).count("only the coordinator sees it") == 1


def test_the_empty_shelf_offers_each_way_once(town: Town) -> None:
    page = html(town.client(town.ana).get(town.url("evidence/")))
    assert page.count("Add evidence") == 1


def test_the_shelf_can_be_taken_away(town: Town) -> None:
    on_the_shelf(town, "=1+1", year=2025, uses={"1.2": "4"})
    client = town.client(town.ana)
    rows = list(
        csv.reader(io.StringIO(client.get(town.url("evidence/?format=csv")).content.decode("utf-8-sig")))
    )
    assert rows[1][:5] == ["'=1+1", "Note", "", "2025", "1.2 (4)"]
    (told,) = json.loads(client.get(town.url("evidence/?format=json")).content)
    assert (told["title"], told["year"], told["uses"]) == ("=1+1", 2025, "1.2 (4)")
    assert client.get(town.url("evidence/?format=xlsx")).content.startswith(b"PK")
    assert client.get(town.url("evidence/?format=exe")).status_code == 404


def test_the_last_cycle_is_brought_over_one_by_one(town: Town) -> None:
    past = an_assessment(town.organisation, town.ana, state=State.PUBLISHED)
    Assessment.objects.filter(pk=town.assessment.pk).update(previous=past)
    kept, left = on_the_shelf(town, "Kept", uses={"1.2": "9"}), on_the_shelf(town, "Left")
    Evidence.objects.update(assessment=past)
    client, where = town.client(town.ana), town.url("evidence/last-cycle/")
    assert "Left" in html(client.get(where))
    for _again in range(2):
        client.post(where, {"use": [str(kept.pk)], "once": "key"})
    copy = Evidence.objects.get(assessment=town.assessment)
    assert (copy.title, [(use.code, use.page) for use in copy.uses.all()]) == ("Kept", [("1.2", "9")])
    assert Evidence.objects.get(pk=left.pk).assessment_id == past.pk
    assert "Kept" not in html(client.get(where)).partition("<main")[2]


# --- removed and put back -------------------------------------------------------------------------
def test_what_was_removed_is_put_back_with_its_uses_for_thirty_days(town: Town) -> None:
    row = on_the_shelf(town, "A plan", uses={"1.2": "4"})
    client = town.client(town.ana)
    client.post(town.url(f"evidence/{row.pk}/remove/"))
    assert "A plan" in html(client.get(town.url("evidence/removed/")))
    assert "A plan" not in html(client.get(town.url("my/1.2/")))
    answers = [client.post(town.url(f"evidence/{row.pk}/put-back/")).status_code for _again in range(2)]
    assert answers == [302, 302]
    assert "A plan" in html(client.get(town.url("my/1.2/")))
    assert AuditEntry.objects.filter(verb="evidence.put_back").count() == 1


def test_after_thirty_days_nothing_removed_is_put_back(town: Town) -> None:
    row = on_the_shelf(town, "A plan")
    long_ago = timezone.now() - timedelta(days=31)
    Evidence.objects.update(removed_at=long_ago, removed_by=town.ana)
    client = town.client(town.ana)
    assert "A plan" not in html(client.get(town.url("evidence/removed/")))
    assert client.post(town.url(f"evidence/{row.pk}/put-back/")).status_code == 404


def test_removed_evidence_for_the_coordinator_is_shown_to_no_one_else(town: Town) -> None:
    row = on_the_shelf(town, "Canary file", only_coordinator=True)
    town.client(town.coordinator).post(town.url(f"evidence/{row.pk}/remove/"))
    bob = town.client(town.bob)
    assert "Canary file" not in html(bob.get(town.url("evidence/removed/")))
    assert bob.post(town.url(f"evidence/{row.pk}/put-back/")).status_code == 404


def test_the_record_holds_nothing_of_what_only_the_coordinator_sees(town: Town) -> None:
    fields = {"title": "Canary", "text": "Canary", "only_coordinator": "yes"}
    town.client(town.coordinator).post(town.url("evidence/new/?kind=note"), fields)
    kept = AuditPayload.objects.get(entry__verb="evidence.added").data
    assert "Canary" not in kept
    assert Evidence.objects.get().only_coordinator


# --- who ------------------------------------------------------------------------------------------


def test_what_is_for_the_coordinator_is_seen_by_the_coordinator_and_its_adder(town: Town) -> None:
    row = on_the_shelf(town, "Canary file", only_coordinator=True, uses={"1.2": ""})
    for member, sees in ((town.ana, True), (town.coordinator, True), (town.bob, False)):
        client = town.client(member)
        assert ("Canary file" in html(client.get(town.url("evidence/")))) is sees
        assert client.get(town.url(f"evidence/{row.pk}/")).status_code == (200 if sees else 404)
    page = html(town.client(town.bob).get(town.url("my/1.2/")))
    assert "Canary file" not in page
    assert "Canary file" not in html(town.client(town.bob).get(town.url("evidence/for/1.2/")))


def test_the_shelf_is_closed_to_those_outside_the_group(town: Town) -> None:
    row = on_the_shelf(town)
    reader = town.client(a_member(town.organisation, "viewer"))
    for rest in ("evidence/", f"evidence/{row.pk}/", "evidence/new/", f"evidence/{row.pk}/remove/"):
        assert reader.get(town.url(rest)).status_code == 403
    sponsor = town.client(a_member(town.organisation, "sponsor"))
    assert sponsor.get(town.url(f"evidence/{row.pk}/")).status_code == 200
    assert sponsor.post(town.url(f"evidence/{row.pk}/"), note(version=1)).status_code == 403
    stranger = town.client(town.stranger)
    foreign = f"/o/{town.stranger.organisation.slug}/a/{town.assessment.pk}/"
    for rest in (
        "evidence/",
        f"evidence/{row.pk}/",
        f"evidence/{row.pk}/remove/",
        f"evidence/{row.pk}/file/",
    ):
        assert stranger.get(town.url(rest)).status_code == 404
        assert stranger.get(foreign + rest).status_code == 404
        assert stranger.post(town.url(rest), note(version=1)).status_code in {404, 405}
    assert Evidence.objects.get().title == "A plan"


def test_evidence_of_another_assessment_is_not_reached_through_this_one(town: Town) -> None:
    row = on_the_shelf(town)
    other = an_assessment(town.organisation, town.ana)
    address = f"/o/{town.organisation.slug}/a/{other.pk}/evidence/{row.pk}/"
    assert town.client(town.ana).get(address).status_code == 404
    assert town.client(town.ana).post(f"{address}remove/").status_code == 404


def test_after_approval_the_shelf_is_only_read(town: Town) -> None:
    row = on_the_shelf(town)
    Assessment.objects.update(state=State.APPROVED)
    client = town.client(town.ana)
    assert client.get(town.url("evidence/")).status_code == 200
    assert client.get(town.url(f"evidence/{row.pk}/")).status_code == 200
    assert client.get(town.url("evidence/new/")).status_code == 403
    assert client.post(town.url(f"evidence/{row.pk}/remove/")).status_code == 403
    assert client.post(town.url("evidence/for/1.2/"), {"use": [str(row.pk)]}).status_code == 403


@pytest.mark.parametrize("state", [State.PLANNING, State.AGREEING, State.REPORTING])
def test_the_shelf_is_found_from_the_overview_at_any_time(state: State) -> None:
    town = Town(state=state)
    assert f'href="{town.url("evidence/")}"' in html(town.client(town.coordinator).get(town.url()))
