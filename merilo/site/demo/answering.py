"""People of the demo who answer a survey: some are more content than others, some know less, some skip."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import TypeAlias
from uuid import UUID

from merilo.site.demo.content import Node
from merilo.site.demo.scene import dice
from merilo.surveys.rules.asking import (
    UNKNOWN,
    LongText,
    Matrix,
    Multiple,
    Number,
    Option,
    Ranking,
    Rating,
    Recommendation,
    Single,
    YesNo,
)
from merilo.surveys.rules.conditions import Value, holds
from merilo.surveys.rules.definition import Definition, Question

# In points of a scale of five: the standard deviation between people, and how far one's answers lie apart.
PEOPLE_DIFFER, ANSWERS_DIFFER = 0.6, 2.6
Teller: TypeAlias = "Callable[[_Person], Mapping[str, Value]]"


@dataclass(frozen=True, slots=True)
class Answered:
    """What one person sent; `day` counts from the first."""

    id: UUID
    day: int
    source: str
    language: str
    answers: dict[str, Value]


@dataclass(slots=True)
class _Person:
    """Who somebody is, and how far they are above or below others in what they say."""

    attributes: Mapping[str, str]
    mood: float


class Crowd:
    """The people who answer one wave; `later` is 1 in the second, where some levels have changed."""

    def __init__(self, node: Node, definition: Definition, *, seed: str, later: int) -> None:
        self.node, self.later, self.chance = node, later, dice(seed)
        self.pages = [
            (page, [(part, self._teller(part)) for part in page.parts if isinstance(part, Question)])
            for page in definition.pages
        ]
        attributes = [question for question in definition.questions() if question.attribute]
        self.attributes = {
            question.code: self._choice(node["shares"][question.code]) for question in attributes
        }

    def everybody(self, number: int, *, days: int) -> Iterator[Answered]:
        """That many answers, most of them in the first days."""
        chance, source = self.chance, self._choice(self.node["sources"])
        for _each in range(number):
            yield Answered(
                id=UUID(int=chance.getrandbits(128), version=4),
                day=int(chance.triangular(0, days, days / 4)),
                source=source(),
                language="en" if chance.random() < self.node["english"] else "bg",
                answers=self._answers(self._somebody()),  # JSON has lists for tuples
            )

    def _somebody(self) -> _Person:
        attributes = {code: choose() for code, choose in self.attributes.items()}
        leaning = self.node["leaning"]
        mood = sum(leaning.get(code, {}).get(option, 0) for code, option in attributes.items())
        return _Person(attributes, mood + self.chance.gauss(0, PEOPLE_DIFFER))

    def _answers(self, person: _Person) -> dict[str, Value]:
        """Answers to what is shown, in its order; some questions are passed over."""
        said: dict[str, Value] = {}
        for page, questions in self.pages:
            for question, tell in questions if holds(page.show_if, said) else ():
                is_asked = holds(question.show_if, said)
                if is_asked and (question.required or self.chance.random() >= self.node["skipped"]):
                    said.update(tell(person))
        return said

    # --- one teller for each question -----------------------------------------------------------
    def _teller(self, question: Question) -> Teller:
        code, asked = question.code, question.asked
        if question.attribute:
            return lambda person: {code: person.attributes[code]}
        if isinstance(asked, Matrix):
            rows = [(item, self._scale(item, asked.options)) for item in question.items]
            return lambda person: {item: tell(person) for item, tell in rows}
        if isinstance(asked, Single) and code not in self.node["shares"]:
            scale = self._scale(code, asked.options)
            return lambda person: {code: scale(person)}
        if isinstance(asked, Rating | Recommendation):
            points = self._points(code, asked)
            return lambda person: {code: points(person)}
        return self._unscaled(question)

    def _unscaled(self, question: Question) -> Teller:
        code, asked, chance = question.code, question.asked, self.chance
        if isinstance(asked, LongText):
            often, said = self.node["texts"][code]["often"], self.node["texts"][code]["said"]
            return lambda _person: {code: chance.choice(said)} if chance.random() < often else {}
        if isinstance(asked, Number):
            middle = math.log(self.node["levels"][code])
            return lambda _person: {code: min(round(chance.lognormvariate(middle, 0.8)), 400)}
        shares = self.node["shares"][code]
        if isinstance(asked, Multiple):
            return lambda _person: _some(code, _several(chance, shares, asked))
        if isinstance(asked, Ranking):
            return lambda _person: {code: _in_order(chance, shares, asked.most or len(shares))}
        choose = self._choice(shares)
        if isinstance(asked, YesNo):
            return lambda _person: {code: choose() == "yes"}
        return lambda _person: {code: choose()}

    def _scale(self, item: str, options: tuple[Option, ...]) -> Callable[[_Person], str]:
        """The option that lies nearest to what a person feels, or "don't know"."""
        codes = [option.code for option in options if option.role != "unknown"]
        unknown = next((option.code for option in options if option.role == "unknown"), "")
        level, often, chance = self._level(item), self._said("unknown", item, 0.02), self.chance.random

        def tell(person: _Person) -> str:
            if unknown and chance() < often:
                return unknown
            felt = round(level + person.mood + ANSWERS_DIFFER * (chance() - 0.5))
            return codes[min(max(felt, 1), len(codes)) - 1]

        return tell

    def _points(self, code: str, asked: Rating | Recommendation) -> Callable[[_Person], Value]:
        level, often, chance = self._level(code), self._said("unknown", code, 0.03), self.chance.random
        wide = (asked.most - asked.least) / 4

        def tell(person: _Person) -> Value:
            if asked.unknown and chance() < often:
                return UNKNOWN
            felt = round(level + wide * (person.mood + ANSWERS_DIFFER * (chance() - 0.5)))
            return min(max(felt, asked.least), asked.most)

        return tell

    def _level(self, item: str) -> float:
        return self._said("levels", item, 0) + self.later * self._said("changes", item, 0)

    def _said(self, key: str, item: str, usual: float) -> float:
        """What the content says of a row, else of its question."""
        told: Mapping[str, float] = self.node.get(key, {})
        return told.get(item, told.get(item.partition(".")[0], usual))

    def _choice(self, shares: Mapping[str, float]) -> Callable[[], str]:
        codes, reached, chance = list(shares), list(accumulate(shares.values())), self.chance.random
        return lambda: codes[bisect(reached, chance() * reached[-1])]


def _some(code: str, chosen: tuple[str, ...]) -> Mapping[str, Value]:
    return {code: chosen} if chosen else {}


def _several(chance: Random, shares: Mapping[str, float], asked: Multiple) -> tuple[str, ...]:
    """Options chosen each by its own chance, in a hundred; "none of these" stands alone."""
    chosen = [option for option in asked.options if chance.random() * 100 < shares[option.code]]
    alone = [option.code for option in chosen if option.role == "none"]
    codes = [option.code for option in chosen if option.role != "none"]
    if asked.most and len(codes) > asked.most:
        kept = chance.sample(codes, asked.most)
        codes = [code for code in codes if code in kept]
    return tuple(codes or alone)


def _in_order(chance: Random, shares: Mapping[str, float], most: int) -> tuple[str, ...]:
    """The first options of an order in which the weightier come sooner."""
    drawn = sorted(shares, key=lambda code: chance.expovariate(shares[code]))
    return tuple(drawn[:most])
