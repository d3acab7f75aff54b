"""Conditions of a questionnaire in words, by the numbers of its questions: on paper nothing hides itself.

In the active language; answers stand in the questionnaire's wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from merilo.surveys.rules.asking import UNKNOWN, Matrix, Rating, Recommendation
from merilo.surveys.rules.conditions import (
    Answered,
    Compared,
    Condition,
    Contains,
    Every,
    Not,
    Some,
    Value,
)
from merilo.surveys.rules.definition import Definition, Question
from merilo.surveys.rules.piping import PLACE, said


def numbers(definition: Definition) -> dict[str, int]:
    """The number of each question, by its code."""
    return {question.code: number for number, question in enumerate(definition.questions(), start=1)}


def shown(value: Value) -> str:
    """A number, a date or a truth as the reader writes it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return number_format(value) if isinstance(value, int | Decimal) else str(value)


class Speaker:
    """Says the conditions of one questionnaire in one of its languages."""

    def __init__(self, definition: Definition, language: str) -> None:
        self.definition, self.language = definition, language
        self.numbers = numbers(definition)

    def rule(self, condition: Condition | None) -> str:
        """Who answers a question, as a sentence; "" where everybody does."""
        return _("Answer only if %(condition)s.") % {"condition": self.words(condition)} if condition else ""

    def chapter(self, condition: Condition | None) -> str:
        """Who answers the questions of a part."""
        if condition is None:
            return ""
        return _("Answer this part only if %(condition)s.") % {"condition": self.words(condition)}

    def text(self, text: str) -> str:
        """A text in which numbers of questions stand for the answers it would repeat on a screen."""

        def place(found: Any) -> str:
            return _("[your answer to question %(number)s]") % {"number": self.place(found.group(1))}

        return PLACE.sub(place, text)

    def place(self, item: str) -> str:
        """The number of a question, with the row where it has several."""
        question = self.definition.owner(item)
        number = str(self.numbers[question.code])
        if isinstance(question.asked, Matrix):
            row = next(row for row in question.asked.rows if f"{question.code}.{row.code}" == item)
            return _("%(number)s, row “%(row)s”") % {
                "number": number,
                "row": row.text.in_language(self.language),
            }
        return number

    def words(self, condition: Condition) -> str:
        """A condition as the second half of a sentence that begins with "if"."""
        if isinstance(condition, Every | Some):
            join = _("%(one)s and %(other)s") if isinstance(condition, Every) else _("%(one)s or %(other)s")
            return reduce(lambda one, other: join % {"one": one, "other": other}, self._parts(condition))
        if isinstance(condition, Not):
            return self._denied(condition.part)
        return self._test(condition)

    def _parts(self, condition: Every | Some) -> list[str]:
        """Each part in words; one that holds others within, in brackets."""
        nested = (isinstance(part, Every | Some) for part in condition.parts)
        words = map(self.words, condition.parts)
        return [f"({text})" if inner else text for inner, text in zip(nested, words, strict=True)]

    def _test(self, test: Compared | Contains | Answered) -> str:
        told: dict[str, str] = {"number": self.place(test.item)}
        if isinstance(test, Answered):
            return _("you answered question %(number)s") % told
        if isinstance(test, Contains):
            told["answer"] = self._answer(test.item, test.option)
            return _("you chose “%(answer)s” in question %(number)s") % told
        told["answer"] = self._answer(test.item, test.value)
        return _comparisons()[test.sign] % told

    def _denied(self, part: Condition) -> str:
        told: dict[str, str] = {}
        if isinstance(part, Compared | Contains | Answered):
            told["number"] = self.place(part.item)
        if isinstance(part, Answered):
            return _("you left question %(number)s without an answer") % told
        if isinstance(part, Contains):
            told["answer"] = self._answer(part.item, part.option)
            return _("you did not choose “%(answer)s” in question %(number)s") % told
        if isinstance(part, Compared) and part.sign == "=":
            told["answer"] = self._answer(part.item, part.value)
            return _("you did not answer “%(answer)s” to question %(number)s") % told
        return _("it is not so that %(condition)s") % {"condition": self.words(part)}

    def _answer(self, item: str, value: Value) -> str:
        question = self.definition.owner(item)
        if value == UNKNOWN and isinstance(question.asked, Rating | Recommendation):
            return beside(question, self.language)
        if item in question.items and isinstance(value, str) and question.options:
            return next(
                (
                    option.text.in_language(self.language)
                    for option in question.options
                    if option.code == value
                ),
                value,
            )
        return said(self.definition, item, value, self.language, shown)


def beside(question: Question, language: str) -> str:
    """The text of "don't know" beside a scale; "" where it cannot be said."""
    asked = question.asked
    text = asked.unknown if isinstance(asked, Rating | Recommendation) else None
    return text.in_language(language) if text is not None else ""


def _comparisons() -> Mapping[str, str]:
    return {
        "=": _("you answered “%(answer)s” to question %(number)s"),
        "!=": _("you gave another answer than “%(answer)s” to question %(number)s"),
        "<": pgettext("condition", "your answer to question %(number)s is less than %(answer)s"),
        "<=": pgettext("condition", "your answer to question %(number)s is at most %(answer)s"),
        ">": pgettext("condition", "your answer to question %(number)s is more than %(answer)s"),
        ">=": pgettext("condition", "your answer to question %(number)s is at least %(answer)s"),
    }
