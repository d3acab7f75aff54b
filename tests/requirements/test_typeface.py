"""The typeface with Bulgarian letterforms comes from here, and pages say their language (R18, R40)."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from fontTools.ttLib import TTFont

from tests.consistency.tree import PACKAGE

STYLES = sorted([*PACKAGE.rglob("*.css")])


def test_styles_load_nothing_from_elsewhere():
    loaded = [
        address
        for path in STYLES
        for address in re.findall(r"url\(([^)]*)\)|@import", path.read_text("utf-8"))
    ]
    assert [address for address in loaded if re.match(r"[\"']?(?:[a-z]+:)?//", address) or not address] == []
    assert any("sofia-sans-cyrillic" in address for address in loaded)


def test_the_typeface_is_shipped_with_bulgarian_letterforms():
    found = finders.find("fonts/sofia-sans-cyrillic.woff2")
    assert found
    font = TTFont(str(found))
    languages = {
        record.LangSysTag.strip()
        for script in font["GSUB"].table.ScriptList.ScriptRecord
        for record in script.Script.LangSysRecord
    }
    assert set("вгдзикптцщю") <= {chr(code) for code in font.getBestCmap()}
    assert "BGR" in languages or "Sofia" in str(font["name"].getDebugName(1))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["bg", "en"])
def test_a_page_says_its_language(language):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get("/").content.decode()
    assert f'<html lang="{language}"' in page
    assert "Sofia Sans" in "".join(path.read_text("utf-8") for path in STYLES)


@pytest.mark.django_db
def test_bulgarian_is_what_a_visitor_gets_who_asked_for_nothing():
    assert '<html lang="bg"' in Client().get("/").content.decode()


@pytest.mark.django_db
def test_a_visitor_gets_no_cookie_by_looking():
    assert Client().get("/reports/").cookies.keys() <= {settings.CSRF_COOKIE_NAME}
