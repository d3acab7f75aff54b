"""Random assessments: the rules and a second, independent computation give the same figures."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from merilo.assessment.rules.scoring import components_of, score_of
from merilo.assessment.rules.statistics import is_close, krippendorff_alpha, outside_iqr, spread
from merilo.assessment.rules.tests import independent
from merilo.assessment.rules.tests.caf import CAF
from merilo.assessment.rules.totals import Totals, totals

# Measuring every line of so many computations takes long and shows nothing new.
pytestmark = pytest.mark.no_cover
ASSESSMENTS = 500
CRITERIA = {item.code: CAF.criterion_of(item.code) for item in CAF.items}


def agreed(method: str, random: Random) -> list[independent.Row]:
    """Random agreed values; in each assessment another share is not scored, from none to all."""
    share = random.choice([0, 0, 0.1, 0.5, 0.9, 1])
    rows = []
    for item in CAF.items:
        if random.random() < share:
            continue
        width = len(components_of(CAF.scale_for(item.code, method)))
        values = tuple(random.choice([0, 100, random.randint(0, 100)]) for _ in range(width))
        criterion = CRITERIA[item.code]
        rows.append(independent.Row(item.code, criterion.code, criterion.panel, values))
    return rows


def computed(method: str, rows: list[independent.Row]) -> Totals:
    scores = {}
    for row in rows:
        scale = CAF.scale_for(row.item, method)
        scores[row.item] = score_of(scale, dict(zip(components_of(scale), row.values, strict=True)))
    return totals(CAF, method, scores)


def same(found: Decimal | None, expected: Fraction | None) -> bool:
    """Equal as far as fifty digits can tell."""
    if found is None or expected is None:
        return found is None and expected is None
    return abs(Fraction(found) - expected) < Fraction(1, 10**45)


def test_totals_of_random_assessments() -> None:
    random = Random("totals")
    for number in range(ASSESSMENTS):
        method = ("classical", "fine-tuned")[number % 2]
        rows = agreed(method, random)
        found = computed(method, rows)
        assert same(found.mean_of_items, independent.mean_over(rows))
        assert same(found.mean_of_criteria, independent.mean_by_criterion(rows))
        assert (found.scored, found.not_scored) == (len(rows), 28 - len(rows))
        for panel in found.panels:
            mine = [row for row in rows if row.panel == panel.code]
            assert same(panel.mean_of_items, independent.mean_over(mine))
            assert same(panel.mean_of_criteria, independent.mean_by_criterion(mine))
        for criterion in found.criteria:
            mine = [row for row in rows if row.criterion == criterion.code]
            assert same(criterion.mean, independent.mean_over(mine))


def individual(random: Random) -> list[list[int]]:
    """Random individual scores of a group on 28 items: near or far from each other, some missing."""
    group = random.randint(1, 12)
    width = random.choice([0, 5, 20, 100])
    missing = random.choice([0, 0.1, 0.6])
    items = []
    for _ in range(28):
        centre = random.randint(0, 100)
        scores = [min(100, max(0, centre + random.randint(-width, width))) for _ in range(group)]
        items.append([score for score in scores if random.random() >= missing])
    return items


def test_agreement_of_random_groups() -> None:
    random = Random("agreement")
    for _ in range(ASSESSMENTS):
        items = individual(random)
        assert same(krippendorff_alpha(items), independent.alpha(items))
        scores = items[0]
        found = spread(scores)
        if found is None:
            assert scores == []
            continue
        five = independent.five_numbers(scores)
        assert five == tuple(
            map(
                Fraction,
                (
                    found.minimum,
                    found.first_quartile,
                    found.median.low,
                    found.median.high,
                    found.third_quartile,
                    found.maximum,
                ),
            )
        )
        assert found.range == five[-1] - five[0]
        assert found.interquartile_range == five[4] - five[1]
        assert is_close(scores, 0) is (len(scores) > 1 and five[-1] - five[0] <= 10)
        score = random.randint(0, 100)
        assert outside_iqr(score, scores) is (score < five[1] or score > five[4])
