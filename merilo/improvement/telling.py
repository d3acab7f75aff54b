"""Codes of this room, as the record of actions shows them to a reader."""

from __future__ import annotations

from collections.abc import Mapping

from merilo.improvement.models import MeasureKind, MeasureState


def codes(key: str, code: str) -> str:
    """States and kinds of measures."""
    words: dict[str, Mapping[str, object]] = {
        "state": dict(MeasureState.choices),
        "kind": dict(MeasureKind.choices),
    }
    return str(words.get(key, {}).get(code, ""))
