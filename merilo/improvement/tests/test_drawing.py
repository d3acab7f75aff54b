"""The calendar of a plan on paper: nothing is left out, every page has the same days."""

from __future__ import annotations

import re
from typing import Any

import pytest

from merilo.improvement.reporting.drawing import MOST_ROWS, ROOM, calendars
from merilo.web.charts import DOCUMENT


def a_content(measures: int, steps: int) -> dict[str, Any]:
    """Measures that begin one month after the other."""
    return {
        "on": "2026-05-01",
        "measures": [
            {
                "number": number,
                "text": f"measure {number}",
                "first": f"20{26 + number // 12}-{number % 12 + 1:02}-01",
                "last": f"20{26 + number // 12}-{number % 12 + 1:02}-20",
                "activities": [
                    {"text": f"step {number}.{step}", "first": "2026-03-01", "last": "2026-03-02"}
                    for step in range(steps)
                ],
            }
            for number in range(measures)
        ],
    }


@pytest.mark.parametrize(("measures", "steps", "shown"), [(1, 0, 1), (12, 4, 60), (1, 60, 61), (80, 5, 80)])
def test_every_row_stands_on_one_page(measures: int, steps: int, shown: int) -> None:
    drawings = list(calendars(a_content(measures, steps), DOCUMENT))
    names = [name for one in drawings for name in re.findall(r">((?:measure|step) [\d.]+)<", one.wide)]
    assert len(names) == len(set(names)) == shown <= MOST_ROWS
    months = {tuple(re.findall(r"<text[^>]*>(20\d\d)<", one.wide)) for one in drawings}
    assert len(months) == 1
    heights = [
        float(found) for one in drawings for found in re.findall(r'viewBox="0 0 1120 ([\d.]+)"', one.wide)
    ]
    assert len(heights) == len(drawings)
    assert max(heights) <= ROOM + 90


def test_a_plan_without_days_has_no_drawing() -> None:
    assert list(calendars({"on": "2026-05-01", "measures": [{"number": 1}]}, DOCUMENT)) == []
