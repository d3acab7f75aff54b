"""From the raw values of a sent page to typed answers: compiled once for a survey, fast for each visit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from merilo.surveys.rules.conditions import Answers, Value, holds
from merilo.surveys.rules.definition import Definition, Question
from merilo.surveys.rules.paths import Paths
from merilo.surveys.rules.raw import Raw, Refused
from merilo.surveys.rules.reading import reader_of
from merilo.surveys.rules.values import as_plain, as_value


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a question's values cannot be taken; the sentence stands with the pages."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """All answers so far that count, and the faults of this page by question code.

    `opened` are questions that these answers made visible on the same page, so that it is shown again.
    """

    answers: dict[str, Value]
    faults: dict[str, Fault]
    opened: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the next page may follow."""
        return not self.faults and not self.opened


class Form:
    """One questionnaire, ready to read what people send."""

    def __init__(self, definition: Definition) -> None:
        self.paths = Paths(definition)
        self.readers = {question.code: reader_of(question) for question in definition.questions()}
        self.items = {question.code: question.items for question in definition.questions()}
        self.fields = {question.code: question.fields for question in definition.questions()}
        self.own = {
            screen.code: {key for question in screen.questions for key in question.keys}
            for screen in self.paths.screens.values()
        }
        self.kinds = {key: question.kind for question in definition.questions() for key in question.keys}
        self.exact = tuple(key for key, kind in self.kinds.items() if kind in {"number", "date"})

    def read(
        self, screen: str, raw: Raw, earlier: Answers, *, shown: Collection[str] | None = None
    ) -> Reading:
        """What a page said, together with the answers before.

        Shape:  raw values by field name; `shown` are the questions that stood on the page, all if None.
                Fields that belong to no question of the page are passed over.
        Errors: KeyError for a screen the questionnaire does not have.
        """
        here = self.paths.screens[screen]
        own = self.own[screen]
        before = {key: value for key, value in earlier.items() if key not in own}
        known = self.paths.walk(before).answers
        faults: dict[str, Fault] = {}
        opened: list[str] = []
        for question in here.questions if holds(here.page.show_if, known) else ():
            if not holds(question.show_if, known):
                continue
            if shown is not None and question.code not in shown:
                opened.append(question.code)
            else:
                self._read(question, raw, known, faults)
        return Reading(self.paths.walk(before | known).answers, faults, tuple(opened))

    def _read(self, question: Question, raw: Raw, known: dict[str, Value], faults: dict[str, Fault]) -> None:
        try:
            found = self.readers[question.code](raw)
        except Refused as refused:
            faults[question.code] = Fault(refused.code, refused.params)
            return
        known.update(found)
        missing = [item for item in self.items[question.code] if item not in found]
        if question.required and missing:
            rows = {"rows": [item.partition(".")[2] for item in missing]}
            faults[question.code] = Fault("rows_missing", rows) if found else Fault("required")

    def missing(self, answers: Answers) -> tuple[str, ...]:
        """Required questions on the way that have no answer, or not in all their rows."""
        walk = self.paths.walk(answers)
        asked = (question for screen in walk.screens for question in screen.questions if question.required)
        return tuple(
            question.code
            for question in asked
            if any(item not in walk.answers for item in self.items[question.code])
        )

    def restored(self, plain: Mapping[str, Any]) -> dict[str, Value]:
        """Answers that were carried in plain form; what the questionnaire does not have is left out."""
        kinds = self.kinds
        found = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in plain.items()
            if key in kinds
        }
        return found | {key: as_value(kinds[key], found[key]) for key in self.exact if key in found}


def carried(answers: Answers) -> dict[str, Any]:
    """Answers in plain form, to be kept or carried from page to page."""
    return {key: as_plain(value) for key, value in answers.items()}
