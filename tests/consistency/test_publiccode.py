"""publiccode.yml says what catalogues of public software ask for, in both languages (R04)."""

from __future__ import annotations

import tomllib

import pytest
import yaml

from tests.consistency.tree import ROOT

FACTS = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIRED = {
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
}


def test_required_keys_are_there():
    assert FACTS.keys() >= REQUIRED
    assert FACTS["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert FACTS["softwareType"] == "standalone/web"


@pytest.mark.parametrize("language", ["bg", "en"])
def test_description_has_the_lengths_the_standard_asks_for(language):
    words = FACTS["description"][language]
    assert 1 <= len(words["shortDescription"]) <= 150
    assert 150 <= len(words["longDescription"]) <= 10_000
    assert all(1 <= len(feature) <= 100 for feature in words["features"])


def test_maintenance_has_a_contact():
    assert FACTS["maintenance"]["type"] == "community"
    assert all(contact["name"] for contact in FACTS["maintenance"]["contacts"])


def test_version_licence_and_languages_are_those_of_the_program():
    assert FACTS["softwareVersion"] == PROJECT["version"]
    assert FACTS["legal"]["license"] == PROJECT["license"] == "EUPL-1.2"
    assert FACTS["localisation"]["availableLanguages"] == ["bg", "en"]
