"""Words of a search in texts, in any of their forms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from merilo.core.stems import stem
from merilo.surveys.rules.redacting import Span

_WORD = re.compile(r"[^\W\d_]+|\d+", re.UNICODE)


def hits(text: str, wanted: frozenset[str]) -> Iterator[Span]:
    """The words of a text that have one of the stems.

    >>> from merilo.core.stems import stems
    >>> [(span.start, span.end) for span in hits("Повече гишета на гишето", stems("гише"))]
    [(7, 13), (17, 23)]
    """
    for word in _WORD.finditer(text):
        if stem(word[0].casefold()) in wanted:
            yield Span(word.start(), word.end(), "hit")
