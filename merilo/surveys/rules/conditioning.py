"""Conditions as people put them together: some single tests of which all, or one at least, must hold.

What is nested deeper is kept as it is, as a line of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

from merilo.surveys.rules.conditions import SIGNS
from merilo.surveys.rules.editing import Draft, Record, pages_of, parts_of
from merilo.surveys.rules.referring import Item, items_of, kinds_for

Joined = Literal["and", "or"]
_OPPOSITES = {"contains": "lacks", "answered": "unanswered"}
_NEGATED = {opposite: sign for sign, opposite in _OPPOSITES.items()}
WITHOUT_VALUE = frozenset({"answered", "unanswered"})


@dataclass(frozen=True, slots=True)
class Line:
    """One test. Signs are those of conditions, "lacks" and "unanswered"; `kept` is what is no such test."""

    item: str = ""
    sign: str = ""
    value: Any = None
    kept: tuple[Any, ...] = ()


def taken_apart(condition: object) -> tuple[Joined, tuple[Line, ...]]:
    """How the parts of a condition are joined, and the parts; no parts where there is no condition.

    >>> taken_apart(["or", ["=", "q1", "a"], ["not", ["answered", "q2"]]])[1][1].sign
    'unanswered'
    """
    if not isinstance(condition, list) or not condition:
        return "and", ()
    if condition[0] in ("and", "or") and len(condition) > 1:
        return condition[0], tuple(map(_line, condition[1:]))
    return "and", (_line(condition),)


def put_together(joined: Joined, lines: Sequence[Line]) -> list[Any] | None:
    """The condition that the lines make; None if there are none.

    >>> put_together("and", [Line("q1", "lacks", "a")])
    ['not', ['contains', 'q1', 'a']]
    """
    parts = [_plain(line) for line in lines]
    return [joined, *parts] if len(parts) > 1 else next(iter(parts), None)


def _line(part: Any) -> Line:
    """A part as a line that can be shown with three fields, or kept."""
    inner = part[1] if isinstance(part, list) and len(part) == 2 and part[0] == "not" else part
    match inner:
        case [str(sign), str(item), *rest] if _is_test(sign, rest):
            if inner is part:
                return Line(item, sign, *rest)
            if sign in _OPPOSITES:
                return Line(item, _OPPOSITES[sign], *rest)
    return Line(kept=tuple(part) if isinstance(part, list) else (part,))


def _is_test(sign: str, rest: Sequence[Any]) -> bool:
    if sign == "answered":
        return not rest
    return len(rest) == 1 and isinstance(rest[0], str | int) and (sign in SIGNS or sign == "contains")


def _plain(line: Line) -> list[Any]:
    if line.kept:
        return list(line.kept)
    sign = _NEGATED.get(line.sign, line.sign)
    test = [sign, line.item] if line.sign in WITHOUT_VALUE else [sign, line.item, line.value]
    return ["not", test] if line.sign in _NEGATED else test


def signs_of(item: Item) -> tuple[str, ...]:
    """The signs an item can be tested with, the most used first."""
    signs = (sign for sign in ("=", "!=", "<", "<=", ">", ">=", "contains") if item.kind in kinds_for(sign))
    contained = ("lacks",) if item.kind in kinds_for("contains") else ()
    return (*signs, *contained, "answered", "unanswered")


def items_before(draft: Draft, *, page: str = "", part: str = "") -> Mapping[str, Item]:
    """What is asked before a page, or before a text or question; everything where neither is named."""
    before: list[Record] = []
    for owner in pages_of(draft):
        if page and owner.get("code") == page:
            break
        parts = parts_of(owner)
        earlier = list(takewhile(lambda other: not part or other.get("code") != part, parts))
        before.append({"parts": earlier})
        if len(earlier) < len(parts):
            break
    return dict(items_of({"pages": before}))
