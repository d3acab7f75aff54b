"""Cycles done elsewhere: entered by form or workbook, finished, corrected with a reason, shown as such."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from xlsxwriter.workbook import Workbook

from merilo.assessment import home, permissions, report_work
from merilo.assessment.actions import entered as actions
from merilo.assessment.actions import planning
from merilo.assessment.actions.entered import CycleFacts
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Agreement, Assessment, Correction, EnteredCycle, State, Statement
from merilo.assessment.queries import entered as queries
from merilo.assessment.queries import frameworks
from merilo.assessment.queries import planning as plans
from merilo.assessment.queries.entered import Said
from merilo.assessment.reporting import content
from merilo.assessment.rules.scoring import ScoreError
from merilo.core import workbooks
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.core.periods import years
from merilo.groups.models import Group
from merilo.organisations.models import CommunicationPlan, Membership, OfficialDocument
from tests.people import NOON, a_member, an_assessment, an_organisation, as_viewer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
PDF = b"%PDF-1.7 signed"


def said(score: int, *strengths: str, areas: tuple[str, ...] = ()) -> Said:
    return Said({"score": score}, {"strength": strengths, "area": areas})


class Archive:
    """A town whose coordinator enters a cycle of 2019."""

    def __init__(
        self, *, method: str = "classical", framework: str = "caf-2020", source: str = "same"
    ) -> None:
        self.town = an_organisation()
        self.boss = a_member(self.town, "coordinator", name="Елена Маринова")
        self.reader = a_member(self.town, "viewer", name="Рада Читателска")
        self.viewer = as_viewer(self.boss)
        choice = frameworks.choice(self.viewer, framework)
        facts = CycleFacts("Самооценка 2019", method, years(2018, 2019), source=source)
        self.assessment = actions.enter_cycle(viewer=self.viewer, choice=choice, facts=facts, at=NOON)

    @property
    def cycle(self) -> EnteredCycle:
        return queries.cycle_of(Assessment.objects.select_related("edition").get(pk=self.assessment.pk))

    def url(self, rest: str = "") -> str:
        return f"/o/{self.town.slug}/a/{self.assessment.pk}/entered/{rest}"

    def client(self, member: Membership | None = None, language: str = "en") -> Client:
        client = signed_in(member or self.boss)
        client.cookies["language"] = language
        return client

    def save(self, rows: dict[str, Said], *, reason: str = "", version: int | None = None) -> None:
        cycle = self.cycle
        actions.save_entered(
            viewer=self.viewer,
            cycle=cycle,
            rows=rows,
            reason=reason,
            version=cycle.version if version is None else version,
            at=NOON,
        )

    def filled(self, score: int = 40) -> Archive:
        """All items scored, two statements, finished."""
        rows = {item.code: said(score) for item in framework_of(self.assessment).items}
        rows["1.1"] = said(score, "Ясна визия", areas=("Няма срокове",))
        self.save(rows)
        actions.finish_entered(viewer=self.viewer, cycle=self.cycle, at=NOON)
        return self

    def later(self, **fields: Any) -> Assessment:
        values: dict[str, Any] = {"state": State.REPORTING, "previous": self.assessment} | fields
        return an_assessment(self.town, self.boss, **values)


# --- actions ----------------------------------------------------------------------------------------


def test_an_entered_cycle_is_approved_without_group_work_and_everybody_inside_reads_it() -> None:
    archive = Archive().filled()
    found = Assessment.objects.get()
    assert (found.state, found.is_entered, found.sheets.count()) == (State.APPROVED, True, 0)
    assert not found.group.seats.exists()
    assert not found.steps.exists()
    assert Agreement.objects.filter(state="agreed").count() == 28
    assert set(Statement.objects.values_list("code", "kind", "text")) == {
        ("1.1", "strength", "Ясна визия"),
        ("1.1", "area", "Няма срокове"),
    }
    page = archive.client(archive.reader).get(archive.url()).content.decode()
    assert "Entered afterwards" in page
    assert "Ясна визия" in page
    assert "Finish the entry" not in page
    assert "All 9 scored criteria have 40 points." in page
    verbs = AuditEntry.objects.filter(chain=str(archive.town.pk)).values_list("verb", flat=True)
    assert set(verbs) == {"cycle.entered", "cycle.scores_entered", "cycle.finished"}


def test_the_only_scored_criterion_is_not_the_strongest_and_the_weakest_at_once() -> None:
    archive = Archive()
    archive.save({"1.1": said(40)})
    page = archive.client().get(archive.url()).content.decode()
    assert "One criterion is scored: 40 points." in page


def test_the_same_again_changes_nothing_and_an_older_version_never_overwrites() -> None:
    archive = Archive()
    archive.save({"1.1": said(40)})
    archive.save({"1.1": said(40)}, version=1)
    assert archive.cycle.version == 2
    with pytest.raises(Conflict):
        archive.save({"1.1": said(50)}, version=1)
    archive.save({"1.1": Said({}, queries.nothing().lines)})
    assert not Agreement.objects.exists()


def test_after_finishing_a_change_has_a_reason_that_stays_with_the_entry() -> None:
    archive = Archive().filled()
    with pytest.raises(MeriloError) as refusal:
        archive.save({"1.1": said(45)})
    assert refusal.value.details["field"] == "reason"
    archive.save({"1.1": said(45)}, reason="Грешка при преписване")
    assert [(row.reason, row.by) for row in Correction.objects.all()] == [
        ("Грешка при преписване", archive.boss)
    ]
    assert "Грешка при преписване" in archive.client(archive.reader).get(archive.url()).content.decode()
    actions.finish_entered(viewer=archive.viewer, cycle=archive.cycle, at=NOON)
    assert archive.cycle.assessment.state == State.APPROVED


@pytest.mark.parametrize("values", [{"plan": 3}, {"score": 3}])
def test_half_scores_and_foreign_components_are_refused(values: dict[str, int]) -> None:
    archive = Archive(method="fine-tuned")
    with pytest.raises(MeriloError, match=r"1\.1"):
        archive.save({"1.1": Said(values, queries.nothing().lines)})


def test_scores_outside_the_scale_are_refused() -> None:
    with pytest.raises(ScoreError):
        Archive().save({"1.1": said(101)})


def test_an_entry_without_any_score_is_not_finished_and_can_be_removed_whole() -> None:
    archive = Archive()
    with pytest.raises(MeriloError):
        actions.finish_entered(viewer=archive.viewer, cycle=archive.cycle, at=NOON)
    facts = CycleFacts("Т", "classical", years(2018, 2019), number="12", date=date(2020, 1, 5))
    change(archive, facts)
    actions.discard_entered(viewer=archive.viewer, cycle=archive.cycle, at=NOON)
    for model in (Assessment, Group, CommunicationPlan, OfficialDocument, EnteredCycle):
        assert not model.objects.exists()
    finished = Archive().filled()
    with pytest.raises(MeriloError):
        actions.discard_entered(viewer=finished.viewer, cycle=finished.cycle, at=NOON)


def change(archive: Archive, facts: CycleFacts, reason: str = "") -> None:
    cycle = archive.cycle
    actions.change_entered(
        viewer=archive.viewer, cycle=cycle, facts=facts, reason=reason, version=cycle.version, at=NOON
    )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"source": "caf-2013"}, None),
        ({"number": "12"}, "number"),
        ({"date": date(2020, 1, 5)}, "number"),
        ({"file": SimpleUploadedFile("r.pdf", PDF)}, "number"),
    ],
)
def test_facts_that_do_not_fit_are_refused(facts: dict[str, Any], field: str | None) -> None:
    archive = Archive()
    given = CycleFacts("Т", "classical", years(2018, 2019), **facts)
    if field is None:
        change(archive, given)
        assert archive.cycle.source == "caf-2013"
        with pytest.raises(MeriloError, match="CAF 2013"):
            Archive(framework="principles-12", source="caf-2013")
    else:
        with pytest.raises(MeriloError) as refusal:
            change(archive, given)
        assert refusal.value.details["field"] == field
    with pytest.raises(MeriloError):
        Archive(method="nothing")


def test_only_coordinators_enter_and_only_entered_cycles_are_entered() -> None:
    archive = Archive()
    reader = as_viewer(archive.reader)
    with pytest.raises(Refused):
        actions.save_entered(viewer=reader, cycle=archive.cycle, rows={}, reason="", version=1, at=NOON)
    assert not permissions.may_enter(archive.viewer, archive.later())
    for may in (permissions.may_compose, permissions.may_moderate, permissions.may_use_shelf):
        assert not may(archive.viewer, archive.assessment)
    assert not permissions.may_edit_report(archive.viewer, archive.assessment)


# --- where it is met elsewhere ----------------------------------------------------------------------


def test_a_later_cycle_continues_it_and_its_report_says_what_it_was() -> None:
    archive = Archive(source="caf-2013").filled(40)
    later = archive.later()
    Agreement.objects.create(assessment=later, code="1.1", state="agreed", values={"score": 55})
    found = content.results(later, language="en")
    assert (found["previous"]["comparable"], found["previous"]["title"]) == (True, "Самооценка 2019")
    assert found["previous"]["warning"].startswith("The earlier cycle was done elsewhere")
    assert "CAF 2013" in found["previous"]["warning"]
    item = found["criteria"][0]["items"][0]
    assert (item["before"], item["change"]) == ("40", "15")


def test_it_can_be_named_as_previous_only_once_it_is_finished() -> None:
    archive = Archive()
    framework = framework_of(archive.assessment)

    def offered() -> list[Assessment]:
        return list(plans.possible_previous(archive.viewer, framework, on=date(2026, 11, 23)))

    facts = planning.PlanFacts("Нова", "classical", years(2024, 2025), previous=archive.assessment)
    choice = frameworks.choice(archive.viewer, "caf-2020")
    assert offered() == []
    with pytest.raises(MeriloError):
        planning.start_assessment(viewer=archive.viewer, choice=choice, facts=facts, at=NOON)
    archive.filled()
    assert offered() == [archive.assessment]
    new = archive.client().get(f"/o/{archive.town.slug}/a/new/?framework=caf-2020").content.decode()
    assert "Самооценка 2019 (entered afterwards)" in new


def test_it_is_neither_the_current_cycle_nor_anybodys_work() -> None:
    archive = Archive()
    today = date(2026, 11, 23)
    editor = as_viewer(a_member(archive.town, "editor", "sponsor"))
    for _state in range(2):
        assert home.current_cycle(archive.viewer, on=today) is None
        assert not plans.running(archive.viewer, on=today).exists()
        assert list(report_work.report_work(editor)) == []
        archive.filled() if archive.cycle.finished_at is None else None


def test_the_pages_of_group_work_do_not_exist_and_those_of_every_cycle_lead_to_it() -> None:
    archive = Archive().filled()
    client, root = archive.client(), archive.url()[: -len("entered/")]
    for rest in ("", "report/"):
        assert client.get(f"{root}{rest}")["Location"] == archive.url()
    pages = ("plan/", "schedule/", "open/", "group/", "documents/", "communication/", "training/", "lock/")
    for rest in (*pages, "agree/", "my/", "my/worksheet/", "progress/", "evidence/", "meeting/", "report/1/"):
        assert client.get(f"{root}{rest}").status_code == 404, rest
    listed = client.get(f"/o/{archive.town.slug}/a/").content.decode()
    assert "Entered afterwards" in listed


def test_an_ordinary_cycle_is_no_entered_one() -> None:
    archive = Archive()
    later = archive.later()
    assert archive.client().get(f"/o/{archive.town.slug}/a/{later.pk}/entered/").status_code == 404


# --- pages ------------------------------------------------------------------------------------------


def test_a_cycle_is_entered_by_form_from_the_list_to_the_end() -> None:
    town = an_organisation()
    boss = a_member(town, "coordinator")
    client = signed_in(boss)
    client.cookies["language"] = "bg"
    start = f"/o/{town.slug}/a/enter/"
    assert "CAF 2020" in client.get(start).content.decode()
    assert client.get(start, {"framework": "caf-2020"}).status_code == 200
    facts = {
        "framework": "caf-2020",
        "title": "Самооценка 2017",
        "source": "caf-2013",
        "method": "classical",
        "period_from": "01.01.2016",
        "period_until": "31.12.2017",
        "number": "РД-12",
        "date": "05.02.2018",
        "file": SimpleUploadedFile("report.pdf", PDF),
    }
    assert client.post(start, facts | {"period_until": "31.12.2010", "file": ""}).status_code == 422
    assert client.post(start, facts | {"number": "", "file": ""}).status_code == 422
    here = client.post(start, facts)["Location"]
    assert b"".join(client.get(f"{here}report/")) == PDF

    first = f"{here}criterion/1/"
    assert client.get(first).status_code == 200
    typed = {"version": "1", "i1_1-score": "45,0", "i1_1-strength": "Визия\n\n• План", "next": "1"}
    wrong = client.post(first, typed | {"i1_2-score": "145", "i1_3-area": "а" * 2001})
    assert wrong.status_code == 422
    assert ">1.2, Точки: " in wrong.content.decode()
    assert "от 0 до 100" in wrong.content.decode()
    assert "Визия" in wrong.content.decode()
    assert client.post(first, typed)["Location"] == f"{here}criterion/2/"
    assert Agreement.objects.get().values == {"score": 45}
    assert list(Statement.objects.values_list("text", flat=True)) == ["Визия", "План"]

    stale = client.post(first, typed | {"i1_1-score": "50"})
    assert (stale.status_code, Agreement.objects.get().values) == (409, {"score": 45})
    assert 'name="version" value="2"' in stale.content.decode()
    assert client.post(f"{here}criterion/9/", {"version": "2"})["Location"] == here
    assert client.get(f"{here}criterion/10/").status_code == 404

    assert "РД-12" in client.get(here).content.decode()
    assert client.get(f"{here}finish/").status_code == 200
    assert client.post(f"{here}finish/")["Location"] == here
    assert client.get(f"{here}finish/")["Location"] == here
    assert client.get(f"{here}remove/")["Location"] == here
    assert Assessment.objects.get().state == State.APPROVED

    late = client.post(first, {"version": "2", "i1_1-score": "50"})
    assert (late.status_code, "Защо" in late.content.decode()) == (422, True)
    given = {"version": "2", "i1_1-score": "50", "reason": "Преписано погрешно"}
    assert client.post(first, given).status_code == 302
    assert Agreement.objects.get().values == {"score": 50}


def test_facts_are_changed_and_two_at_once_are_told() -> None:
    archive = Archive()
    client = archive.client()
    facts = {"title": "Самооценка 2018/19", "source": "same", "period_from": "2018-01-01"}
    facts |= {"period_until": "2019-12-31", "version": "1"}
    assert client.get(archive.url("facts/")).status_code == 200
    assert client.post(archive.url("facts/"), facts)["Location"] == archive.url()
    assert archive.cycle.assessment.title == "Самооценка 2018/19"
    assert client.post(archive.url("facts/"), facts | {"title": "Друго"}).status_code == 409
    assert archive.cycle.assessment.title == "Самооценка 2018/19"
    assert client.get(archive.url("report/")).status_code == 404


def test_an_entry_is_removed_from_its_page() -> None:
    archive = Archive()
    assert archive.client().get(archive.url("remove/")).status_code == 200
    assert archive.client().post(archive.url("finish/")).status_code == 422
    assert archive.client().post(archive.url("remove/"))["Location"] == f"/o/{archive.town.slug}/a/"
    assert not Assessment.objects.exists()


# --- by workbook ------------------------------------------------------------------------------------


def filled(content: bytes, scores: dict[str, list[Any]]) -> bytes:
    """The template with some rows filled from the third column on."""
    [grid] = workbooks.grids(content)
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(grid.name)
    for number, row in enumerate(grid.rows):
        cells = list(row)
        if row and row[0] in scores:
            cells[2:] = scores[str(row[0])]
        sheet.write_row(number, 0, cells)
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize(
    ("method", "row", "values"),
    [
        ("classical", [45.0, "Визия\nПлан", ""], {"score": 45}),
        (
            "fine-tuned",
            [40.0, 30.0, 20.0, 10.0, "", "", "Визия\nПлан", ""],
            {"plan": 40, "do": 30, "check": 20, "act": 10},
        ),
    ],
)
def test_a_workbook_is_shown_first_and_stored_then(
    language: str, method: str, row: list[Any], values: dict[str, int]
) -> None:
    archive = Archive(method=method)
    client = archive.client(language=language)
    content = filled(client.get(archive.url("workbook/")).content, {"1.1": row})
    page = client.post(archive.url("upload/"), {"file": SimpleUploadedFile("w.xlsx", content)})
    assert (page.status_code, len(page.context["differences"]), page.context["missing"]) == (200, 1, "")
    assert not Agreement.objects.exists()
    taken = client.post(archive.url("take/"), {"differences": page.context["signed"]})
    assert taken["Location"] == archive.url()
    assert Agreement.objects.get().values == values
    assert list(Statement.objects.values_list("text", flat=True)) == ["Визия", "План"]
    again = client.get(archive.url("workbook/")).content
    same = client.post(archive.url("upload/"), {"file": SimpleUploadedFile("w.xlsx", again)})
    assert (same.status_code, same.context["differences"]) == (200, [])


def test_mistakes_and_other_files_store_nothing() -> None:
    archive = Archive(method="fine-tuned")
    client = archive.client()
    content = filled(
        client.get(archive.url("workbook/")).content, {"1.1": [40.0, 130.0], "6.1": ["", "", "", "", 3.0]}
    )
    page = client.post(archive.url("upload/"), {"file": SimpleUploadedFile("w.xlsx", content)})
    assert (page.status_code, page.context["problems"]) == (
        422,
        [
            (
                "sheet “Agreed scores”, cell D5",
                "130 is outside the scale. Enter a whole number from 0 to 100.",
            ),
            ("sheet “Agreed scores”, cell H25", "The score is half filled in: give all its parts or none."),
        ],
    )
    for sent in ({"file": SimpleUploadedFile("w.xls", b"\xd0\xcf\x11\xe0")}, {}):
        assert client.post(archive.url("upload/"), sent).status_code == 422
    for rest in ("upload/", "take/"):
        assert client.get(archive.url(rest))["Location"] == archive.url()
    assert client.post(archive.url("take/"), {"differences": "forged"}).status_code == 422
    assert not Agreement.objects.exists()


def test_a_correction_by_workbook_needs_its_reason_and_the_version_that_was_shown() -> None:
    archive = Archive().filled()
    client = archive.client()
    content = filled(client.get(archive.url("workbook/")).content, {"1.1": [45.0, "", ""]})
    page = client.post(archive.url("upload/"), {"file": SimpleUploadedFile("w.xlsx", content)})
    signed = {"differences": page.context["signed"]}
    assert 'name="reason"' in page.content.decode()
    assert client.post(archive.url("take/"), signed).status_code == 422
    assert client.post(archive.url("take/"), signed | {"reason": "Преписано"}).status_code == 302
    assert Agreement.objects.get(code="1.1").values == {"score": 45}
    archive.save({"1.1": said(50)}, reason="Пак")
    assert client.post(archive.url("take/"), signed | {"reason": "Преписано"}).status_code == 409
    assert Agreement.objects.get(code="1.1").values == {"score": 50}


def test_readers_see_the_finished_cycle_and_change_nothing() -> None:
    archive = Archive()
    reader = archive.client(archive.reader)
    archive.save({"1.1": said(40, "Ясна визия")})
    assert "Ясна визия" not in reader.get(archive.url()).content.decode()
    assert reader.get(archive.url("report/")).status_code == 404
    archive.filled()
    stranger = archive.client(a_member(an_organisation(), "coordinator"))
    assert reader.get(archive.url()).status_code == 200
    for rest in ("facts/", "workbook/", "finish/", "remove/", "criterion/1/"):
        assert reader.get(archive.url(rest)).status_code == 403, rest
        assert stranger.get(archive.url(rest)).status_code == 404, rest
