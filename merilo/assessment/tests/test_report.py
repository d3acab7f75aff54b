"""The report: one content, many forms; revisions that stay; approval; only chosen parts leave."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from itertools import pairwise
from typing import Any

import docx
import pypdf
import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from merilo.assessment import tasks
from merilo.assessment.actions import approvals
from merilo.assessment.actions import report as actions
from merilo.assessment.models import Agreement, Assessment, ReportRevision, RevisionState, State, Statement
from merilo.assessment.queries import results, revisions
from merilo.assessment.report_work import report_work
from merilo.assessment.reporting import content as contents
from merilo.assessment.reporting.public import filtered
from merilo.assessment.reporting.texts import DEFAULT_PARTS
from merilo.assessment.tests.written import fill
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.organisations.models import Membership
from tests.people import NOON, a_member, an_assessment, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator", name="Елена Маринова")


@pytest.fixture
def assessment(coordinator: Membership) -> Assessment:
    """A finished agreement: every item has the score 40, 1.1 has 45 and 9.2 was left without a score."""
    made = an_assessment(coordinator.organisation, coordinator, state=State.REPORTING)
    fill(made, 40)
    Agreement.objects.filter(assessment=made, code="1.1").update(
        values={"score": 45}, justification="Има план."
    )
    Agreement.objects.filter(assessment=made, code="9.2").update(values={}, justification="Няма данни.")
    for kind, text in (("strength", "Едно гише"), ("area", "Няма срокове"), ("idea", "Въвеждане на срокове")):
        Statement.objects.create(assessment=made, code="1.1", kind=kind, text=text)
    return made


@pytest.fixture
def revision(coordinator: Membership, assessment: Assessment) -> ReportRevision:
    return actions.make_revision(viewer=as_viewer(coordinator), assessment=assessment, language="bg", at=NOON)


def test_content_names_exact_means_and_leaves_out_what_is_not_scored(assessment: Assessment) -> None:
    content = contents.collect(assessment, language="bg")
    leadership, results = content["criteria"][0], content["criteria"][8]
    assert leadership["mean"] == "41.25"
    assert results["mean"] == "40"
    assert content["totals"]["scored"] == 27
    assert Decimal(content["totals"]["mean_of_items"]) == Decimal(27 * 40 + 5) / 27
    assert results["items"][1]["no_score_reason"] == "Няма данни."


def test_all_formats_say_the_same_numbers(revision: ReportRevision) -> None:
    content = revisions.content_of(revision)
    shown = content["criteria"][0]["mean"].replace(".", ",")
    pdf = pypdf.PdfReader(io.BytesIO(tasks.draw(revision, "pdf")))
    words = "".join(page.extract_text() for page in pdf.pages)
    word = docx.Document(io.BytesIO(tasks.draw(revision, "docx")))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(tasks.draw(revision, "xlsx")))
    rows = book.get_sheet_by_index(1).to_python()
    assert "41,3" in words
    assert "41,3" in cells
    assert rows[1][:3] == ["1", "Лидерство", 41.25]
    assert json.loads(revisions.json_of(revision, public=False))["criteria"][0]["mean"] == "41.25"
    assert shown == "41,25"


def test_pdf_is_tagged_and_has_language_title_headings_and_alternative_texts(
    revision: ReportRevision,
) -> None:
    reader = pypdf.PdfReader(io.BytesIO(tasks.draw(revision, "pdf")))
    root: Any = reader.trailer["/Root"]
    kinds, alternatives = _structure(root["/StructTreeRoot"])
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "bg"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Доклад от самооценката"
    levels = [int(kind[2:]) for kind in kinds if kind[:2] == "/H" and kind[2:].isdigit()]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert "/TH" in kinds
    assert len(alternatives) >= 2
    assert all(text.strip() for text in alternatives)


def _structure(node: Any) -> tuple[list[str], list[str]]:
    kinds: list[str] = []
    alternatives: list[str] = []
    stack = [node]
    while stack:
        current = stack.pop().get_object()
        if not isinstance(current, dict):
            continue
        kinds.append(str(current.get("/S", "")))
        if current.get("/S") == "/Figure":
            alternatives.append(str(current.get("/Alt", "")))
        children = current.get("/K", [])
        stack += reversed(children if isinstance(children, list) else [children])
    return kinds, alternatives


def test_docx_has_real_headings_and_pictures_with_words(revision: ReportRevision) -> None:
    word = docx.Document(io.BytesIO(tasks.draw(revision, "docx")))
    names = [paragraph.style.name for paragraph in word.paragraphs if paragraph.style]
    assert names.count("Heading 1") >= 9
    assert names.count("Heading 2") >= 28
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert described
    assert all(described)


def test_checksum_stands_on_every_page(revision: ReportRevision) -> None:
    reader = pypdf.PdfReader(io.BytesIO(tasks.draw(revision, "pdf")))
    assert all(revision.checksum[:16] in page.extract_text().replace("\n", "") for page in reader.pages)


def test_section_conflict_answers_with_both_texts(coordinator: Membership, assessment: Assessment) -> None:
    viewer = as_viewer(coordinator)
    actions.save_section(
        viewer=viewer, assessment=assessment, key="summary", text="първи", version=0, at=NOON
    )
    with pytest.raises(Conflict) as caught:
        actions.save_section(
            viewer=viewer, assessment=assessment, key="summary", text="втори", version=0, at=NOON
        )
    assert caught.value.details["mine"] == "втори"
    assert caught.value.details["theirs"].text == "първи"


def test_section_pages_answer_conflict_with_409_and_both_texts(
    coordinator: Membership, assessment: Assessment
) -> None:
    client = signed_in(coordinator)
    url = f"/o/{coordinator.organisation.slug}/a/{assessment.pk}/report/sections/summary/"
    assert client.post(url, {"text": "първи", "version": 0}).status_code == 302
    answer = client.post(url, {"text": "втори", "version": 0})
    assert answer.status_code == 409
    assert "първи" in answer.content.decode()
    assert "втори" in answer.content.decode()


def test_section_too_long_is_refused_and_stays_in_the_field(
    coordinator: Membership, assessment: Assessment
) -> None:
    client = signed_in(coordinator)
    url = f"/o/{coordinator.organisation.slug}/a/{assessment.pk}/report/sections/summary/"
    answer = client.post(url, {"text": "а" * 20_001, "version": 0})
    assert answer.status_code == 422
    assert "а" * 20_001 in answer.content.decode()


def test_findings_of_equal_weight_are_those_of_the_best_and_the_weakest_scores(
    coordinator: Membership, assessment: Assessment
) -> None:
    Agreement.objects.filter(assessment=assessment, code="5.1").update(values={"score": 20})
    for code in ("9.2", "5.1", "2.1"):  # 9.2 has no score
        for kind in ("strength", "area"):
            Statement.objects.create(assessment=assessment, code=code, kind=kind, text=f"{kind} {code}")
    found = results.results_of(as_viewer(coordinator), assessment, language="bg")
    assert [finding.code for finding in found.strengths] == ["1.1", "2.1", "5.1", "9.2"]
    assert [finding.code for finding in found.areas] == ["5.1", "2.1", "1.1", "9.2"]


@pytest.mark.parametrize(("count", "words"), [(0, "1.1"), (1, "1.1"), (2, "1.1 · written by 2 assessors")])
def test_finding_tells_how_many_wrote_it_only_of_several(count: int, words: str) -> None:
    with translation.override("en"):
        assert results.Finding("1.1", "Едно гише", count).words == words


def test_changed_data_never_changes_a_revision(revision: ReportRevision, assessment: Assessment) -> None:
    before = revision.content
    Agreement.objects.filter(assessment=assessment, code="1.1").update(values={"score": 90})
    revision.refresh_from_db()
    assert revision.content == before
    assert revisions.content_of(revision)["criteria"][0]["mean"] == "41.25"


def test_tampered_revision_is_refused(revision: ReportRevision) -> None:
    revision.content = revision.content.replace("41.25", "91.25")
    with pytest.raises(Conflict):
        revisions.content_of(revision)


def test_sponsor_approves_what_was_submitted(revision: ReportRevision, coordinator: Membership) -> None:
    mayor = a_member(coordinator.organisation, "sponsor", name="Кметът")
    actions.submit(viewer=as_viewer(coordinator), revision=revision, at=NOON)
    actions.approve(viewer=as_viewer(mayor), revision=revision, at=NOON)
    revision.refresh_from_db()
    assert revision.state == RevisionState.APPROVED
    assert revision.report.assessment.state == State.APPROVED
    assert revision.report.assessment.steps.get(number=6).done_at == NOON
    verbs = AuditEntry.objects.filter(object_id=str(revision.pk)).values_list("verb", flat=True)
    assert list(verbs) == ["report.revision_made", "report.submitted", "report.approved"]


def test_coordinator_may_not_approve_in_the_sponsors_place(
    revision: ReportRevision, coordinator: Membership
) -> None:
    actions.submit(viewer=as_viewer(coordinator), revision=revision, at=NOON)
    with pytest.raises(Refused):
        actions.approve(viewer=as_viewer(coordinator), revision=revision, at=NOON)


def test_returned_revision_carries_the_note(revision: ReportRevision, coordinator: Membership) -> None:
    mayor = a_member(coordinator.organisation, "sponsor")
    actions.submit(viewer=as_viewer(coordinator), revision=revision, at=NOON)
    actions.send_back(viewer=as_viewer(mayor), revision=revision, note="Допълнете 4.2.", at=NOON)
    revision.refresh_from_db()
    assert (revision.state, revision.decision_note) == (RevisionState.RETURNED, "Допълнете 4.2.")


def _signed() -> SimpleUploadedFile:
    return SimpleUploadedFile("доклад.pdf", b"%PDF-1.7 signed", content_type="application/pdf")


def test_paper_approval_needs_the_checksum_of_exactly_this_revision(
    revision: ReportRevision, coordinator: Membership
) -> None:
    facts: dict[str, Any] = {"number": "РД-1", "date": NOON.date(), "at": NOON}
    with pytest.raises(MeriloError):
        approvals.record(
            viewer=as_viewer(coordinator), revision=revision, printed="00000000", file=_signed(), **facts
        )
    approvals.record(
        viewer=as_viewer(coordinator),
        revision=revision,
        printed=revision.checksum[:8],
        file=_signed(),
        **facts,
    )
    revision.refresh_from_db()
    assert revision.state == RevisionState.APPROVED
    assert revision.approval is not None
    assert revision.approval.file is not None


def _approved(revision: ReportRevision, coordinator: Membership) -> None:
    approvals.record(
        viewer=as_viewer(coordinator),
        revision=revision,
        number="РД-1",
        date=NOON.date(),
        printed=revision.checksum[:8],
        file=_signed(),
        at=NOON,
    )


def test_only_chosen_parts_are_public(revision: ReportRevision, coordinator: Membership) -> None:
    _approved(revision, coordinator)
    slug = actions.publish(viewer=as_viewer(coordinator), revision=revision, parts=["results"], at=NOON)
    visitor = signed_in(coordinator).__class__()
    page = visitor.get(f"/reports/{slug}/").content.decode()
    data = visitor.get(f"/reports/{slug}/json/").content.decode()
    assert "41,3" in page
    assert "Едно гише" not in page
    assert "Едно гише" not in data


def test_unpublished_report_is_not_found_by_anybody_outside(
    revision: ReportRevision, coordinator: Membership
) -> None:
    _approved(revision, coordinator)
    slug = actions.publish(viewer=as_viewer(coordinator), revision=revision, parts=DEFAULT_PARTS, at=NOON)
    actions.withdraw(viewer=as_viewer(coordinator), revision=revision, at=NOON)
    visitor = signed_in(coordinator).__class__()
    assert visitor.get(f"/reports/{slug}/").status_code == 404
    assert visitor.get(f"/reports/{slug}/pdf/").status_code == 404


def test_public_content_holds_no_names_of_dissenters(assessment: Assessment) -> None:
    agreement = Agreement.objects.get(assessment=assessment, code="1.1")
    agreement.dissents.create(text="Не съм съгласен.", name="Иван Петров", at=NOON)
    content = filtered(contents.collect(assessment, language="bg"), ["findings"])
    assert "Иван Петров" not in json.dumps(content, ensure_ascii=False)
    assert "Не съм съгласен." in json.dumps(content, ensure_ascii=False)


def test_stranger_gets_404_on_every_report_page(revision: ReportRevision, coordinator: Membership) -> None:
    stranger = signed_in(a_member(an_organisation(), "coordinator"))
    base = f"/o/{coordinator.organisation.slug}/a/{revision.report.assessment.pk}/report/"
    for tail in ("", "sections/summary/", "1/", "1/pdf/", "1/json/"):
        assert stranger.get(base + tail).status_code == 404


def test_report_page_costs_a_fixed_number_of_queries(
    coordinator: Membership, assessment: Assessment, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(coordinator)
    url = f"/o/{coordinator.organisation.slug}/a/{assessment.pk}/report/"
    for _ in range(60):
        Statement.objects.create(assessment=assessment, code="2.1", kind="area", text="Още една")
    with django_assert_max_num_queries(15):
        assert client.get(url).status_code == 200


@translation.override("bg")
def test_work_names_the_next_person(revision: ReportRevision, coordinator: Membership) -> None:
    mayor = as_viewer(a_member(coordinator.organisation, "sponsor"))
    viewer = as_viewer(coordinator)
    assert [item.title for item in report_work(viewer)] == ["Напишете доклада"]
    actions.submit(viewer=viewer, revision=revision, at=NOON)
    assert not list(report_work(viewer))
    assert [item.title for item in report_work(mayor)] == ["Утвърдете доклада"]
    actions.approve(viewer=mayor, revision=revision, at=NOON)
    assert [item.title for item in report_work(viewer)] == ["Публикувайте утвърдения доклад"]
    assert not list(report_work(as_viewer(a_member(coordinator.organisation, "viewer"))))
