"""What of a frozen report may leave the organisation: only the chosen parts, and no name of a dissenter."""

from __future__ import annotations

import copy
from collections.abc import Collection
from typing import Any

from merilo.assessment.reporting.texts import sections

NOTHING = {"mean": None, "before": None, "change": None, "lowest": None, "highest": None}


def filtered(content: dict[str, Any], parts: Collection[str]) -> dict[str, Any]:
    """A copy of the content in which everything outside the chosen parts is gone, not merely hidden."""
    out = copy.deepcopy(content)
    out["sections"] = {key: text for key, text in out["sections"].items() if _part_of(key) in parts}
    if "introduction" not in parts:
        out["assessment"]["scope"], out["documents"] = "", {}
    if "group" not in parts:
        out["group"], out["trainings"] = [], []
    if "annexes" not in parts:
        out["evidence"] = []
    if "change" not in parts:
        out["previous"] = None
    for criterion in out["criteria"]:
        _filter_criterion(criterion, parts)
    if "results" not in parts:
        out["totals"] |= {"mean_of_criteria": None, "mean_of_items": None}
        out["panels"] = [
            panel | {"mean": None, "mean_of_items": None, "before": None} for panel in out["panels"]
        ]
    return out


def _part_of(key: str) -> str:
    known = sections()
    return known[key].part if key in known else "findings"


def _filter_criterion(criterion: dict[str, Any], parts: Collection[str]) -> None:
    if "results" not in parts:
        criterion.update(NOTHING)
    if "change" not in parts:
        criterion.update(before=None, change=None)
    for item in criterion["items"]:
        _filter_item(item, parts)


def _filter_item(item: dict[str, Any], parts: Collection[str]) -> None:
    if "results" not in parts:
        item.update(values={}, score=None, before=None, change=None, no_score_reason="")
    if "change" not in parts:
        item.update(before=None, change=None)
    if "findings" not in parts:
        item.update(strengths=[], areas=[], justification="", dissents=[])
    if "measures" not in parts:
        item.update(ideas=[])
    if "annexes" not in parts:
        item.update(evidence=[])
    item["dissents"] = [{"text": row["text"], "name": ""} for row in item["dissents"]]
