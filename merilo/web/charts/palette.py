"""Colours of the charts: one for the own organisation, stone for everybody else, red for late, and ink."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as written into the drawing; the defaults follow the page's custom properties."""

    own: str = "var(--accent)"
    line: str = "var(--accent-line)"
    soft: str = "var(--accent-soft)"
    other: str = "#8b857a"
    ink: str = "#23211d"
    quiet: str = "#4d4941"
    edge: str = "#7a746a"
    hair: str = "#dcd7cd"
    sand: str = "#f2efe9"
    white: str = "#ffffff"
    ground: str = "#faf9f6"
    late: str = "#8f1d1d"


WEB = Palette()
# A document has no custom properties: its maker passes the organisation's four colours.
DOCUMENT = Palette(own="#005868", line="#91c8d6", soft="#e5f1f4", ground="#ffffff")
