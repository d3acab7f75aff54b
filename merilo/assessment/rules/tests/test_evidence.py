from __future__ import annotations

from decimal import Decimal

import pytest

from merilo.assessment.rules.evidence import Direction, Indicator, indicator_findings


def values(*figures: str) -> dict[int, Decimal]:
    return {2023 + place: Decimal(figure) for place, figure in enumerate(figures)}


@pytest.mark.parametrize(
    ("figures", "target", "better", "met", "improves"),
    [
        (("71.5", "74", "78.2"), "80", "higher", False, True),
        (("71.5", "74", "80"), "80", "higher", True, True),
        (("14", "12", "9"), "10", "lower", True, True),
        (("14", "12", "15"), "10", "lower", False, False),
        (("14", "12", "14"), None, "lower", None, None),
        (("14",), "10", "higher", True, None),
        ((), "10", "higher", None, None),
    ],
)
def test_what_an_indicator_says(
    figures: tuple[str, ...],
    target: str | None,
    better: Direction,
    *,
    met: bool | None,
    improves: bool | None,
) -> None:
    found = Indicator(values(*figures), Decimal(target) if target else None, better)
    assert found.target_met is met
    assert found.improves is improves
    assert found.has_trend is (len(figures) == 3)


def test_change_is_last_minus_first_year_in_whatever_order_they_come() -> None:
    found = Indicator({2025: Decimal("78.2"), 2023: Decimal("71.5")})
    assert found.change == Decimal("6.7")


def test_what_an_indicator_lacks_is_named() -> None:
    found = indicator_findings(Indicator(values("1", "2")))
    assert [finding.code for finding in found] == ["indicator_without_trend", "indicator_without_target"]
    assert found[0].params == {"years": 2, "needed": 3}
    assert indicator_findings(Indicator(values("1", "2", "3"), Decimal(0))) == []
