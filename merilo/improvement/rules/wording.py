"""How texts become the one line of a proposal, and numbers of rows a short list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

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


LEAST_RUN = 3  # numbers that are told as from–to


def as_runs(numbers: Iterable[int]) -> str:
    """Different numbers in their order, those that follow each other drawn together.

    >>> as_runs([9, 2, 3, 4, 6, 7])
    '2–4, 6, 7, 9'
    """
    return ", ".join(text for run in _runs(sorted(numbers)) for text in _told(run))


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Numbers that follow each other have the same distance to their places in the list."""
    for _distance, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        yield [number for _place, number in run]


def _told(run: Sequence[int]) -> list[str]:
    return [f"{run[0]}–{run[-1]}"] if len(run) >= LEAST_RUN else [str(number) for number in run]
