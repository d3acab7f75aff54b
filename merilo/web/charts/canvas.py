"""A sheet to draw on: shapes as SVG elements with presentational attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from merilo.web.charts.metrics import fit, text_width
from merilo.web.charts.palette import Palette

FAMILY = "Sofia Sans, Noto Sans, sans-serif"
WIDE, NARROW = 760, 360
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished chart: SVG for 360 and 760 units, and the table of the same numbers."""

    title: str
    narrow: str
    wide: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def escape(text: str) -> str:
    """Text for an element or a quoted attribute; characters XML cannot hold are left out."""
    return _NOT_XML.sub("", text).translate(_ESCAPES)


def number(value: float) -> str:
    """A coordinate with at most one decimal.

    >>> number(12.04), number(3.75)
    ('12', '3.8')
    """
    told = f"{value:.1f}"  # a page draws ten thousand of them
    if "n" in told:  # nan, inf
        raise ValueError(value)
    return told.removesuffix(".0")


class Canvas:
    """Collects shapes; `finish` makes the SVG text."""

    def __init__(self, width: float, height: float, palette: Palette) -> None:
        self.width, self.height, self.palette = width, height, palette
        self._parts: list[str] = []

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element around the following shapes: a link, or a group; `end` closes it."""
        told = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        self._parts.append(f"<{tag}{told}>")

    def end(self, tag: str) -> None:
        """Close what `begin` opened."""
        self._parts.append(f"</{tag}>")

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 1, dash: str = ""
    ) -> None:
        """A straight line; `dash` is the pattern of a broken one."""
        broken = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" '
            f'stroke="{colour}" stroke-width="{number(width)}"{broken}/>'
        )

    def rect(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A filled rectangle; nothing for an empty one."""
        if width > 0 and height > 0:
            self._parts.append(
                f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
                f'fill="{fill}"/>'
            )

    def circle(
        self, x: float, y: float, radius: float, fill: str, *, edge: str = "", edge_width: float = 2
    ) -> None:
        """A filled circle, with an edge where two may touch."""
        stroke = f' stroke="{edge}" stroke-width="{number(edge_width)}"' if edge else ""
        self._parts.append(
            f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}"{stroke}/>'
        )

    def polyline(
        self,
        points: Sequence[tuple[float, float]],
        colour: str,
        width: float = 2,
        *,
        closed: bool = False,
        fill: str = "none",
        opacity: float = 1,
        dash: str = "",
    ) -> None:
        """A line through points, closed to a polygon when asked."""
        path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        broken = f' stroke-dasharray="{dash}"' if dash else ""
        glass = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
        self._parts.append(
            f'<{"polygon" if closed else "polyline"} points="{path}" fill="{fill}"{glass} '
            f'stroke="{colour}" stroke-width="{number(width)}" stroke-linejoin="round"{broken}/>'
        )

    def path(self, strokes: str, colour: str, width: float = 1) -> None:
        """Lines given as the commands of a path."""
        self._parts.append(
            f'<path d="{strokes}" fill="none" stroke="{colour}" stroke-width="{number(width)}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 16,
        *,
        weight: int = 400,
        anchor: str = "start",
        fill: str = "",
        halo: bool = False,
    ) -> None:
        """A text on its base line, moved kept on the sheet; `halo` parts it from what lies below."""
        text = fit(text, self.width, size)
        width = text_width(text, size)
        left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
        x += max(0.0, -left) - max(0.0, left + width - self.width)
        more = "" if weight == 400 else f' font-weight="{weight}"'
        more += "" if anchor == "start" else f' text-anchor="{anchor}"'
        if halo:
            more += f' paint-order="stroke" stroke="{self.palette.ground}" stroke-width="5"'
            more += ' stroke-linejoin="round"'
        self._parts.append(
            f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" '
            f'fill="{fill or self.palette.ink}"{more}>{escape(text)}</text>'
        )

    def finish(
        self, title: str, description: str = "", *, kind: str = "", more: Mapping[str, str] | None = None
    ) -> str:
        """The whole as SVG with title and description; `more` attributes replace the usual ones."""
        told = escape(f"{title}. {description}".strip(" ."))
        about = f"<desc>{escape(description)}</desc>" if description else ""
        names = f"chart {kind}".strip()
        box = f"0 0 {number(self.width)} {number(self.height)}"
        attributes = {"role": "img", "aria-label": told} | dict(more or {})
        further = " ".join(f'{name}="{value}"' for name, value in attributes.items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{names}" viewBox="{box}" font-family="{FAMILY}" '
            f"{further}><title>{escape(title)}</title>{about}"
            f"{''.join(self._parts)}</svg>"
        )
