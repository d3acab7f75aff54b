"""How far a score of practice lies from the reasoned reference."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from merilo.framework.catalogue import Scale

TENTHS = 10

Distance = Literal["close", "above", "below", "far_above", "far_below"]


def distance(scale: Scale, own: Decimal, reference: Decimal) -> Distance:
    """Close within a tenth of the scale; far beyond two and a half tenths.

    Unit: points of the scale. The borders belong to the smaller distance.
    """
    tenths = (own - reference) * TENTHS / scale.span
    if abs(tenths) <= 1:
        return "close"
    far = abs(tenths) > Decimal("2.5")
    if tenths > 0:
        return "far_above" if far else "above"
    return "far_below" if far else "below"
