from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.surveys.rules.building import KINDS
from merilo.surveys.rules.checking import KINDS as CHECKED
from merilo.surveys.rules.checking import check
from merilo.surveys.rules.conditions import Compared, Every, Not
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.plain import DefinitionInvalid, from_json, from_plain, to_json, to_plain
from merilo.surveys.rules.tests.examples import asked, complete, everything, options, page, survey, words

Bend = Callable[[dict[str, Any]], Any]


def found(data: object) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in check(data)]


def part(data: dict[str, Any], page: int, place: int) -> dict[str, Any]:
    found: dict[str, Any] = data["pages"][page]["parts"][place]
    return found


def test_a_questionnaire_is_the_same_after_being_written_and_read() -> None:
    definition = complete()
    assert from_json(to_json(definition)) == definition
    assert to_json(from_json(to_json(definition))) == to_json(definition)


def test_the_order_of_keys_and_what_is_as_usual_do_not_matter() -> None:
    data = everything()
    shuffled = {key: data[key] for key in reversed(data)} | {"layout": "pages"}
    part(shuffled, 1, 2)["most"] = "240.5"
    part(shuffled, 0, 1)["hint"] = words("One")
    part(data, 0, 1)["hint"] = dict(reversed(words("One").items()))
    assert to_json(from_plain(shuffled)) == to_json(from_plain(data))


def test_what_was_written_is_kept() -> None:
    definition = complete()
    wait = definition.question("wait")
    assert (wait.kind, wait.asked.most) == ("number", Decimal("240.5"))  # type: ignore[union-attr]
    assert definition.question("when").asked.least == date(2026, 1, 1)  # type: ignore[union-attr]
    assert definition.question("when").show_if == Compared("wait", ">", Decimal(60))
    visit = definition.pages[1]
    assert isinstance(visit.show_if, Every)
    assert visit.show_if.parts == (Compared("visited", "=", True), Not(Compared("service", "=", "post")))
    assert definition.title.in_language("bg") == "Services (bg)"


def test_items_are_what_is_counted_and_keys_what_is_answered() -> None:
    definition = complete()
    assert definition.question("staff").items == ("staff.polite", "staff.fast")
    assert definition.question("service").items == ("service",)
    assert definition.question("service").keys == ("service", "service.else_")
    assert definition.owner("staff.fast").code == "staff"
    assert definition.question("town").options == ()


def test_every_kind_is_checked_and_built() -> None:
    assert CHECKED.keys() == KINDS.keys() | {"text"}
    kinds = {entry["kind"] for entry in [part for page in everything()["pages"] for part in page["parts"]]}
    assert kinds == CHECKED.keys()


def text_page(number: int) -> dict[str, Any]:
    return page(f"page{number}", {"kind": "text", "code": f"text{number}", "text": words("x")})


BENDS: list[tuple[str, Bend, list[tuple[str, str]]]] = [
    ("no title", lambda d: d.pop("title"), [("title", "missing")]),
    ("a foreign key", lambda d: d.update(x=1), [("x", "unknown_key")]),
    ("mode", lambda d: d.update(mode="secret"), [("mode", "not_one_of")]),
    ("floor", lambda d: d.update(floor=2), [("floor", "outside")]),
    ("floor as text", lambda d: d.update(floor="5"), [("floor", "not_whole_number")]),
    (
        "no pages",
        lambda d: d.update(pages=[], quotas=[], breakdowns=[]),
        [("pages", "empty_list"), ("pages", "no_question")],
    ),
    ("title as text", lambda d: d.update(title="x"), [("title", "not_mapping")]),
    ("main language", lambda d: d["title"].pop("en"), [("title.en", "missing_language")]),
    ("language", lambda d: d["title"].update(de="x"), [("title.de", "unknown_language")]),
    ("languages", lambda d: d.update(languages=["en", "bg", "en"]), [("languages[2]", "duplicate_language")]),
    ("blank", lambda d: d["title"].update(bg=" "), [("title.bg", "blank")]),
    ("control", lambda d: d["title"].update(bg="a\x00"), [("title.bg", "control_character")]),
    ("not text", lambda d: d["title"].update(bg=1), [("title.bg", "not_text")]),
    ("kind", lambda d: part(d, 2, 1).update(kind="guess"), [("pages[2].parts[1].kind", "not_one_of")]),
    ("no kind", lambda d: part(d, 2, 1).pop("kind"), [("pages[2].parts[1].kind", "not_one_of")]),
    ("part", lambda d: d["pages"][2]["parts"].append(3), [("pages[2].parts[5]", "not_mapping")]),
    ("truth", lambda d: part(d, 0, 1).update(required=1), [("pages[0].parts[1].required", "not_truth")]),
    ("number", lambda d: part(d, 1, 2).update(least=0.5), [("pages[1].parts[2].least", "not_exact_number")]),
    ("date", lambda d: part(d, 1, 3).update(least="2026-02-30"), [("pages[1].parts[3].least", "not_date")]),
    ("other key", lambda d: part(d, 2, 1).update(most=3), [("pages[2].parts[1].most", "unknown_key")]),
    ("code", lambda d: part(d, 2, 1).update(code="a b"), [("pages[2].parts[1].code", "bad_code")]),
    (
        "code twice",
        lambda d: part(d, 2, 1).update(code="say"),
        [("pages[2].parts[3].code", "duplicate_code")],
    ),
    (
        "option twice",
        lambda d: part(d, 1, 4)["options"].extend(options("speed")),
        [("pages[1].parts[4].options[3].code", "duplicate_code")],
    ),
    (
        "role",
        lambda d: part(d, 0, 1)["options"][0].update(role="none"),
        [("pages[0].parts[1].options[0].role", "not_one_of")],
    ),
    (
        "reversed",
        lambda d: part(d, 1, 2).update(least="240.6"),
        [("pages[1].parts[2].most", "limits_reversed")],
    ),
    (
        "dates reversed",
        lambda d: part(d, 1, 3).update(most="2025-01-01"),
        [("pages[1].parts[3].most", "limits_reversed")],
    ),
    ("one point", lambda d: part(d, 2, 0).update(least=5), [("pages[2].parts[0].most", "limits_reversed")]),
    (
        "too few options",
        lambda d: part(d, 1, 4).update(most=4),
        [("pages[1].parts[4].most", "more_than_options")],
    ),
    (
        "anonymous file",
        lambda d: d.update(mode="anonymous"),
        [("pages[2].parts[4].kind", "file_not_anonymous")],
    ),
    ("place", lambda d: d["thanks"].update(en="{nobody}"), [("thanks.en", "unknown_place")]),
    (
        "breakdown",
        lambda d: d["breakdowns"].append({"question": "town"}),
        [("breakdowns[2].question", "no_groups")],
    ),
    (
        "breakdown of nothing",
        lambda d: d["breakdowns"].append({"question": []}),
        [("breakdowns[2].question", "no_groups")],
    ),
    ("too many pages", lambda d: d["pages"].extend(map(text_page, range(200))), [("pages", "too_many")]),
]


@pytest.mark.parametrize(("bend", "expected"), [entry[1:] for entry in BENDS], ids=[b[0] for b in BENDS])
def test_a_mistake_is_named_by_its_path(bend: Bend, expected: list[tuple[str, str]]) -> None:
    data = everything()
    bend(data)
    assert found(data) == expected
    with pytest.raises(DefinitionInvalid) as error:
        from_plain(data)
    assert [finding.path for finding in error.value.findings] == [path for path, _ in expected]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("service", [("", "not_condition")]),
        ([], [("", "not_condition")]),
        ([1], [("", "not_condition")]),
        (["and"], [("", "condition_parts")]),
        (["not", ["answered", "town"], ["answered", "town"]], [("", "condition_parts")]),
        (["=", "town"], [("", "condition_parts")]),
        (["near", "town", "x"], [("[0]", "unknown_sign")]),
        (["answered", "nobody"], [("[1]", "unknown_item")]),
        (["answered", ["town"]], [("[1]", "unknown_item")]),
        (["=", "staff", "good"], [("[1]", "unknown_item")]),
        (["=", "staff.fast", "good"], []),
        (["=", "staff.fast", "great"], [("[2]", "value_unfit")]),
        (["=", "service.else_", "Bank"], []),
        (["contains", "service", "desk"], [("", "sign_unfit")]),
        (["<", "service", "desk"], [("", "sign_unfit")]),
        (["=", "visited", "yes"], [("[2]", "value_unfit")]),
        (["=", "overall", True], [("[2]", "value_unfit")]),
        (["=", "wait", 0.5], [("[2]", "value_unfit")]),
        (["=", "when", "yesterday"], [("[2]", "value_unfit")]),
        (["or", ["=", "wait", "0.5"], ["<", "when", "2026-05-01"], ["contains", "order", "price"]], []),
        (
            ["and", ["or", ["answered", "a"]], ["answered", "b"]],
            [("[1][1][1]", "unknown_item"), ("[2][1]", "unknown_item")],
        ),
    ],
)
def test_conditions_fit_their_questions(condition: Any, expected: list[tuple[str, str]]) -> None:
    data = everything()
    part(data, 2, 3)["show_if"] = condition
    assert found(data) == [(f"pages[2].parts[3].show_if{path}", code) for path, code in expected]


def test_conditions_are_not_nested_without_end() -> None:
    data, condition = everything(), ["answered", "town"]
    for _ in range(12):
        condition = ["not", condition]  # type: ignore[list-item]
    part(data, 2, 3)["show_if"] = condition
    assert [code for _, code in found(data)] == ["condition_too_deep"]


def test_json_that_is_none_is_refused() -> None:
    for source in ("{", "[" * 100_000, '"text"', "[]"):
        with pytest.raises(DefinitionInvalid):
            from_json(source)


def test_all_mistakes_are_found_at_once() -> None:
    data = survey(page("one", asked("single", "q", options=[])), floor=1, mode="x")
    assert {path for path, _ in found(data)} == {"floor", "mode", "pages[0].parts[0].options"}


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(max_size=3)
    | st.sampled_from(["text", "nps", "=", "town"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40)
@given(st.data())
def test_no_document_stops_the_check(data: st.DataObject) -> None:
    document = everything()
    place: Any = document
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.integers(0, 3)) == 0:
            place[key] = data.draw(PLAIN)
            break
        place = place[key]
    before = deepcopy(document)
    findings = check(document)
    assert document == before
    if not findings:
        definition: Definition = from_plain(document)
        assert from_plain(json.loads(json.dumps(to_plain(definition)))) == definition


def test_a_kind_that_is_no_word_is_named() -> None:
    document = everything()
    document["pages"][0]["parts"][0]["kind"] = ["single"]
    assert "not_one_of" in {finding.code for finding in check(document)}
