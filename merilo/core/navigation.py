"""What rooms contribute to pages above them: menu entries and tasks, registered in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main menu; `section` marks the pages on which it is current."""

    section: str
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One task of a person: a verb with its object, where to do it, until when, and its state."""

    title: str
    url: str
    help: str = ""
    due: datetime | None = None
    status: str = "idle"  # idle, progress, done, waiting, problem
    status_text: str = ""
    order: int = 50


MenuProvider = Callable[[HttpRequest, Any], Iterable[tuple[int, str, str, str]]]
WorkProvider = Callable[[Any], Iterable[WorkItem]]

_menu: list[MenuProvider] = []
_work: list[WorkProvider] = []


def contribute_menu(provider: MenuProvider) -> None:
    """`provider(request, viewer)` yields (order, section, label, url) for the viewer's organisation."""
    _menu.append(provider)


def contribute_work(provider: WorkProvider) -> None:
    """`provider(viewer)` yields the viewer's own tasks in the acting organisation."""
    _work.append(provider)


def menu(request: HttpRequest, viewer: Any, section: str) -> list[Entry]:
    """The menu of the acting organisation, in order, with the current section marked."""
    found = sorted(row for provider in _menu for row in provider(request, viewer))
    return [Entry(part, label, url, part == section) for _, part, label, url in found]


def work_of(viewer: Any) -> list[WorkItem]:
    """The viewer's tasks from all rooms, most urgent first."""
    items = [item for provider in _work for item in provider(viewer)]
    return sorted(items, key=lambda item: (item.status == "done", item.due is None, item.due, item.order))
