from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from merilo.assessment.rules import rounds
from merilo.assessment.rules.statistics import spread
from merilo.assessment.rules.tests.caf import CLASSICAL, ENABLER

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
SCALE, FINE = CLASSICAL, ENABLER


@pytest.mark.parametrize(
    ("closed", "closes", "voted", "expected", "over"),
    [
        (True, None, 0, 9, True),
        (False, None, 8, 9, False),
        (False, None, 9, 9, True),
        (False, None, 0, 0, False),
        (False, NOW, 1, 9, True),
        (False, NOW + timedelta(seconds=1), 1, 9, False),
    ],
)
def test_a_vote_is_over_when_closed_out_of_time_or_complete(closed, closes, voted, expected, over):
    assert rounds.is_over(closed=closed, closes_at=closes, voted=voted, expected=expected, now=NOW) is over


def test_a_tally_is_sorted_and_each_component_for_itself():
    parts = [part.code for part in FINE.components]
    ballots = [dict.fromkeys(parts, 40) | {parts[0]: value} for value in (60, 20, 40)]
    found = rounds.tally(FINE, [*ballots, None])
    assert (found.voted, found.cannot_judge, found.is_shown) == (4, 1, True)
    assert list(found.scores) == sorted(found.scores)
    assert found.parts[parts[0]] == (20, 40, 60)
    assert rounds.Tally.from_json(found.as_json()) == found
    assert found.spread == spread(found.scores)


def test_of_two_scores_nothing_but_the_number_is_told():
    found = rounds.tally(SCALE, [{"score": 40}, {"score": 60}, None])
    assert (found.voted, found.scores, found.parts, found.is_shown) == (3, (), {}, False)


def test_a_spread_survives_being_frozen():
    found = spread([25, 40, 45, 70])
    assert rounds.spread_from_json(rounds.spread_as_json(found)) == found
    assert rounds.spread_from_json(rounds.spread_as_json(None)) is None


@pytest.mark.parametrize(
    ("own", "offered"),
    [
        (None, []),
        (45, [35, 40, 45, 50, 55]),
        (3, [0, 5, 10, 15, 20]),
        (98, [80, 85, 90, 95, 100]),
    ],
)
def test_five_values_around_the_own_one_are_offered(own, offered):
    assert rounds.quick_values(SCALE, own) == offered


def test_on_a_short_scale_every_value_is_offered():
    from dataclasses import replace

    short = replace(SCALE, minimum=1, maximum=4)
    assert rounds.quick_values(short, 2) == [1, 2, 3, 4]


def test_the_mean_time_is_rounded_and_needs_an_item():
    assert rounds.mean_seconds([]) is None
    assert rounds.mean_seconds([480.4, 480.0]) == 480


def test_an_even_median_stays_an_interval_when_frozen():
    found = rounds.spread_from_json(rounds.spread_as_json(spread([Decimal(42), Decimal(45)])))
    assert found is not None
    assert found.median.is_interval
