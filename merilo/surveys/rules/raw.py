"""Raw form values and what is refused of them, whatever is asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from merilo.surveys.rules.conditions import Value
from merilo.surveys.rules.values import is_day

Raw: TypeAlias = Mapping[str, Sequence[str]]
Found: TypeAlias = dict[str, Value]
Reader: TypeAlias = Callable[[Raw], Found]

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_NUMBER = re.compile(r"([-−]?)([0-9]{1,15})(?:[.,]([0-9]{1,6}))?")
_DAY = re.compile(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})")


class Refused(ValueError):
    """Values that are no answer: a code with the parameters of its sentence, never what was sent."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def one(raw: Raw, key: str) -> str:
    """The one value of a field, "" if there is none. Errors: Refused where a form was sent with two."""
    values = raw.get(key, ())
    if len(values) > 1:
        raise Refused("given_twice")
    return values[0].strip() if values else ""


def clean(text: str, most: int) -> str:
    r"""A text as it is kept: one kind of line end, composed letters, no control characters.

    >>> clean(" a\r\nb ", 10)
    'a\nb'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > 10 * most:  # nobody composes the letters of a flood
        raise Refused("text_too_long", length=len(text), limit=most)
    if _CONTROL.search(text):
        raise Refused("control_character")
    text = unicodedata.normalize("NFC", text)
    if len(text) > most:
        raise Refused("text_too_long", length=len(text), limit=most)
    return text


def without_controls(text: str) -> str:
    r"""A text as it may be kept to be looked at again, though it is no answer.

    >>> without_controls("six\x0bteen\x00")
    'sixteen'
    """
    return _CONTROL.sub("", text)


def as_number(text: str, decimals: int) -> Decimal:
    """A number as people write it: comma or dot before the decimals, blanks between thousands.

    >>> as_number("1 234,50", 1), as_number("−3", 0)
    (Decimal('1234.50'), Decimal('-3'))
    """
    found = _NUMBER.fullmatch("".join(text.split())) if len(text) <= 40 else None
    if found is None:
        raise Refused("not_number")
    sign, whole, fraction = found.groups(default="")
    if not decimals and (fraction.rstrip("0") or len(fraction) == 3):  # "1,000" may be a thousand
        raise Refused("not_whole")
    if len(fraction.rstrip("0")) > decimals:
        raise Refused("too_many_decimals", decimals=decimals)
    number = Decimal(f"{whole}.{fraction}" if fraction else whole)
    return -number if sign and number else number


def as_day(text: str) -> date:
    """A date as the browser sends it, or as people write it: day, month, year.

    >>> as_day("2026-05-01") == as_day("1.5.2026") == as_day("01/05/2026")
    True
    """
    written = _DAY.fullmatch(text)
    plain = f"{written[3]}-{written[2]:0>2}-{written[1]:0>2}" if written else text
    if not is_day(plain):
        raise Refused("not_date")
    return date.fromisoformat(plain)


def within(value: Any, least: Any, most: Any) -> Any:
    """The value, if it lies between its limits, as far as there are any."""
    if least is not None and value < least:
        raise Refused("below_least", least=least)
    if most is not None and value > most:
        raise Refused("above_most", most=most)
    return value


def in_time(day: date, first: date | None, last: date | None) -> date:
    """The day, if it is not too early and not too late."""
    if first is not None and day < first:
        raise Refused("too_early", first=first)
    if last is not None and day > last:
        raise Refused("too_late", last=last)
    return day


def chosen(text: str, codes: frozenset[str]) -> str:
    """The code of an option, if there is such an option."""
    if text not in codes:
        raise Refused("unknown_option")
    return text


def whole(text: str) -> int | None:
    """A whole number of at most three digits."""
    return int(text) if len(text) <= 3 and text.isascii() and text.isdigit() else None
