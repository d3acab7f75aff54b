"""The distance between a score of practice and the reference (no database)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from merilo.assessment.rules.calibration import distance
from merilo.framework.loading import load_shipped

SCALE = load_shipped("caf-2020").scale("fine-tuned-enablers")


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ("50", "close"),
        ("60", "close"),
        ("40", "close"),
        ("60.25", "above"),
        ("39.75", "below"),
        ("75", "above"),
        ("25", "below"),
        ("75.25", "far_above"),
        ("24.75", "far_below"),
    ],
)
def test_a_distance_in_words(own, found):
    assert distance(SCALE, Decimal(own), Decimal(50)) == found
