"""Which way through a questionnaire given answers lead: what is shown, what comes next, what is dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from merilo.surveys.rules.asking import Option, Row
from merilo.surveys.rules.conditions import Answers, Value, holds
from merilo.surveys.rules.definition import Block, Definition, Page, Question, Quota

Part = Question | Block
_Coded = TypeVar("_Coded", Question, Block, Option, Row, Part)


@dataclass(frozen=True, slots=True)
class Screen:
    """What is shown at once: a page, or in the layout "questions" one question with the texts before it."""

    code: str
    page: Page
    parts: tuple[Part, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(part for part in self.parts if isinstance(part, Question))


@dataclass(frozen=True, slots=True)
class Walk:
    """The screens on the way with their visible parts, and the answers that count on it.

    `dropped` are the keys whose question is hidden or not there.
    """

    screens: tuple[Screen, ...]
    answers: dict[str, Value]
    dropped: tuple[str, ...]
    places: Mapping[str, int]

    @property
    def visible(self) -> tuple[str, ...]:
        """Codes of the questions on the way."""
        return tuple(question.code for screen in self.screens for question in screen.questions)

    def at(self, code: str) -> Screen | None:
        """The screen with this code, None if it is not on the way."""
        return next((screen for screen in self.screens if screen.code == code), None)

    def after(self, code: str) -> Screen | None:
        """The next screen, also after one that is itself hidden by now; None at the end."""
        here = self.places[code]
        return next((screen for screen in self.screens if self.places[screen.code] > here), None)

    def before(self, code: str) -> Screen | None:
        """The screen before; None at the beginning."""
        here = self.places[code]
        return next((screen for screen in reversed(self.screens) if self.places[screen.code] < here), None)


class Paths:
    """The ways through one questionnaire, prepared once."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        every = [screen for page in definition.pages for screen in self._cut(page, page.parts)]
        self.screens = {screen.code: screen for screen in every}
        self.places = {screen.code: place for place, screen in enumerate(every)}
        self.items = {question.code: question.items for question in definition.questions()}
        self.lines = {
            question.code: question.keys[len(question.items) :] for question in definition.questions()
        }

    def walk(self, answers: Answers) -> Walk:
        """The way these answers lead; an answer to a hidden question counts as not given."""
        kept: dict[str, Value] = {}
        screens: list[Screen] = []
        for page in self.definition.pages:
            if holds(page.show_if, kept):
                screens.extend(self._cut(page, tuple(self._shown(page, answers, kept))))
        dropped = tuple(key for key in answers if key not in kept)
        return Walk(tuple(screens), kept, dropped, self.places)

    def _shown(self, page: Page, answers: Answers, kept: dict[str, Value]) -> Iterator[Part]:
        for part in page.parts:
            if holds(part.show_if, kept):
                if isinstance(part, Question):
                    self._keep(part, answers, kept)
                yield part

    def _keep(self, question: Question, answers: Answers, kept: dict[str, Value]) -> None:
        """Keep the answers to a question; a line for "other" counts only where "other" was chosen."""
        for item in self.items[question.code]:
            if item in answers:
                kept[item] = answers[item]
        for line in self.lines[question.code]:
            if line in answers and has_chosen(answers, question, line):
                kept[line] = answers[line]

    def _cut(self, page: Page, parts: tuple[Part, ...]) -> Iterator[Screen]:
        if self.definition.layout == "pages":
            if parts:
                yield Screen(page.code, page, parts)
            return
        waiting: list[Part] = []
        for part in parts:
            waiting.append(part)
            if isinstance(part, Question):
                yield Screen(part.code, page, tuple(waiting))
                waiting = []
        if waiting:
            yield Screen(waiting[-1].code, page, tuple(waiting))


def has_chosen(answers: Answers, question: Question, key: str) -> bool:
    """Whether the option that a line for "other" belongs to was chosen."""
    option, answer = key.partition(".")[2], answers.get(question.code)
    return option in answer if isinstance(answer, tuple) else option == answer


def full_quota(definition: Definition, answers: Answers, counts: Mapping[str, int]) -> Quota | None:
    """The first quota that these answers fall under and that is full; `counts` are responses by quota."""
    for quota in definition.quotas:
        if counts.get(quota.code, 0) >= quota.most and quota.when.holds(answers):
            return quota
    return None


def in_order(things: Iterable[_Coded], seed: str, *, shuffle: bool = True) -> tuple[_Coded, ...]:
    """Questions, rows or options in an order drawn from the seed; texts and special options keep their place.

    The same seed gives the same order, so that nobody's options move when a page is shown again.
    """
    listed = tuple(things)
    if not shuffle:
        return listed
    movable = [thing for thing in listed if _moves(thing)]
    drawn = iter(sorted(movable, key=lambda thing: sha256(f"{seed}/{thing.code}".encode()).digest()))
    return tuple(next(drawn) if _moves(thing) else thing for thing in listed)


def _moves(thing: object) -> bool:
    return not isinstance(thing, Block) and not (isinstance(thing, Option) and thing.role)
