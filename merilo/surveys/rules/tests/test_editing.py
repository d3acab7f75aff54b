"""Changes to a draft: each does what it says, leaves everything else alone, and never breaks the document."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from merilo.surveys.rules import editing
from merilo.surveys.rules.checking import check
from merilo.surveys.rules.conditioning import Line, items_before, put_together, signs_of, taken_apart
from merilo.surveys.rules.editing import Draft, pages_of, part_of, parts_of, texts_in
from merilo.surveys.rules.plain import from_plain, to_plain
from merilo.surveys.rules.renaming import Renaming, renamed
from merilo.surveys.rules.tests.examples import asked, everything, options, page, survey, words

MOVES = ("with_part_moved", "with_page_moved")
REST = ("with_part_copied", "with_page_copied", "without_part", "without_page", "with_part", "with_page")


def codes(draft: Draft) -> list[list[str]]:
    return [[part["code"] for part in parts_of(page)] for page in pages_of(draft)]


@st.composite
def operations(draw: Any) -> list[tuple[str, int, int]]:
    step = st.tuples(st.sampled_from(MOVES + REST), st.integers(0, 50), st.sampled_from((-1, 1)))
    steps: list[tuple[str, int, int]] = draw(st.lists(step, max_size=12))
    return steps


def applied(draft: Draft, name: str, choice: int, by: int) -> Draft:
    """One operation, on whichever page or part the number means."""
    pages = pages_of(draft)
    parts = [part for owner in pages for part in parts_of(owner)]
    if name == "with_page":
        return editing.with_page(draft, {"title": words("New")})
    things = pages if "page" in name or name == "with_part" else parts
    if not things:
        return draft
    code = things[choice % len(things)]["code"]
    if name == "with_part":
        return editing.with_part(draft, code, {"kind": "yesno", "text": words("New")})
    operation = getattr(editing, name)
    changed: Draft = operation(draft, code, by) if name in MOVES else operation(draft, code)
    return changed


@settings(max_examples=25, deadline=None)
@given(operations())
@example([("with_page_copied", 26, -1), ("without_part", 13, -1), ("with_part_copied", 1, -1)])
def test_any_operations_keep_the_document_and_what_they_are_not_about(
    steps: list[tuple[str, int, int]],
) -> None:
    draft = everything() | {"own": {"note": ["kept"]}}
    for name, choice, by in steps:
        before = deepcopy(draft)
        after = applied(draft, name, choice, by)
        assert draft == before  # the given one is never changed
        texts = sorted(json.dumps(part, sort_keys=True) for one in pages_of(before) for part in parts_of(one))
        stayed = sorted(json.dumps(part, sort_keys=True) for one in pages_of(after) for part in parts_of(one))
        if name in MOVES:
            assert stayed == texts
        draft = after
    every = [code for row in codes(draft) for code in row]
    assert len(every) == len(set(every))
    assert draft["own"] == {"note": ["kept"]}
    # Only what was removed can leave mistakes behind: references without a target, pages without content.
    left = {"unknown_item", "unknown_place", "no_groups", "empty_list", "no_question", "unknown_key"}
    assert {finding.code for finding in check(draft)} <= left


def test_pages_and_questions_are_added_moved_and_taken_out() -> None:
    draft = survey(page("p1", asked("yesno", "visited")), page("p2", asked("yesno", "again")))
    assert codes(editing.with_part(draft, "p1", {"kind": "yesno"})) == [["visited", "q1"], ["again"]]
    assert codes(editing.with_page_moved(draft, "p1", 1)) == [["again"], ["visited"]]
    assert codes(editing.with_page_moved(draft, "p1", -1)) == codes(draft)
    assert codes(editing.without_page(draft, "p1")) == [["again"]]
    assert codes(editing.without_part(draft, "again")) == [["visited"], []]


def test_a_question_moves_over_the_edge_of_its_page() -> None:
    draft = everything()
    assert codes(editing.with_part_moved(draft, "reasons", -1))[0][-1] == "reasons"
    assert codes(editing.with_part_moved(draft, "order", 1))[2][0] == "order"
    assert codes(editing.with_part_moved(draft, "welcome", -1)) == codes(draft)
    assert codes(editing.with_part_moved(draft, "visited", -1))[0] == ["welcome", "visited", "service"]


def test_a_copied_page_is_about_itself() -> None:
    draft = survey(
        page("p1", asked("yesno", "visited"), asked("number", "wait", show_if=["=", "visited", True]))
    )
    copied = editing.with_page_copied(draft, "p1")
    second = pages_of(copied)[1]
    fresh = [part["code"] for part in parts_of(second)]
    assert fresh == ["q1", "q2"]
    assert parts_of(second)[1]["show_if"] == ["=", "q1", True]
    assert parts_of(pages_of(copied)[0])[1]["show_if"] == ["=", "visited", True]
    assert check(copied) == []


def test_a_copied_question_stands_behind_the_first() -> None:
    copied = editing.with_part_copied(everything(), "service")
    assert codes(copied)[0] == ["welcome", "service", "q1", "visited"]
    assert part_of(copied, "q1")["options"] == part_of(copied, "service")["options"]


def test_a_renamed_question_is_renamed_wherever_it_is_named() -> None:
    draft = everything()
    renaming = Renaming("service", "place", {"else_": "other", "post": "mail"})
    part = part_of(draft, "service")
    chosen = [
        {**option, "code": renaming.options.get(option["code"], option["code"])} for option in part["options"]
    ]
    new = editing.with_part_changed(draft, "service", {"code": "place", "options": chosen}, renaming)
    assert check(new) == []
    assert pages_of(new)[1]["show_if"] == ["and", ["=", "visited", True], ["not", ["=", "place", "mail"]]]
    assert "{place}" in part_of(new, "say")["hint"]["en"]
    seen = editing.with_part_changed(new, "visited", {"code": "came"}, Renaming("visited", "came"))
    assert seen["breakdowns"][0] == {"question": "came"}
    assert check(seen) == []


def test_rows_and_written_lines_are_renamed_and_written_words_are_not() -> None:
    told = Renaming("q", "new", {"o": "other"}, {"r": "row"})
    plain = {
        "when": ["or", ["=", "q.r", "o"], ["=", "q.o", "o"], ["answered", "q"], ["answered"], "odd"],
        "text": {"en": "{q.o} and {other.o}"},
    }
    assert renamed(plain, told) == {
        "when": [
            "or",
            ["=", "new.row", "other"],
            ["=", "new.other", "o"],
            ["answered", "new"],
            ["answered"],
            "odd",
        ],
        "text": {"en": "{new.other} and {other.o}"},
    }
    assert not Renaming("q", "q", {"a": "a"})
    assert renamed(["answered", 5], told) == ["answered", 5]
    assert renamed({"when": ["=", 5, ["o"]]}, told) == {"when": ["=", 5, ["o"]]}


def test_options_get_codes_that_tell_their_role() -> None:
    given = editing.coded([{"text": {}}, {"code": "a1"}, {"role": "other"}, {"role": "unknown"}], "a")
    assert [entry["code"] for entry in given] == ["a2", "a1", "other", "dk"]


def test_a_draft_without_usable_codes_gets_some() -> None:
    broken = {
        "pages": [
            {"code": "p 1", "parts": [{"kind": "yesno"}, {"kind": "yesno", "code": "q1"}, "odd"]},
            {"code": "p2", "parts": [{"kind": "yesno", "code": "q1"}]},
            7,
        ]
    }
    draft = editing.editable(broken)
    assert codes(draft) == [["q2", "q1"], ["q3"]]
    assert draft["pages"][0]["parts"][2] == "odd"
    assert draft["pages"][2] == 7
    assert editing.editable("nothing") == {}
    assert editing.with_page({}, {})["pages"] == [{"code": "p1", "parts": []}]


def test_what_is_not_there_is_not_found() -> None:
    for find in (editing.part_of, editing.page_of, editing.home_of, editing.quota_of):
        with pytest.raises(KeyError):
            find(everything(), "nowhere")


def test_values_of_the_whole_and_its_limits() -> None:
    draft = editing.with_values(everything(), {"population": None, "floor": 8})
    assert "population" not in draft
    assert draft["floor"] == 8
    limit = {"most": 3, "when": ["answered", "town"], "text": words("Enough")}
    more = editing.with_quota(draft, limit)
    assert [quota["code"] for quota in more["quotas"]] == ["full", "limit"]
    changed = editing.with_quota(more, {"most": 4}, "limit")
    assert editing.quota_of(changed, "limit")["most"] == 4
    assert editing.without_quota(changed, "full")["quotas"] == changed["quotas"][1:]
    assert (
        editing.with_page_changed(draft, "end", {"title": words("Last")})["pages"][2]["title"]["en"] == "Last"
    )


def test_codes_of_questions_begin_with_a_letter_and_those_of_options_need_not() -> None:
    typed = ("q1", "1", "a b", "въпрос", "", "a" * 41)
    assert [code for code in typed if editing.is_code(code)] == ["q1"]
    assert [code for code in typed if editing.is_code(code, option=True)] == ["q1", "1"]


def test_a_language_goes_with_its_texts_only_when_that_is_meant() -> None:
    draft = everything()
    kept = editing.in_languages(draft, ["en", "de"])
    assert all("bg" in text for text in texts_in(kept))
    assert editing.lacking(kept, ["de"]) == {"de": len(list(texts_in(draft)))}
    dropped = editing.in_languages(draft, ["en"], drop=True)
    assert check(dropped) == []
    assert not any("bg" in text for text in texts_in(dropped))
    assert editing.languages_in({}) == ["en"]


# --- conditions -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "condition",
    [
        None,
        ["=", "visited", True],
        ["not", ["contains", "reasons", "tax"]],
        ["or", ["not", ["answered", "town"]], [">", "wait", "0.5"]],
        ["and", ["=", "visited", True], ["or", ["answered", "town"], ["answered", "say"]]],
        ["not", ["=", "service", "post"]],
        ["and", ["=", "visited"], ["answered", "town", 1], "odd"],
        ["not", ["and", ["answered", "town"]]],
    ],
)
def test_a_condition_taken_apart_is_put_together_again(condition: Any) -> None:
    joined, lines = taken_apart(condition)
    again = put_together(joined, lines)
    odd = [["and", ["=", "visited"], ["answered", "town", 1], ["odd"]]]
    assert again == condition or [again] == odd


def test_what_three_fields_cannot_show_is_kept() -> None:
    _joined, lines = taken_apart(["not", ["=", "service", "post"]])
    assert lines == (Line(kept=("not", ["=", "service", "post"])),)
    assert taken_apart("nonsense") == ("and", ())


def test_signs_fit_the_question() -> None:
    items = items_before(everything())
    assert signs_of(items["service"]) == ("=", "!=", "answered", "unanswered")
    assert signs_of(items["reasons"]) == ("contains", "lacks", "answered", "unanswered")
    assert signs_of(items["wait"])[2:6] == ("<", "<=", ">", ">=")
    assert signs_of(items["say"]) == ("answered", "unanswered")


def test_a_condition_looks_back_only() -> None:
    draft = everything()
    assert list(items_before(draft, part="visited")) == ["service", "service.else_"]
    assert list(items_before(draft, page="about")) == []
    assert "staff.fast" in items_before(draft, page="end")
    assert "staff.fast" not in items_before(draft, part="reasons")


def test_the_words_of_a_definition_survive_the_way_through_the_editor() -> None:
    plain = to_plain(from_plain(everything()))
    assert editing.editable(plain) == plain
    roles = options("a", b="other")
    assert editing.coded(roles, "a") == roles


def test_a_code_that_a_condition_still_names_is_not_given_to_another_question() -> None:
    draft = survey(page("p1", asked("yesno", "q1"), asked("yesno", "q2") | {"show_if": ["=", "q1", "yes"]}))
    draft = editing.with_part(
        editing.without_part(draft, "q1"), "p1", {"kind": "yesno", "text": words("New")}
    )
    assert [part["code"] for part in parts_of(pages_of(draft)[0])] == ["q2", "q3"]
