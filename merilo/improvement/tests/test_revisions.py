"""A plan is approved as it was frozen, amended visibly, and published without what is withheld."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import docx
import pypdf
import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.improvement.actions import revisions as actions
from merilo.improvement.models import Measure, Plan, PlanRevision, PlanState, RevisionFile, RevisionState
from merilo.improvement.reporting import revisions, words
from merilo.improvement.tasks import build_plan_documents, draw
from merilo.indicators.models import Indicator
from merilo.organisations.models import Notification, OfficialDocument, Unit
from tests.people import a_member, an_organisation, as_viewer, signed_in, today
from tests.plans import (
    a_measure,
    a_plan,
    a_proposal,
    a_submitted,
    an_activity,
    an_approved,
    an_item,
)

pytestmark = pytest.mark.django_db


class Town:
    """An organisation with a plan of two measures, one of them withheld."""

    def __init__(self) -> None:
        self.organisation = an_organisation()
        self.coordinator = a_member(self.organisation, "coordinator")
        self.sponsor = a_member(self.organisation, "sponsor")
        self.reader = a_member(self.organisation, "viewer")
        unit = Unit.objects.create(organisation=self.organisation, name="Дирекция „Услуги“")
        self.owner = a_member(
            self.organisation, "assessor", name="Георги Тодоров", position="главен експерт", unit=unit
        )
        self.plan = a_plan(self.organisation, purpose="По-малко чакане.")
        item = an_item(self.plan)
        points = {one["code"]: 4 for one in self.plan.scheme}
        proposal = a_proposal(self.plan, item, points=points)
        facts: dict[str, Any] = {
            "kind": "quick_win",
            "euro": "1800.00",
            "hours": 40,
            "risks": "Малко отговори",
        }
        self.measure = a_measure(self.plan, owner=self.owner, proposal=proposal, **facts)
        self.measure.items.add(item)
        an_activity(self.measure, owner=self.owner)
        indicator = Indicator.objects.create(
            organisation=self.organisation,
            code="П1",
            name="Отговорили фирми",
            unit="бр.",
            made_at=timezone.now(),
        )
        self.measure.indicators.create(indicator=indicator, baseline=0, target=120)
        self.secret = a_measure(self.plan, "Вътрешна проверка на касата", withheld=True, owner=self.owner)
        self.plan.group.seats.create(holder=self.owner, function="chair")

    def path(self, rest: str = "") -> str:
        return f"/o/{self.organisation.slug}/plans/{self.plan.pk}/approval/{rest}"

    def approved(self) -> PlanRevision:
        return an_approved(self.plan, self.coordinator, self.sponsor)

    def published(self) -> PlanRevision:
        revision = self.approved()
        actions.publish(viewer=as_viewer(self.coordinator), revision=revision, at=timezone.now())
        return PlanRevision.objects.select_related("plan__organisation").get(pk=revision.pk)


@pytest.fixture
def town() -> Town:
    return Town()


# --- deciding ---------------------------------------------------------------------------------
def test_from_the_first_approval_the_plan_is_carried_out(town: Town) -> None:
    answer = signed_in(town.coordinator).post(town.path(), {"language": "bg"})
    assert answer.headers["Location"] == town.path("1/")
    told = Notification.objects.get(kind="plan.submitted")
    assert (told.person, told.path) == (town.sponsor.person, town.path("1/"))
    assert signed_in(town.reader).get(town.path("1/")).status_code == 404
    assert signed_in(town.sponsor).post(town.path("1/approve/")).status_code == 302
    town.plan.refresh_from_db()
    assert town.plan.state == PlanState.RUNNING
    assert Notification.objects.get(kind="plan.approved").person == town.coordinator.person
    assert signed_in(town.reader).get(town.path("1/")).status_code == 200


def test_an_empty_plan_is_not_submitted(town: Town) -> None:
    plan = a_plan(town.organisation)
    path = f"/o/{town.organisation.slug}/plans/{plan.pk}/approval/"
    answer = signed_in(town.coordinator).post(path, {"language": "bg"})
    assert answer.status_code == 422
    assert not PlanRevision.objects.exists()


def test_who_may_not_decide_is_refused(town: Town) -> None:
    revision = a_submitted(town.plan, town.coordinator)
    at = timezone.now()
    for member in (town.coordinator, town.owner, town.reader):
        with pytest.raises(Refused):
            actions.approve(viewer=as_viewer(member), revision=revision, at=at)
    with pytest.raises(Refused):
        actions.publish(viewer=as_viewer(town.reader), revision=revision, at=at)
    with pytest.raises(Refused):
        actions.submit(viewer=as_viewer(town.sponsor), plan=town.plan, language="bg", at=at)


def test_a_returned_plan_comes_back_with_its_note(town: Town) -> None:
    a_submitted(town.plan, town.coordinator)
    client = signed_in(town.sponsor)
    assert client.post(town.path("1/return/"), {"note": ""}).status_code == 422
    assert client.post(town.path("1/return/"), {"note": "Кой отговаря за 2?"}).status_code == 302
    revision = PlanRevision.objects.get()
    assert (revision.state, revision.decision_note) == (RevisionState.RETURNED, "Кой отговаря за 2?")
    work = signed_in(town.coordinator).get(f"/o/{town.organisation.slug}/").content.decode()
    assert "Кой отговаря за 2?" in work


def test_a_newer_revision_replaces_the_one_that_waits(town: Town) -> None:
    first = a_submitted(town.plan, town.coordinator)
    Measure.objects.filter(pk=town.measure.pk).update(objective="Да знаем какво мислят фирмите")
    a_submitted(town.plan, town.coordinator)
    assert [one.state for one in PlanRevision.objects.order_by("number")] == ["replaced", "submitted"]
    with pytest.raises(Conflict):
        actions.approve(viewer=as_viewer(town.sponsor), revision=first, at=timezone.now())


def test_an_approval_on_paper_names_exactly_this_revision(town: Town) -> None:
    revision = a_submitted(town.plan, town.coordinator)
    client = signed_in(town.coordinator)
    signed = today().strftime("%d.%m.%Y")

    def typed(**changed: str) -> dict[str, Any]:
        file = SimpleUploadedFile("план.pdf", b"%PDF-1.7", content_type="application/pdf")
        values = {"number": "РД-7", "date": signed, "printed": revision.checksum[:8], "file": file}
        return values | changed

    tomorrow = (today() + timedelta(days=1)).strftime("%d.%m.%Y")
    for wrong in ({"printed": "00000000"}, {"printed": revision.checksum[:7]}, {"date": tomorrow}):
        answer = client.post(town.path("1/on-paper/"), typed(**wrong))
        assert answer.status_code == 422
        assert "РД-7" in answer.content.decode()
    assert client.post(town.path("1/on-paper/"), typed()).status_code == 302
    revision.refresh_from_db()
    town.plan.refresh_from_db()
    document = OfficialDocument.objects.get()
    assert (revision.state, revision.approval, town.plan.state) == ("approved", document, PlanState.RUNNING)
    assert document.file is not None


def test_who_decides_on_a_replaced_revision_is_led_to_the_newer_one(town: Town) -> None:
    a_submitted(town.plan, town.coordinator)
    with pytest.raises(MeriloError):
        a_submitted(town.plan, town.coordinator)  # it says the same
    Measure.objects.filter(pk=town.measure.pk).update(objective="По-малко чакане")
    a_submitted(town.plan, town.coordinator)
    sponsor = signed_in(town.sponsor)
    answer = sponsor.post(town.path("1/approve/"), follow=True)
    assert answer.redirect_chain == [(town.path("2/"), 302)]
    page = answer.content.decode()
    assert "Междувременно е внесена по-нова редакция" in page
    first = PlanRevision.objects.get(number=1)
    assert (first.state, first.decided_by, first.decided_at) == (RevisionState.REPLACED, None, None)
    assert town.path("2/") in sponsor.get(town.path("1/")).content.decode()
    assert sponsor.post(town.path("1/return/"), {"note": "Още нещо"}).status_code == 409
    assert sponsor.post(town.path("2/approve/")).status_code == 302
    assert PlanRevision.objects.get(number=2).state == RevisionState.APPROVED


def test_days_outside_of_what_holds_them_are_named_before_the_approval(town: Town) -> None:
    page = signed_in(town.coordinator).get(town.path()).content.decode()
    assert "извън срока" not in page
    town.measure.activities.update(last=town.measure.last + timedelta(days=1))
    Measure.objects.filter(pk=town.secret.pk).update(last=town.plan.last + timedelta(days=1))
    page = signed_in(town.coordinator).get(town.path()).content.decode().replace("\xa0", " ")
    assert "Със срок извън този на плана: № 2" in page
    assert "С дейност извън срока на мярката: № 1" in page
    path = f"/o/{town.organisation.slug}/plans/{town.plan.pk}/measures/"
    told = [
        signed_in(town.owner).get(f"{path}{one.pk}/").content.decode() for one in (town.measure, town.secret)
    ]
    assert ["извън срока на мярката" in one for one in told] == [True, False]
    assert ["извън срока на плана" in one for one in told] == [False, True]


# --- amending ---------------------------------------------------------------------------------
def test_an_amendment_says_what_it_changes(town: Town) -> None:
    town.approved()
    with pytest.raises(MeriloError):
        a_submitted(town.plan, town.coordinator)  # nothing has changed
    Measure.objects.filter(pk=town.measure.pk).update(last=town.measure.last + timedelta(days=31))
    a_measure(town.plan, "Табло с целите", number=3)
    amended = a_submitted(town.plan, town.coordinator)
    amends = revisions.content_of(amended)["amends"]
    assert amends["number"] == 1
    assert [(one["kind"], one["number"]) for one in amends["changes"]] == [("changed", 1), ("added", 3)]
    [field] = amends["changes"][0]["fields"]
    assert ("30.10.2026" in field["before"], "30.11.2026" in field["after"]) == (True, True)
    page = signed_in(town.sponsor).get(town.path("2/")).content.decode()
    assert field["after"] in page
    assert '<a href="#changes">2 мерки са различни спрямо редакция 1</a>' in page
    paper = pypdf.PdfReader(io.BytesIO(draw(amended, "pdf")))
    assert "30.11.2026" in "".join(one.extract_text() for one in paper.pages)


def test_progress_is_no_amendment_and_giving_up_is_one(town: Town) -> None:
    approved = town.approved()
    on = today()
    Measure.objects.filter(pk=town.measure.pk).update(state="under_way", percent=40)
    town.measure.activities.update(percent=50)
    assert revisions.changes_since(approved, on=on) == []
    coordinator = signed_in(town.coordinator)
    assert coordinator.get(town.path()).context["form"] is None  # there is nothing to submit
    Measure.objects.filter(pk=town.measure.pk).update(state="dropped", state_reason="Няма средства")
    with translation.override("bg"):
        [change] = revisions.changes_since(approved, on=on)
    assert [one["after"] for one in change["fields"]] == ["Няма средства"]
    assert coordinator.get(town.path()).context["form"] is not None


def test_what_begins_after_what_is_part_of_the_plan_but_not_of_its_public_page(town: Town) -> None:
    first, later = town.measure.activities.get(), an_activity(town.measure, "Доклад")
    hidden = an_activity(town.secret, "Преброяване на касата")
    approved = town.published()
    later.follows.add(first, hidden)
    amended = an_approved(town.plan, town.coordinator, town.sponsor)
    [change] = revisions.content_of(amended)["amends"]["changes"]
    [field] = change["fields"]
    told = [text for text in field["after"].split("\n") if text not in field["before"]]
    assert [text.startswith("Доклад (") for text in told] == [True]
    names = f"{first.text}", f"{town.secret.number}. {hidden.text}"
    assert all(f"след „{name}“" in told[0] for name in names)

    paper = pypdf.PdfReader(io.BytesIO(draw(amended, "pdf")))
    assert f"след „{names[1]}“" in " ".join("".join(one.extract_text() for one in paper.pages).split())
    sheet = python_calamine.load_workbook(io.BytesIO(draw(amended, "xlsx"))).get_sheet_by_name("Дейности")
    assert "\n".join(names) in [cell for row in sheet.to_python() for cell in row]
    assert hidden.text not in str(draw(amended, "docx", public=True))

    old = revisions.content_of(approved) | {"format": 1}  # which could not say it
    assert words.changes(old, revisions.content_of(amended)) == []


def parts(content: bytes) -> dict[str, bytes]:
    """What an archive holds, whenever it was packed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_was_approved_stays_as_it_was(town: Town) -> None:
    revision = town.approved()
    before = (revision.content, parts(draw(revision, "docx")))
    Measure.objects.filter(plan=town.plan).update(text="Друго", owner=None)
    Plan.objects.update(title="Друг план")
    revision.refresh_from_db()
    assert "Друго" not in before[1]["word/document.xml"].decode()
    assert (revision.content, parts(draw(revision, "docx"))) == before
    PlanRevision.objects.update(content=revision.content.replace("1800", "9800"))
    with pytest.raises(Conflict):
        revisions.content_of(PlanRevision.objects.get())


# --- documents --------------------------------------------------------------------------------
def test_all_documents_say_the_same(town: Town) -> None:
    revision = town.approved()
    build_plan_documents.call(str(revision.pk))
    assert {one.format for one in RevisionFile.objects.filter(error="")} == {"pdf", "docx", "xlsx"}
    paper = pypdf.PdfReader(io.BytesIO(draw(revision, "pdf")))
    text = "\n".join(page.extract_text() for page in paper.pages)
    word = docx.Document(io.BytesIO(draw(revision, "docx")))
    written = "\n".join([p.text for p in word.paragraphs] + [c.text for t in word.tables for c in t._cells])
    sheets = python_calamine.load_workbook(io.BytesIO(draw(revision, "xlsx")))
    head, *rows = sheets.get_sheet_by_index(1).to_python()
    first = dict(zip(head, rows[0], strict=True))
    for told in (text, written, " ".join(map(str, rows[0]))):
        for fact in ("Ежегодна анкета сред бизнеса", "Георги Тодоров", "Отговорили фирми"):
            assert fact in " ".join(told.split()), fact
    assert revision.checksum in text
    assert "/StructTreeRoot" in paper.root_object  # tagged
    assert {1800.0, 40.0, 120.0} <= set(first.values())
    assert [page.mediabox.width > page.mediabox.height for page in paper.pages][-2:] == [True, True]
    assert ("Мерките по време" in text, len(word.inline_shapes)) == (True, 1)  # the calendar as a picture


def test_data_of_a_revision_is_whole_and_plain(town: Town) -> None:
    revision = town.approved()
    client = signed_in(town.coordinator)
    told = json.loads(client.get(town.path("1/json/")).content)
    assert told["revision"]["checksum"] == revision.checksum
    assert [one["text"] for one in told["measures"]] == [town.measure.text, town.secret.text]
    assert told["measures"][0]["impact"] == "4"
    rows = list(csv.DictReader(io.StringIO(client.get(town.path("1/csv/")).content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert "1800.00" in rows[0].values()
    assert client.get(town.path("1/exe/")).status_code == 404


def test_a_document_that_failed_is_made_again(town: Town) -> None:
    revision = town.approved()
    RevisionFile.objects.all().delete()
    RevisionFile.objects.create(revision=revision, format="pdf", error="TypstError: no")
    client = signed_in(town.coordinator)
    assert "PDF" in client.get(town.path("1/")).content.decode()
    assert client.post(town.path("1/documents/")).status_code == 302
    assert not RevisionFile.objects.exclude(error="").exists()


# --- everybody may read it --------------------------------------------------------------------
INSIDE = ("Георги Тодоров", "Вътрешна проверка", "Малко отговори", "1800", "Не питаме бизнеса")


def test_everybody_reads_what_is_done_but_no_names_and_nothing_withheld(town: Town) -> None:
    revision = town.published()
    assert revision.plan.public_slug
    path = f"/plans/{revision.plan.public_slug}/"
    answers = [Client().get(path + rest).content.decode() for rest in ("", "json/", "csv/")]
    documents = "\n".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(draw(revision, "pdf", public=True))).pages
    )
    for told in (*answers, documents, str(draw(revision, "docx", public=True))):
        assert not [word for word in INSIDE if word in told]
    for told in answers:
        assert "Ежегодна анкета сред бизнеса" in told
        assert "главен експерт" in told
    assert path in Client().get("/plans/").content.decode()
    assert path in Client().get("/").content.decode()
    assert path in Client().get("/sitemap.xml").content.decode()


def test_the_public_page_says_how_it_stands_today(town: Town) -> None:
    revision = town.published()
    path = f"/plans/{revision.plan.public_slug}/json/"
    Measure.objects.filter(pk=town.measure.pk).update(state="done", state_on=timezone.localdate())
    town.measure.activities.update(percent=100)
    told = json.loads(Client().get(path).content)
    assert [(one["text"], one["state"]) for one in told["measures"]] == [(town.measure.text, "done")]
    assert told["hidden"] == 1
    assert told["shares"]["measures"] == {"done": 1, "of": 1, "dropped": 0, "percent": 100}
    assert told["shares"]["activities"] == {"done": 1, "of": 1, "dropped": 0, "percent": 100}
    an_activity(town.measure, "Още не е утвърдена", percent=100)
    town.measure.activities.filter(text="Въпросник").delete()
    told = json.loads(Client().get(path).content)
    assert [one["text"] for one in told["measures"][0]["activities"]] == ["Въпросник"]
    assert (told["measures"][0]["carried_out"], told["measures"][0]["planned"]) == (0, 1)
    assert told["shares"]["activities"] == {"done": 0, "of": 1, "dropped": 0, "percent": 0}
    Measure.objects.update(withheld=True)
    assert json.loads(Client().get(path).content)["measures"] == []


@pytest.mark.every_database
def test_an_amendment_is_public_when_it_is_published(town: Town) -> None:
    revision = town.published()
    path = f"/plans/{revision.plan.public_slug}/"
    Measure.objects.filter(pk=town.measure.pk).update(text="Анкета два пъти годишно")
    amended = town.approved()
    assert "Анкета два пъти годишно" not in Client().get(path).content.decode()
    signed_in(town.coordinator).post(town.path(f"{amended.number}/publish/"))
    assert "Анкета два пъти годишно" in Client().get(path).content.decode()
    assert signed_in(town.reader).post(town.path("withdraw/")).status_code == 403
    signed_in(town.coordinator).post(town.path("withdraw/"))
    assert Client().get(path).status_code == 404
    assert path not in Client().get("/plans/").content.decode()


def test_only_what_is_approved_is_published(town: Town) -> None:
    a_submitted(town.plan, town.coordinator)
    assert signed_in(town.coordinator).post(town.path("1/publish/")).status_code == 409
    assert not PlanRevision.objects.exclude(published_at=None).exists()


# --- size -------------------------------------------------------------------------------------
def test_pages_ask_the_database_a_fixed_number_of_times(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    for number in range(3, 33):
        measure = a_measure(town.plan, f"Мярка {number}", number=number, owner=town.owner)
        an_activity(measure, owner=town.owner)
    revision = town.published()
    client = signed_in(town.coordinator)
    for path, most in (
        (town.path(), 32),
        (town.path("1/"), 18),
        (f"/plans/{revision.plan.public_slug}/", 8),
    ):
        client.get(path)
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200
