from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

from merilo.surveys import rules

FINDER = doctest.DocTestFinder()
MODULES = [import_module(f"{rules.__name__}.{found.name}") for found in pkgutil.iter_modules(rules.__path__)]
SHOWING = [module for module in MODULES if any(shown.examples for shown in FINDER.find(module))]


@pytest.mark.parametrize("module", SHOWING, ids=lambda module: module.__name__.rpartition(".")[2])
def test_docstrings_hold(module: object) -> None:
    results = doctest.testmod(module)  # type: ignore[arg-type]
    assert results.failed == 0
    assert results.attempted


def test_examples_are_found() -> None:
    assert len(SHOWING) > 15
