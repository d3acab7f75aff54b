"""What the answers to a questionnaire are as columns: one variable for each thing that is counted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from merilo.surveys.rules.asking import UNKNOWN, Matrix, Multiple, Ranking, Rating, Recommendation, Single
from merilo.surveys.rules.definition import Definition, Question

Kind = Literal["choice", "flag", "rank", "number", "day", "text"]
YES, NO = "yes", "no"
_POINTS = re.compile("-?[0-9]+")
_OPEN: Mapping[str, Kind] = {"number": "number", "date": "day"}


@dataclass(frozen=True)
class Variable:
    """One column. `codes` are the answers of a choice in their order, "don't know" among them.

    A question with several choices has a flag for each option (`channels:desk`), a ranking the place of each
    option (`order:speed`), a matrix a choice for each row (`quality.speed`).
    """

    key: str
    item: str  # the key of the answer: an item of the question
    question: str
    kind: Kind
    codes: tuple[str, ...] = ()
    option: str = ""  # of a flag or a rank

    @cached_property
    def places(self) -> dict[Any, int]:
        """The place of each answer among the codes, by its plain form: points are whole numbers there."""
        places: dict[Any, int] = {code: place for place, code in enumerate(self.codes)}
        if self.codes == (YES, NO):
            return places | {True: 0, False: 1}
        return places | {int(code): place for code, place in places.items() if _POINTS.fullmatch(code)}


def variables_of(definitions: Sequence[Definition]) -> tuple[Variable, ...]:
    """The variables of all versions, the newest version first; what only an older one asked comes last."""
    found: dict[str, Variable] = {}
    for definition in definitions:
        for question in definition.questions():
            for variable in _variables(question):
                known = found.get(variable.key)
                found[variable.key] = _with_codes_of(known, variable) if known else variable
    return tuple(found.values())


def to_json(variables: Sequence[Variable]) -> str:
    """The variables as they are kept with their columns."""
    return json.dumps([asdict(variable) for variable in variables], ensure_ascii=False)


def from_json(source: str) -> tuple[Variable, ...]:
    """The variables as they were kept."""
    return tuple(Variable(**fields | {"codes": tuple(fields["codes"])}) for fields in json.loads(source))


def _with_codes_of(known: Variable, other: Variable) -> Variable:
    codes = tuple(dict.fromkeys((*known.codes, *other.codes)))
    return Variable(known.key, known.item, known.question, known.kind, codes, known.option)


def _variables(question: Question) -> Iterator[Variable]:
    asked = question.asked
    if isinstance(asked, Multiple | Ranking):
        kind: Kind = "flag" if isinstance(asked, Multiple) else "rank"
        for option in asked.options:
            key = f"{question.code}:{option.code}"
            yield Variable(key, question.code, question.code, kind, option=option.code)
    elif codes := codes_of(question):
        for item in question.items:
            yield Variable(item, item, question.code, "choice", codes)
    else:
        yield Variable(question.code, question.code, question.code, _OPEN.get(question.kind, "text"))


def codes_of(question: Question) -> tuple[str, ...]:
    """The answers among which one is chosen; none for questions that are answered in another way."""
    asked = question.asked
    if isinstance(asked, Single | Matrix):
        return tuple(option.code for option in asked.options)
    if isinstance(asked, Rating | Recommendation):
        points = tuple(str(value) for value in range(asked.least, asked.most + 1))
        return (*points, UNKNOWN) if asked.unknown else points
    return (YES, NO) if question.kind == "yesno" else ()


def unknown_codes(question: Question) -> frozenset[str]:
    """The codes that say "don't know"."""
    said = {option.code for option in question.options if option.role == "unknown"}
    return frozenset(said or ({UNKNOWN} if question.kind in {"rating", "nps"} else set()))


def scores_of(question: Question) -> dict[str, int]:
    """What each answer counts in a mean; empty where answers count nothing."""
    if question.kind in {"rating", "nps"}:
        return {code: int(code) for code in codes_of(question) if code != UNKNOWN}
    return {option.code: option.value for option in question.options if option.value is not None}
