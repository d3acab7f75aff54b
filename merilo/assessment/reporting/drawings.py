"""The drawings of a report, from its frozen content: the same picture on page and paper."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from merilo.web import charts

Content = dict[str, Any]


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def compared(content: Content) -> bool:
    """Whether the last cycle stands beside this one."""
    return bool(content["previous"] and content["previous"]["comparable"])
