"""What the page of one sub-criterion shows of its form: bands, components, lines, and both to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from merilo.assessment.models import LineKind
from merilo.framework.catalogue import Band
from merilo.web.charts.ruler import ruler


@dataclass(frozen=True, slots=True)
class Wording:
    """One band to read: its figures, its phase and its sentence."""

    low: int
    high: int
    range: str
    phase: str
    text: str


@dataclass(frozen=True, slots=True)
class BandField:
    """One band of the scale as a radio, with the exact number typed in it."""

    index: str
    band: Band
    typed: str
    chosen: bool
    error: str = ""

    @property
    def phase(self) -> str:
        return self.band.phase.in_language(language())

    @property
    def text(self) -> str:
        return self.band.text.in_language(language())

    @property
    def is_single(self) -> bool:
        """The band is one number: choosing it is the score."""
        return self.band.low == self.band.high

    @property
    def range(self) -> str:
        """The band in figures."""
        return range_of(self.band)

    @property
    def ruler(self) -> SafeString:
        """The band as a ruler."""
        return mark_safe(ruler(self.band.low, self.band.high))


@dataclass(frozen=True, slots=True)
class PartField:
    """One component of the score with what was typed and the band it falls in."""

    code: str
    title: str
    text: str
    typed: str
    error: str
    band: Band | None
    own: list[Wording]

    @property
    def band_range(self) -> str:
        return range_of(self.band) if self.band else ""

    @property
    def band_text(self) -> str:
        return self.band.text.in_language(language()) if self.band else ""


@dataclass(slots=True)
class LineField:
    """One thought: its lasting id, its text, whether the name may be shown, what is wrong with it."""

    id: str
    text: str = ""
    named: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A judgement to read: the score in words, why not, and the lines by kind."""

    score: str
    reason: str
    blocks: list[tuple[str, list[str]]]


def line_words() -> Mapping[str, dict[str, str]]:
    """Headings of the three kinds of lines and what one is called."""
    return {
        LineKind.STRENGTH: {
            "title": _("Strengths"),
            "noun": _("Strength"),
            "hint": _("One thought per line, so that the group can bring them together."),
        },
        LineKind.AREA: {"title": _("Areas for improvement"), "noun": _("Area for improvement"), "hint": ""},
        LineKind.IDEA: {"title": _("Ideas for measures"), "noun": _("Idea"), "hint": ""},
    }


def range_of(band: Band) -> str:
    """The band in figures: "51–70", or "3"."""
    return str(band.low) if band.low == band.high else f"{band.low}–{band.high}"


def wordings(bands: Iterable[Band]) -> list[Wording]:
    """Bands to read in the language of the page."""
    spoken = language()
    return [
        Wording(
            band.low,
            band.high,
            range_of(band),
            band.phase.in_language(spoken),
            band.text.in_language(spoken),
        )
        for band in bands
    ]


def language() -> str:
    return get_language() or "en"
