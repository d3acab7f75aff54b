"""The answers of a closed survey as a table to be written in any format: its fields, and what is left out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

import numpy as np
from django.utils import translation
from django.utils.translation import gettext as _

from merilo.surveys import showing
from merilo.surveys.analysis.columns import EPOCH, NO_ANSWER, NOT_SHOWN, SOURCES, Array, Columns
from merilo.surveys.analysis.contents import answer_text, said
from merilo.surveys.analysis.protecting import Promise, result
from merilo.surveys.analysis.tallies import Tally, edges_of, ranges
from merilo.surveys.analysis.variables import NO, YES, Variable, scores_of, unknown_codes
from merilo.surveys.exporting.keeping import kept, telling
from merilo.surveys.models import Source
from merilo.surveys.queries.files import Person, has_answers, people_of
from merilo.surveys.queries.results import NoTable, Results, columns_of
from merilo.surveys.rules.asking import Matrix
from merilo.surveys.rules.definition import Definition, Question

MISSING, AWAY = -99, -77  # no answer; the question was not shown
DONT_KNOW = -88
Texts: TypeAlias = Mapping[str, str]
Kind = Literal["coded", "number", "day", "written"]
Measure = Literal["nominal", "ordinal", "scale"]
LONGEST = 60  # letters of a name; SPSS takes 64 bytes
_RESERVED = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a coded field: its number, its code, what it is called by language."""

    number: int
    code: str
    text: Texts


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """One column of the table, called `name`; `text` by language says what was asked.

    coded    `column` holds places in `answers`, NO_ANSWER or NOT_SHOWN
    number   floats, nan for no answer and -inf for not shown
    day      the same as days since 1970
    written  texts
    """

    name: str
    kind: Kind
    text: Texts
    column: Array = field(repr=False)
    measure: Measure = "nominal"
    answers: tuple[Value, ...] = ()
    question: str = ""  # empty for what nobody was asked: day, way, language, name
    item: str = ""

    @property
    def numbers(self) -> Array:
        """What each place of a coded field counts; NOT_SHOWN and NO_ANSWER stand first."""
        return np.array([AWAY, MISSING, *(value.number for value in self.answers)], np.float64)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Fields of one length; `left_out` is called what would have told who somebody is."""

    definition: Definition
    fields: tuple[Field, ...]
    left_out: tuple[Texts, ...]
    size: int


# --- both kinds of survey ---------------------------------------------------------------------
def dataset_of(results: Results) -> Dataset:
    """The answers as they may be given away. Errors: NoTable where there are none, or too few."""
    if not has_answers(results):
        raise NoTable
    columns, survey = columns_of(results), results.survey
    if survey.is_anonymous:
        return anonymous(columns, results.definition, results.tallies, results.promise)
    return named(columns, results.definition, results.tallies, people_of(survey))


def named(columns: Columns, definition: Definition, tallies: Tally, people: Sequence[Person]) -> Dataset:
    """Everything that was asked, and who answered; one person for each row of the columns, in their order."""
    who = [
        _written("person_name", in_all(definition, lambda: _("Name")), [one.name for one in people]),
        _written("person_address", in_all(definition, lambda: _("E-mail")), [one.address for one in people]),
        _written("sent_at", in_all(definition, lambda: _("Sent at")), [one.sent_at for one in people]),
    ]
    about = [ways[0] for ways in _about(columns, definition)]
    fields = (*who, *_fields(columns, definition, tallies, ranged=False), *about)
    return Dataset(definition, _with_names(fields), (), len(columns))


def anonymous(columns: Columns, definition: Definition, tallies: Tally, promise: Promise) -> Dataset:
    """Rows with nothing that would tell whose they are, in an order that says nothing (decision 0021).

    Numbers and days are the ranges of the results page; what that page hides is not here either.
    """
    told = telling(definition)
    shown = [
        one
        for one in _fields(columns, definition, tallies, ranged=True)
        if result(tallies["all"][one.item], promise) is not None
    ]
    answers = [one for one in shown if one.question not in told]
    candidates = [*([one] for one in shown if one.question in told), *_about(columns, definition)]
    found = kept(
        [[one.column for one in ways] for ways in candidates],
        [one.column for one in answers],
        promise.floor,
        strict=promise.strict,
    )
    staying = [candidates[place][way] for place, way in found.items()]
    left_out = [ways[0] for place, ways in enumerate(candidates) if place not in found]
    fields = [*(one for one in shown if one in answers or one in staying)]
    fields += [one for one in staying if not one.question]
    order = np.random.default_rng(_seed(promise.secret)).permutation(len(columns))
    mixed = [replace(one, column=one.column[order]) for one in fields]
    names = {one.question or one.name: _left_out_text(one, definition) for one in left_out}
    return Dataset(definition, _with_names(mixed), tuple(names.values()), len(columns))


def _seed(secret: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{secret}/order".encode()).digest()[:8], "big")


def _left_out_text(one: Field, definition: Definition) -> Texts:
    return dict(definition.question(one.question).text.entries) if one.question else one.text


# --- fields -----------------------------------------------------------------------------------
def in_all(definition: Definition, words: Callable[..., Any], *about: Any) -> dict[str, str]:
    """Our own words (about something) in each language of the questionnaire."""
    told = {}
    for language in definition.languages:
        with translation.override(language):
            told[language] = str(words(*about))
    return told


def _fields(columns: Columns, definition: Definition, tallies: Tally, *, ranged: bool) -> Iterator[Field]:
    """What was asked, without texts, which stand in a file of their own."""
    for variable in columns.variables.values():
        if variable.kind != "text" and variable.item in tallies["all"]:
            yield _field(columns[variable.key], variable, definition, tallies["all"][variable.item], ranged)


def _field(
    column: Array,
    variable: Variable,
    definition: Definition,
    tally: Tally,
    ranged: bool,  # noqa: FBT001
) -> Field:
    question = definition.owner(variable.item)
    found = Field(
        name=re.sub(r"\W", "_", variable.key),
        kind="coded",
        text=_text_of(definition, question, variable),
        column=column,
        question=question.code,
        item=variable.item,
    )
    if variable.kind == "choice":
        measure: Measure = "ordinal" if len(scores_of(question)) > 2 else "nominal"
        values = tuple(_choices(definition, question, variable))
        return replace(found, measure=measure, answers=values)
    if variable.kind == "flag":
        return replace(found, answers=_chosen(definition))
    if variable.kind == "rank":
        return replace(found, measure="ordinal", answers=tuple(_places(definition, question)))
    if not ranged:
        return replace(found, kind="day" if variable.kind == "day" else "number", measure="scale")
    edges = edges_of(tally)
    return replace(
        found, measure="ordinal", column=_in_ranges(column, edges), answers=tuple(_ranges(definition, tally))
    )


def _text_of(definition: Definition, question: Question, variable: Variable) -> Texts:
    """What was asked, with the row or option that the column is about."""
    about: Texts = {}
    if variable.option:
        about = answer_text(question, variable.option)
    elif isinstance(question.asked, Matrix):
        row = variable.item.partition(".")[2]
        about = next(dict(one.text.entries) for one in question.asked.rows if one.code == row)
    text = dict(question.text.entries)
    return {
        language: " – ".join(filter(None, (said(text, language), said(about, language))))
        for language in definition.languages
    }


def _choices(definition: Definition, question: Question, variable: Variable) -> Iterator[Value]:
    """Points count themselves, other answers their place from 1; "don't know" is apart."""
    silent, scores = unknown_codes(question), scores_of(question)
    points = question.kind in {"rating", "nps"}
    for place, code in enumerate(variable.codes, start=1):
        number = scores.get(code, place) if points else place
        if code in {YES, NO} and question.kind == "yesno":
            number = int(code == YES)
        text = answer_text(question, code)
        is_unknown = code in silent and not text
        told = in_all(definition, _dont_know if is_unknown else showing.code_words, code, text)
        number = DONT_KNOW if code in silent else number
        yield Value(number, code, told)


def _dont_know(_code: str, _text: Texts) -> str:
    return _("Don’t know")


def _chosen(definition: Definition) -> tuple[Value, ...]:
    return (
        Value(0, "0", in_all(definition, lambda: _("not chosen"))),
        Value(1, "1", in_all(definition, lambda: _("chosen"))),
    )


def _places(definition: Definition, question: Question) -> Iterator[Value]:
    yield Value(0, "0", in_all(definition, lambda: _("not placed")))
    for place in range(1, len(question.options) + 1):
        yield Value(place, str(place), in_all(definition, _place, place))


def _place(place: int) -> str:
    return _("place %d") % place


def _in_ranges(column: Array, edges: Sequence[float]) -> Array:
    places = np.searchsorted(np.asarray(edges, np.float64), column, side="right")
    places = np.where(np.isnan(column), NO_ANSWER, places)
    return np.where(np.isneginf(column), NOT_SHOWN, places).astype(np.int16)


def _ranges(definition: Definition, tally: Tally) -> Iterator[Value]:
    for place, (low, high) in enumerate(ranges(tally["edges"]), start=1):
        told = {"from": low, "until": high}
        yield Value(place, str(place), in_all(definition, showing.answer_words, told))


# --- what nobody was asked --------------------------------------------------------------------
def _about(columns: Columns, definition: Definition) -> Iterator[list[Field]]:
    """Day, way, language and mark of a response, the day also as week and month."""
    day = columns.day.astype(np.float64)
    yield [
        Field("response_day", "day", in_all(definition, lambda: _("Day")), day, "scale"),
        Field(
            "response_week", "day", in_all(definition, lambda: _("Week, its Monday")), _weeks(day), "scale"
        ),
        Field(
            "response_month", "day", in_all(definition, lambda: _("Month, its first")), _months(day), "scale"
        ),
    ]
    sources = [
        Value(place, code, in_all(definition, _source, code)) for place, code in enumerate(SOURCES, start=1)
    ]
    told = in_all(definition, lambda: _("How it was answered"))
    yield [Field("response_source", "coded", told, columns.source, answers=tuple(sources))]
    languages = [
        Value(place, code, dict.fromkeys(definition.languages, code))
        for place, code in enumerate(columns.languages, start=1)
    ]
    told = in_all(definition, lambda: _("Language"))
    yield [Field("response_language", "coded", told, columns.language, answers=tuple(languages))]
    told = in_all(definition, lambda: _("Came in a suspicious burst"))
    marks = (
        Value(0, "0", in_all(definition, lambda: _("No"))),
        Value(1, "1", in_all(definition, lambda: _("Yes"))),
    )
    yield [Field("response_marked", "coded", told, columns.marked.astype(np.int8), answers=marks)]


def _source(code: str) -> str:
    return str(Source(code).label)


def _weeks(day: Array) -> Array:
    return np.asarray(day - (day + EPOCH.weekday()) % 7)


def _months(day: Array) -> Array:
    first = {one: _first(int(one)) for one in np.unique(day)}
    return np.array([first[one] for one in day], np.float64)


def _first(day: int) -> int:
    return ((EPOCH + timedelta(days=day)).replace(day=1) - EPOCH).days


def day_of(number: float) -> date:
    """The day that a number of days since 1970 stands for."""
    return EPOCH + timedelta(days=int(number))


def _written(name: str, told: Texts, texts: Sequence[str]) -> Field:
    return Field(name, "written", told, np.array(texts, object))


def _with_names(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Names that every program takes: no reserved word, none twice whatever the case, not too long."""
    taken, found = set(_RESERVED), []
    for one in fields:
        name, number = one.name[:LONGEST].strip("_") or "field", 2
        while name.lower() in taken:
            name, number = f"{one.name[: LONGEST - 4]}_{number}", number + 1
        taken.add(name.lower())
        found.append(replace(one, name=name))
    return tuple(found)
