"""Values of answers in plain form: exact numbers and dates as text, everything else as it is."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, TypeGuard

from merilo.framework.shapes import is_whole

_EXACT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_exact(plain: object) -> TypeGuard[int | str]:
    """Whether it is a whole number, or a decimal written as text.

    >>> is_exact(3), is_exact("0.5"), is_exact(0.5), is_exact("1e9")
    (True, True, False, False)
    """
    return (is_whole(plain) or isinstance(plain, str)) and bool(_EXACT.fullmatch(str(plain)))


def is_day(plain: object) -> TypeGuard[str]:
    """Whether it is a date of the calendar as YYYY-MM-DD.

    >>> is_day("2024-02-29"), is_day("2023-02-29"), is_day("20240229")
    (True, False, False)
    """
    if not isinstance(plain, str) or not _DAY.fullmatch(plain):
        return False
    try:
        date.fromisoformat(plain)
    except ValueError:
        return False
    return True


def as_value(kind: str, plain: Any) -> Any:
    """A plain value as the answers to a kind of question are.

    >>> as_value("number", "0.5"), as_value("single", "a")
    (Decimal('0.5'), 'a')
    """
    if kind == "number":
        return Decimal(plain)
    if kind == "date":
        return date.fromisoformat(plain)
    return tuple(plain) if isinstance(plain, list) else plain


def as_plain(value: Any) -> Any:
    """A value in a form that JSON keeps.

    >>> as_plain(Decimal("2.50")), as_plain(Decimal(3)), as_plain(("a", "b"))
    ('2.50', 3, ['a', 'b'])
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
