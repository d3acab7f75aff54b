"""A setting that nobody would notice to be misspelt."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from merilo.accounts.second_factor import LEVELS


@register(Tags.security)
def second_factor_is_known(**_: Any) -> list[CheckMessage]:
    """Who needs a second factor is one of four words."""
    if settings.SECOND_FACTOR in LEVELS:
        return []
    return [Error(f"MERILO_SECOND_FACTOR is none of: {', '.join(LEVELS)}.", id="merilo.E007")]
