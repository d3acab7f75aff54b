"""Codes of this room, as the record of actions shows them to a reader."""

from __future__ import annotations

from collections.abc import Mapping

from merilo.feedback import schemes, words
from merilo.feedback.models import STATES


def codes(key: str, code: str) -> str:
    """States, what is released, schemes and labels."""
    told: dict[str, Mapping[str, object]] = {"state": dict(STATES), "released": words.PARTS}
    if key in told:
        return str(told[key].get(code, ""))
    if key == "scheme" and code in schemes.shipped():
        return words.said(schemes.scheme(code).title)
    return _award(code) if key == "award" else ""


def _award(code: str) -> str:
    found = (schemes.scheme(name).award(code) for name in schemes.shipped())
    return next((words.said(award.title) for award in found if award), "")
