"""New codes for a question, its options and rows, followed through everything that names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from merilo.surveys.rules.piping import PLACE

_Plain = TypeVar("_Plain")


@dataclass(frozen=True, slots=True)
class Renaming:
    """The codes of one question before and after. `rows` are those of a matrix."""

    before: str
    after: str
    options: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        changed = (*self.options.items(), *self.rows.items(), (self.before, self.after))
        return any(old != new for old, new in changed)

    def item(self, item: Any) -> Any:
        """An item or a line for "other" under its new code.

        >>> Renaming("age", "years", {"o": "other"}).item("age.o")
        'years.other'
        """
        if not isinstance(item, str):
            return item
        owner, dot, rest = item.partition(".")
        if owner != self.before:
            return item
        return f"{self.after}{dot}{self.rows.get(rest, self.options.get(rest, rest))}"

    def values(self, item: Any) -> Mapping[str, str]:
        """The options that an answer to this item can be; none for other questions and written lines."""
        owner, dot, rest = str(item).partition(".")
        return self.options if owner == self.before and (not dot or rest in self.rows) else {}


def renamed(thing: _Plain, renaming: Renaming) -> _Plain:
    """Plain values in which everything that names the codes names the new ones; the codes themselves stay.

    >>> renamed({"show_if": ["=", "q1", "a1"], "text": {"en": "{q1}?"}}, Renaming("q1", "age", {"a1": "old"}))
    {'show_if': ['=', 'age', 'old'], 'text': {'en': '{age}?'}}
    """
    found: Any = _renamed(thing, renaming)
    return found  # type: ignore[no-any-return]


def mentioned(thing: Any) -> Iterator[str]:
    """Every word in plain values that may name a question, in conditions and in texts; others come along.

    >>> sorted(set(mentioned({"show_if": ["=", "q1.r2", "yes"], "text": {"en": "And {q2}?"}})))
    ['=', 'And {q2}?', 'q1', 'q2', 'yes']
    """
    if isinstance(thing, Mapping):
        thing = list(thing.values())
    if isinstance(thing, list):
        for entry in thing:
            yield from mentioned(entry)
    elif isinstance(thing, str):
        for word in (thing, *(found.group(1) for found in PLACE.finditer(thing))):
            yield word.partition(".")[0]


def _renamed(thing: Any, renaming: Renaming) -> Any:
    if isinstance(thing, dict):
        return {key: _value(key, value, renaming) for key, value in thing.items()}
    if isinstance(thing, list):
        return [_renamed(entry, renaming) for entry in thing]
    return PLACE.sub(lambda found: _place(found, renaming), thing) if isinstance(thing, str) else thing


def _value(key: str, value: Any, renaming: Renaming) -> Any:
    if key in {"show_if", "when"}:
        return _condition(value, renaming)
    return renaming.item(value) if key == "question" else _renamed(value, renaming)


def _condition(plain: Any, renaming: Renaming) -> Any:
    if not isinstance(plain, list) or not plain:
        return plain
    head, *rest = plain
    if head in ("and", "or", "not"):
        return [head, *(_condition(part, renaming) for part in rest)]
    if not rest:
        return plain
    item, *values = rest
    named = renaming.values(item)
    return [head, renaming.item(item), *(_option(value, named) for value in values)]


def _option(value: Any, named: Mapping[str, str]) -> Any:
    return named.get(value, value) if isinstance(value, str) else value


def _place(found: re.Match[str], renaming: Renaming) -> str:
    return f"{{{renaming.item(found.group(1))}}}"
