"""One row of a task list."""

from __future__ import annotations

from dataclasses import dataclass

from merilo.web.component import Component
from merilo.web.components.tag.component import Status


@dataclass(frozen=True, slots=True)
class Task(Component):
    """Verb first, one line of help, status at the side. Without `url` it cannot be started yet."""

    text: str
    status: Status
    url: str = ""
    help: str = ""
    status_text: str = ""
