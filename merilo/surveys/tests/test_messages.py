from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from merilo.framework import messages as of_the_framework
from merilo.surveys import rules
from merilo.surveys.messages import FAULTS, MISTAKES, REMARKS, fault, mistake, remark
from merilo.surveys.rules.answers import Fault
from merilo.surveys.rules.checking import check
from merilo.surveys.rules.remarks import Remark

PLACE = re.compile(r"%\((\w+)\)s")
LATE = {"long_question", "long_option", "many_columns", "many_options"}  # put together in a loop


def calls(*names: str) -> Iterator[ast.Call]:
    for path in Path(rules.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
                yield node


def codes(place: int, *names: str) -> set[str]:
    """The codes that stand as texts in calls, at a place of their arguments."""
    arguments = (call.args[place] for call in calls(*names) if len(call.args) > place)
    return {argument.value for argument in arguments if isinstance(argument, ast.Constant)}  # type: ignore[misc]


def test_every_code_has_its_sentence_and_no_sentence_is_left_over() -> None:
    shared = of_the_framework.SENTENCES.keys()
    assert codes(1, "checks.add") <= MISTAKES.keys() | shared
    assert MISTAKES.keys() - shared <= codes(1, "checks.add")
    assert codes(0, "Remark") | LATE == REMARKS.keys()
    assert codes(0, "Refused", "Fault") == FAULTS.keys()


def test_every_sentence_is_filled_by_its_call() -> None:
    for call in calls("checks.add", "Refused"):
        name = call.args[-1]
        sentences: Mapping[str, str] = FAULTS if ast.unparse(call.func) == "Refused" else MISTAKES
        if isinstance(name, ast.Constant) and name.value in sentences:
            given = {keyword.arg for keyword in call.keywords}
            assert set(PLACE.findall(sentences[str(name.value)])) <= given, name.value


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"title": 3}, "This should be a set of “key: value” lines, not a number."),
        ({"floor": 2}, "The number must lie between 3 and 1000."),
        (
            {"quotas": [{"when": 3}]},
            'This should be a condition such as ["=", "visited", true], not a number.',
        ),
    ],
)
def test_mistakes_in_words(document: dict[str, object], expected: str) -> None:
    assert expected in [mistake(finding) for finding in check(document)]


def test_sentences_are_translated_before_they_are_filled() -> None:
    shout = str.upper
    assert fault(Fault("required"), shout) == "PLEASE ANSWER THIS QUESTION."
    with pytest.raises(KeyError):  # a translator who changes a placeholder is found out
        fault(Fault("too_few", {"least": 2}), shout)


def test_numbers_and_remarks_in_words() -> None:
    shown = fault(Fault("below_least", {"least": 2.5}), show=lambda value: str(value).replace(".", ","))
    assert shown == "Enter 2,5 or more."
    found = Remark("low_floor", params={"floor": 4, "usual": 5})
    assert remark(found) == "Figures would be shown from 4 people on; usual for those who are asked are 5."
