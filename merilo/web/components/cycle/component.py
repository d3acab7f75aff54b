"""The cycle as a rule with ten marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merilo.web.component import Component
from merilo.web.items import CycleStep


@dataclass(frozen=True, slots=True)
class Cycle(Component):
    """The steps of the cycle on a rule; past ones are filled, the current one is marked."""

    steps: Sequence[CycleStep]
    label: str

    @property
    def current(self) -> CycleStep | None:
        """The step being worked on."""
        return next((step for step in self.steps if step.state == "now"), None)
