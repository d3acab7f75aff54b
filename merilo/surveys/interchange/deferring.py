"""Conditions and repeated answers, which are put in when all questions of a file are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from merilo.surveys.interchange.expressions import Node, Translator, Untranslatable, Variable
from merilo.surveys.interchange.losses import Notes, Place
from merilo.surveys.rules.piping import PLACE

Source = tuple[str, Place]


class Deferred:
    """What waits until the last question was read."""

    def __init__(self, parse: Callable[[str], Node], notes: Notes) -> None:
        self.parse, self.notes = parse, notes
        self.conditions: list[tuple[dict[str, Any], str, Sequence[Source]]] = []
        self.texts: list[tuple[dict[str, str], Place]] = []

    def condition(self, owner: dict[str, Any], key: str, sources: Sequence[Source]) -> None:
        """Put the condition of all sources together into `owner[key]` later, beside what waits already."""
        if sources:
            self.conditions.append((owner, key, list(sources)))

    def text(self, text: dict[str, str], place: Place) -> None:
        self.texts.append((text, place))

    def settle(self, known: Callable[[str], Variable | None], filled: Callable[[str, Place], str]) -> None:
        """Put everything in; `filled` writes the places for answers in a text our way."""
        translator = Translator(known)
        gathered: dict[tuple[int, str], list[Any]] = {}
        for owner, key, sources in self.conditions:
            for source, place in sources:
                found = self._condition(translator, source, place)
                if found is not None:
                    gathered.setdefault((id(owner), key), [owner]).append(found)
        for (_owner, key), (owner, *found) in gathered.items():
            owner[key] = found[0] if len(found) == 1 else ["and", *found]
        for text, place in self.texts:
            text.update({code: filled(words, place) for code, words in text.items()})

    def _condition(self, translator: Translator, source: str, place: Place) -> list[Any] | None:
        try:
            found = translator.condition(self.parse(source))
        except Untranslatable:
            self.notes.add(place, "condition", source=source)
            return None
        if isinstance(found, list):
            return found
        if not found:
            self.notes.add(place, "never", source=source)
        return None


def replaced(
    words: str, place: re.Pattern[str], put: Callable[[re.Match[str]], str], *, literal: bool
) -> str:
    """The text with what `put` makes of each place; unless it is `literal`, other braces mean nothing."""
    pieces, end = list[str](), 0
    for found in place.finditer(words):
        pieces += [_harmless(words[end : found.start()], literal=literal), put(found)]
        end = found.end()
    return "".join([*pieces, _harmless(words[end:], literal=literal)])


def _harmless(piece: str, *, literal: bool) -> str:
    return piece if literal else PLACE.sub(r"[\1]", piece)
