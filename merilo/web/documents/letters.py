"""Letters that the typeface lacks: the PDF generator refuses a whole document for one of them."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

MISSING = "[?]"
_ALIKE = {
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "–",
    "\u2015": "—",
    **dict.fromkeys("\uf0b7\uf0a7▪●○■□‣◦", "•"),
    **dict.fromkeys("→⇒➔➜►", "–"),
    **dict.fromkeys("✓✔☑", "+"),
    "≤": "<=",
    "≥": ">=",
    "≈": "~",
}


@cache
def letters(font: Path) -> frozenset[str]:
    """All letters of a font file."""
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as opened:
        return frozenset(map(chr, opened.getBestCmap()))


def drawable(text: str, known: frozenset[str]) -> tuple[str, bool]:
    """The text in letters the font has, and whether `MISSING` stands for one of them somewhere.

    A letter that only looks different comes as its plain form (①: 1), an invisible one not at all.

    >>> drawable("ﬁ 😀", frozenset("fi []?"))
    ('fi [?]', True)
    """
    wanted = {letter for letter in set(text) - known if letter not in "\n\t"}
    shown = {ord(letter): _instead(letter, known) for letter in wanted}
    return text.translate(shown), MISSING in shown.values()


def _instead(letter: str, known: frozenset[str]) -> str:
    plain = _ALIKE.get(letter) or unicodedata.normalize("NFKC", letter)
    if set(plain) <= known:
        return plain
    return "" if _is_invisible(letter) else MISSING


def _is_invisible(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cf", "Cc"} or "\ufe00" <= letter <= "\ufe0f"
