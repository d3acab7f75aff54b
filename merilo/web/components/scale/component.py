"""Score scale: bands as radios, an exact number in the chosen one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from merilo.web.charts.ruler import ruler
from merilo.web.component import Component
from merilo.web.items import Band


@dataclass(frozen=True, slots=True)
class Row:
    """A band with everything its row needs."""

    index: str
    band: Band
    points: str
    chosen: bool
    ruler: SafeString


@dataclass(frozen=True, slots=True)
class Scale(Component):
    """The inside of a fieldset; use it through `forms.ScoreField`.

    Sends `<name>-band` (index of the band, or "cannot"), `<name>-points-<index>` and `<name>-reason`.
    """

    name: str
    bands: Sequence[Band]
    chosen: str = ""
    points: Mapping[str, str] | None = None
    cannot: bool = True
    reason: str = ""
    id: str = ""
    described_by: str = ""
    invalid: bool = False

    @property
    def rows(self) -> list[Row]:
        """The bands from the lowest to the highest."""
        typed = self.points or {}
        return [
            Row(
                str(n),
                band,
                typed.get(str(n), ""),
                self.chosen == str(n),
                mark_safe(ruler(band.low, band.high)),
            )
            for n, band in enumerate(self.bands)
        ]
