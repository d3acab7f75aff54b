"""How wide a text is, in em: upper bounds of the advance widths of Sofia Sans in its three weights."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

_CLASSES = (
    (0.24, "' \N{NO-BREAK SPACE}"),
    (0.28, "ijlI!:`|ìÌ"),
    (0.32, "J(),.;[]{}·’‘"),
    (0.40, "fr"),
    (0.44, 't"*/\\'),
    (0.48, "szГ"),
    (0.52, "1aL-?агзл„“äà"),
    (0.56, "25bcdegkopquvxyEFT^_бвдеийкнорсухчьяЕТѝöüèéòùÈÉ"),
    (0.60, "34678hnBPSXYZ+<=>~пцъБВЗЛРУХЬ−×ß"),
    (0.64, "09AKRV#$АКЯ€ÄÀ"),
    (0.68, "CDGHNOQUмДИЙНОПСЧЪЍÖÜÒÙ"),
    (0.76, "&Цwфю–"),
    (0.84, "MжМш…"),
    (0.88, "mтщФ—"),
    (1.04, "WЖШЮ%Щ@№"),
)
_UNKNOWN = 1.04


class _Widths(dict[str, float]):
    """Width by letter; what is not listed is as wide as the widest."""

    def __missing__(self, letter: str) -> float:
        return _UNKNOWN


_WIDTHS = _Widths({letter: width for width, letters in _CLASSES for letter in letters})
_width_of = _WIDTHS.__getitem__


def text_width(text: str, size: float) -> float:
    """Width of a text in units of the drawing, never less than it really is.

    >>> round(text_width("Хора", 18), 1)
    40.3
    """
    return size * sum(map(_width_of, text))


def fit(text: str, width: float, size: float) -> str:
    """The text, shortened with an ellipsis where it would be wider than `width`."""
    if text_width(text, size) <= width:
        return text
    room = width / size - _WIDTHS["…"] - 1e-9
    kept = text[: bisect_right(list(accumulate(map(_width_of, text))), room)]
    return f"{kept.rstrip(' ,.;:–-')}…" if kept else ""


def wrap(text: str, width: float, size: float, most: int = 2) -> list[str]:
    """The text in at most `most` lines no wider than `width`; what is left over is shortened."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and text_width(f"{line} {words[0]}", size) <= width:
            line = f"{line} {words.pop(0)}"
        lines.append(fit(line, width, size))
    return [*lines, fit(" ".join(words), width, size)] if words else lines
