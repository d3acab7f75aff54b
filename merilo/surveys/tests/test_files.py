"""Files of closed surveys: who gets them, the same figures in all, and nobody to be recognised in any."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pyreadstat
import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.core import files, workbooks
from merilo.core.models import AuditEntry
from merilo.surveys import tasks
from merilo.surveys.actions import exporting
from merilo.surveys.analysis.storing import make_snapshot
from merilo.surveys.exporting.csv_file import CsvOptions, cell
from merilo.surveys.exporting.csv_file import csv as csv_of
from merilo.surveys.exporting.dataset import AWAY, MISSING, dataset_of
from merilo.surveys.exporting.keeping import kept, telling
from merilo.surveys.exporting.making import FORMATS
from merilo.surveys.models import Export, Invitation, NamedResponse, OpenText, State, Survey, TextState
from merilo.surveys.queries import files as queries
from merilo.surveys.queries import results
from merilo.surveys.rules.plain import from_plain
from merilo.surveys.tests.test_results import a_closed_survey, at, some_answers
from tests.people import a_member, an_organisation, signed_in, today
from tests.surveys import a_questionnaire, a_survey, answered

DDI = "{ddi:codebook:2_5}"


def test_a_question_shown_to_some_only_tells_as_much_as_what_decides_about_it() -> None:
    plain = a_questionnaire()
    assert telling(from_plain(plain)) == {"age"}
    plain["pages"][0]["parts"][1]["show_if"] = ["=", "age", "old"]
    assert telling(from_plain(plain)) == {"age", "visited", "quality"}


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_answer_of_fewer_than_the_floor_stands_beside_what_tells_who_they_are(data) -> None:
    draw = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    size, floor, strict = (
        data.draw(st.integers(1, 200)),
        data.draw(st.integers(3, 10)),
        data.draw(st.booleans()),
    )
    columns = [draw.integers(-2, draw.integers(0, 4), size) for _ in range(4)]
    answers, candidates = columns[:2], [[column] for column in columns[2:]]
    found = kept(candidates, answers, floor, strict=strict)
    groups = Counter(zip(*(candidates[place][way] for place, way in found.items()), strict=True))
    assert all(count >= floor for count in groups.values())
    for column in answers:
        pairs = [
            (row[:-1], row[-1])
            for row in zip(*(candidates[p][w] for p, w in found.items()), column, strict=True)
        ]
        cells = Counter(pairs) if found else Counter()
        assert all(count >= floor for count in cells.values())
        if strict and len(groups) > 1:
            assert all(count < groups[group] for (group, _answer), count in cells.items())


def test_the_coarser_way_is_taken_where_the_finer_one_tells_too_much() -> None:
    answers = [np.zeros(12, int)]
    days, weeks = np.arange(12), np.repeat([0, 1], 6)
    assert kept([[days, weeks], [days]], answers, 5, strict=False) == {0: 1}


def test_no_cell_is_taken_for_a_formula() -> None:
    assert cell("=1+1") == "'=1+1"
    assert cell('a "b"; c') == '"a ""b""; c"'


# --- with the database ------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def client(town):
    member = a_member(town, "coordinator")
    assert member.person is not None
    member.person.language = "en"
    member.person.save()
    return signed_in(member)


def got(client: Any, survey: Any, kind: str, query: str = "") -> bytes:
    response = client.get(at("file", survey, format_=kind) + query)
    assert response.status_code == 200, response.content[-2000:]
    content: bytes = response.content
    return content


def read_sav(content: bytes, tmp_path: Any, ending: str = "sav") -> Any:
    path = tmp_path / f"file.{ending}"
    path.write_bytes(content)
    return pyreadstat.read_sav(str(path), user_missing=True)


def test_page_workbook_spss_json_and_csv_have_the_same_figures(town, client, tmp_path) -> None:
    survey = a_closed_survey(town, some_answers(200))
    (told,) = [one for one in results.contents(results.stored_results(survey)) if one["item"] == "overall"]
    counts = {int(answer["code"]): answer["count"] for answer in told["answers"]}
    sheets = {grid.name: grid for grid in workbooks.grids(got(client, survey, "xlsx"))}
    first = next(n for n, row in enumerate(sheets["Results"].rows) if row[:1] == ("Overall",))
    assert {n: sheets["Results"].at(first + 1 + n, 1) for n in counts} == counts
    names = list(sheets["Answers"].rows[0])
    place = names.index("overall")
    assert Counter(row[place] for row in sheets["Answers"].rows[1:]) == counts
    for kind in ("sav", "zsav"):
        frame, about = read_sav(got(client, survey, kind), tmp_path, kind)
        assert Counter(frame["overall"]) == counts
        assert round(frame["overall"].mean(), 6) == told["figures"]["mean"]["value"]
    assert about.column_names_to_labels["quality_speed"].startswith("Are you satisfied with")
    assert about.variable_value_labels["quality_speed"][5.0] == "Degree 5"
    assert about.variable_measure["overall"] == "ordinal"
    missing = {end for ends in about.missing_ranges["quality_speed"] for end in ends.values()}
    assert missing == {AWAY, MISSING}
    rows = json.loads(got(client, survey, "json"))
    assert Counter(row[rows["names"].index("overall")] for row in rows["rows"]) == counts
    lines = list(csv.DictReader(io.StringIO(got(client, survey, "csv").decode("utf-8-sig"))))
    assert Counter(int(line["overall"]) for line in lines) == counts
    away = next(
        one for one in results.contents(results.stored_results(survey)) if one["item"] == "quality.speed"
    )
    assert sum(line["quality_speed"] == str(AWAY) for line in lines) == away["away"]
    assert {line["channels_desk"] for line in lines} <= {"0", "1", str(MISSING)}


def test_what_tells_who_somebody_is_is_left_out_and_said_so(town, client) -> None:
    survey = a_closed_survey(town, some_answers(60))
    page = client.get(at("files", survey)).content.decode()
    assert "Left out so that nobody can be recognised" in page
    assert "How old are you?" in page
    head = got(client, survey, "csv").decode("utf-8-sig").splitlines()[0].split(",")
    assert "age" not in head
    assert "wishes" not in head


def test_files_and_page_tables_together_tell_no_small_group(town) -> None:
    """Whoever holds the file and the tables of the page can count no cell that the page hides."""
    for seed, size in ((1, 60), (2, 400), (3, 2_000)):
        survey = a_closed_survey(town, some_answers(size, seed))
        dataset = dataset_of(results.stored_results(survey))
        groups = [one for one in dataset.fields if one.question == "age" or not one.question]
        for one in dataset.fields:
            cells = Counter(
                zip(*(group.column.tolist() for group in groups), one.column.tolist(), strict=True)
            )
            assert not groups or min(cells.values()) >= survey.floor
    assert {one.name for one in groups} >= {"age"}


def test_too_few_answers_or_questions_give_nothing(town, client) -> None:
    few = a_closed_survey(town, [{"age": "old", "overall": 3}] * 4)
    assert client.get(at("file", few, format_="csv")).status_code == 404
    assert "Too few people answered" in client.get(at("files", few)).content.decode()
    assert client.get(at("file", few, format_="report-pdf")).status_code == 200
    hidden = a_closed_survey(
        town, [{"age": "old", "overall": 3}] * 4 + [{"age": "old", "visited": True}] * 20
    )
    head = got(client, hidden, "csv").decode("utf-8-sig").splitlines()[0]
    assert "visited" in head
    assert "overall" not in head


def test_numbers_of_anonymous_people_are_ranges(town, client) -> None:
    plain = a_questionnaire()
    asked = {"kind": "number", "code": "waited", "text": {"bg": "Колко чакахте?", "en": "How long?"}}
    plain["pages"][1]["parts"].append(asked)
    survey = a_closed_survey(
        town, [{"waited": 317 if n == 3 else n % 20} for n in range(100)], pages=plain["pages"]
    )
    content = got(client, survey, "csv").decode("utf-8-sig")
    assert "317" not in content
    values = {line["waited"] for line in csv.DictReader(io.StringIO(content))}
    assert values <= {str(n) for n in range(1, 7)}


def test_open_answers_have_a_file_of_their_own_with_those_that_were_read(town, client) -> None:
    survey = a_closed_survey(town, [{"overall": 4, "wishes": f"Wish {n}"} for n in range(8)])
    OpenText.objects.filter(survey=survey, text="Wish 3").update(state=TextState.READY, shown="A bench")
    lines = list(csv.DictReader(io.StringIO(got(client, survey, "texts").decode("utf-8-sig"))))
    assert [list(line.values())[1] for line in lines] == ["A bench"]
    assert b"Wish" not in got(client, survey, "csv")


def test_with_names_every_row_says_whose_it_is(town, client, tmp_path) -> None:
    survey = a_closed_survey(town, some_answers(8), mode="named")
    for number, response in enumerate(survey.responses.order_by("pk")):
        invited = Invitation.objects.create(
            survey=survey,
            address=f"p{number}@primerovo.example",
            name=f"=Person {number}",
            token_hash=str(number),
        )
        NamedResponse.objects.create(response=response, invitation=invited, sent_at=timezone.now())
    overall = [str(row.answers["overall"]) for row in survey.responses.order_by("pk")]
    lines = list(csv.DictReader(io.StringIO(got(client, survey, "csv").decode("utf-8-sig"))))
    assert [line["person_name"] for line in lines] == [f"'=Person {n}" for n in range(8)]
    assert [line["overall"] for line in lines] == overall
    frame, _about = read_sav(got(client, survey, "sav"), tmp_path)
    assert list(frame["person_address"]) == [line["person_address"] for line in lines]
    assert frame["response_day"][0] == today()


def test_the_codebook_is_whole(town, client) -> None:
    survey = a_closed_survey(town, some_answers(60))
    root = ET.fromstring(got(client, survey, "codebook"))  # noqa: S314  our own
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(ids) == len(set(ids))
    assert root.tag == f"{DDI}codeBook"
    variables = {one.get("name"): one for one in root.iter(f"{DDI}var")}
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert {one.get(lang) for one in variables["overall"].findall(f"{DDI}labl")} == {"bg", "en"}
    values = [one.findtext(f"{DDI}catValu") for one in variables["overall"].iter(f"{DDI}catgry")]
    assert values == ["1", "2", "3", "4", "5", "-99", "-77"]
    speed = from_plain(a_questionnaire()).question("quality").options
    assert len(list(variables["quality_speed"].iter(f"{DDI}catgry"))) == len(speed) + 2


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_each_download_is_recorded_and_answers_go_to_who_runs_surveys(town, client, kind) -> None:
    survey = a_closed_survey(town, some_answers(40))
    before = AuditEntry.objects.filter(verb="survey.exported").count()
    assert got(client, survey, kind)
    assert AuditEntry.objects.filter(verb="survey.exported").count() == before + 1
    reader = signed_in(a_member(town, "sponsor"))
    expected = 403 if FORMATS[kind].has_answers else 200
    assert reader.get(at("file", survey, format_=kind)).status_code == expected


def test_what_people_sent_along_goes_to_who_runs_surveys_and_is_recorded(town, client) -> None:
    plain = a_questionnaire(mode="named")
    plain["pages"][0]["parts"].append({"kind": "file", "code": "proof", "text": {"bg": "Файл", "en": "File"}})
    survey = a_survey(town, state=State.CLOSED, plain=plain)
    stored = files.keep(
        b"<b>", name="a.html", content_type="text/html", organisation=town.pk, by=str(survey.pk)
    )
    sent, lost, _none = answered(survey, {"proof": stored.sha256}, {"proof": "0" * 64}, {"age": "old"})
    NamedResponse.objects.create(response=sent, name="Мария Колева", sent_at=timezone.now())
    make_snapshot(survey, timezone.now())
    url = at("attached_file", survey, response=str(sent.pk), item="proof")
    assert at("attached", survey) in client.get(at("files", survey)).content.decode()
    listing = client.get(at("attached", survey)).content.decode()
    assert set(re.findall(r'href="([^"]+/proof/)"', listing)) == {url}
    assert "Мария Колева" in listing
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == b"<b>"
    assert answer["Content-Disposition"] == 'attachment; filename="a.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert AuditEntry.objects.filter(verb="survey.attached_taken").count() == 1
    for response, item in ((lost, "proof"), (sent, "age"), (_none, "proof")):
        assert (
            client.get(at("attached_file", survey, response=str(response.pk), item=item)).status_code == 404
        )
    reader = signed_in(a_member(town, "sponsor"))
    assert (reader.get(at("attached", survey)).status_code, reader.get(url).status_code) == (403, 404)
    Survey.objects.filter(pk=survey.pk).update(state=State.OPEN)
    assert (client.get(at("attached", survey)).status_code, client.get(url).status_code) == (403, 404)


def test_large_files_are_made_by_the_worker_and_kept_for_a_day(town, client, monkeypatch) -> None:
    survey = a_closed_survey(town, some_answers(40))
    monkeypatch.setattr(queries, "SMALL", 10)
    monkeypatch.setattr(tasks, "start_export", lambda _row: None)
    assert client.get(at("file", survey, format_="csv")).status_code == 404
    to = client.post(at("file_ask", survey, format_="csv"), {"semicolon": "on"})["Location"]
    assert "http-equiv" in client.get(to).content.decode()
    assert client.get(f"{to}?live=0-False-False").status_code == 204
    row = Export.objects.get()
    tasks.make_export.call(str(row.pk))
    assert f"{to}take/" in client.get(to).content.decode()
    content = b"".join(client.get(f"{to}take/").streaming_content)
    assert b"overall;" in content
    assert signed_in(a_member(town, "sponsor")).get(f"{to}take/").status_code == 404
    assert exporting.forget_old(at=timezone.now() + timedelta(hours=25)) == 1
    assert client.get(f"{to}take/").status_code == 404


def test_long_reports_are_made_by_the_worker_for_whoever_sees_the_results(town, monkeypatch) -> None:
    survey = a_closed_survey(town, some_answers(40))
    monkeypatch.setattr(queries, "SHORT", 0)
    monkeypatch.setattr(tasks, "start_export", lambda _row: None)
    reader = signed_in(a_member(town, "sponsor"))
    url = at("file_ask", survey, format_="report-docx")
    assert url in reader.get(at("files", survey)).content.decode()
    assert reader.get(at("file", survey, format_="report-docx")).status_code == 404
    to = reader.post(url)["Location"]
    tasks.make_export.call(str(Export.objects.get().pk))
    assert b"".join(reader.get(f"{to}take/"))[:2] == b"PK"
    assert signed_in(a_member(an_organisation(), "coordinator")).get(f"{to}take/").status_code == 404


def test_options_of_csv(town) -> None:
    survey = a_closed_survey(town, some_answers(40))
    dataset = dataset_of(results.stored_results(survey))
    content = b"".join(csv_of(dataset, CsvOptions(labels=True, semicolon=True, mark=False), "en")).decode()
    assert content.startswith("visited;")
    assert "Degree 5" in content
    assert "Not asked" in content


def test_days_are_as_fine_as_groups_allow(town) -> None:
    rows = [{"overall": 4}] * 24
    survey = a_closed_survey(town, rows)
    for place, response in enumerate(survey.responses.all()):
        response.day = date(2026, 3, 2) + timedelta(days=place % 12)
        response.save()
    survey.snapshot.delete()
    from merilo.surveys.analysis import storing

    storing.make_snapshot(survey, timezone.now())
    dataset = dataset_of(results.stored_results(survey))
    assert "response_week" in {one.name for one in dataset.fields}
    assert "response_day" not in {one.name for one in dataset.fields}
