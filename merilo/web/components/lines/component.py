"""One idea per numbered field, an empty one always last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class Line:
    """One field: its number from 1, what stands in it, what is wrong with it."""

    number: int
    text: str
    error: str


@dataclass(frozen=True, slots=True)
class Lines(Component):
    """Fields of one name, an idea each; use it through `forms.LinesField`. `noun` names one ("Strength")."""

    name: str
    noun: str
    values: Sequence[str] = ()
    errors: Mapping[int, str] | None = None
    empty: int = 1
    id: str = ""
    described_by: str = ""
    most: int = 0

    @property
    def rows(self) -> list[Line]:
        """The filled lines, then the empty ones; `errors` are by line number."""
        errors = self.errors or {}
        texts = [*self.values, *[""] * self.empty]
        return [Line(n, text, errors.get(n, "")) for n, text in enumerate(texts, start=1)]
