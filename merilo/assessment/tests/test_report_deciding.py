"""Deciding on a revision: only what still says what the group agreed on, and only once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from merilo.assessment.actions import agreement, approvals
from merilo.assessment.actions import report as actions
from merilo.assessment.models import (
    Agreement,
    Contribution,
    ReportRevision,
    RevisionFile,
    RevisionState,
    Sheet,
    State,
    Statement,
)
from merilo.assessment.queries import results
from merilo.assessment.tests.written import Written, build
from merilo.core.errors import Conflict, MeriloError
from tests.people import NOON, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> Written:
    return Written()


def taken_up(written: Written) -> None:
    agreement.resume(viewer=written.viewer, assessment=written.now(), reason="Грешка в 1.1", at=NOON)


def finished(written: Written, **changed: Any) -> None:
    """End the agreement again, with another result for 1.1 where one is given."""
    if changed:
        Agreement.objects.filter(assessment=written.assessment, code="1.1").update(**changed)
    agreement.finish(viewer=written.viewer, assessment=written.now(), at=NOON)


def on_paper(written: Written, revision: ReportRevision) -> None:
    approvals.record(
        viewer=written.viewer,
        revision=revision,
        number="РД-1",
        date=NOON.date(),
        printed=revision.checksum[:8],
        file=SimpleUploadedFile("доклад.pdf", b"%PDF-1.7", content_type="application/pdf"),
        at=NOON,
    )


# --- what is out of date ------------------------------------------------------------------------------
def test_revision_is_not_submitted_while_the_agreement_is_taken_up_again(written: Written) -> None:
    revision = written.revision()
    taken_up(written)
    with pytest.raises(Conflict):
        actions.submit(viewer=written.viewer, revision=revision, at=NOON)
    with pytest.raises(Conflict):
        on_paper(written, revision)
    assert written.stored().state == RevisionState.DRAFT


def test_revision_from_before_another_agreement_is_neither_submitted_nor_approved(written: Written) -> None:
    revision = written.revision()
    taken_up(written)
    finished(written, values={"score": 90}, justification="Ново доказателство")
    with pytest.raises(MeriloError):
        actions.submit(viewer=written.viewer, revision=revision, at=NOON)
    with pytest.raises(MeriloError):
        on_paper(written, revision)
    assert written.now().state == State.REPORTING
    again = written.revision()
    actions.submit(viewer=written.viewer, revision=again, at=NOON)
    actions.approve(viewer=written.head, revision=again, at=NOON)
    assert written.now().state == State.APPROVED


def test_revision_stays_good_when_taking_up_the_agreement_changed_nothing(written: Written) -> None:
    revision = written.revision()
    taken_up(written)
    finished(written)
    actions.submit(viewer=written.viewer, revision=revision, at=NOON)
    assert written.stored().state == RevisionState.SUBMITTED


def test_changed_statement_makes_a_revision_out_of_date(written: Written) -> None:
    revision = written.revision()
    Statement.objects.create(assessment=written.assessment, code="1.1", kind="area", text="Няма срокове")
    with pytest.raises(MeriloError):
        actions.submit(viewer=written.viewer, revision=revision, at=NOON)


def test_page_of_an_outdated_revision_asks_for_a_new_one(written: Written) -> None:
    written.revision()
    client = signed_in(written.coordinator)
    assert f'action="{written.url("1/submit/")}"' in client.get(written.url("1/")).content.decode()
    Agreement.objects.filter(assessment=written.assessment, code="1.1").update(values={"score": 90})
    page = client.get(written.url("1/"), headers={"accept-language": "en"}).content.decode()
    assert f'action="{written.url("1/submit/")}"' not in page
    assert f'action="{written.url("1/approval/")}"' not in page


def test_outdated_paper_approval_keeps_what_was_typed(written: Written) -> None:
    revision = written.revision()
    Agreement.objects.filter(assessment=written.assessment, code="1.1").update(values={"score": 90})
    file = SimpleUploadedFile("доклад.pdf", b"%PDF-1.7", content_type="application/pdf")
    typed = {"number": "РД-77", "date": "01.03.2026", "printed": revision.checksum[:8], "file": file}
    answer = signed_in(written.coordinator).post(written.url("1/approval/"), typed)
    assert answer.status_code == 422
    assert "РД-77" in answer.content.decode()


def test_nothing_is_written_into_a_report_whose_agreement_is_taken_up_again(written: Written) -> None:
    opened_before = written.now()
    taken_up(written)
    with pytest.raises(MeriloError):
        actions.save_section(
            viewer=written.viewer, assessment=opened_before, key="summary", text="т", version=0, at=NOON
        )
    with pytest.raises(MeriloError):
        actions.make_revision(viewer=written.viewer, assessment=opened_before, language="bg", at=NOON)


# --- twice, or too late -------------------------------------------------------------------------------
def test_withdrawing_twice_is_answered_as_done(written: Written) -> None:
    written.publish(written.approved(), ["introduction"])
    client = signed_in(written.coordinator)
    assert [client.post(written.url("1/withdraw/")).status_code for _ in "12"] == [302, 302]
    assert written.now().state == State.APPROVED


def test_second_approval_is_a_conflict_that_names_the_first(written: Written) -> None:
    first = written.submitted()
    second = written.submitted()
    actions.approve(viewer=written.head, revision=first, at=NOON)
    client = signed_in(written.mayor)
    answer = client.post(written.url("2/approve/"), headers={"accept-language": "en"})
    assert answer.status_code == 409
    assert client.post(written.url("1/approve/")).status_code == 409
    with pytest.raises(Conflict, match=r"друга редакция|Another revision"):
        actions.approve(viewer=written.head, revision=second, at=NOON)


def test_approval_against_taking_up_the_agreement_says_so(written: Written) -> None:
    revision = written.submitted()
    written.assessment.__class__.objects.filter(pk=written.assessment.pk).update(state=State.AGREEING)
    with pytest.raises(Conflict) as caught:
        actions.approve(viewer=written.head, revision=revision, at=NOON)
    assert "approved" not in caught.value.sentence
    assert "утвърдена" not in caught.value.sentence


# --- files --------------------------------------------------------------------------------------------
def test_one_document_that_fails_does_not_keep_the_others_back(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = written.revision()

    def broken(*_document: object, **_how: object) -> bytes:
        raise ValueError("no typeface")

    with monkeypatch.context() as patched:
        patched.setattr("merilo.assessment.tasks.pdf", broken)
        assert build(revision) == 2
    client = signed_in(written.coordinator)
    page = client.get(written.url("1/")).content.decode()
    assert RevisionFile.objects.get(format="pdf").error == "ValueError: no typeface"
    assert 'hx-trigger="every 3s"' not in page
    assert written.url("1/docx/") in page
    assert written.url("1/pdf/") not in page
    assert f'action="{written.url("1/documents/")}"' in page
    assert client.post(written.url("1/documents/")).status_code == 302
    build(revision)
    page = client.get(written.url("1/")).content.decode()
    assert written.url("1/pdf/") in page
    assert written.url("1/documents/") not in page


def test_failed_public_document_is_told_inside_and_absent_outside(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = written.approved()
    slug = written.publish(revision, ["introduction"])

    def broken(*_content: object, **_how: object) -> bytes:
        raise ValueError("no sheet")

    monkeypatch.setattr("merilo.assessment.tasks.xlsx", broken)
    build(revision)
    client = signed_in(written.coordinator)
    assert client.get(written.url("1/")).content.decode().count("XLSX") == 2
    assert f"/reports/{slug}/xlsx/" not in client.get(f"/reports/{slug}/").content.decode()
    assert client.get(f"/reports/{slug}/xlsx/").status_code == 404


def test_number_of_a_paper_approval_is_one_clean_line(written: Written) -> None:
    revision = written.revision()
    file = SimpleUploadedFile("доклад.pdf", b"%PDF-1.7", content_type="application/pdf")
    typed = {"number": "РД\x01-1", "date": "01.03.2026", "printed": revision.checksum[:8], "file": file}
    answer = signed_in(written.coordinator).post(written.url("1/approval/"), typed)
    assert answer.status_code == 422
    assert written.stored().state == RevisionState.DRAFT


# --- who wrote a finding ------------------------------------------------------------------------------
def test_findings_count_the_assessors_not_their_remarks(written: Written) -> None:
    statement = Statement.objects.create(assessment=written.assessment, code="1.1", kind="area", text="С")
    sheet = Sheet.objects.get(assessment=written.assessment)
    statement.sources.set(
        Contribution.objects.create(
            assessment=written.assessment, sheet=sheet, code="1.1", kind="area", text=text
        )
        for text in ("първа", "втора", "трета")
    )
    found = results.results_of(written.viewer, written.now(), language="bg")
    assert [finding.count for finding in found.areas] == [1]
