"""What an author should look at before a survey opens: ways, translations, phones, and who could be known."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain
from math import prod
from typing import Any

from merilo.framework.catalogue import Text
from merilo.surveys.rules.asking import (
    Day,
    Matrix,
    Multiple,
    Number,
    Option,
    Rating,
    Recommendation,
    Single,
    YesNo,
)
from merilo.surveys.rules.definition import Block, Definition, Page, Question, Quota
from merilo.surveys.rules.floors import default_floor
from merilo.surveys.rules.piping import places
from merilo.surveys.rules.reaching import Reaching

# What still reads well at 390 pixels: characters of a question and of an option, and numbers of things.
QUESTION_LETTERS = 240
OPTION_LETTERS = 100
COLUMNS = 7
OPTIONS = 20
ITEMS_AT_ONCE = 15


@dataclass(frozen=True, slots=True)
class Remark:
    """A code, the part it is about ("" for the whole) and the values its sentence needs.

    `blocks` says that the survey cannot be opened like this; the sentence stands with the pages.
    """

    code: str
    subject: str = ""
    blocks: bool = False
    params: Mapping[str, object] = field(default_factory=dict)


def remarks(definition: Definition) -> list[Remark]:
    """Everything there is to say about a questionnaire, what stands in the way first."""
    checks = (_order(definition), _ways(definition), _translations(definition), _phones(definition))
    found = chain(*checks, _floor(definition), _identifying(definition))
    return sorted(found, key=lambda remark: not remark.blocks)


# --- order and ways ---------------------------------------------------------------------------
def _order(definition: Definition) -> Iterator[Remark]:
    """Conditions and repeated answers look back, never forward."""
    known: set[str] = set()
    for page in definition.pages:
        yield from _forward(page, known)
        for part in page.parts:
            yield from _forward(part, known)
            if isinstance(part, Question):
                known.update(part.keys)


def _forward(owner: Page | Question | Block, known: set[str]) -> Iterator[Remark]:
    for item in dict.fromkeys(owner.show_if.items() if owner.show_if else ()):
        if item not in known:
            yield Remark("condition_on_later", owner.code, blocks=True, params={"item": item})
    parts = () if isinstance(owner, Page) else _texts(owner, owner.code)
    texts = [owner.title] if isinstance(owner, Page) and owner.title else [text for _, text in parts]
    for item in dict.fromkeys(place for text in texts for word in text.values() for place in places(word)):
        if item not in known:
            yield Remark("repeats_later", owner.code, blocks=True, params={"item": item})


def _ways(definition: Definition) -> Iterator[Remark]:
    for part in Reaching(definition).unreachable():
        yield Remark("unreachable", part.code)


# --- texts ------------------------------------------------------------------------------------
def _texts(thing: Any, subject: str) -> Iterator[tuple[str, Text]]:
    """Every text of a thing with the code of the page, text, question or quota it stands in."""
    if isinstance(thing, Text):
        yield subject, thing
    elif isinstance(thing, tuple):
        for entry in thing:
            yield from _texts(entry, subject)
    elif dataclasses.is_dataclass(thing):
        if isinstance(thing, Page | Question | Block | Quota):
            subject = thing.code
        for entry in dataclasses.fields(thing):
            if entry.init:
                yield from _texts(getattr(thing, entry.name), subject)


def _translations(definition: Definition) -> Iterator[Remark]:
    """How many texts of a part lack a language; they would appear in the main one."""
    lacking: dict[tuple[str, str], int] = {}
    for subject, text in _texts(definition, ""):
        for language in definition.languages:
            if language not in text:
                lacking[subject, language] = lacking.get((subject, language), 0) + 1
    for (subject, language), count in lacking.items():
        yield Remark("not_translated", subject, params={"language": language, "count": count})


# --- phones -----------------------------------------------------------------------------------
def _phones(definition: Definition) -> Iterator[Remark]:
    for page in definition.pages:
        questions = [part for part in page.parts if isinstance(part, Question)]
        for question in questions:
            yield from _long(question)
        items = sum(len(question.items) for question in questions)
        if definition.layout == "pages" and items > ITEMS_AT_ONCE:
            yield Remark("long_page", page.code, params={"items": items, "limit": ITEMS_AT_ONCE})


def _long(question: Question) -> Iterator[Remark]:
    letters = max(map(len, question.text.values()))
    options: tuple[Option, ...] = question.options
    longest = max((len(word) for option in options for word in option.text.values()), default=0)
    columns = isinstance(question.asked, Matrix)
    for code, found, limit in (
        ("long_question", letters, QUESTION_LETTERS),
        ("long_option", longest, OPTION_LETTERS),
        ("many_columns" if columns else "many_options", len(options), COLUMNS if columns else OPTIONS),
    ):
        if found > limit:
            yield Remark(code, question.code, params={"found": found, "limit": limit})


# --- people -----------------------------------------------------------------------------------
def _floor(definition: Definition) -> Iterator[Remark]:
    usual = default_floor(definition.audience)
    if definition.floor < usual:
        yield Remark("low_floor", params={"floor": definition.floor, "usual": usual})


def _identifying(definition: Definition) -> Iterator[Remark]:
    """The attributes tell more groups apart than the population has groups of the floor's size."""
    if definition.mode == "named":
        return
    broken = {breakdown.question for breakdown in definition.breakdowns}
    told = {
        question.code: answers_of(question)
        for question in definition.questions()
        if question.attribute or question.code in broken
    }
    for code, number in told.items():
        if number is None:
            yield Remark("open_attribute", code)
    groups = prod(number for number in told.values() if number is not None)
    params = {"questions": ", ".join(told), "groups": groups, "floor": definition.floor}
    if definition.population is None:
        if len(told) > 1:
            yield Remark("population_unknown", params=params)
    elif groups * definition.floor > definition.population:
        yield Remark("identifying", params={**params, "population": definition.population})


def answers_of(question: Question) -> int | None:
    """How many different answers a question can have; None where there is no end to them."""
    number: int | None = None
    match question.asked:
        case Single(options=options):
            number = len(options)
        case Multiple(options=options):
            number = int(2 ** len(options))
        case Matrix(options=options, rows=rows):
            number = int(len(options) ** len(rows))
        case YesNo():
            number = 2
        case (Rating() | Recommendation()) as scale:
            number = scale.most - scale.least + 1 + (scale.unknown is not None)
        case Number(least=Decimal() as least, most=Decimal() as most, decimals=decimals):
            number = int((most - least).scaleb(decimals)) + 1
        case Day(least=date() as first, most=date() as last):
            number = (last - first).days + 1
    return number
