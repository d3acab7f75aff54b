"""The one accent of an organisation, derived from its own colour so that text in it can always be read.

The hue stays; chroma and lightness (OKLCH) are lowered until the accent has a contrast of 7 : 1 with sand.
Source of the conversion: B. Ottosson, "A perceptual color space for image processing" (2020);
of the contrast: WCAG 2.2, "relative luminance".
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

WHITE, PAPER, SAND = "#ffffff", "#faf9f6", "#f2efe9"
ENOUGH = 7.0
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")

RGB = tuple[float, float, float]


class NotAColour(ValueError):
    """The text is not a colour of the form #1a2b3c."""


@dataclass(frozen=True, slots=True)
class Accent:
    """The four colours of an organisation, as #rrggbb: text and buttons, their hover, ground, light line."""

    accent: str
    deep: str
    soft: str
    line: str


DEFAULT = Accent("#005868", "#003e4a", "#e5f1f4", "#91c8d6")


def derive(colour: str) -> Accent:
    """The accent for an organisation's colour. Raises NotAColour.

    >>> derive("#ffd500").accent
    '#5f4e05'
    """
    lightness, chroma, hue = _to_oklch(parse(colour))
    chroma, lightness = min(chroma, 0.13), min(lightness, 0.50)
    while contrast(accent := _hex(_from_oklch(lightness, chroma, hue)), SAND) < ENOUGH:
        lightness -= 0.005
    return Accent(
        accent=accent,
        deep=_hex(_from_oklch(max(lightness - 0.09, 0.0), chroma, hue)),
        soft=_hex(_from_oklch(0.95, min(chroma, 0.014), hue)),
        line=_hex(_from_oklch(0.80, min(chroma, 0.06), hue)),
    )


def is_darkened(colour: str, accent: Accent) -> bool:
    """Whether the accent differs from the colour that was given, so that a form can say why."""
    return f"#{_digits(colour).lower()}" != accent.accent


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21.

    >>> round(contrast("#ffffff", "#000000"))
    21
    """
    lighter, darker = sorted((_luminance(parse(one)), _luminance(parse(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def parse(colour: str) -> RGB:
    """Red, green, blue from 0 to 1. Raises NotAColour."""
    digits = _digits(colour)
    red, green, blue = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
    return red, green, blue


def _digits(colour: str) -> str:
    found = _HEX.fullmatch(colour.strip())
    if not found:
        raise NotAColour(colour)
    return found[1]


def _hex(rgb: RGB) -> str:
    return "#" + "".join(f"{round(min(max(part, 0.0), 1.0) * 255):02x}" for part in rgb)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _luminance(rgb: RGB) -> float:
    red, green, blue = (_linear(part) for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_oklch(rgb: RGB) -> tuple[float, float, float]:
    """Lightness 0–1, chroma, hue in radians."""
    r, g, b = (_linear(part) for part in rgb)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    green_red = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    blue_yellow = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(green_red, blue_yellow), math.atan2(blue_yellow, green_red)


def _oklch_to_rgb(lightness: float, chroma: float, hue: float) -> RGB:
    green_red, blue_yellow = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    r = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    g = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    b = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return r, g, b


def _from_oklch(lightness: float, chroma: float, hue: float) -> RGB:
    """The colour in sRGB; chroma is lowered until it fits the gamut."""
    rgb = _oklch_to_rgb(lightness, chroma, hue)
    while chroma > 0 and not all(-1e-4 <= part <= 1 + 1e-4 for part in rgb):
        chroma = max(chroma - 0.004, 0.0)
        rgb = _oklch_to_rgb(lightness, chroma, hue)
    red, green, blue = (_gamma(min(max(part, 0.0), 1.0)) for part in rgb)
    return red, green, blue
