from __future__ import annotations

import doctest
from typing import Any

from merilo.improvement.rules import scheme
from merilo.improvement.rules.priorities import Axis, Criterion

SCHEME: list[dict[str, Any]] = [
    {"code": "citizens", "axis": "impact", "weight": 2, "name": {"bg": "Граждани", "en": "Citizens"}},
    {"code": "own-1", "axis": "feasibility", "weight": 0, "name": {"bg": "", "en": "Ease"}},
]


def test_docstrings_hold() -> None:
    assert doctest.testmod(scheme).failed == 0


def test_a_scheme_is_reckoned_with_in_its_order() -> None:
    assert scheme.criteria_of(SCHEME) == [
        Criterion("citizens", Axis.IMPACT, 2),
        Criterion("own-1", Axis.FEASIBILITY, 0),
    ]


def test_a_criterion_is_named_in_the_language_asked_for_or_in_any_it_has() -> None:
    assert [scheme.name_in(one, "en") for one in SCHEME] == ["Citizens", "Ease"]
    assert [scheme.name_in(one, "bg") for one in SCHEME] == ["Граждани", "Ease"]
    assert scheme.name_in({"name": {}}, "bg") == ""


def test_an_added_criterion_takes_no_code_that_stands() -> None:
    assert scheme.next_code({"citizens", "own-9", "own-10", "own-x"}) == "own-11"
    assert scheme.next_code({"citizens"}) == "own-1"


def test_only_criteria_that_count_must_have_points() -> None:
    assert scheme.is_complete(SCHEME, {"citizens": 3})
    assert not scheme.is_complete(SCHEME, {"own-1": 3})


def test_points_go_with_their_criterion() -> None:
    assert scheme.kept(SCHEME, {"citizens": 3, "removed": 5}) == {"citizens": 3}


def test_marked_factors_follow_their_place_in_the_list() -> None:
    assert scheme.moved([0, 1, 2], {0: 2, 2: 0}) == [0, 2]
