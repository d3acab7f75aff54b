from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from merilo.assessment.rules import (
    confidentiality,
    lifecycle,
    lines,
    progress,
    scoring,
    statistics,
)


@pytest.mark.parametrize("module", [confidentiality, lifecycle, lines, progress, scoring, statistics])
def test_docstrings_hold(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert results.failed == 0
    assert results.attempted
