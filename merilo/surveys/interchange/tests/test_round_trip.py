"""What is written as XLSForm and read again is the very same questionnaire."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from merilo.surveys.interchange.tests.definitions import definitions
from merilo.surveys.interchange.xlsform_reading import read_xlsform
from merilo.surveys.interchange.xlsform_writing import write_xlsform
from merilo.surveys.rules.plain import from_plain
from merilo.surveys.rules.tests.examples import complete


@settings(max_examples=15)
@given(definitions())
def test_any_questionnaire_comes_back_unchanged(plain: dict[str, Any]) -> None:
    definition = from_plain(plain)
    found = read_xlsform(write_xlsform(definition))
    assert from_plain(found.plain) == definition
    assert found.losses == ()


def test_every_kind_of_question_comes_back_unchanged() -> None:
    found = read_xlsform(write_xlsform(complete(), form_id="services", version="3"))
    assert from_plain(found.plain) == complete()
    assert found.losses == ()
