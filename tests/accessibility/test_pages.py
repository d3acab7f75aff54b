"""Every page, most in Bulgarian on a phone and each third in English at a desk: nothing to find for axe,
nothing too wide on either, nothing from elsewhere, nothing heavy (R07, R10, R11, R40).

Contrast and the size of targets, which the shared styles decide, are looked at on each third page. `make
test-all` has axe look for everything at every page in both languages, at three widths and in forced colours.
"""

from __future__ import annotations

import pytest

from tests.accessibility.example import names, route_of, table
from tests.accessibility.looking import COSTLY, DESK, PHONE, TABLET, Looker, told
from tests.walk.routes import routes
from tests.walk.visiting import table as rights

LOOKS = [("bg", PHONE, DESK, ()), ("bg", PHONE, DESK, COSTLY), ("en", DESK, PHONE, COSTLY)]


def test_every_page_of_the_program_is_looked_at():
    shown = {route.name for route in routes() if "get" in rights()[route.name]}
    assert shown == {route_of(name) for name in table()}


@pytest.mark.parametrize("name", names())
def test_page_is_accessible_and_light(looker: Looker, name: str):
    language, first, then, without = LOOKS[names().index(name) % len(LOOKS)]
    found = looker.faults(name, language, first, then, without=without)
    assert not found, told(found)


@pytest.mark.wide
@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("language", ["bg", "en"])
def test_page_is_accessible_at_other_widths_and_in_forced_colours(looker: Looker, name: str, language: str):
    found = [fault for width in (PHONE, TABLET, DESK) for fault in looker.faults(name, language, width)]
    found += looker.faults(name, language, DESK, forced_colors="active")
    assert not found, told(found)
