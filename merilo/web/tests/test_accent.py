"""The accent can be read on every ground, whatever colour an organisation brings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.web.accent import DEFAULT, PAPER, SAND, WHITE, NotAColour, contrast, derive, is_darkened, parse

LISTED = {
    "#d52b1e": "#8e3025",
    "#ffd500": "#5f4e05",
    "#2e9e4f": "#055c26",
    "#1e6fd9": "#1a4f97",
    "#8a2d78": "#7f336f",
    "#ffffff": "#505050",
    "#005868": "#005868",
}
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
def test_the_accent_has_contrast_on_every_ground(colour: str):
    accent = derive(colour)
    for ground in (SAND, PAPER, WHITE):
        assert contrast(accent.accent, ground) >= 7
        assert contrast(accent.deep, ground) >= contrast(accent.accent, ground)
    assert contrast(accent.accent, accent.soft) >= 6.5
    assert contrast(WHITE, accent.accent) >= 7


@pytest.mark.parametrize(("colour", "accent"), LISTED.items())
def test_the_listed_colours_give_the_listed_accents(colour: str, accent: str):
    assert derive(colour).accent == accent


def test_the_default_is_what_its_own_colour_gives():
    assert derive(DEFAULT.accent) == DEFAULT


def test_a_colour_is_taken_with_or_without_the_hash_and_in_any_case():
    assert derive("D52B1E") == derive("#d52b1e")
    assert is_darkened("#ffd500", derive("#ffd500"))
    assert not is_darkened("#005868", DEFAULT)


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1234567", "url(x)", "#12345g", "#005868;}"])
def test_what_is_no_colour_is_refused(text: str):
    with pytest.raises(NotAColour):
        parse(text)
