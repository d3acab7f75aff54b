"""What a resource centre sees of a town that agrees: the state of its cycle, which a room above tells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from merilo.core.models import StoredFile
from merilo.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of the cycle: `status` as in a task list, in `words`, the day of its end or plan."""

    number: int
    name: str
    status: str
    words: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class SharedReport:
    """An approved report: its public page where it is published, and its document."""

    key: UUID
    title: str
    approved_on: date | None
    url: str = ""
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class TownState:
    """Where a town's cycle stands: the period under review, the steps, the approved reports. No more."""

    period: str = ""
    steps: tuple[StepState, ...] = ()
    reports: tuple[SharedReport, ...] = ()

    def step(self, number: int) -> StepState | None:
        """One step, None where the town's model has no such."""
        return next((step for step in self.steps if step.number == number), None)


StateProvider = Callable[[Collection[Organisation], date], Mapping[UUID, TownState]]
_providers: list[StateProvider] = []


def contribute_state(provider: StateProvider) -> None:
    """`provider(organisations, on)` tells, by the id of each, the state of its cycle."""
    _providers.append(provider)


def states_of(organisations: Collection[Organisation], *, on: date) -> dict[UUID, TownState]:
    """Where each organisation's cycle stands, by its id; empty where it has not begun."""
    found = {organisation.pk: TownState() for organisation in organisations}
    for provider in _providers:
        found |= provider(organisations, on)
    return found
