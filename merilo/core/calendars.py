"""What people carry in their calendars: days that rooms contribute, registered in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Day:
    """One entry of whole days. `key` names the thing for ever, `version` grows with every change of it.

    `path` is where it is seen, without the host. `cancelled` is what was planned and does not happen.
    """

    key: str
    title: str
    first: date
    changed_at: datetime
    last: date | None = None
    version: int = 1
    about: str = ""
    path: str = ""
    cancelled: bool = False


Provider = Callable[[Any, date], Iterable[Day]]
_providers: list[Provider] = []


def contribute_days(provider: Provider) -> None:
    """`provider(viewer, today)` yields the days that concern the viewer in the acting organisation."""
    _providers.append(provider)


def days_of(viewer: Any, *, on: date) -> list[Day]:
    """The viewer's days from all rooms, the earliest first."""
    found = [day for provider in _providers for day in provider(viewer, on)]
    return sorted(found, key=lambda day: (day.first, day.key))
