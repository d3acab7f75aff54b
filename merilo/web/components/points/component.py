"""Fine-tuned score: one number per component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from merilo.web.charts.ruler import ruler
from merilo.web.component import Component
from merilo.web.items import Band, Part


@dataclass(frozen=True, slots=True)
class Row:
    """A component of the score with what was typed and what is wrong with it."""

    part: Part
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class Points(Component):
    """The inside of a fieldset; use it through `forms.PointsField`.

    Sends `<name>-<code>` per component, `<name>-cannot` and `<name>-reason`.
    """

    name: str
    parts: Sequence[Part]
    bands: Sequence[Band] = ()
    values: Mapping[str, str] | None = None
    errors: Mapping[str, str] | None = None
    cannot: bool = True
    cannot_chosen: bool = False
    reason: str = ""
    id: str = ""
    described_by: str = ""

    @property
    def rows(self) -> list[Row]:
        """The components in their order."""
        values, errors = self.values or {}, self.errors or {}
        return [Row(part, values.get(part.code, ""), errors.get(part.code, "")) for part in self.parts]

    @property
    def ruler(self) -> SafeString:
        """The whole scale as a ruler."""
        return mark_safe(ruler(0, 100))
