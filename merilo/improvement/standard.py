"""What a new plan begins with: the usual criteria of prioritisation, each with the same weight."""

from __future__ import annotations

from typing import Any


def _criterion(code: str, axis: str, en: str, bg: str) -> dict[str, Any]:
    return {"code": code, "axis": axis, "weight": 1, "name": {"en": en, "bg": bg}}


# The four of impact and the three of feasibility that CAF workshops use; five is always the good end.
SCHEME = [
    _criterion("results", "impact", "Key results of the organisation", "Ключови резултати на организацията"),
    _criterion("citizens", "impact", "Citizens and customers", "Граждани и потребители на услуги"),
    _criterion("people", "impact", "Employees", "Служители"),
    _criterion("visibility", "impact", "Visible to others", "Видимост на промяната"),
    _criterion("ease", "feasibility", "Easy to carry out", "Лекота на изпълнение"),
    _criterion("resources", "feasibility", "Needs few resources", "Малко необходими ресурси"),
    _criterion("speed", "feasibility", "Quickly done", "Бързина на изпълнение"),
]
RISK = {"elapsed": 70, "done": 50}
