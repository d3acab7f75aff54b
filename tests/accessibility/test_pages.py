"""Every page in Bulgarian on a phone and in English on a desktop: nothing to find for axe, nothing too wide,
nothing from elsewhere, nothing heavy (R07, R10, R11, R40)."""

from __future__ import annotations

import pytest

from tests.accessibility.example import names, route_of, table
from tests.accessibility.looking import Looker, told
from tests.walk.routes import routes
from tests.walk.visiting import table as rights


def test_every_page_of_the_program_is_looked_at():
    shown = {route.name for route in routes() if "get" in rights()[route.name]}
    assert shown == {route_of(name) for name in table()}


@pytest.mark.parametrize("name", names())
def test_page_is_accessible_and_light(looker: Looker, name: str):
    found = looker.faults(name, "bg", 320)
    if name == route_of(name):  # further states of a page are looked at in English by `make test-all`
        found += looker.faults(name, "en", 1440)
    assert not found, told(found)


@pytest.mark.wide
@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("language", ["bg", "en"])
def test_page_is_accessible_at_other_widths_and_in_forced_colours(looker: Looker, name: str, language: str):
    found = looker.faults(name, language, 768)
    found += looker.faults(name, language, 320)
    found += looker.faults(name, language, 1440)
    found += looker.faults(name, language, 1440, forced_colors="active")
    assert not found, told(found)
