"""Traits of forms that others wrote: each was met in a published form."""

from __future__ import annotations

from typing import Any

import pytest

from merilo.core.errors import BadFile
from merilo.core.workbooks import Grid
from merilo.surveys.interchange.tests.files import form, lost, parts
from merilo.surveys.interchange.xlsform_reading import read_grids
from merilo.surveys.rules.checking import check


def row(kind: str, name: str = "q", label: str = "Question", **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "name": name,
        "label": label,
        **{key.replace("__", "::"): value for key, value in more.items()},
    }


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("select one from yn", "single"),
        ("select1 yn", "single"),
        ("add select one prompt using yn", "single"),
        ("select all that apply from yn", "multiple"),
        ("Select_Multiple  yn", "multiple"),
        ("rank yn", "ranking"),
        ("int", "number"),
        ("add integer prompt", "number"),
        ("string", "short"),
        ("q string", "short"),
        ("date", "date"),
        ("note", "text"),
        ("add note prompt", "text"),
    ],
)
def test_old_and_new_names_of_types(type_: str, kind: str) -> None:
    found = form([row(type_), row("text", "other")])
    assert parts(found)["q"]["kind"] == kind
    assert check(found.plain) == []


@pytest.mark.parametrize("type_", ["calculate", "geopoint", "deviceid", "start", "csv-external", "spaceship"])
def test_what_is_not_asked_here_is_said(type_: str) -> None:
    found = form([row(type_, "x"), row("text")])
    assert list(parts(found)) == ["q"]
    (loss,) = [loss for loss in found.losses if (loss.place.name, loss.place.row) == ("survey", 2)]
    assert loss.params["type"] == type_


def test_languages_by_their_names_and_codes_and_one_more() -> None:
    found = form(
        [
            {
                "type": "text",
                "name": "q",
                "label::Français": "Nom ?",
                "label:English (en)": "Name?",
                "label::Wolof": "Tur?",
            }
        ],
        settings=[{"default_language": "English (en)"}],
    )
    assert found.plain["languages"] == ["en", "fr", "qac"]
    assert parts(found)["q"]["text"] == {"en": "Name?", "fr": "Nom ?", "qac": "Tur?"}
    assert lost(found)[0] == "language_unknown"


def test_a_form_without_languages_is_in_that_of_its_letters() -> None:
    assert form([row("text", label="Как се казвате?")]).plain["languages"] == ["bg"]
    assert form([row("text", label="Your name?")]).plain["languages"] == ["en"]


def test_or_other_is_an_option_with_a_line_of_its_own() -> None:
    found = form([row("select_one yn or specify other"), row("text", "why", relevant="${q_other} != ''")])
    assert parts(found)["q"]["options"][-1]["role"] == "other"
    assert parts(found)["why"]["show_if"] == ["answered", "q.other"]
    assert check(found.plain) == []


@pytest.mark.parametrize("look", ["table-list", "field-list w4 table-list", "pages"])
def test_rows_that_choose_from_one_list_are_a_table(look: str) -> None:
    rows = [
        row("begin group", "g", "Are you content with …", appearance=look),
        row("select_one yn", "head", "", appearance="label"),
        row("select_one yn", "speed", "the speed", appearance="list-nolabel", required="yes"),
        row("select_one yn", "staff", "the staff", appearance="list-nolabel", required="yes"),
        row("end group", ""),
        row("text", "why", relevant="${speed} = 'no'"),
    ]
    found = form(rows)
    matrix = parts(found)["g"]
    assert (matrix["kind"], matrix["required"], len(matrix["rows"])) == ("matrix", True, 2)
    assert parts(found)["why"]["show_if"] == ["=", "g.speed", "no"]
    assert check(found.plain) == []


def test_a_table_takes_its_text_from_the_row_that_shows_the_options() -> None:
    rows = [
        row("begin_group", "g", "", appearance="field-list"),
        row("select_one yn", "head", "Content?", appearance="label"),
        row("select_one yn", "speed", "the speed", appearance="list-nolabel"),
        row("end_group", ""),
    ]
    assert parts(form(rows))["g"]["text"] == {"en": "Content?"}


def test_groups_in_groups_are_pages_with_both_conditions() -> None:
    rows = [
        row("select_one yn", "a"),
        row("begin group", "outer", "Outer", relevant="${a} = 'yes'"),
        row("begin group", "inner", "Inner", relevant="${a} != 'no'"),
        row("text", "b"),
        row("end group", ""),
        row("text", "c"),
        row("end group", ""),
    ]
    found = form(rows)
    titles = [page.get("title", {}).get("en") for page in found.plain["pages"]]
    assert titles == [None, "Outer – Inner", "Outer"]
    assert found.plain["pages"][1]["show_if"] == ["and", ["=", "a", "yes"], ["not", ["=", "a", "no"]]]
    assert check(found.plain) == []


def test_a_group_on_the_screen_of_another_hides_its_own_questions_only() -> None:
    rows = [
        row("select_one yn", "a"),
        row("begin_group", "outer", "Outer", appearance="field-list"),
        row("begin_group", "inner", "Inner", relevant="${a} = 'yes'"),
        row("text", "b", relevant="${a} != ''"),
        row("end_group", ""),
        row("text", "c"),
        row("end_group", ""),
    ]
    found = parts(form(rows))
    assert found["inner"]["kind"] == "text"
    assert found["b"]["show_if"] == ["and", ["answered", "a"], ["=", "a", "yes"]]
    assert "show_if" not in found["c"]


def test_groups_that_repeat_never_end_or_end_unbegun_are_said() -> None:
    assert "repeat" in lost(form([row("begin repeat", "r"), row("text"), row("end repeat", "")]))
    assert "group_without_end" in lost(form([row("begin group", "g"), row("text")]))
    assert "end_without_begin" in lost(form([row("text"), row("end group", "")]))


@pytest.mark.parametrize(
    ("cells", "limits"),
    [
        ({"type": "integer", "constraint": ". >= 18 and . < 100"}, {"least": 18, "most": 99}),
        ({"type": "decimal", "constraint": "0.5 <= . and (.) <= 2"}, {"least": "0.5", "most": 2}),
        ({"type": "date", "constraint": ". >= date('2026-01-01')"}, {"least": "2026-01-01"}),
        ({"type": "text", "constraint": "string-length(.) <= 40"}, {"most": 40}),
        ({"type": "select_multiple yn", "constraint": "count-selected(.) <= 2"}, {"most": 2}),
        ({"type": "range", "parameters": "start=1 end=7 step=1"}, {"least": 1, "most": 7}),
        ({"type": "range", "parameters": "start=0;end=1;step=0.25"}, {"least": 0, "most": 1, "decimals": 2}),
    ],
)
def test_limits_in_constraints_and_parameters(cells: dict[str, str], limits: dict[str, Any]) -> None:
    found = form([row(cells.pop("type"), **cells)])
    part = parts(found)["q"]
    assert {key: part.get(key) for key in limits} == limits
    assert check(found.plain) == []


@pytest.mark.parametrize(
    "constraint",
    ["regex(., '^[0-9]+$')", ". <= today()", ". > 0.5", ". < ${a}", ". != 3", ". >= 1 or . = 99", "((("],
)
def test_other_checks_are_said_in_full(constraint: str) -> None:
    found = form([row("decimal", "a"), row("decimal", constraint=constraint)])
    assert [loss.params for loss in found.losses if loss.code == "constraint"] == [{"source": constraint}]


def test_names_that_cannot_be_codes_or_stand_twice_are_renamed_everywhere() -> None:
    rows = [
        row("select_one l", "first-name", "One"),
        row("text", "възраст", "${first-name}?", relevant="${first-name} = 'a b'"),
        row("text", "възраст", "Again"),
    ]
    found = form(
        rows, choices=[{"list_name": "l", "name": "a b", "label": "A"}, {"list_name": "l", "name": "a b"}]
    )
    assert list(parts(found)) == ["first_name", "q", "q_2"]
    assert parts(found)["q"]["show_if"] == ["=", "first_name", "a_b"]
    assert parts(found)["q"]["text"]["en"] == "{first_name}?"
    assert lost(found).count("renamed") == 5
    assert check(found.plain) == []


def test_numbers_as_names_come_without_decimals() -> None:
    found = form([row("select_one n")], choices=[{"list name": "n", "name": 1.0, "label": 5.0}])
    assert parts(found)["q"]["options"] == [{"code": "1", "text": {"en": "5"}}]


def test_every_cell_that_is_not_carried_over_is_said() -> None:
    rows = [
        row(
            "text",
            hint="Hint",
            default="x",
            appearance="numbers",
            media__image="a.png",
            calculation="1+1",
            read_only="yes",
            required="${q} = 1",
            body__accuracy="5",
        )
    ]
    found = form(rows, settings=[{"form_title": "T", "public_key": "MII"}], entities=[{"dataset": "trees"}])
    said = {loss.params.get("column", loss.code) for loss in found.losses}
    assert said >= {"default", "appearance", "image", "calculation", "read_only", "required_sometimes"}
    assert said >= {"accuracy", "public_key", "sheet_left", "list_unused"}


def test_rows_switched_off_or_without_type_are_said() -> None:
    found = form([row("text"), row("text", "b", disabled="yes"), row("", "c", "Only a heading")])
    assert list(parts(found)) == ["q"]
    assert {"disabled", "no_type"} <= set(lost(found))


def test_choices_in_files_of_their_own_become_a_line_of_text() -> None:
    found = form([row("select_one_from_file towns.csv"), row("select one external t", "b")])
    assert [part["kind"] for part in parts(found).values()] == ["short", "short"]
    assert lost(found).count("as_text") == 2


def test_tables_and_rankings_of_kobo() -> None:
    rows = [
        row("begin_score", "s", "Score", **{"kobo--score-choices": "yn"}),
        row("score__row", "r1", "Row"),
        row("end_score", ""),
        row("begin_rank", "k", "Rank", **{"kobo--rank-items": "yn"}),
        row("rank__level", "l1", "First"),
        row("end_rank", ""),
    ]
    found = form(rows)
    assert [part["kind"] for part in parts(found).values()] == ["matrix", "ranking"]
    assert check(found.plain) == []


def test_markup_and_braces_in_texts() -> None:
    label = (
        '<span style="color:red">Dear</span> {you}, <b>${name}</b> and ${gone}<img src="x.png" alt="logo">'
    )
    found = form([row("text", "name", "Name?"), row("note", "n", label)])
    assert parts(found)["n"]["text"]["en"] == "Dear [you], {name} and …logo"
    assert {"markup", "repeated"} <= set(lost(found))


def test_files_make_a_survey_with_names() -> None:
    found = form([row("image", "photo")])
    assert found.plain["mode"] == "named"
    assert {"named_for_files", "any_file"} <= set(lost(found))


def test_columns_that_stand_twice_or_have_no_heading() -> None:
    cells = (("type", "name", "label", "label", ""), ("text", "q", "One", "Two", "three"))
    found = read_grids([Grid("Survey", cells)])
    assert parts(found)["q"]["text"] == {"en": "One"}
    assert {"column_twice", "column_without_heading"} <= set(lost(found))


@pytest.mark.parametrize(
    "sheets", [[], [Grid("Sheet1", (("a",),))], [Grid("survey", (("name",),))], [Grid("survey", ())]]
)
def test_a_workbook_that_is_no_form_is_refused(sheets: list[Grid]) -> None:
    with pytest.raises(BadFile):
        read_grids(sheets)


def test_lists_that_grow_without_end_are_refused() -> None:
    many = [{"list_name": "l", "name": str(at), "label": "x"} for at in range(201)]
    with pytest.raises(BadFile):
        form([row("select_one l", f"q{at}") for at in range(100)], choices=many)


def test_a_form_that_only_counts_is_kept_with_its_mistakes() -> None:
    found = form([row("calculate", "x")])
    assert {finding.code for finding in check(found.plain)} == {"empty_list", "no_question"}
