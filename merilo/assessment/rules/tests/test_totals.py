from __future__ import annotations

from decimal import Decimal, localcontext
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.assessment.rules.scoring import ScoreOutOfRange
from merilo.assessment.rules.tests.caf import CAF, UNLIKE
from merilo.assessment.rules.totals import totals
from merilo.framework.catalogue import UnknownCode

CODES = [item.code for item in CAF.items]


def points(**scores: int | str | None) -> dict[str, Decimal | None]:
    """`c1_1=40` stands for item 1.1."""
    return {
        key[1:].replace("_", "."): None if value is None else Decimal(value) for key, value in scores.items()
    }


def test_a_criterion_is_the_mean_of_its_scored_items() -> None:
    found = totals(CAF, "classical", points(c1_1=40, c1_2=45, c1_3=None))
    leadership = found.criterion("1")
    assert (leadership.mean, leadership.scored, leadership.not_scored) == (Decimal("42.5"), 2, 2)
    assert leadership.panel == "enablers"


def test_not_scored_is_left_out_and_zero_counts() -> None:
    assert totals(CAF, "classical", points(c3_1=60)).criterion("3").mean == 60
    assert totals(CAF, "classical", points(c3_1=60, c3_2=0)).criterion("3").mean == 30
    assert totals(CAF, "classical", {}).criterion("3").mean is None


def test_the_two_overall_means_differ_as_criteria_have_unlike_numbers_of_items() -> None:
    found = totals(CAF, "classical", points(c1_1=10, c1_2=10, c1_3=10, c1_4=10, c6_1=60, c6_2=60))
    assert found.mean_of_criteria == 35
    assert found.mean_of_items == Decimal("26." + "6" * 47 + "7")
    assert (found.scored, found.not_scored) == (6, 22)


def test_panels_have_both_means_of_their_own() -> None:
    found = totals(CAF, "classical", points(c1_1=10, c2_1=20, c2_2=40, c9_1=80))
    enablers, results = found.panel("enablers"), found.panel("results")
    assert (enablers.mean_of_criteria, enablers.scored, enablers.not_scored) == (Decimal(20), 3, 17)
    assert enablers.mean_of_items == Decimal("23." + "3" * 48)
    assert results.mean_of_criteria == results.mean_of_items == Decimal(80)
    assert (results.scored, results.not_scored) == (1, 7)


def test_nothing_scored_gives_no_means() -> None:
    found = totals(CAF, "fine-tuned", dict.fromkeys(CODES))
    assert found.mean_of_criteria is None
    assert found.mean_of_items is None
    assert [panel.mean_of_criteria for panel in found.panels] == [None, None]
    assert (found.scored, found.not_scored) == (0, 28)


def test_means_of_means_are_exact_although_thirds_are_not_decimals() -> None:
    thirds = totals(CAF, "classical", points(c3_1=0, c3_2=0, c3_3=1, c4_1=0, c4_2=0, c4_3=2))
    assert thirds.mean_of_criteria == Decimal("0.5")


def test_totals_do_not_depend_on_the_callers_decimal_context() -> None:
    expected = totals(CAF, "classical", points(c3_1=1, c3_2=1, c3_3=2))
    with localcontext() as context:
        context.prec = 2
        assert totals(CAF, "classical", points(c3_1=1, c3_2=1, c3_3=2)) == expected


def test_items_outside_the_scope_are_neither_scored_nor_missing() -> None:
    found = totals(CAF, "classical", points(c1_1=40), scope=["1.1", "1.2"])
    assert (found.scored, found.not_scored) == (1, 1)
    assert (found.criterion("2").scored, found.criterion("2").not_scored) == (0, 0)
    with pytest.raises(UnknownCode):
        totals(CAF, "classical", points(c2_1=40), scope=["1.1", "1.2"])
    with pytest.raises(UnknownCode):
        totals(CAF, "classical", {}, scope=["7.7"])


def test_unknown_codes_and_scores_off_the_scale_are_refused() -> None:
    with pytest.raises(UnknownCode):
        totals(CAF, "classical", points(c7_7=40))
    with pytest.raises(ScoreOutOfRange):
        totals(CAF, "classical", points(c1_1=101))
    found = totals(CAF, "classical", {})
    with pytest.raises(UnknownCode):
        found.criterion("10")
    with pytest.raises(UnknownCode):
        found.panel("people")


def test_panels_with_unlike_scales_have_no_overall_mean() -> None:
    found = totals(UNLIKE, "classical", points(c1_1=80, c6_1=3))
    assert found.panel("enablers").mean_of_items == 80
    assert found.panel("results").mean_of_items == 3
    assert found.mean_of_criteria is None
    assert found.mean_of_items is None


SCORES = st.dictionaries(
    st.sampled_from(CODES), st.none() | st.integers(0, 400).map(lambda n: Decimal(n) / 4)
)


@given(SCORES)
def test_means_stay_on_the_scale_and_counts_add_up(scores: dict[str, Decimal | None]) -> None:
    found = totals(CAF, "fine-tuned", scores)
    assert found.scored + found.not_scored == len(CODES)
    assert found.scored == sum(total.scored for total in found.criteria)
    assert found.scored == sum(total.scored for total in found.panels)
    for value in (found.mean_of_criteria, found.mean_of_items, *(total.mean for total in found.criteria)):
        assert value is None or 0 <= value <= 100


@given(SCORES, st.randoms())
def test_the_order_of_scores_does_not_matter(scores: dict[str, Decimal | None], random: Random) -> None:
    shuffled = list(scores.items())
    random.shuffle(shuffled)
    assert totals(CAF, "fine-tuned", dict(shuffled)) == totals(CAF, "fine-tuned", scores)
