"""Which way through a questionnaire given answers lead: what is shown, what comes next, what is dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeVar

from merilo.surveys.rules.asking import Option, Row
from merilo.surveys.rules.conditions import Answers, Condition, Value, holds
from merilo.surveys.rules.definition import Block, Definition, Page, Question, Quota

Part = Question | Block
_Coded = TypeVar("_Coded", Question, Block, Option, Row, Part)


@dataclass(frozen=True, slots=True)
class Screen:
    """What is shown at once: a page, or in the layout "questions" one question with the texts before it."""

    code: str
    page: Page
    parts: tuple[Part, ...]
    questions: tuple[Question, ...] = field(init=False)

    def __post_init__(self) -> None:
        questions = tuple(part for part in self.parts if isinstance(part, Question))
        object.__setattr__(self, "questions", questions)


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


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A page as it is gone through: its parts with their conditions and keys, and its screens if all show."""

    page: Page
    parts: tuple[tuple[Part, Condition | None, tuple[str, ...], tuple[str, ...]], ...]
    whole: tuple[Screen, ...]


class Paths:
    """The ways through one questionnaire, prepared once."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._leaves = [self._leaf(page) for page in definition.pages]
        every = [screen for leaf in self._leaves for screen in leaf.whole]
        self.screens = {screen.code: screen for screen in every}
        self.places = {screen.code: place for place, screen in enumerate(every)}

    def _leaf(self, page: Page) -> _Leaf:
        parts = tuple((part, part.show_if, *_keys(part)) for part in page.parts)
        return _Leaf(page, parts, tuple(self._cut(page, page.parts)))

    def walk(self, answers: Answers) -> Walk:
        """The way these answers lead; an answer to a hidden question counts as not given."""
        kept: dict[str, Value] = {}
        screens: list[Screen] = []
        for leaf in self._leaves:
            if holds(leaf.page.show_if, kept):
                screens.extend(self._through(leaf, answers, kept))
        dropped = tuple(key for key in answers if key not in kept)
        return Walk(tuple(screens), kept, dropped, self.places)

    def _through(self, leaf: _Leaf, answers: Answers, kept: dict[str, Value]) -> Iterable[Screen]:
        """The screens of a page; the answers to what is shown on it are kept.

        A line for "other" counts only where "other" was chosen.
        """
        shown: list[Part] = []
        for part, condition, items, lines in leaf.parts:
            if condition is None or condition.holds(kept):
                shown.append(part)
                for item in items:
                    if item in answers:
                        kept[item] = answers[item]
                for line in lines:
                    if line in answers and has_chosen(answers, line):
                        kept[line] = answers[line]
        return leaf.whole if len(shown) == len(leaf.parts) else self._cut(leaf.page, tuple(shown))

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


def _keys(part: Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of a part's answers, and of the lines beside them."""
    if isinstance(part, Block):
        return (), ()
    return part.items, part.keys[len(part.items) :]


def has_chosen(answers: Answers, key: str) -> bool:
    """Whether the option that a line for "other" belongs to was chosen."""
    question, _dot, option = key.partition(".")
    answer = answers.get(question)
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
