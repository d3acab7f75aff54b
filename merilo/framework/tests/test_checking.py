from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.framework import messages
from merilo.framework.checking import check
from merilo.framework.findings import Finding, above
from merilo.framework.tests.examples import band, component, item, valid, words

Data = dict[str, Any]
Bend = Callable[[Data], Any]


def found(data: object) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in check(data)]


def put(*keys: str | int, value: object) -> Bend:
    def bend(data: Any) -> None:
        for key in keys[:-1]:
            data = data[key]
        data[keys[-1]] = value

    return bend


def drop(*keys: str | int) -> Bend:
    def bend(data: Any) -> None:
        for key in keys[:-1]:
            data = data[key]
        del data[keys[-1]]

    return bend


def test_check_of_a_valid_document_finds_nothing() -> None:
    assert check(valid()) == []


FIRST_ITEM = ("criteria", 0, "items", 0)
SECOND_ITEM = ("criteria", 0, "items", 1)
FORTY_NINE = [f"{a}{b}" for a in "abcdefg" for b in "abcdefg"]
TREND_AGAIN = "scales[1].components[1].code"
LEVELS = ("scales", 0)
PARTS = ("scales", 1)


@pytest.mark.parametrize(
    ("bend", "path", "code"),
    [
        # shape
        (put("colour", value="red"), "colour", "unknown_key"),
        (put("1.1", value="red"), '["1.1"]', "unknown_key"),
        (drop("title"), "title", "missing"),
        (drop(*FIRST_ITEM, "asks"), "criteria[0].items[0].asks", "missing"),
        (put("title", value="Stadt"), "title", "not_mapping"),
        (put("version", value=1.0), "version", "not_text"),
        (put("version", value="1" * 21), "version", "too_long"),
        (put("criteria", value={}), "criteria", "not_list"),
        (put("methods", value=[]), "methods", "empty_list"),
        (put("methods", 0, value="simple"), "methods[0]", "not_mapping"),
        (put(*SECOND_ITEM, "related", 0, value=7), "criteria[0].items[1].related[0]", "not_text"),
        (put(*FIRST_ITEM, "examples", value=[]), "criteria[0].items[0].examples", "empty_list"),
        (put(*FIRST_ITEM, "title", "de", value=None), "criteria[0].items[0].title.de", "not_text"),
        (put(*FIRST_ITEM, "title", "de", value=" \n"), "criteria[0].items[0].title.de", "blank"),
        (put(*FIRST_ITEM, "short", "it", value="x" * 49), "criteria[0].items[0].short.it", "too_long"),
        (put("criteria", 1, "short", "it", value="x" * 33), "criteria[1].short.it", "too_long"),
        (put("title", "de", value="Stadt\x00"), "title.de", "control_character"),
        (put("title", "de", value="Stadt\ud800"), "title.de", "control_character"),
        # codes
        (put("code", value="Town check"), "code", "bad_code"),
        (put("code", value="-"), "code", "bad_code"),
        (put("code", value=7), "code", "not_text"),
        (put(*FIRST_ITEM, "code", value="A/1"), "criteria[0].items[0].code", "bad_code"),
        (put("criteria", 1, "code", value="A"), "criteria[1].code", "duplicate_code"),
        (put("panels", 1, "code", value="work"), "panels[1].code", "duplicate_code"),
        (put(*PARTS, "components", 1, "code", value="trend"), TREND_AGAIN, "duplicate_code"),
        # languages
        (put("languages", value="de"), "languages", "not_list"),
        (put("languages", value=["de", "it", "Deutsch"]), "languages[2]", "bad_language"),
        (put("languages", value=["de", "it", 7]), "languages[2]", "bad_language"),
        (put("languages", value=["de", "it", "it"]), "languages[2]", "duplicate_language"),
        (put("languages", value=FORTY_NINE), "languages", "too_many_languages"),
        (drop(*FIRST_ITEM, "title", "it"), "criteria[0].items[0].title.it", "missing_language"),
        (put(*FIRST_ITEM, "title", "bg", value="Точка"), "criteria[0].items[0].title.bg", "unknown_language"),
        # scales
        (put(*LEVELS, "kind", value="stars"), "scales[0].kind", "not_one_of"),
        (put(*LEVELS, "kind", value=[]), "scales[0].kind", "not_one_of"),
        (put(*LEVELS, "minimum", value=True), "scales[0].minimum", "not_whole_number"),
        (put(*LEVELS, "maximum", value=4.5), "scales[0].maximum", "not_whole_number"),
        (put(*LEVELS, "maximum", value=1001), "scales[0].maximum", "too_large"),
        (put(*LEVELS, "maximum", value=1), "scales[0].maximum", "limits_reversed"),
        (drop(*LEVELS, "bands"), "scales[0].bands", "missing"),
        (put(*LEVELS, "components", value=[component("x")]), "scales[0].components", "unknown_key"),
        (put(*LEVELS, "bands", value=[band(1, 2), band(4, 4)]), "scales[0].bands", "band_gap"),
        (put(*LEVELS, "bands", value=[band(2, 4)]), "scales[0].bands", "band_gap"),
        (put(*LEVELS, "bands", value=[band(1, 3)]), "scales[0].bands", "band_gap"),
        (put(*LEVELS, "bands", value=[band(1, 3), band(3, 4)]), "scales[0].bands[1]", "band_overlap"),
        (put(*LEVELS, "bands", value=[band(1, 4), band(2, 3)]), "scales[0].bands[1]", "band_overlap"),
        (put(*LEVELS, "bands", value=[band(1, 2), band(3, 5)]), "scales[0].bands[1]", "band_outside"),
        (put(*LEVELS, "bands", value=[band(0, 2), band(3, 4)]), "scales[0].bands[0]", "band_outside"),
        (put(*LEVELS, "bands", value=[band(1, 4), band(3, 2)]), "scales[0].bands[1]", "band_reversed"),
        (put(*LEVELS, "bands", 1, value=None), "scales[0].bands[1]", "not_mapping"),
        (put(*PARTS, "minimum", value=None), "scales[1].minimum", "not_whole_number"),
        (drop(*PARTS, "components"), "scales[1].components", "missing"),
        (drop(*PARTS, "bands"), "scales[1].components[0].bands", "bands_missing"),
        (
            put(*PARTS, "components", 1, "bands", value=[band(0, 9)]),
            "scales[1].components[1].bands",
            "band_gap",
        ),
        # references
        (put("criteria", 0, "panel", value="play"), "criteria[0].panel", "unknown_panel"),
        (put("methods", 0, "scales", value=[]), "methods[0].scales", "not_mapping"),
        (put("methods", 0, "scales", "play", value="levels"), "methods[0].scales.play", "unknown_panel"),
        (put("methods", 0, "scales", "work", value="stars"), "methods[0].scales.work", "unknown_scale"),
        (put("methods", 0, "scales", "work", value=["levels"]), "methods[0].scales.work", "unknown_scale"),
        (drop("methods", 0, "scales", "work"), "methods[0].scales", "panel_without_scale"),
        (put(*FIRST_ITEM, "related", value=["Z.9"]), "criteria[0].items[0].related[0]", "unknown_related"),
        (put(*FIRST_ITEM, "related", value=["A.1"]), "criteria[0].items[0].related[0]", "related_to_itself"),
    ],
)  # fmt: skip
def test_check_names_the_one_mistake_by_its_path(bend: Bend, path: str, code: str) -> None:
    data = valid()
    bend(data)
    assert (path, code) in found(data)


def test_check_of_one_mistake_finds_no_other() -> None:
    data = valid()
    del data["criteria"][0]["items"][0]["title"]["it"]
    assert found(data) == [("criteria[0].items[0].title.it", "missing_language")]


def test_check_names_every_mistake_at_once() -> None:
    data = valid()
    data["criteria"][1]["items"][0] = item("A.1") | {"asks": words("?", "x" * 141)}
    data["scales"][0]["bands"] = [band(3, 4), band(1, 3)]
    del data["panels"][0]["title"]
    assert sorted(found(data)) == [
        ("criteria[0].items[1].related[0]", "unknown_related"),
        ("criteria[1].items[0].asks.it", "too_long"),
        ("criteria[1].items[0].code", "duplicate_code"),
        ("panels[0].title", "missing"),
        ("scales[0].bands[0]", "band_overlap"),
    ]


def test_steps_are_numbered_from_one() -> None:
    data = valid()
    step = {"phase": "start", "title": words("Eins", "Uno"), "short": words("Eins", "Uno")}
    data["steps"] = [step | {"number": 1}, step | {"number": 3}, step | {"number": "3"}]
    assert found(data) == [("steps[2].number", "not_whole_number"), ("steps[1].number", "step_number")]


@pytest.mark.parametrize(
    "data", [None, [], "text", 7, {}, {"languages": [], "criteria": [None, {"items": 3}]}]
)
def test_check_of_something_else_finds_mistakes_and_does_not_fall(data: object) -> None:
    assert check(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def places(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    below = [place for key, value in children for place in places(value, (*path, key))]
    return [path, *below] if path else below


@given(st.sampled_from(places(valid())), JSON)
def test_check_survives_anything_anywhere_and_every_finding_has_a_sentence(
    place: tuple[str | int, ...], value: object
) -> None:
    data = valid()
    put(*place, value=value)(data)
    for finding in check(data):
        assert finding.sentence()
        assert finding.described().endswith(finding.sentence())


def test_every_code_in_use_has_a_sentence_and_every_sentence_is_used() -> None:
    names = ("banding", "findings", "folders", "parsing", "references", "shapes")
    room = Path(messages.__file__).parent
    sources = [(room / f"{name}.py").read_text(encoding="utf-8") for name in names]
    used = {code for source in sources for code in re.findall(r'"([a-z0-9_]+)"', source)}
    used &= set(messages.SENTENCES)
    assert used == set(messages.SENTENCES)


def test_a_finding_is_described_with_what_is_known_of_its_place() -> None:
    assert Finding("a.b", "blank").described() == "a.b: The text is empty."
    assert Finding("", "empty").described() == "The document is empty."
    assert Finding("", "alias", line=3).described().startswith("line 3: Anchors")


def test_a_sentence_is_translated_before_it_is_filled() -> None:
    finding = check({**valid(), "version": 7})[0]
    bulgarian = {
        messages.SENTENCES["not_text"]: "Тук трябва да има текст, а не %(found)s.",
        "a number": "число",
        messages.AT_PATH: "%(path)s – %(sentence)s",
    }
    assert finding.described(lambda text: bulgarian.get(text, text)) == (
        "version – Тук трябва да има текст, а не число."
    )


@pytest.mark.parametrize(
    ("path", "parent"), [("a.b[2].c", "a.b[2]"), ("a.b[2]", "a.b"), ("a.b", "a"), ("a", ""), ("", "")]
)
def test_above_is_one_level_up(path: str, parent: str) -> None:
    assert above(path) == parent
