"""What an amendment changes: measures that came, went or read otherwise, field by field."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Key = TypeVar("Key", bound=Hashable)
Told = Mapping[str, str]  # a field of a measure -> what it says, as people read it


@dataclass(frozen=True, slots=True)
class Field:
    """One field that reads otherwise; an empty text says that nothing stood, or stands, there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change(Generic[Key]):
    """What became of one thing."""

    kind: Literal["added", "removed", "changed"]
    key: Key
    fields: tuple[Field, ...] = ()


def changes(before: Mapping[Key, Told], after: Mapping[Key, Told]) -> list[Change[Key]]:
    """What differs: changed and added things in the order they are in now, then those that went.

    >>> changes({1: {"text": "a"}}, {1: {"text": "b"}, 2: {"text": "c"}})[0].fields
    (Field(name='text', before='a', after='b'),)
    """
    return [*_now(before, after), *(Change("removed", key) for key in before if key not in after)]


def _now(before: Mapping[Key, Told], after: Mapping[Key, Told]) -> Iterator[Change[Key]]:
    for key, told in after.items():
        if key not in before:
            yield Change("added", key)
        elif fields := tuple(_fields(before[key], told)):
            yield Change("changed", key, fields)


def _fields(before: Told, after: Told) -> Iterator[Field]:
    """Fields that one of both sides does not know count as empty there."""
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield Field(name, old, new)
