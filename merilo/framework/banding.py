"""Checks of a scale: limits, components, and bands without gaps or overlaps."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, TypeGuard

from merilo.framework.findings import below
from merilo.framework.references import unique_codes
from merilo.framework.shapes import LARGEST, Checks, entries, is_whole


def check_scale(checks: Checks, value: dict[str, Any], path: str) -> None:
    """What the parts of one scale must be to each other."""
    limits = _limits(value)
    low, high = value.get("minimum"), value.get("maximum")
    if limits is None and _is_point(low) and _is_point(high):
        checks.add(below(path, "maximum"), "limits_reversed", minimum=low, maximum=high)
    if limits and "bands" in value:
        _bands(checks, value, path, limits)
    kind = value.get("kind")
    if kind == "bands":
        _without_components(checks, value, path)
    if kind == "components":
        _components(checks, value, path, limits)


def _limits(value: Mapping[str, Any]) -> tuple[int, int] | None:
    low, high = value.get("minimum"), value.get("maximum")
    if _is_point(low) and _is_point(high) and low < high:
        return low, high
    return None


def _without_components(checks: Checks, value: dict[str, Any], path: str) -> None:
    if "bands" not in value:
        checks.add(below(path, "bands"), "missing", key="bands")
    if "components" in value:
        known = "code, kind, minimum, maximum, bands"
        checks.add(below(path, "components"), "unknown_key", key="components", known=known)


def _components(checks: Checks, value: dict[str, Any], path: str, limits: tuple[int, int] | None) -> None:
    if "components" not in value:
        checks.add(below(path, "components"), "missing", key="components")
    unique_codes(checks, entries(value, "components", path))
    for place, component in entries(value, "components", path):
        if "bands" not in component and "bands" not in value:
            checks.add(below(place, "bands"), "bands_missing")
        elif limits:
            _bands(checks, component, place, limits)


def _bands(checks: Checks, owner: dict[str, Any], path: str, limits: tuple[int, int]) -> None:
    bands = [
        (band["low"], band["high"], place) for place, band in entries(owner, "bands", path) if _is_band(band)
    ]
    for low, high, place in bands:
        if high < low:
            checks.add(place, "band_reversed", low=low, high=high)
        elif low < limits[0] or high > limits[1]:
            checks.add(place, "band_outside", low=low, high=high, minimum=limits[0], maximum=limits[1])
    ordered = sorted(band for band in bands if band[0] <= band[1])
    if ordered:
        _coverage(checks, ordered, below(path, "bands"), limits)


def _is_band(band: dict[str, Any]) -> bool:
    return _is_point(band.get("low")) and _is_point(band.get("high"))


def _is_point(value: object) -> TypeGuard[int]:
    return is_whole(value) and abs(value) <= LARGEST


def _coverage(checks: Checks, bands: list[tuple[int, int, str]], path: str, limits: tuple[int, int]) -> None:
    ends = [(limits[0] - 1, limits[0] - 1, path), *bands, (limits[1] + 1, limits[1] + 1, path)]
    reached = limits[0] - 1
    for (_, high, _), (low, next_high, place) in pairwise(ends):
        reached = max(reached, high)
        if low > reached + 1:
            checks.add(path, "band_gap", first=reached + 1, last=low - 1)
        elif low <= reached and place != path:
            checks.add(place, "band_overlap", first=low, last=min(reached, next_high))
