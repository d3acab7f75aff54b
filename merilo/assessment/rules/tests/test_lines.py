from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.assessment.rules.findings import Finding
from merilo.assessment.rules.lines import check_lines, read_lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("  \n\t\n", ()),
        ("Една идея", ("Една идея",)),
        ("Една\r\nДруга\rТрета\u2028Четвърта", ("Една", "Друга", "Трета", "Четвърта")),
        ("•\tНов  портал\n- Обучение\n– Архив\n* Сайт", ("Нов портал", "Обучение", "Архив", "Сайт")),
        ("- 5 % по-малко жалби\n-5 жалби", ("- 5 % по-малко жалби", "-5 жалби")),
        ("Сем. 👨‍👩‍👧 и 🇧🇬", ("Сем. 👨‍👩‍👧 и 🇧🇬",)),
        ("и\u0306скам", ("йскам",)),
        ("<b>не</b> & така", ("<b>не</b> & така",)),
    ],
)
def test_lines_are_one_idea_each(text: str, lines: tuple[str, ...]) -> None:
    found = read_lines(text)
    assert found.lines == lines
    assert found.findings == ()


def test_control_characters_go_with_a_finding() -> None:
    found = read_lines("Добре\nНо\x00в\x07 порт\u202eал")
    assert found.lines == ("Добре", "Нов портал")
    assert found.findings == (Finding("characters_removed", "2", params={"count": 3}),)
    assert not found.refused


def test_a_line_of_nothing_but_control_characters_is_said_too() -> None:
    found = read_lines("\x00\ud800")
    assert found.lines == ()
    assert [finding.code for finding in found.findings] == ["characters_removed"]


def test_nothing_is_cut_from_a_line_that_is_too_long() -> None:
    long = "я" * 10_000
    found = read_lines(f"Добре\n{long}")
    assert found.lines == ("Добре", long)
    params = {"length": 10_000, "longest": 2_000}
    assert found.findings == (Finding("line_too_long", "2", blocks=True, params=params),)
    assert found.refused


def test_too_many_lines_are_all_kept_and_refused() -> None:
    found = read_lines("\n".join(["идея"] * 61))
    assert len(found.lines) == 61
    assert found.findings == (Finding("too_many_lines", blocks=True, params={"count": 61, "most": 60}),)
    assert not read_lines("\n".join(["идея"] * 60)).refused


def test_a_field_of_its_own_stays_one_idea() -> None:
    assert check_lines(["Първа\nвтора част", "", "Трета"]).lines == ("Първа втора част", "Трета")


def test_limits_can_be_set() -> None:
    assert read_lines("абв", longest=3, most=1).findings == ()
    assert read_lines("абвг", longest=3).refused


@given(st.text(max_size=200))
def test_every_visible_letter_is_kept(text: str) -> None:
    found = read_lines(text)
    letters = [letter for letter in unicodedata.normalize("NFC", text) if letter.isalnum()]
    assert [letter for letter in "".join(found.lines) if letter.isalnum()] == letters


@given(st.text(max_size=200))
def test_reading_again_changes_nothing(text: str) -> None:
    once = read_lines(text)
    again = check_lines(once.lines)
    assert not [finding for finding in again.findings if finding.code == "characters_removed"]
    assert read_lines("\n".join(again.lines)).lines == again.lines
