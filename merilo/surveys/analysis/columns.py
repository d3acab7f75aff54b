"""The answers of a survey as columns: one array for each variable, read in pieces, counted as a whole."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from merilo.surveys.analysis.variables import Variable, from_json, to_json, variables_of
from merilo.surveys.catalogue import form_of
from merilo.surveys.models import Response, Source, Survey, Version
from merilo.surveys.rules.answers import Form
from merilo.surveys.rules.conditions import Condition

NO_ANSWER, NOT_SHOWN = -1, -2  # in columns of whole numbers
NOT_SHOWN_NUMBER = -np.inf  # in columns of numbers and days, where no answer is not a number
FETCHED = 2_000
CHUNK = 200  # responses whose answers fit the processor's cache: they are gone through once for each variable
SOURCES = tuple(Source.values)
EPOCH = date(1970, 1, 1)

Array: TypeAlias = NDArray[Any]
_Row: TypeAlias = tuple[int, date, str, str, dict[str, Any], bool]
_DTYPES = {"choice": np.int16, "flag": np.int8, "rank": np.int16, "text": np.int8}
_ABOUT = {
    "_version": np.int16,
    "_day": np.int32,
    "_source": np.int8,
    "_language": np.int16,
    "_marked": np.bool_,
}


class Columns:
    """The answers as arrays of one length, in an order that says nothing.

    `columns[variable.key]` is, by its kind: choice: the place in `codes`; flag: 1 chosen, 0 not; rank: the
    place given, 0 none; number: as it is; day: days since 1970; text: 1 written (the text stands elsewhere).
    Whole numbers have NO_ANSWER and NOT_SHOWN; numbers and days have nan and -inf for them.
    """

    def __init__(
        self,
        variables: Sequence[Variable],
        languages: Sequence[str],
        arrays: Mapping[str, Array],
    ) -> None:
        self.variables = {variable.key: variable for variable in variables}
        self.languages = tuple(languages)
        self._arrays = arrays
        self._read: dict[str, Array] = {}

    def __getitem__(self, key: str) -> Array:
        """The column of a variable, read when it is first asked for. Errors: KeyError."""
        if key not in self._read:
            self._read[key] = self._arrays[key]
        return self._read[key]

    def __len__(self) -> int:
        return len(self.marked)

    @property
    def marked(self) -> Array:
        """Whether the response came in a suspicious burst."""
        return self["_marked"]

    @property
    def source(self) -> Array:
        """Places in SOURCES."""
        return self["_source"]

    @property
    def language(self) -> Array:
        """Places in `languages`."""
        return self["_language"]

    @property
    def day(self) -> Array:
        """Days since 1970."""
        return self["_day"]

    @property
    def version(self) -> Array:
        """The version of the questionnaire that was answered."""
        return self["_version"]

    def of_item(self, item: str) -> list[Variable]:
        """The variables of an item: one, or one for each option."""
        return [variable for variable in self.variables.values() if variable.item == item]

    def where(self, chosen: Array) -> Columns:
        """The same columns for those responses only for which `chosen` is true."""
        return Columns(tuple(self.variables.values()), self.languages, _Chosen(self, chosen))


class _Chosen(Mapping[str, Array]):
    """Columns cut down to some of the responses when they are asked for."""

    def __init__(self, columns: Columns, chosen: Array) -> None:
        self.columns, self.chosen = columns, chosen

    def __getitem__(self, key: str) -> Array:
        return self.columns[key][self.chosen]

    def __iter__(self) -> Iterator[str]:
        yield from (*_ABOUT, *self.columns.variables)

    def __len__(self) -> int:
        return len(_ABOUT) + len(self.columns.variables)


# --- from responses ---------------------------------------------------------------------------
def read(survey: Survey) -> Columns:
    """The responses of a survey as columns; memory grows with the columns, not with the responses' text."""
    versions = {version.number: version for version in Version.objects.filter(survey=survey)}
    forms = {number: form_of(versions[number]) for number in sorted(versions, reverse=True)}
    variables = variables_of([form.paths.definition for form in forms.values()])
    responses = Response.objects.filter(survey=survey).order_by("pk")
    names = ("version", "day", "source", "language", "answers", "marked")
    rows = responses.values_list(*names).iterator(chunk_size=FETCHED)
    return from_rows(variables, forms, rows)


def from_rows(variables: Sequence[Variable], forms: Mapping[int, Form], rows: Iterator[Any]) -> Columns:
    """Columns of rows (version, day, source, language, answers, marked)."""
    languages: dict[str, int] = {}
    ways = {number: _Ways(form) for number, form in forms.items()}
    pieces: dict[str, list[Array]] = {name: [] for name in (*_ABOUT, *(one.key for one in variables))}
    items = {variable.item for variable in variables}
    while chunk := list(islice(rows, CHUNK)):
        for name, piece in _about(chunk, languages):
            pieces[name].append(piece)
        answers = [row[4] for row in chunk]
        hidden = [ways[row[0]].hidden(row[4]) for row in chunk]
        given = {item: [answer.get(item) for answer in answers] for item in items}
        for variable in variables:
            pieces[variable.key].append(_column(variable, given[variable.item], hidden))
    arrays = {name: _joined(name, parts, variables) for name, parts in pieces.items()}
    return Columns(variables, tuple(languages), arrays)


def _joined(name: str, parts: Sequence[Array], variables: Sequence[Variable]) -> Array:
    if parts:
        return np.concatenate(parts)
    kinds: dict[str, Any] = {variable.key: _DTYPES.get(variable.kind, np.float64) for variable in variables}
    return np.zeros(0, (_ABOUT | kinds)[name])


def _about(chunk: Sequence[_Row], languages: dict[str, int]) -> Iterator[tuple[str, Array]]:
    yield "_version", np.array([row[0] for row in chunk], _ABOUT["_version"])
    yield "_day", np.array([(row[1] - EPOCH).days for row in chunk], _ABOUT["_day"])
    yield "_source", np.array([SOURCES.index(row[2]) for row in chunk], _ABOUT["_source"])
    spoken = [languages.setdefault(row[3], len(languages)) for row in chunk]
    yield "_language", np.array(spoken, _ABOUT["_language"])
    yield "_marked", np.array([row[5] for row in chunk], _ABOUT["_marked"])


def _column(variable: Variable, given: Sequence[Any], hidden: Sequence[frozenset[str]]) -> Array:
    dtype = _DTYPES.get(variable.kind)
    column = np.array(_CODES[variable.kind](variable, given), dtype or np.float64)
    if any(hidden):
        off = np.array([variable.question in codes for codes in hidden])
        silent = column == NO_ANSWER if dtype else np.isnan(column)
        column[off & silent] = NOT_SHOWN if dtype else NOT_SHOWN_NUMBER
    return column


def _choice(variable: Variable, given: Sequence[Any]) -> list[int]:
    places = variable.places
    try:
        return [places.get(plain, NO_ANSWER) for plain in given]
    except TypeError:  # a version that asked for several choices instead
        return [NO_ANSWER if isinstance(plain, list) else places.get(plain, NO_ANSWER) for plain in given]


def _flag(variable: Variable, given: Sequence[Any]) -> list[int]:
    option = variable.option
    return [option in plain if isinstance(plain, list) else NO_ANSWER for plain in given]


def _rank(variable: Variable, given: Sequence[Any]) -> list[int]:
    option = variable.option
    return [
        (plain.index(option) + 1 if option in plain else 0) if isinstance(plain, list) else NO_ANSWER
        for plain in given
    ]


def _number(variable: Variable, given: Sequence[Any]) -> list[float]:
    return [np.nan if plain is None else float(plain) for plain in given]


def _day(variable: Variable, given: Sequence[Any]) -> list[float]:
    return [np.nan if plain is None else (date.fromisoformat(plain) - EPOCH).days for plain in given]


def _text(variable: Variable, given: Sequence[Any]) -> list[int]:
    return [NO_ANSWER if plain is None else 1 for plain in given]


_CODES: dict[str, Callable[[Variable, Sequence[Any]], Sequence[float]]] = {
    "choice": _choice,
    "flag": _flag,
    "rank": _rank,
    "number": _number,
    "day": _day,
    "text": _text,
}


class _Ways:
    """Which questions a response was not shown, remembered by the few answers that decide about it."""

    MOST = 20_000

    def __init__(self, form: Form) -> None:
        self.form = form
        self.asked = frozenset(question.code for question in form.paths.definition.questions())
        self.deciding = sorted(set(_deciding(form)))
        self.known: dict[str, frozenset[str]] = {}

    def hidden(self, answers: Mapping[str, Any]) -> frozenset[str]:
        """The codes of the questions that were not on the way."""
        if not self.deciding:
            return frozenset()
        said = {item: answers[item] for item in self.deciding if item in answers}
        key = repr(said)
        if key not in self.known:
            if len(self.known) > self.MOST:
                self.known.clear()
            self.known[key] = self.asked - set(self.form.paths.walk(self.form.restored(said)).visible)
        return self.known[key]


def _deciding(form: Form) -> Iterator[str]:
    for page in form.paths.definition.pages:
        for condition in (page.show_if, *(part.show_if for part in page.parts)):
            yield from _items(condition)


def _items(condition: Condition | None) -> Iterator[str]:
    return iter(()) if condition is None else condition.items()


# --- to and from a file -----------------------------------------------------------------------
def packed(columns: Columns) -> bytes:
    """The columns as an .npz file; nothing in it is a program (no pickles)."""
    told = {
        "_variables": to_json(tuple(columns.variables.values())),
        "_languages": "\n".join(columns.languages),
    }
    arrays = {name: columns[name] for name in (*_ABOUT, *columns.variables)}
    file = io.BytesIO()
    texts = {name: np.frombuffer(text.encode(), np.uint8) for name, text in told.items()}
    np.savez_compressed(file, **arrays, **texts)  # type: ignore[arg-type]
    return file.getvalue()


def unpacked(file: Path) -> Columns:
    """The columns in a file; each is read when it is asked for. Errors: OSError, ValueError, KeyError."""
    arrays = _InFile(file)
    told = {name: arrays[name].tobytes().decode() for name in ("_variables", "_languages")}
    return Columns(from_json(told["_variables"]), told["_languages"].split("\n"), arrays)


class _InFile(Mapping[str, Array]):
    """The arrays of an .npz file, which is open only while one is read."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __getitem__(self, name: str) -> Array:
        with np.load(self.file, allow_pickle=False) as arrays:
            return cast("Array", arrays[name])

    def __iter__(self) -> Iterator[str]:
        with np.load(self.file, allow_pickle=False) as arrays:
            yield from arrays.files

    def __len__(self) -> int:
        return sum(1 for _ in self)
