"""Earlier answers repeated in later texts: "{city}" stands for the answer to the question "city"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from merilo.surveys.rules.conditions import Answers, Value
from merilo.surveys.rules.definition import Definition

PLACE = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)?)\}")
NOTHING = "…"


def places(text: str) -> Iterator[str]:
    """The items whose answers a text repeats.

    >>> list(places("You said {service} ({service.other}), { not this }."))
    ['service', 'service.other']
    """
    return (found.group(1) for found in PLACE.finditer(text))


def filled(
    text: str, answers: Answers, definition: Definition, language: str, show: Callable[[Value], str] = str
) -> str:
    """The text with the answers in their places, options in their wording; "…" where there is none.

    Who chose "other" and wrote what it is reads that. `show` writes numbers, dates and truths in the
    reader's way. The result is plain text, not markup.
    """

    def answer(place: re.Match[str]) -> str:
        item = place.group(1)
        if item not in answers:
            return NOTHING
        return said(definition, item, answers[item], language, show, lines=answers)

    return PLACE.sub(answer, text)


def said(
    definition: Definition,
    item: str,
    value: Value,
    language: str,
    show: Callable[[Value], str],
    *,
    lines: Answers | None = None,
) -> str:
    """An answer in words; `lines` are the answers with what was written beside "other"."""
    question = definition.owner(item)
    if item not in question.items:
        return str(value)
    written = lines or {}
    options = {
        option.code: str(written.get(f"{question.code}.{option.code}", option.text.in_language(language)))
        for option in question.options
    }
    if isinstance(value, tuple):
        return ", ".join(options[code] for code in value)
    return options.get(value, show(value)) if isinstance(value, str) else show(value)
