"""How much a phone loads before somebody can answer, and how fast pages are drawn."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from merilo.surveys.tests.filling import Respondent
from tests.people import an_organisation
from tests.surveys import a_survey

pytestmark = pytest.mark.django_db
MOST = 60_000  # bytes as they go over the line
FONTS = ("sofia-sans-latin.woff2", "sofia-sans-cyrillic.woff2")


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@pytest.mark.parametrize("language", ["bg", "en"])
def test_first_load_is_at_most_60_kilobytes(language) -> None:
    survey = a_survey(an_organisation())
    page = Client().get(f"/s/{survey.short}/?lang={language}").content
    sheets = re.findall(rb'<link rel="stylesheet" href="[^"]+/([\w.-]+)"', page)
    assert sheets == [b"answer.css"]
    assets = Path(settings.BASE_DIR) / "assets"
    style = packed((assets / "css" / "answer.css").read_bytes())
    fonts = sum((assets / "fonts" / "web" / name).stat().st_size for name in FONTS)
    scripts = packed((Path(settings.BASE_DIR) / "merilo/web/static/web/focus.js").read_bytes())
    assert packed(page) + style + fonts + scripts <= MOST


def test_every_page_of_a_visit_is_light() -> None:
    survey = a_survey(an_organisation())
    who = Respondent(f"/s/{survey.short}/").press().press(age="young", visited="yes")
    assert packed(who.page.encode()) < 8_000
