"""Questions as respondents see them: escaped, in each one's own order, with earlier answers in them."""

from __future__ import annotations

import re

import pytest

from merilo.surveys.answering.drawing import View
from merilo.surveys.answering.rendering import Sheet, render_screen
from merilo.surveys.rules.answers import Fault
from merilo.surveys.rules.conditions import Answers
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.paths import Paths
from merilo.surveys.rules.plain import from_plain
from merilo.surveys.rules.tests import examples

HOSTILE = '"><script>alert(1)</script>'


def drawn(definition: Definition, answers: Answers, *, seed: str = "", screen: str = "") -> str:
    walk = Paths(definition).walk(answers)
    found = walk.at(screen) if screen else walk.screens[0]
    assert found is not None
    return render_screen(definition, found, walk.answers, language="en", seed=seed)


def test_what_was_typed_is_text_and_never_markup() -> None:
    definition = examples.one_page(
        examples.asked("short", "town"),
        examples.asked("long", "say"),
        {"kind": "text", "code": "again", "text": examples.words("From {town}?\n\nReally?")},
    )
    html = drawn(definition, {"town": HOSTILE, "say": HOSTILE})
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 3
    assert "<p>Really?</p>" in html


def test_texts_of_authors_are_text_too() -> None:
    options = [{"code": "a", "text": examples.words(HOSTILE)}, {"code": "b", "text": examples.words("b")}]
    question = {"kind": "single", "code": "q", "text": examples.words(HOSTILE), "options": options}
    assert "<script" not in drawn(examples.one_page(question), {})


def test_random_order_is_ones_own_and_stays() -> None:
    question = examples.asked(
        "single", "q", options=examples.options(*"abcdefgh", dk="unknown"), shuffle=True
    )
    definition = examples.one_page(question)

    def order(seed: str, answers: Answers) -> list[str]:
        return re.findall(r'value="(\w+)"', drawn(definition, answers, seed=seed))

    assert order("one", {}) == order("one", {"q": "c"})
    assert order("one", {}) != order("other", {})
    assert order("one", {})[-1] == "dk"


def test_places_of_a_ranking_stand_as_they_were_given() -> None:
    definition = examples.one_page(examples.asked("ranking", "order", options=examples.options("a", "b")))
    html = drawn(definition, {"order": ("b", "a")})
    assert re.findall(r'name="order\.(\w)".*?value="(\d)" selected', html) == [("a", "2"), ("b", "1")]


@pytest.mark.parametrize("code", ["about", "visit", "end"])
def test_every_field_of_every_kind_has_a_name_for_screen_readers(code: str) -> None:
    answers: Answers = {"service": "desk", "visited": True, "reasons": ("permit",), "wait": 100, "overall": 1}
    html = drawn(examples.complete(), answers, screen=code)
    labels = set(re.findall(r'for="([^"]+)"', html))
    for field in re.findall(r"<(?:input|select|textarea)[^>]*>", html):
        own = re.search(r' id="([^"]+)"', field)
        wrapped = 'type="radio"' in field or 'type="checkbox"' in field
        assert wrapped or (own and own[1] in labels), field
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_what_was_put_in_order_stands_there_again_beside_somebody_elses_fault() -> None:
    definition = examples.one_page(
        examples.asked("ranking", "order", options=examples.options("speed", "price")),
        examples.asked("number", "wait"),
    )
    screen = Paths(definition).walk({}).screens[0]
    raw = {"order.speed": ("2",), "order.price": ("1",), "wait": ("long",)}
    view = View(raw, {"wait": "Enter a number."})
    html = Sheet(definition, "en").screen(screen, view)
    assert re.findall(r'value="(\d)" selected', html) == ["2", "1"]


def test_only_rows_without_an_answer_are_at_fault() -> None:
    rows = [{"code": code, "text": examples.words(code)} for code in ("polite", "fast")]
    definition = examples.one_page(
        examples.asked("matrix", "staff", rows=rows, options=examples.scored("bad", "good"), required=True)
    )
    screen = Paths(definition).walk({}).screens[0]
    fault = {"staff": Fault("rows_missing")}
    html = render_screen(definition, screen, {"staff.polite": "good"}, faults=fault, language="en")
    marked = [field for field in re.findall("<input[^>]*>", html) if "aria-invalid" in field]
    assert [re.search('name="([^"]+)"', field)[1] for field in marked] == ["staff.fast"] * 2  # type: ignore[index]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (examples.asked("date", "q", least="2026-05-01"), "Not before 01.05.2026"),
        (examples.asked("date", "q", most="2026-05-31"), "Not after 31.05.2026"),
        (examples.asked("number", "q", least=3), "At least 3"),
        (examples.asked("long", "q", most=90), "At most 90 characters. Please write no names."),
        (
            examples.asked("long", "q", most=90, hint=examples.words("No names.")),
            "No names. At most 90 characters.",
        ),
    ],
)
def test_limits_are_told_before_anything_is_typed(part: examples.Data, said: str) -> None:
    assert f'<p class="hint" id="hint-q">{said}</p>' in drawn(examples.one_page(part), {})


def test_fault_stands_with_its_question() -> None:
    definition = from_plain(examples.everything())
    screen = Paths(definition).walk({}).screens[0]
    html = render_screen(definition, screen, {}, faults={"visited": Fault("required")}, language="en")
    assert re.search(r'id="q-visited"[^>]* aria-describedby="fault-visited"', html)
    assert html.count('aria-invalid="true"') == 2  # yes and no


def test_untouched_screen_is_drawn_once_for_all_and_nothing_of_one_person_is_kept() -> None:
    definition = examples.one_page(examples.asked("short", "town"), examples.asked("short", "street"))
    sheet, (screen,) = Sheet(definition, "en"), Paths(definition).walk({}).screens
    first = sheet.screen(screen, View({}, seed="one"))
    assert sheet.screen(screen, View({"other": ("elsewhere",)}, seed="other")) is first
    assert "Gabrovo" in sheet.screen(screen, View({"town": ("Gabrovo",)}))
    assert "Wrong" in sheet.screen(screen, View({}, {"town": "Wrong"}))
    assert sheet.screen(screen, View({})) is first
