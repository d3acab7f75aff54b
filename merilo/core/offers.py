"""Handing things to other rooms: who takes what, registered in `AppConfig.ready`.

A room that has something to hand over lists the targets of all receivers; the receiver's own page takes it,
with the rights of the person who stands there. Until that person says so nothing exists at the receiver's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise as LazyText


@dataclass(frozen=True, slots=True)
class Target:
    """One thing of a receiver to which something may be handed; `path` is the page that takes it.

    `single` where it takes one thing at a time.
    """

    code: str
    title: str
    path: str
    meta: str = ""
    single: bool = False


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who takes things of the given kinds: `targets(viewer, kind, place)` are those the viewer may change."""

    code: str
    name: str | LazyText
    kinds: frozenset[str]
    targets: Callable[[Any, str, str], Iterable[Target]]


_receivers: dict[str, Receiver] = {}


def contribute_receiver(receiver: Receiver) -> None:
    """Take things from other rooms."""
    _receivers[receiver.code] = receiver


def targets_for(viewer: Any, kind: str, place: str) -> Iterator[tuple[Receiver, list[Target]]]:
    """The receivers of things of a kind, each with where the viewer may put them; others are left out."""
    for receiver in _receivers.values():
        if kind in receiver.kinds and (found := list(receiver.targets(viewer, kind, place))):
            yield receiver, found


def address_of(target: Target, ids: Sequence[str]) -> str:
    """The page of the target that takes these things."""
    mark = "&" if "?" in target.path else "?"
    return f"{target.path}{mark}{urlencode([('take', one) for one in ids])}"
