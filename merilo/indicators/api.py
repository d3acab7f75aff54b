"""The door of indicators: the models, and what other rooms may ask and do."""

from __future__ import annotations

from merilo.indicators.actions import Facts, Measured, add_indicator, enter_value
from merilo.indicators.models import Direction, Indicator, Status, Value
from merilo.indicators.queries import indicator, indicators_of, value_in, values_of
from merilo.indicators.rules.change import comparable, plain, reached, verdict

__all__ = [
    "Direction",
    "Facts",
    "Indicator",
    "Measured",
    "Status",
    "Value",
    "add_indicator",
    "comparable",
    "enter_value",
    "indicator",
    "indicators_of",
    "plain",
    "reached",
    "value_in",
    "values_of",
    "verdict",
]
