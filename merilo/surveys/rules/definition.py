"""A questionnaire as frozen values: pages of texts and questions, each text in all its languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from merilo.framework.catalogue import Text
from merilo.surveys.rules.asking import Asked, Matrix, Multiple, Option, Ranking, Single
from merilo.surveys.rules.conditions import Condition

Mode = Literal["anonymous", "named"]
Audience = Literal["citizens", "businesses", "employees", "councillors"]
Layout = Literal["pages", "questions"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `attribute` says that the answer tells who somebody is: age, sex, unit."""

    code: str
    text: Text
    asked: Asked
    hint: Text | None = None
    required: bool = False
    attribute: bool = False
    show_if: Condition | None = None

    @property
    def kind(self) -> str:
        return self.asked.kind

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of a choice, matrix or ranking; none for other kinds."""
        return self.asked.options if isinstance(self.asked, Single | Multiple | Matrix | Ranking) else ()

    @property
    def items(self) -> tuple[str, ...]:
        """What is counted: a matrix has one item for each row, every other question one of its own."""
        if isinstance(self.asked, Matrix):
            return tuple(f"{self.code}.{row.code}" for row in self.asked.rows)
        return (self.code,)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its answers: its items, then the lines for "other"."""
        others = (f"{self.code}.{option.code}" for option in self.options if option.role == "other")
        return (*self.items, *others)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its fields on a page: its keys, and what is put in order has one for each option."""
        if isinstance(self.asked, Ranking):
            return tuple(f"{self.code}.{option.code}" for option in self.asked.options)
        return self.keys


@dataclass(frozen=True, slots=True)
class Block:
    """A text between questions."""

    code: str
    text: Text
    show_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What belongs together; `shuffle` puts its questions in random order."""

    code: str
    parts: tuple[Question | Block, ...]
    title: Text | None = None
    shuffle: bool = False
    show_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `most` responses for which the condition holds; then `text` is shown instead of the form."""

    code: str
    most: int
    when: Condition
    text: Text


@dataclass(frozen=True, slots=True)
class Breakdown:
    """An attribute by which results may be shown; `ordered` groups are merged with neighbours only."""

    question: str
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A questionnaire. The first language is the main one: every text has it.

    `floor` is the least number of people a figure may stand for, `population` how many are asked, if known.
    """

    languages: tuple[str, ...]
    title: Text
    mode: Mode
    audience: Audience
    floor: int
    pages: tuple[Page, ...]
    layout: Layout = "pages"
    population: int | None = None
    description: Text | None = None
    thanks: Text | None = None
    quotas: tuple[Quota, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    _questions: dict[str, Question] = field(init=False, repr=False, compare=False)
    _owners: dict[str, Question] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        questions = tuple(self.questions())
        object.__setattr__(self, "_questions", {question.code: question for question in questions})
        owners = {key: question for question in questions for key in question.keys}
        object.__setattr__(self, "_owners", owners)

    def questions(self) -> Iterator[Question]:
        """All questions in their order."""
        for page in self.pages:
            for part in page.parts:
                if isinstance(part, Question):
                    yield part

    def question(self, code: str) -> Question:
        """The question with this code. Errors: KeyError."""
        return self._questions[code]

    def owner(self, key: str) -> Question:
        """The question that an item or a line for "other" belongs to. Errors: KeyError."""
        return self._owners[key]
