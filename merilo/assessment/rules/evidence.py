"""What a figure on the evidence shelf says: its values over the years, its trend and its target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from merilo.assessment.rules.findings import Finding

YEARS_OF_A_TREND = 3  # CAF 2020 looks at the trend of the last three years
Direction = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """Values by year in the indicator's own unit, the target for the last year, and which way is better."""

    values: Mapping[int, Decimal]
    target: Decimal | None = None
    better: Direction = "higher"

    @property
    def has_trend(self) -> bool:
        """Whether there are values of at least three years."""
        return len(self.values) >= YEARS_OF_A_TREND

    @property
    def has_target(self) -> bool:
        return self.target is not None

    @property
    def target_met(self) -> bool | None:
        """Whether the last year's value reaches the target; None without a value or a target."""
        if self.target is None or not self.values:
            return None
        last = self.values[max(self.values)]
        return last >= self.target if self.better == "higher" else last <= self.target

    @property
    def change(self) -> Decimal | None:
        """Last year's value minus that of the first year, in the indicator's unit; None with one value."""
        if len(self.values) < 2:
            return None
        return self.values[max(self.values)] - self.values[min(self.values)]

    @property
    def improves(self) -> bool | None:
        """Whether the change goes the better way; None without a change to judge."""
        change = self.change
        if not change:
            return None
        return (change > 0) == (self.better == "higher")


def indicator_findings(indicator: Indicator) -> list[Finding]:
    """What an indicator lacks to carry a score on the results panel."""
    findings = []
    if not indicator.has_trend:
        params = {"years": len(indicator.values), "needed": YEARS_OF_A_TREND}
        findings.append(Finding("indicator_without_trend", params=params))
    if not indicator.has_target:
        findings.append(Finding("indicator_without_target"))
    return findings
