"""One idea per line: what a person typed into a box as a list of clean lines, nothing of it cut."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from merilo.assessment.rules.findings import Finding, blocking

LONGEST_LINE = 2_000  # characters
MOST_LINES = 60

_LINE_ENDS = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_BULLET = re.compile(r"^(?:[•▪◦‣∙●○■□\uf0b7\uf0a7]\s*|[-–—*·]\s+(?=[^\W\d_]))")
# Turning marks can make a text read differently from what is stored.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_INVISIBLE = _TURNING | frozenset("\ufeff\u200b\u00ad")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines as they will be kept, and what was noticed on the way."""

    lines: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether the lines cannot be kept as they are; they still hold everything that was typed."""
        return bool(blocking(self.findings))


def read_lines(text: str, *, longest: int = LONGEST_LINE, most: int = MOST_LINES) -> Lines:
    r"""The ideas in a text, one per line, without blanks around, doubled blanks, bullets and empty lines.

    Findings, by line number (from 1, among the lines kept): "characters_removed" (control and invisible
    characters, with their count), "line_too_long" and "too_many_lines", the last two blocking.

    >>> read_lines("• Нов портал\r\n\r\n - Обучени служители ").lines
    ('Нов портал', 'Обучени служители')
    """
    return check_lines(_LINE_ENDS.split(text), longest=longest, most=most)


def check_lines(lines: Iterable[str], *, longest: int = LONGEST_LINE, most: int = MOST_LINES) -> Lines:
    """The same for ideas that come in fields of their own."""
    kept: list[str] = []
    findings: list[Finding] = []
    for raw in lines:
        visible, removed = _visible(raw)
        line = _BULLET.sub("", " ".join(visible.split()))
        number = str(len(kept) + 1)
        if removed:
            findings.append(Finding("characters_removed", number, params={"count": removed}))
        if len(line) > longest:
            params = {"length": len(line), "longest": longest}
            findings.append(Finding("line_too_long", number, blocks=True, params=params))
        if line:
            kept.append(line)
    if len(kept) > most:
        params = {"count": len(kept), "most": most}
        findings.append(Finding("too_many_lines", blocks=True, params=params))
    return Lines(tuple(kept), tuple(findings))


def _visible(raw: str) -> tuple[str, int]:
    """The line in composed form without what cannot be shown or stored, and how many characters went."""
    composed = unicodedata.normalize("NFC", raw)
    visible = "".join(letter for letter in composed if not _is_invisible(letter))
    return visible, len(composed) - len(visible)


def _is_invisible(letter: str) -> bool:
    if letter.isspace():  # tabs and line ends inside a field become blanks
        return False
    return letter in _INVISIBLE or unicodedata.category(letter) in {"Cc", "Cs"}


def unnamed(lines: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The kept lines by kind, none of them carrying its author's name.

    >>> unnamed({"area": [{"id": "a", "text": "Няма карта", "named": True}]})
    {'area': [{'id': 'a', 'text': 'Няма карта', 'named': False}]}
    """
    return {kind: [line | {"named": False} for line in of_kind] for kind, of_kind in lines.items()}
