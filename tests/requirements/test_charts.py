"""Every drawing has a name and a table with the same numbers; colour never speaks alone (R11)."""

from __future__ import annotations

import re

import pytest

from tests.people import signed_in
from tests.world import World, build

pytestmark = pytest.mark.django_db
DRAWING = re.compile(r"<svg\b[^>]*\brole=\"img\"[^>]*>.*?</svg>", re.DOTALL)


@pytest.fixture
def world() -> World:
    return build()


def pages(world: World) -> dict[str, str]:
    town = world.own
    client = signed_in(town.people["coordinator"])
    found = {}
    for state, path in (("agreeing", "agree/1.2/"), ("reporting", "report/"), ("published", "report/1/")):
        found[path] = client.get(
            f"/o/{town.slug}/a/{town.cycles[state].assessment.pk}/{path}"
        ).content.decode()
    slug = town.cycles["published"].assessment.report.public_slug
    return found | {"public": client.get(f"/reports/{slug}/").content.decode()}


def test_every_drawing_has_a_name_and_its_page_a_table_with_the_same_numbers(world):
    seen = 0
    for where, page in pages(world).items():
        tables = " ".join(re.findall(r"<table.*?</table>|<dl.*?</dl>|<details.*?</details>", page, re.DOTALL))
        for drawing in DRAWING.findall(page):
            seen += 1
            assert "aria-label" in drawing.partition(">")[0] or "<title" in drawing, where
            numbers = set(re.findall(r">(\d{1,3},\d)<", drawing))
            assert {number for number in numbers if number not in tables} == set(), where
    assert seen >= 3
