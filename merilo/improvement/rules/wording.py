"""From what people wrote to the one line of a proposal."""

from __future__ import annotations

MOST = 500  # characters of a proposal


def as_line(text: str, most: int = MOST) -> str:
    """A text as one line: whole where it fits, else up to a whole word.

    >>> as_line("Няма  анкета сред бизнеса", 15)
    'Няма анкета…'
    """
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    head, _, broken = line[:most].rpartition(" ")
    return f"{(head or broken[:-1]).rstrip(' ,.;:–-')}…"
