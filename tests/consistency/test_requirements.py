"""Every promise of docs/reference/requirements.md names tests that exist."""

from __future__ import annotations

import ast
import re

from tests.consistency.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "requirements.md"
# What the first issue promises; each has its row.
PROMISED = {"R06", "R07", "R10", "R11", "R12", "R18", "R21", "R22", "R24", "R29", "R32", "R40", "R50"}


def rows() -> dict[str, list[str]]:
    """Tests by the id of the promise."""
    lines = re.findall(r"^\| ([RGV]\d+) \|.*\| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {name: re.findall(r"`([^`]+)`", tests) for name, tests in lines}


def test_every_named_test_exists():
    missing = []
    for named in {test for tests in rows().values() for test in tests}:
        path, _, name = named.partition("::")
        tree = ast.parse((ROOT / path).read_text("utf-8")) if (ROOT / path).exists() else ast.Module([], [])
        if name not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
            missing.append(named)
    assert sorted(missing) == []


def test_every_promise_has_a_test():
    assert [name for name, tests in rows().items() if not tests] == []
    assert rows().keys() >= PROMISED
