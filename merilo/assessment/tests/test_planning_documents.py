"""Official documents with their files, and the drafts."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from merilo.assessment import drafts
from merilo.assessment.actions import documents
from merilo.assessment.actions import gatherings as gathering_actions
from merilo.assessment.actions import groups as group_actions
from merilo.assessment.actions.documents import DocumentFacts
from merilo.assessment.queries import planning as queries
from merilo.assessment.tests.planned import Town
from merilo.core.errors import BadFile, Refused
from merilo.groups.api import Function, GatheringFacts, GatheringKind, SeatChange
from tests.people import NOON, as_viewer

SIGNED = b"%PDF-1.7 signed"
TODAY = date(2026, 11, 23)


@pytest.fixture
def town(db):
    return Town()


def record(town, place="order", **changes):
    values: dict[str, Any] = {"number": "РД-118", "date": date(2026, 11, 16), "title": "Самооценка"}
    facts = DocumentFacts(**(values | changes))
    return documents.record_document(
        viewer=town.viewer, assessment=town.assessment, place=place, facts=facts, at=NOON
    )


def draft(town, kind, language="bg", gathering=None):
    made = drafts.make(kind, town.viewer, town.assessment, language=language, on=TODAY, gathering=gathering)
    return Document(io.BytesIO(made.content))


def headings(document):
    return [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]


def text_of(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([p.text for p in document.paragraphs] + cells)
    return text.replace("\N{NO-BREAK SPACE}", " ")


# --- documents ------------------------------------------------------------------------------------
def test_the_order_is_kept_with_the_hash_of_its_file(town):
    kept = record(town, file=SimpleUploadedFile("order.pdf", SIGNED))
    town.assessment.refresh_from_db()
    assert town.assessment.order == kept
    assert town.assessment.group.order == kept
    assert kept.file.sha256 == hashlib.sha256(SIGNED).hexdigest()
    assert town.verbs()[-1] == "assessment.document_recorded"


def test_a_correction_keeps_the_file_and_the_row(town):
    first = record(town, file=SimpleUploadedFile("order.pdf", SIGNED))
    again = record(town, number="РД-119")
    assert (again.pk, again.number, again.file) == (first.pk, "РД-119", first.file)


def test_each_place_has_its_own_document(town):
    record(town)
    record(town, "centre_agreement", number="17")
    record(town, "report_sending", number="92-1", way="по пощата")
    found = queries.documents_of(town.assessment)
    assert [str(found[place]) for place in queries.PLACES] == ["РД-118", "17", "92-1"]


def test_a_file_that_is_not_what_it_says_is_refused(town):
    with pytest.raises(BadFile):
        record(town, file=SimpleUploadedFile("order.pdf", b"MZ not a pdf"))
    town.assessment.refresh_from_db()
    assert town.assessment.order is None


def test_only_who_plans_records(town):
    for member in (town.people[0], town.stranger):
        with pytest.raises(Refused):
            documents.record_document(
                viewer=as_viewer(member),
                assessment=town.assessment,
                place="order",
                facts=DocumentFacts("1", TODAY),
                at=NOON,
            )


def test_a_foreign_document_is_not_here(town):
    kept = record(town)
    with pytest.raises(queries.NotHere):
        queries.document_of(Town().assessment, kept.pk)


# --- drafts ---------------------------------------------------------------------------------------
def test_the_order_is_written_as_an_official_would(town):
    record(town)
    document = draft(town, "order")
    assert headings(document) == [
        "ЗАПОВЕД",
        "ЗАПОВЯДВАМ:",
        "I. Провеждане на самооценка",
        "II. Група за самооценка",
        "III. Срокове",
        "IV. Съдействие и поверителност",
    ]
    text = text_of(document)
    assert "чл. 44, ал. 2 от Закона за местното самоуправление" in text
    assert "№ РД-118 от 16.11.2026" in text
    assert "Община Примерово" in text
    assert "31.03.2027" in text
    assert document.core_properties.language == "bg"


def test_what_is_unknown_is_highlighted(town):
    document = draft(town, "order")
    marked = [run.text for p in document.paragraphs for run in p.runs if run.font.highlight_color]
    assert "[проверете правното основание]" in marked
    assert "[номер]" in marked


def test_another_kind_of_organisation_gets_no_law_of_municipalities(town):
    town.organisation.kind = "agency"
    town.organisation.save()
    town.viewer = as_viewer(town.boss)
    assert "чл. 44" not in text_of(draft(town, "order"))


def test_the_annex_lists_the_group(town):
    group_actions.add_seat(
        viewer=town.viewer,
        assessment=town.assessment,
        holder=town.people[0],
        change=SeatChange(Function.CHAIR, substitute=town.people[1]),
        at=NOON,
    )
    (table,) = draft(town, "composition").tables
    assert [cell.text for cell in table.rows[1].cells] == [
        "1",
        "Оценител 1",
        "–",
        "Председател",
        "Оценител 2",
    ]


def test_the_attendance_list_holds_the_participants(town):
    facts = GatheringFacts(GatheringKind.TRAINING, "Обучение по CAF", TODAY, TODAY, lecturer="Д-р Цветкова")
    training = gathering_actions.record_gathering(
        viewer=town.viewer, assessment=town.assessment, facts=facts, at=NOON
    )
    gathering_actions.set_attendance(
        viewer=town.viewer,
        assessment=town.assessment,
        gathering=training,
        members=[town.people[0]],
        names=["Живко Стоянов"],
        at=NOON,
    )
    document = draft(town, "attendance", gathering=training)
    assert headings(document) == ["ПРИСЪСТВЕН СПИСЪК"]
    assert [row.cells[1].text for row in document.tables[0].rows[1:]] == ["Живко Стоянов", "Оценител 1"]
    assert "Д-р Цветкова" in text_of(document)


def lines_of(document):
    return [p.text.replace("\N{NO-BREAK SPACE}", " ") for p in document.paragraphs]


def test_the_minutes_bear_number_and_date_and_end_with_two_signatures(town):
    chair = SeatChange(Function.CHAIR)
    group_actions.add_seat(
        viewer=town.viewer, assessment=town.assessment, holder=town.people[0], change=chair, at=NOON
    )
    facts = GatheringFacts(GatheringKind.MEETING, "Съгласуване", TODAY, TODAY)
    meeting = gathering_actions.record_gathering(
        viewer=town.viewer, assessment=town.assessment, facts=facts, at=NOON
    )
    lines = lines_of(draft(town, "minutes", gathering=meeting))
    assert lines[1] == "№ [номер] / 23.11.2026 г."
    signatures = ["ПРЕДСЕДАТЕЛ:", "(Оценител 1)", "ПРОТОКОЛИСТ:", "([име])"]
    assert [line for line in lines[-6:] if "…" not in line] == signatures


def test_the_invitation_closes_with_a_greeting_before_the_signature(town):
    lines = lines_of(draft(town, "invitation"))
    assert lines[-2:] == ["С уважение,", "Елена Маринова"]
    assert "Уважаеми колеги," in lines


def test_the_letter_to_the_centre_names_whom_it_is_to(town):
    lines = lines_of(draft(town, "centre-letter"))
    to = lines.index("ДО")
    assert lines[to + 1 : to + 3] == ["[име на ръководителя]", "[длъжност]"]


def test_the_notice_for_the_site_has_its_day_and_names_the_order(town):
    record(town)
    lines = lines_of(draft(town, "site-notice"))
    assert lines[1] == "23.11.2026 г."
    assert "По самооценката работи група, определена със Заповед № РД-118 от 16.11.2026 г." in lines


@pytest.mark.parametrize("kind", list(drafts.KINDS))
@pytest.mark.parametrize("language", ["bg", "en"])
def test_every_draft_has_a_first_heading_and_no_word_of_the_other_language(town, kind, language):
    town.organisation.name_en = "Municipality of Primerovo"
    town.organisation.save()
    town.viewer = as_viewer(town.boss)
    document = draft(town, kind, language)
    styles = [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert styles.count("Heading 1") == 1
    assert document.core_properties.language == language
    words = " ".join(headings(document))
    assert any("а" <= letter.lower() <= "я" for letter in words) == (language == "bg")


def test_an_unknown_draft_is_named(town):
    with pytest.raises(drafts.UnknownDraft):
        draft(town, "poem")


def test_without_a_language_the_organisation_decides(town):
    assert headings(draft(town, "minutes", language=""))[0] == "ПРОТОКОЛ"
