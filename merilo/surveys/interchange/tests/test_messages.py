from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from merilo.surveys.interchange import columns, expressions, losses, messages, texts, xlsform_types
from merilo.surveys.rules.definition import Question
from merilo.surveys.rules.tests.examples import complete

CHOSEN = {"about_device", "map", "unknown_type", "hidden", "computed", "language_switch", "table_left_out"}


def calls() -> Iterator[ast.Call]:
    """Every call that notes a loss."""
    for path in Path(messages.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("notes.add"):
                yield node


def test_every_loss_has_its_sentence_filled_by_its_call() -> None:
    said = set(CHOSEN)
    for call in calls():
        code = call.args[1]
        if isinstance(code, ast.Constant):
            said.add(str(code.value))
            places = set(re.findall(r"%\((\w+)\)s", messages.LOSSES[str(code.value)]))
            assert places <= {keyword.arg for keyword in call.keywords}, code.value
    assert said == messages.LOSSES.keys()


def test_every_kind_of_question_has_its_words() -> None:
    kinds = {
        part.kind if isinstance(part, Question) else "text"
        for page in complete().pages
        for part in page.parts
    }
    assert kinds == messages.KINDS.keys()


@pytest.mark.parametrize("module", [columns, expressions, losses, texts, xlsform_types])
def test_docstrings_hold(module: object) -> None:
    results = doctest.testmod(module)  # type: ignore[arg-type]
    assert results.failed == 0
    assert results.attempted
