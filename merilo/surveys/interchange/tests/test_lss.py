"""Traits of surveys that others wrote in LimeSurvey, in its old layout and its new one."""

from __future__ import annotations

from typing import Any

import pytest

from merilo.core.errors import BadFile
from merilo.surveys.interchange.lss_reading import read_lss
from merilo.surveys.interchange.tests.files import answers, asked, lost, lss, parts, question
from merilo.surveys.rules.checking import check


def sub(qid: int, parent: int, title: str, **more: Any) -> dict[str, Any]:
    return question(qid, "T", title, f"Row {title}", parent_qid=parent, **more)


ROWS = [sub(11, 1, "SQ001"), sub(12, 1, "SQ002")]
SCALES = [*answers(1, "A1", "A2"), *answers(1, "B1", "B2", scale_id=1)]
COLUMNS = [sub(13, 1, "X", scale_id=1)]


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [
        ("L", ["single"]),
        ("!", ["single"]),
        ("O", ["single"]),
        ("M", ["multiple"]),
        ("P", ["multiple"]),
        ("F", ["matrix"]),
        ("H", ["matrix"]),
        ("A", ["matrix"]),
        ("B", ["matrix"]),
        ("C", ["matrix"]),
        ("E", ["matrix"]),
        ("1", ["matrix", "matrix"]),
        (";", ["text", "short", "short"]),
        (":", ["text", "number", "number"]),
        ("Q", ["text", "short", "short"]),
        ("K", ["text", "number", "number"]),
        ("5", ["rating"]),
        ("Y", ["yesno"]),
        ("G", ["single"]),
        ("S", ["short"]),
        ("T", ["long"]),
        ("U", ["long"]),
        ("N", ["number"]),
        ("D", ["date"]),
        ("R", ["ranking"]),
        ("X", ["text"]),
        ("|", ["file"]),
        ("I", []),
        ("*", []),
        ("Z", []),
    ],
)
def test_every_type_of_question(kind: str, kinds: list[str]) -> None:
    columns = COLUMNS if kind in ";:" else []
    found = asked(question(1, kind, "Q1"), *ROWS, *columns, question(2, "T", "Q2"), answers=SCALES)
    *made, last = parts(found).values()
    assert [part["kind"] for part in made] == kinds
    assert last["kind"] == "long"
    assert check(found.plain) == []
    assert kinds or lost(found)


def test_the_new_layout_has_its_texts_in_tables_of_their_own() -> None:
    content = lss(
        languages=["bg", "en"],
        surveys_languagesettings=[
            {
                "surveyls_language": "bg",
                "surveyls_title": "Услуги",
                "surveyls_welcometext": "<p>Здравейте</p>",
            },
            {"surveyls_language": "en", "surveyls_title": "Services", "surveyls_endtext": "Bye"},
        ],
        groups=[{"gid": 1, "group_order": 1, "grelevance": ""}],
        group_l10ns=[{"gid": 1, "group_name": "Първа", "language": "bg"}],
        questions=[{"qid": 1, "parent_qid": 0, "gid": 1, "type": "L", "title": "Q1", "mandatory": "Y"}],
        question_l10ns=[
            {"qid": 1, "question": "Доволни ли сте?", "help": "Честно", "language": "bg"},
            {"qid": 1, "question": "Are you content?", "help": "", "language": "en"},
        ],
        answers=[{"aid": 5, "qid": 1, "code": "A1", "sortorder": 1, "assessment_value": 4, "scale_id": 0}],
        answer_l10ns=[
            {"aid": 5, "answer": "Да", "language": "bg"},
            {"aid": 5, "answer": "Yes", "language": "en"},
        ],
    )
    found = read_lss(content)
    assert found.plain["title"] == {"bg": "Услуги", "en": "Services"}
    assert found.plain["thanks"] == {"bg": "Bye", "en": "Bye"}
    question_ = parts(found)["Q1"]
    assert question_["text"] == {"bg": "Доволни ли сте?", "en": "Are you content?"}
    assert (question_["hint"], question_["required"]) == ({"bg": "Честно"}, True)
    assert question_["options"] == [{"code": "A1", "text": {"bg": "Да", "en": "Yes"}, "value": 4}]
    assert check(found.plain) == []


def test_conditions_by_code_and_by_number() -> None:
    found = asked(
        question(1, "M", "Q1", other="Y"),
        *ROWS,
        question(2, "F", "Q2", relevance='Q1_SQ001.NAOK == "Y"'),
        sub(21, 2, "SQ001", relevance='Q1_SQ001 == "Y"'),
        question(3, "Y", "Q3", relevance='((1X1X2SQ001.NAOK == "A1")) && 1X1X1other.NAOK != ""'),
        question(4, "N", "Q4", relevance='Q3.NAOK == "Y" and Q3 == "N"'),
        question(5, "T", "Q5", relevance="count(Q1) > 1"),
        question(6, "T", "Q6", relevance="0"),
        answers=answers(2, "A1", "A2"),
    )
    shown = {code: part.get("show_if") for code, part in parts(found).items()}
    assert shown["Q2"] == ["contains", "Q1", "SQ001"]
    assert shown["Q3"] == ["and", ["=", "Q2.SQ001", "A1"], ["answered", "Q1.other"]]
    assert shown["Q4"] == ["and", ["=", "Q3", True], ["=", "Q3", False]]
    assert shown["Q5"] is None
    assert {"condition", "never", "row_condition"} <= set(lost(found))
    assert check(found.plain) == []


def test_a_code_goes_before_a_number_that_looks_like_one() -> None:
    found = asked(
        question(481, "Y", "visited"),
        question(2, "S", "Q482"),
        question(482, "M", "other"),
        sub(7, 482, "SQ001"),
        question(4, "T", "a", relevance='((Q481.NAOK == "Y"))'),
        question(5, "T", "b", relevance='Q482 == "x"'),
        question(6, "T", "c", relevance='Q482_S7.NAOK == "Y"'),
    )
    shown = {code: part.get("show_if") for code, part in parts(found).items()}
    assert shown["a"] == ["=", "visited", True]
    assert shown["b"] == ["=", "Q482", "x"]
    assert shown["c"] == ["contains", "other", "SQ001"]


def test_conditions_of_old_files_stand_in_a_table() -> None:
    rows = [
        {"qid": 3, "cqid": 1, "scenario": 1, "cfieldname": "1X1X1", "method": "==", "value": "A1"},
        {"qid": 3, "cqid": 1, "scenario": 1, "cfieldname": "1X1X1", "method": "==", "value": "A2"},
        {"qid": 3, "cqid": 2, "scenario": 1, "cfieldname": "+1X1X2SQ001", "method": "==", "value": "Y"},
        {"qid": 3, "cqid": 1, "scenario": 2, "cfieldname": "1X1X1", "method": "RX", "value": "/a/"},
    ]
    questions = [
        question(1, "L", "Q1"),
        question(2, "M", "Q2"),
        sub(21, 2, "SQ001"),
        question(3, "T", "Q3", relevance=""),
    ]
    found = asked(*questions, answers=answers(1, "A1", "A2"), conditions=rows[:3])
    either = ["or", ["=", "Q1", "A1"], ["=", "Q1", "A2"]]
    assert parts(found)["Q3"]["show_if"] == ["and", either, ["contains", "Q2", "SQ001"]]
    found = asked(*questions, answers=answers(1, "A1", "A2"), conditions=rows)
    assert "condition" in lost(found)


def test_scripts_and_formatting_in_texts_go_and_are_said() -> None:
    text = '<script>alert(1)</script><p onclick="x()">Dear <b>you</b>,<br>see <a href="https://a.example">us</a></p>'
    found = asked(question(1, "T", "Q1", text), question(2, "T", "Q2", "<ul><li>a</li><li>b</li></ul>"))
    assert parts(found)["Q1"]["text"]["en"] == "Dear you,\nsee us (https://a.example)"
    assert parts(found)["Q2"]["text"]["en"] == "– a\n– b"
    assert lost(found) == ["markup", "formatting"]


@pytest.mark.parametrize("piece", ["<a b=", "<!--", "<b>", "<?", "<![CDATA[", "&#", "<script>", "</"])
def test_broken_markup_takes_no_time(piece: str) -> None:
    content = lss(questions=[question(1, "T", "Q1", f"<b>Why?</b> {piece * 3_000}".replace("]", ""))])
    assert parts(read_lss(content))["Q1"]["text"]["en"].startswith("Why?")


def test_earlier_answers_in_texts() -> None:
    found = asked(
        question(1, "S", "Q1"),
        question(
            2, "T", "Q2", "{Q1.shown}, {INSERTANS:1X1X1}, {TOKEN:FIRSTNAME}, {if(Q1 == 'a', 'b', 'c')} { x }"
        ),
    )
    assert parts(found)["Q2"]["text"]["en"] == "{Q1}, {Q1}, …, … { x }"
    assert lost(found) == ["repeated", "repeated"]


def test_quotas_of_one_and_of_several_questions() -> None:
    found = asked(
        question(1, "G", "Q1"),
        question(2, "L", "Q2"),
        answers=answers(2, "A1", "A2"),
        quota=[
            {"id": 1, "name": "Women", "qlimit": 50, "active": 1},
            {"id": 2, "name": "off", "qlimit": 5, "active": 0},
        ],
        quota_members=[
            {"quota_id": 1, "qid": 1, "code": "F"},
            {"quota_id": 1, "qid": 2, "code": "A1"},
            {"quota_id": 1, "qid": 2, "code": "A2"},
            {"quota_id": 2, "qid": 2, "code": "A2"},
        ],
        quota_languagesettings=[
            {"quotals_quota_id": 1, "quotals_language": "en", "quotals_message": "Enough"}
        ],
    )
    (quota,) = found.plain["quotas"]
    either = ["or", ["=", "Q2", "A1"], ["=", "Q2", "A2"]]
    assert quota == {
        "code": "Women",
        "most": 50,
        "text": {"en": "Enough"},
        "when": ["and", ["=", "Q1", "F"], either],
    }
    assert lost(found) == ["quota_left"]
    assert check(found.plain) == []


def test_properties_that_have_a_place_are_taken_and_others_are_said() -> None:
    attributes = {
        (1, "min_num_value_n"): "1",
        (1, "max_num_value_n"): "9.5",
        (1, "suffix"): "km",
        (1, "prefix"): "about",
        (2, "max_answers"): "1",
        (2, "exclude_all_others"): "SQ001",
        (2, "random_order"): "1",
        (2, "other_replace_text"): "Something else",
        (2, "array_filter"): "Q9",
        (2, "time_limit_action"): "1",
        (2, "hide_tip"): "0",
        (3, "hidden"): "1",
        (4, "maximum_chars"): "50",
    }
    rows = [
        {"qid": qid, "attribute": name, "value": value, "language": ""}
        for (qid, name), value in attributes.items()
    ]
    rows[7]["language"] = "en"
    found = asked(
        question(1, "N", "Q1"),
        question(2, "M", "Q2", other="Y"),
        sub(21, 2, "SQ001"),
        question(3, "T", "Q3"),
        question(4, "T", "Q4", mandatory="S", preg="/a/"),
        question_attributes=rows,
        defaultvalues=[{"qid": 4, "defaultvalue": "x"}],
    )
    made = parts(found)
    assert (made["Q1"]["least"], made["Q1"]["most"], made["Q1"]["unit"]) == (1, "9.5", {"en": "km"})
    assert (made["Q2"]["most"], made["Q2"]["shuffle"], made["Q2"]["options"][0]["role"]) == (1, True, "none")
    assert made["Q2"]["options"][1]["text"] == {"en": "Something else"}
    assert made["Q4"]["most"] == 50
    assert "Q3" not in made
    names = {loss.params.get("name") for loss in found.losses if loss.code == "attribute"}
    assert names == {"prefix", "array_filter"}
    assert set(lost(found)) == {"hidden", "pattern", "soft_mandatory", "attribute", "default_value"}


def test_settings_mails_and_tables_that_have_no_place_are_said() -> None:
    found = read_lss(
        lss(
            surveys=[
                {
                    "sid": 1,
                    "language": "en",
                    "anonymized": "N",
                    "format": "A",
                    "expires": "2026-12-31 00:00:00",
                }
            ],
            surveys_languagesettings=[
                {
                    "surveyls_language": "en",
                    "surveyls_title": "T",
                    "surveyls_email_invite": "Dear",
                    "surveyls_url": "https://a.example",
                }
            ],
            questions=[question(1, "T", "Q1")],
            assessments=[{"id": 1, "name": "Total"}],
            plugin_settings=[{"name": "x"}],
        )
    )
    assert found.plain["mode"] == "named"
    assert lost(found) == ["all_in_one", "setting", "setting", "mails", "assessment", "table_left"]


@pytest.mark.parametrize(
    ("kind", "title"), [("Group", {"en": "Alone"}), ("Question", {"en": "LimeSurvey"})], ids=["lsg", "lsq"]
)
def test_single_groups_and_questions_are_read_too(kind: str, title: dict[str, str]) -> None:
    groups: dict[str, Any] = (
        {"groups": [{"gid": 1, "group_name": "Alone", "language": "en"}]} if kind == "Group" else {}
    )
    found = read_lss(lss(kind, questions=[question(1, "Y", "Q1")], **groups))
    assert found.plain["title"] == title
    assert check(found.plain) == []


def test_a_group_in_random_order() -> None:
    rows = [{"qid": qid, "attribute": "random_group", "value": "g", "language": ""} for qid in (1, 2)]
    found = asked(question(1, "T", "Q1"), question(2, "T", "Q2"), question_attributes=rows)
    assert found.plain["pages"][0]["shuffle"]
    assert lost(found) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"<document></document>",
        b"<html><body>Sign in</body></html>",
        b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>",
        b'<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><document>&b;</document>',
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>',
        b'<?xml version="1.0" encoding="UTF-8"?><document>\xff\xfe</document>',
        b'<?xml version="1.0" encoding="klingon"?><document></document>',
        b"<a>" * 5_000,
        lss(questions=[question(1, "T", "Q1")])[:-40],
    ],
    ids=[
        "empty",
        "archive",
        "nothing",
        "page",
        "headless",
        "bomb",
        "outside",
        "bytes",
        "encoding",
        "deep",
        "cut",
    ],
)
def test_what_is_no_survey_is_refused(content: bytes) -> None:
    with pytest.raises(BadFile):
        read_lss(content)


def test_a_survey_in_another_encoding_is_read() -> None:
    content = lss(questions=[question(1, "T", "Q1", "Въпрос")])
    content = content.decode().replace("UTF-8", "windows-1251", 1).encode("windows-1251")
    assert parts(read_lss(content))["Q1"]["text"] == {"en": "Въпрос"}
