"""Every sentence for people is translated, with the same placeholders, none uncertain (0 untranslated)."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.consistency.tree import PACKAGE

CATALOGUES = sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}")


def messages(path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def forms(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@pytest.mark.parametrize("path", CATALOGUES, ids=[path.parts[-5] for path in CATALOGUES])
def test_catalogue_is_complete(path):
    assert [m.id for m in messages(path) if not all(forms(m.string or ""))] == []
    assert [m.id for m in messages(path) if m.fuzzy] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=[path.parts[-5] for path in CATALOGUES])
def test_placeholders_are_the_same_in_every_language(path):
    faults = []
    for message in messages(path):
        wanted = {place for form in forms(message.id) for place in PLACEHOLDER.findall(form)}
        for form in forms(message.string or ""):
            # A singular may leave the count out, as the source does; nothing may be invented.
            if not set(PLACEHOLDER.findall(form)) <= wanted:
                faults.append(message.id)
        if not message.pluralizable and set(PLACEHOLDER.findall(str(message.string))) != wanted:
            faults.append(message.id)
    assert faults == []


def test_every_room_with_words_has_a_catalogue():
    speaking = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.parts and re.search(r"\b_\(\s*[\"']", path.read_text("utf-8"))
    }
    assert sorted(speaking - {path.parts[-5] for path in CATALOGUES}) == []
