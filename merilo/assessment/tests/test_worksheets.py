"""An assessor's sheet as a workbook: downloaded, filled in, looked at, taken; and files that are not it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from xlsxwriter.workbook import Workbook

from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, Judgement, Sheet, State
from merilo.core import sealed, workbooks
from merilo.core.models import AuditEntry
from merilo.organisations.models import Membership
from tests.people import a_member, an_assessment, an_edition, an_organisation, signed_in

pytestmark = pytest.mark.django_db
Cells = dict[str, list[list[Any]]]


class Desk:
    """An assessor with a browser, and what is needed to fill in a workbook outside of it."""

    def __init__(self, language: str = "en", **fields: Any) -> None:
        self.town = an_organisation()
        self.ana = a_member(self.town, "assessor", name="Ana")
        self.bob = a_member(self.town, "assessor", name="Bob")
        self.assessment: Assessment = an_assessment(self.town, self.ana, self.bob, **fields)
        self.language = language

    def url(self, rest: str = "") -> str:
        return f"/o/{self.town.slug}/a/{self.assessment.pk}/my/worksheet/{rest}"

    def client(self, member: Membership | None = None) -> Client:
        client = signed_in(member or self.ana)
        client.cookies["language"] = self.language
        return client

    def sheet(self, member: Membership | None = None) -> Sheet:
        return Sheet.objects.get(assessment=self.assessment, seat__holder=member or self.ana)

    def judged(self, code: str, **fields: Any) -> Judgement:
        values = {"values": {"score": 45}, "saved_at": timezone.now()} | fields
        return Judgement.objects.create(sheet=self.sheet(), code=code, **values)

    def download(self, member: Membership | None = None) -> bytes:
        return self.client(member).get(self.url("file/")).content

    def cells(self, member: Membership | None = None) -> Cells:
        """The downloaded workbook as plain cells, to be changed and written again."""
        grids = workbooks.grids(self.download(member))
        return {grid.name: [list(row) for row in grid.rows] for grid in grids}

    def upload(self, content: bytes, name: str = "worksheet.xlsx", member: Membership | None = None) -> Any:
        return self.client(member).post(self.url(), {"file": SimpleUploadedFile(name, content)})

    def take(self, page: Any, **choices: str) -> Any:
        sent = {"differences": page.context["signed"], **choices}
        return self.client().post(self.url("take/"), sent)

    def filled(self, change: Callable[[Cells], object]) -> bytes:
        cells = self.cells()
        change(cells)
        return written(cells)


def written(cells: Cells, finish: Callable[[Workbook], None] | None = None) -> bytes:
    """The cells as another program would save them."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    for name, rows in cells.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    if finish:
        finish(book)
    book.close()
    return buffer.getvalue()


def row_in(cells: Cells, code: str) -> list[Any]:
    return next(row for rows in cells.values() for row in rows if row and row[0] == code)


def put(code: str, **values: Any) -> Callable[[Cells], None]:
    """Fill in fields of a classical row by name."""
    places = {"points": 2, "cannot": 3, "reason": 4, "strengths": 5, "areas": 6, "ideas": 7, "ready": 8}

    def change(cells: Cells) -> None:
        for name, value in values.items():
            row_in(cells, code)[places[name]] = value

    return change


def problems(page: Any) -> list[str]:
    assert page.status_code == 422
    return [f"{place}: {words}" for place, words in page.context["problems"]]


# --- there and back ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["bg", "en"])
def test_a_downloaded_sheet_changes_nothing_when_it_comes_back(language: str) -> None:
    desk = Desk(language)
    lines = {
        "strength": [
            {"id": "a", "text": "- нов портал", "named": True},
            {"id": "b", "text": "=1+1", "named": False},
        ]
    }
    desk.judged("1.1", lines=lines, examples={"1": "yes"}, ready=True)
    desk.judged("6.1", values={}, cannot_judge=True, reason="Не работя по това.\n\n- и друго")
    page = desk.upload(desk.download())
    assert (page.status_code, page.context["differences"], page.context["clashes"]) == (200, [], [])
    assert page.context["remarks"] == []
    assert page.context["missing"] == ""


@pytest.mark.parametrize("method", ["classical", "fine-tuned"])
@pytest.mark.parametrize("language", ["bg", "en"])
def test_every_item_can_be_filled_in_and_taken(language: str, method: str) -> None:
    desk = Desk(language, method=method)
    framework = framework_of(desk.assessment)

    def change(cells: Cells) -> None:
        for item in framework.items:
            row = row_in(cells, item.code)
            count = len(framework.scale_for(item.code, method).components) or 1
            row[2 : 2 + count] = [30.0 + n for n in range(count)]
            row[4 + count] = "Първа мисъл\nВтора мисъл"
            row[7 + count] = {"bg": "да", "en": "yes"}[language]

    page = desk.upload(desk.filled(change))
    assert (len(page.context["differences"]), page.context["clashes"]) == (28, [])
    assert desk.take(page).status_code == 302
    stored = {row.code: row for row in Judgement.objects.filter(sheet=desk.sheet())}
    assert {row.ready for row in stored.values()} == {True}
    assert {row.version for row in stored.values()} == {1}
    first = {"classical": {"score": 30}, "fine-tuned": {"plan": 30, "do": 31, "check": 32, "act": 33}}[method]
    assert stored["1.1"].values == first
    assert [line["text"] for line in stored["9.2"].lines["strength"]] == ["Първа мисъл", "Втора мисъл"]
    assert AuditEntry.objects.filter(verb="judgement.saved").count() == 28
    assert AuditEntry.objects.filter(verb="worksheet.taken").count() == 1


def test_another_framework_has_a_worksheet_of_its_own() -> None:
    desk = Desk(edition=an_edition("principles-12"), method="maturity")
    page = desk.upload(desk.filled(put("A1", points=1.0)) if "A1" in str(desk.cells()) else desk.download())
    assert page.status_code == 200


def test_the_workbook_names_nobody_and_holds_no_formula() -> None:
    desk = Desk()
    desk.judged("1.1", lines={"area": [{"id": "a", "text": "=HYPERLINK(A1)", "named": True}]})
    with zipfile.ZipFile(io.BytesIO(desk.download())) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "Ana" not in text
    assert "<f>" not in text
    assert "=HYPERLINK(A1)" in text
    assert 'quotePrefix="1"' in text
    assert "<sheetProtection" in text
    assert 'type="whole"' in text
    assert 'type="list"' in text


def test_lines_keep_their_ids_and_names_and_a_new_wording_begins_without_a_name() -> None:
    desk = Desk()
    kept = {"id": "a", "text": "Нов портал", "named": True}
    desk.judged(
        "1.1",
        lines={"strength": [kept, {"id": "b", "text": "Стара мисъл", "named": True}]},
        examples={"1": "no"},
    )
    page = desk.upload(desk.filled(put("1.1", strengths="Друга мисъл\nНов портал")))
    assert desk.take(page).status_code == 302
    stored = Judgement.objects.get(code="1.1")
    assert stored.lines["strength"][1] == kept
    assert stored.lines["strength"][0] | {"id": ""} == {"id": "", "text": "Друга мисъл", "named": False}
    assert (stored.examples, stored.version) == ({"1": "no"}, 2)


def test_lines_that_fit_into_no_cell_stay_as_they_are() -> None:
    desk = Desk()
    lines = [{"id": str(n), "text": "Дълга мисъл " * 150, "named": False} for n in range(20)]
    desk.judged("1.1", lines={"strength": lines})
    page = desk.upload(desk.filled(put("1.1", points=50.0)))
    assert [row[0] for row in page.context["differences"][0].rows] == ["Score"]
    desk.take(page)
    stored = Judgement.objects.get(code="1.1")
    assert (stored.values, stored.lines) == ({"score": 50}, {"strength": lines})


def test_only_what_was_assigned_is_downloaded_and_more_may_be_added() -> None:
    desk = Desk()
    Sheet.objects.update(assigned=["1.1"])
    cells = desk.cells()
    assert [row[0] for row in cells["Criterion 1"][3:]] == ["1.1"]
    cells["Criterion 1"].append(["1.2", "", 20.0, "", "", "", "", "", ""])
    page = desk.upload(written(cells))
    assert [row.code for row in page.context["differences"]] == ["1.2"]


# --- what was changed in both places ---------------------------------------------------------------


def test_a_judgement_changed_after_the_download_is_decided_by_the_person() -> None:
    desk = Desk()
    desk.judged("1.1")
    desk.judged("1.2")
    content = desk.filled(lambda cells: [put("1.1", points=60.0)(cells), put("1.3", points=10.0)(cells)])
    Judgement.objects.update(values={"score": 50}, version=2)
    page = desk.upload(content)
    [clash] = page.context["clashes"]
    assert (clash.code, clash.rows) == ("1.1", [("Score", ["50"], ["60"])])
    assert [row.code for row in page.context["differences"]] == ["1.3"]

    undecided = desk.take(page)
    assert undecided.status_code == 422
    assert "choose which of the two stays" in undecided.content.decode()
    assert Judgement.objects.get(code="1.1").values == {"score": 50}
    assert not Judgement.objects.filter(code="1.3").exists()

    assert desk.take(undecided, **{"choice-1.1": "stored"}).status_code == 302
    assert Judgement.objects.get(code="1.1").values == {"score": 50}
    assert Judgement.objects.get(code="1.3").values == {"score": 10}

    assert desk.take(desk.upload(content), **{"choice-1.1": "file"}).status_code == 302
    assert Judgement.objects.get(code="1.1").values == {"score": 60}
    assert Judgement.objects.get(code="1.2").values == {"score": 50}


def test_what_changes_between_looking_and_taking_is_shown_again_and_nothing_is_taken() -> None:
    desk = Desk()
    desk.judged("1.1")
    page = desk.upload(
        desk.filled(lambda cells: [put("1.1", points=60.0)(cells), put("1.2", points=10.0)(cells)])
    )
    Judgement.objects.update(values={"score": 50}, version=2)
    again = desk.take(page)
    assert (again.status_code, [row.code for row in again.context["clashes"]]) == (409, ["1.1"])
    assert Judgement.objects.count() == 1
    assert not AuditEntry.objects.filter(verb="worksheet.taken").exists()
    assert desk.take(again, **{"choice-1.1": "file"}).status_code == 302
    assert Judgement.objects.get(code="1.1").values == {"score": 60}


def test_a_doubled_confirmation_has_one_effect() -> None:
    desk = Desk()
    page = desk.upload(desk.filled(put("1.1", points=60.0, strengths="Мисъл")))
    assert [desk.take(page).status_code for _n in range(2)] == [302, 302]
    assert Judgement.objects.get().version == 1


def test_differences_are_taken_only_by_their_own_sheet_and_not_for_ever() -> None:
    desk = Desk()
    page = desk.upload(desk.filled(put("1.1", points=60.0)))
    sent = {"differences": page.context["signed"]}
    assert desk.client(desk.bob).post(desk.url("take/"), sent).status_code == 422
    assert desk.client().post(desk.url("take/"), {"differences": "forged"}).status_code == 422
    with time_machine.travel(timezone.now() + sealed.HOLDS_FOR + timedelta(minutes=1)):
        late = desk.take(page)
    assert (late.status_code, "too long ago" in late.content.decode()) == (422, True)
    assert not Judgement.objects.exists()
    assert desk.client().get(desk.url("take/")).status_code == 302


# --- what cannot be taken ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"points": 45.5}, "cell C4: “45.5” is no whole number. Enter one from 0 to 100."),
        ({"points": 101.0}, "cell C4: 101 is outside the scale. Enter a whole number from 0 to 100."),
        ({"points": "много"}, "cell C4: “много” is no number. Enter a whole number from 0 to 100."),
        ({"points": True}, "cell C4: “True” is no number. Enter a whole number from 0 to 100."),
        ({"points": -5.0}, "cell C4: -5 is outside the scale. Enter a whole number from 0 to 100."),
        ({"cannot": "може би"}, "cell D4: “може би” is neither “yes” nor “no”. Choose one from the list."),
        ({"cannot": "yes"}, "cell E4: Write in a few words why you cannot judge."),
        (
            {"cannot": "yes", "reason": "Не.", "points": 3.0},
            "cell D4: Give the points or say that you cannot judge, not both.",
        ),
        ({"ready": "yes"}, "cell I4: Give a score or say that you cannot judge before you mark it as ready."),
        (
            {"strengths": "а" * 2001},
            "cell F4: Line 1 has 2001 characters; at most 2000 are possible. Make several of it.",
        ),
        (
            {"areas": "\n".join("abcdefgh" * 9)},
            "cell G4: There are 72 lines; at most 60 are possible. Join some of them.",
        ),
        ({"reason": "а" * 2001}, "cell E4: The reason has 2001 characters; at most 2000 are possible."),
    ],
)
def test_every_mistake_is_named_by_sheet_and_cell(fields: dict[str, Any], said: str) -> None:
    desk = Desk()
    page = desk.upload(
        desk.filled(lambda cells: [put("1.1", **fields)(cells), put("1.2", points=1.0)(cells)])
    )
    assert problems(page) == [f"sheet “Criterion 1”, {said}"]
    assert "signed" not in page.context
    assert not Judgement.objects.exists()


def test_mistakes_are_named_in_bulgarian_too() -> None:
    desk = Desk("bg")
    [said] = problems(desk.upload(desk.filled(put("1.1", points=45.5))))
    assert said == "лист „Критерий 1“, клетка C4: „45,5“ не е цяло число. Въведете цяло число от 0 до 100."


def test_whole_numbers_written_as_text_and_truths_written_by_programs_are_taken() -> None:
    desk = Desk()
    change = [put("1.1", points="45,0", ready=True), put("1.2", points=" 30 ", cannot=False, ready="ДА")]
    page = desk.upload(desk.filled(lambda cells: [one(cells) for one in change]))
    desk.take(page)
    assert {row.code: (row.values, row.ready) for row in Judgement.objects.all()} == {
        "1.1": ({"score": 45}, True),
        "1.2": ({"score": 30}, True),
    }


def test_rows_in_another_order_extra_rows_columns_and_sheets_and_missing_rows() -> None:
    desk = Desk()
    desk.judged("1.1")
    cells = desk.cells()
    first = cells["Criterion 1"]
    head, rows = first[:3], first[3:]
    rows[0][2] = 50.0
    head[2].append("Моя колона")
    rows[1].append("бележка")
    cells["Criterion 1"] = [*head, [""], *reversed(rows[:-1]), ["Общо", "бележка"]]
    cells["Мои бележки"] = [["нещо"]]
    refused = problems(desk.upload(written(cells)))
    assert refused == [
        (
            "sheet “Criterion 1”, cell A8: "
            "There is no sub-criterion “Общо”. Correct the number or remove the row."
        )
    ]
    cells["Criterion 1"].pop()
    page = desk.upload(written(cells))
    assert [(row.code, row.rows) for row in page.context["differences"]] == [
        ("1.1", [("Score", ["45"], ["50"])])
    ]
    assert page.context["missing"] == rows[-1][0]
    assert page.context["remarks"] == [
        ("sheet “Criterion 1”, cell J3", "The columns that are not part of the table were passed over."),
        ("sheet “Мои бележки”", "The sheet has no table of sub-criteria and was passed over."),
    ]


def test_a_row_without_a_number_a_row_twice_and_a_missing_column() -> None:
    desk = Desk()
    cells = desk.cells()
    first = cells["Criterion 1"]
    first += [["", "", 40.0], list(first[3])]
    cells["Criterion 2"][2][5] = "Друго"
    assert problems(desk.upload(written(cells))) == [
        (
            "sheet “Criterion 1”, cell A8: "
            "The row has entries but no number of a sub-criterion. Write the number or remove the row."
        ),
        (
            "sheet “Criterion 1”, cell A9: "
            "Sub-criterion 1.1 stands here a second time. Keep one of the two rows."
        ),
        (
            "sheet “Criterion 2”, row 3: "
            "The column “Strengths” is missing. Give it back its title, or download the table again."
        ),
    ]


def test_formulas_give_their_values_or_are_named() -> None:
    desk = Desk()

    def finish(book: Workbook) -> None:
        sheet = book.get_worksheet_by_name("Criterion 1")
        assert sheet is not None
        sheet.write_formula("C4", "=20+25", None, 45)
        sheet.write_formula("C5", "=20+25", None, "")
        sheet.write_formula("C6", "=1/0", None, "#DIV/0!")

    words = "The cell holds a formula without a value. Write the value itself."
    assert problems(desk.upload(written(desk.cells(), finish))) == [
        f"sheet “Criterion 1”, cell C5: {words}",
        f"sheet “Criterion 1”, cell C6: {words}",
    ]

    def whole(book: Workbook) -> None:
        sheet = book.get_worksheet_by_name("Criterion 1")
        assert sheet is not None
        sheet.write_formula("C4", "=20+25", None, 45)

    page = desk.upload(written(desk.cells(), whole))
    assert page.context["differences"][0].rows == [("Score", [], ["45"])]


def test_merged_cells_are_named_where_they_hide_a_field() -> None:
    desk = Desk()

    def finish(book: Workbook) -> None:
        sheet = book.get_worksheet_by_name("Criterion 1")
        assert sheet is not None
        sheet.merge_range("A1:D1", "Критерий 1")
        sheet.merge_range("C4:C5", 40)

    words = "The cells C4:C5 are merged. Split them, so that it is clear to what each belongs."
    assert problems(desk.upload(written(desk.cells(), finish))) == [f"sheet “Criterion 1”, cell C4: {words}"]


def test_whose_worksheet_it_is_decides() -> None:
    desk, other = Desk(), Desk(edition=an_edition("principles-12"), method="maturity")
    second = an_assessment(desk.town, desk.ana, title="Самооценка 2028")

    def refusal(content: bytes) -> str:
        page = desk.upload(content)
        assert page.status_code == 422
        return str(page.context["form"].errors["file"][0])

    assert refusal(desk.download(desk.bob)).startswith("This worksheet belongs to somebody else.")
    assert "another framework" in refusal(other.download())
    content = desk.client().get(f"/o/{desk.town.slug}/a/{second.pk}/my/worksheet/file/").content
    assert "another self-assessment" in refusal(content)
    assert "not a worksheet from here" in refusal(written({"Sheet1": [["a", "b"]]}))
    assert "not a worksheet from here" in refusal(written({"merilo": [["kind", "another"]]}))
    mine = desk.download()
    Assessment.objects.filter(pk=desk.assessment.pk).update(method="fine-tuned")
    assert "scoring method was changed" in refusal(mine)


@pytest.mark.parametrize(
    ("state", "handed_in", "said"),
    [
        (State.ASSESSING, True, "Take your assessment back; then you can upload the file."),
        (State.AGREEING, True, "Bring what is new in your file to the meeting"),
        (State.PLANNING, False, "it can be uploaded once the assessment is open"),
    ],
)
def test_a_closed_sheet_takes_nothing_and_says_what_to_do(
    state: State, said: str, *, handed_in: bool
) -> None:
    desk = Desk()
    content = desk.filled(put("1.1", points=60.0))
    page = desk.upload(content)
    Sheet.objects.update(handed_in_at=timezone.now() if handed_in else None)
    Assessment.objects.update(state=state)
    for answer in (desk.upload(content), desk.take(page)):
        assert (answer.status_code, said in answer.content.decode()) == (403, True)
    assert said in desk.client().get(desk.url()).content.decode()
    assert not Judgement.objects.exists()


def test_an_own_page_of_a_member_only() -> None:
    desk = Desk()
    watcher = a_member(desk.town, "viewer")
    stranger = a_member(an_organisation(), "assessor")
    for rest in ("", "file/"):
        assert desk.client(watcher).get(desk.url(rest)).status_code == 403
        assert desk.client(stranger).get(desk.url(rest)).status_code == 404


# --- hostile and other files -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel workbook (.xls)"),
        ("renamed.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel workbook (.xls)"),
        ("page.xls", b"<html>", "ends in .xls"),
        ("table.ods", b"PK\x03\x04", "OpenDocument"),
        ("renamed.xlsx", b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        ("macros.xlsm", b"PK\x03\x04", "macros"),
        ("table.csv", b"a;b", "xlsx"),
        ("empty.xlsx", b"", "empty"),
        ("text.xlsx", b"1;2;3", "not what the ending"),
        ("torn.xlsx", b"PK\x03\x04" + b"x" * 50, "damaged"),
    ],
)
def test_other_files_are_refused_with_what_to_do(name: str, content: bytes, said: str) -> None:
    page = Desk().upload(content, name)
    assert (page.status_code, said in str(page.context["form"].errors["file"])) == (422, True)


def test_without_a_file_the_field_says_so() -> None:
    desk = Desk()
    page = desk.client().post(desk.url(), {})
    assert (page.status_code, "Choose a file" in page.content.decode()) == (422, True)


def test_a_page_with_many_differences_asks_few_questions_of_the_database(
    django_assert_max_num_queries: Any,
) -> None:
    desk = Desk()
    change = [put(item.code, points=30.0) for item in framework_of(desk.assessment).items]
    content = desk.filled(lambda cells: [one(cells) for one in change])
    client = desk.client()
    with django_assert_max_num_queries(12):
        page = client.post(desk.url(), {"file": SimpleUploadedFile("w.xlsx", content)})
    assert len(re.findall(r"<caption", page.content.decode())) == 28
