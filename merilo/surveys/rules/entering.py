"""A sheet of paper as a clerk types it: the numbers of the ticked answers become answers.

Each option has the number of its place, yes is 1 and no is 2; points of a scale are typed as they are, and
"don't know" beside a scale has a number that no point has. Paper knows no way round a question, and nobody
can ask again: what was answered off the way, or left blank though it is required, is said before it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from merilo.surveys.rules.answers import Fault, Form
from merilo.surveys.rules.asking import UNKNOWN, Multiple, Ranking, Rating, Recommendation, YesNo
from merilo.surveys.rules.conditions import Answers, Value
from merilo.surveys.rules.definition import Definition, Page, Question

Typed = Mapping[str, str]  # what stands in each field, by its name
_BETWEEN = re.compile(r"[\s,;.+/]+")
_MOST_SCALE = 99


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says: the answers that count, faults by field, and what the clerk is asked about.

    `blank` are questions on the way that need an answer and have none; `astray` are fields whose text does
    not count: their question is not on the way, or another option was chosen than the one it belongs to.
    """

    answers: Answers
    faults: Mapping[str, Fault]
    blank: tuple[str, ...]
    astray: tuple[str, ...]


def numbered(question: Question) -> dict[str, str]:
    """Form values by the numbers to type, in their order; empty where no number is chosen.

    >>> from merilo.surveys.rules.asking import Rating
    >>> from merilo.framework.catalogue import Text
    >>> text = Text((("en", "?"),))
    >>> numbered(Question("q", text, Rating(1, 3, unknown=text)))
    {'1': '1', '2': '2', '3': '3', '99': 'unknown'}
    """
    asked = question.asked
    if isinstance(asked, YesNo):
        return {"1": "yes", "2": "no"}
    if isinstance(asked, Rating | Recommendation):
        points = {str(point): str(point) for point in range(asked.least, asked.most + 1)}
        return points | ({beside_number(asked): UNKNOWN} if asked.unknown is not None else {})
    if isinstance(asked, Ranking):
        return {}
    return {str(place): option.code for place, option in enumerate(question.options, start=1)}


def beside_number(asked: Rating | Recommendation) -> str:
    """The number for "don't know" beside a scale."""
    return "99" if asked.most < _MOST_SCALE else "999"


class Desk:
    """Reads sheets of one questionnaire."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.form = Form(definition)
        self.lenient = Form(_lenient(definition))

    def read(self, typed: Typed) -> Sheet:
        """What a sheet says; whatever is typed is an answer, a fault or astray, never lost."""
        raw: dict[str, list[str]] = {}
        unread: dict[str, Fault] = {}
        for question in self.definition.questions():
            for field in question.fields:
                if text := typed.get(field, "").strip():
                    raw[field] = self._values(question, field, text, unread)
        answers, refused = self._walked({field: values for field, values in raw.items() if values})
        visible = {*self.form.paths.walk(answers).visible}
        return self._sheet(raw.keys(), answers, unread | refused, visible)

    def _walked(self, raw: Mapping[str, list[str]]) -> tuple[dict[str, Value], dict[str, Fault]]:
        answers: dict[str, Value] = {}
        faults: dict[str, Fault] = {}
        for screen in self.lenient.paths.screens:
            reading = self.lenient.read(screen, raw, answers)
            answers = reading.answers
            for code, fault in reading.faults.items():
                faults[self._first(code, raw)] = fault
        return answers, faults

    def _first(self, code: str, raw: Iterable[str]) -> str:
        """The field beside which a fault of a question stands."""
        named = self.definition.question(code).fields
        return next((field for field in named if field in raw), named[0])

    def _values(self, question: Question, field: str, text: str, faults: dict[str, Fault]) -> list[str]:
        codes = numbered(question)
        if not codes or field not in question.items:
            return [text]
        typed = _parts(text, len(codes)) if isinstance(question.asked, Multiple) else [_plain(text)]
        if any(number not in codes for number in typed):
            faults[field] = Fault("unknown_number", {"numbers": _named(codes)})
            return []
        return list(dict.fromkeys(codes[number] for number in typed))

    def _sheet(
        self, typed: Iterable[str], answers: Answers, faults: Mapping[str, Fault], visible: set[str]
    ) -> Sheet:
        owners = {field: question for question in self.definition.questions() for field in question.fields}
        kept = {field: fault for field, fault in faults.items() if owners[field].code in visible}
        faulty = {owners[field].code for field in kept}
        astray = [
            field
            for field in typed
            if owners[field].code not in faulty and not _counts(owners[field], field, answers)
        ]
        blank = tuple(code for code in self.form.missing(answers) if code not in faulty)
        return Sheet(answers, kept, blank, tuple(astray))


def _counts(question: Question, field: str, answers: Answers) -> bool:
    """Whether what stands in a field is among the answers."""
    return (question.code if isinstance(question.asked, Ranking) else field) in answers


def _plain(number: str) -> str:
    """A number without leading zeros, as long as it is one."""
    return str(int(number)) if number.isascii() and number.isdigit() and len(number) < 5 else number


def _parts(text: str, options: int) -> list[str]:
    """Several numbers with anything between them; with nothing where each has one digit: "135"."""
    parts = [_plain(part) for part in _BETWEEN.split(text) if part]
    if options < 10 and len(parts) == 1 and text.isdigit():
        return list(text)
    return parts


def _named(codes: Mapping[str, str]) -> str:
    """Numbers in words of a sentence: "1–5", "1–5, 99".

    >>> _named({"1": "a", "2": "b", "99": "c"})
    '1–2, 99'
    """
    return ", ".join(_runs([int(number) for number in codes]))


def _runs(numbers: list[int]) -> Iterator[str]:
    first = last = numbers[0]
    for number in [*numbers[1:], None]:
        if number is not None and number == last + 1:
            last = number
            continue
        yield str(first) if first == last else f"{first}–{last}"
        if number is not None:
            first = last = number


def _lenient(definition: Definition) -> Definition:
    """The same questionnaire with no answer required."""

    def page(old: Page) -> Page:
        parts = [replace(part, required=False) if isinstance(part, Question) else part for part in old.parts]
        return replace(old, parts=tuple(parts))

    return replace(definition, pages=tuple(map(page, definition.pages)))
