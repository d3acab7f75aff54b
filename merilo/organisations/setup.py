"""What is to be completed before an organisation can work; rooms above contribute their part."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from merilo.core.navigation import WorkItem
from merilo.organisations.viewers import Viewer

SetupProvider = Callable[[Viewer], Iterable[WorkItem]]
_setup: list[SetupProvider] = []


def contribute_setup(provider: SetupProvider) -> None:
    """`provider(viewer)` yields tasks for the organisation's own page, each with its present state."""
    _setup.append(provider)


def setup_of(viewer: Viewer) -> list[WorkItem]:
    """The tasks that rooms contribute, for this viewer."""
    return [item for provider in _setup for item in provider(viewer)]
