"""What a file changed, what changed meanwhile, and where both did: three versions of the same fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the file says otherwise; `clash` where it was changed here meanwhile, too."""

    name: str
    before: str
    after: str
    clash: bool = False


def mark(value: str) -> str:
    """A value as the file remembers it: the same for the same value, and short."""
    return sha256(value.encode()).hexdigest()[:12]


def marks(values: Mapping[str, str]) -> dict[str, str]:
    """The marks of all fields."""
    return {name: mark(value) for name, value in values.items()}


def differences(
    then: Mapping[str, str], now: Mapping[str, str], typed: Mapping[str, str]
) -> Iterator[Difference]:
    """What somebody changed in the file: fields as they left are no change, whatever is stored now.

    `then` are the marks of what was written into the file; a field it does not know counts as changed here.

    >>> list(differences(marks({"text": "a"}), {"text": "b"}, {"text": "c"}))
    [Difference(name='text', before='b', after='c', clash=True)]
    """
    for name, after in typed.items():
        before, base = now.get(name, ""), then.get(name, "")
        if after != before and mark(after) != base:
            yield Difference(name, before, after, clash=mark(before) != base)
