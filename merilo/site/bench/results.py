"""Results of closed surveys of every size: 20 questions in 4 groups, 45 items, drawn from the snapshot."""

from __future__ import annotations

import json
import random
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merilo.organisations.models import Organisation
from merilo.site.bench.measuring import page
from merilo.site.bench.scenarios import Scenario
from merilo.surveys.analysis import storing
from merilo.surveys.analysis.columns import NO_ANSWER, NOT_SHOWN, Array, Columns, from_rows, packed
from merilo.surveys.analysis.protecting import Promise
from merilo.surveys.analysis.tallies import tallied
from merilo.surveys.analysis.variables import Variable, variables_of
from merilo.surveys.exporting.csv_file import CsvOptions, csv
from merilo.surveys.exporting.dataset import Dataset, anonymous
from merilo.surveys.exporting.json_file import as_json
from merilo.surveys.exporting.statistics_file import sav
from merilo.surveys.exporting.workbook import Figures, xlsx
from merilo.surveys.models import Snapshot, State, Survey, Version
from merilo.surveys.rules.answers import Form
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.plain import from_plain, to_json

SIZES = (1_000, 100_000, 1_000_000)
MATRICES = 4
ROWS = (8, 7, 7, 7)  # of each matrix


def _texts(text: str) -> dict[str, str]:
    return {"bg": text, "en": text}


def _options(count: int, *, scored: bool = False) -> list[dict[str, Any]]:
    return [
        {"code": f"o{place}", "text": _texts(f"{place}")} | ({"value": place} if scored else {})
        for place in range(1, count + 1)
    ]


def _asked(kind: str, code: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "code": code, "text": _texts(code), **more}


def questionnaire() -> Definition:
    """Attributes, matrices with "don't know", rating, recommendation, choices, number and texts."""
    unknown = {"code": "dk", "text": _texts("?"), "role": "unknown"}
    matrices = [
        _asked(
            "matrix",
            f"m{number}",
            rows=[{"code": f"r{row}", "text": _texts(f"r{row}")} for row in range(ROWS[number])],
            options=[*_options(5, scored=True), unknown],
        )
        for number in range(MATRICES)
    ]
    about = [
        _asked("single", "age", options=_options(6), attribute=True),
        _asked("single", "place", options=_options(5), attribute=True),
        _asked("yesno", "visited", attribute=True),
    ]
    rest = [
        _asked("rating", "overall", least=1, most=5),
        _asked("nps", "recommend"),
        *(_asked("multiple", f"c{number}", options=_options(5)) for number in range(2)),
        *(_asked("single", f"s{number}", options=_options(4)) for number in range(5)),
        _asked("number", "wait", least=0, most=500),
        *(_asked("long", f"t{number}") for number in range(3)),
    ]
    groups = (about, matrices[:2], matrices[2:], rest)
    return from_plain(
        {
            "languages": ["bg", "en"],
            "title": _texts("bench"),
            "mode": "anonymous",
            "audience": "citizens",
            "floor": 5,
            "pages": [{"code": f"p{place}", "parts": parts} for place, parts in enumerate(groups)],
            "breakdowns": [{"question": "age", "ordered": True}, {"question": "place"}],
        }
    )


# --- columns drawn by chance ------------------------------------------------------------------
def columns_of(size: int, definition: Definition) -> Columns:
    """Columns of so many people, about one in twenty of whom does not answer a question."""
    draw = np.random.default_rng(size)
    variables = variables_of([definition])
    arrays: dict[str, Array] = {variable.key: _drawn(draw, variable, size) for variable in variables}
    arrays |= {
        "_version": np.ones(size, np.int16),
        "_day": draw.integers(20_000, 20_030, size).astype(np.int32),
        "_source": np.zeros(size, np.int8),
        "_language": np.zeros(size, np.int16),
        "_marked": np.zeros(size, np.bool_),
    }
    return Columns(variables, ("bg",), arrays)


def _drawn(draw: np.random.Generator, variable: Variable, size: int) -> Array:
    silent = draw.random(size) < 0.05
    if variable.kind in {"number", "day"}:
        return np.where(silent, np.nan, draw.gamma(2.0, 10.0, size).round())
    most = len(variable.codes) if variable.kind == "choice" else 2
    return np.where(silent, NO_ANSWER, draw.integers(0, most, size)).astype(np.int16)


def _rows(size: int, definition: Definition) -> Iterator[tuple[Any, ...]]:
    """Responses as the database gives them, their answers parsed one by one."""
    columns, draw = columns_of(min(size, 1_000), definition), random.Random(1)  # noqa: S311  no secret
    texts = []
    for place in range(len(columns)):
        answers: dict[str, Any] = {}
        for variable in columns.variables.values():
            value = columns[variable.key][place]
            if variable.kind == "choice" and value > NOT_SHOWN + 1:
                answers[variable.item] = variable.codes[int(value)]
            elif variable.kind == "flag":
                answers.setdefault(variable.item, []).extend([variable.option] * int(value == 1))
        texts.append(json.dumps(answers))
    for _ in range(size):
        yield 1, date(2026, 11, 1), "link", "bg", json.loads(draw.choice(texts)), False


# --- what is measured -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Made:
    """How long a snapshot took in seconds: reading answers, counting them, writing the file; its bytes."""

    size: int
    read: float
    counted: float
    written: float
    bytes: int


def making(size: int) -> Made:
    """Make the columns and tallies of so many responses."""
    definition = questionnaire()
    rows, begun = _rows(size, definition), time.perf_counter()
    columns = from_rows(variables_of([definition]), {1: Form(definition)}, rows)
    read = time.perf_counter()
    tallied(columns, definition)
    counted = time.perf_counter()
    content = packed(columns)
    return Made(size, read - begun, counted - read, time.perf_counter() - counted, len(content))


@dataclass(frozen=True, slots=True)
class Written:
    """How long a file of answers took in seconds of the processor, its bytes, the most memory beside them."""

    kind: str
    size: int
    seconds: float
    bytes: int
    memory: int


def writing(size: int) -> Iterator[Written]:
    """Make the files with the answers of so many people, in pieces that are thrown away."""
    definition = questionnaire()
    columns, promise = columns_of(size, definition), Promise(5, strict=False, secret="bench")  # noqa: S106
    tallies = tallied(columns, definition)
    dataset = anonymous(columns, definition, tallies, promise)
    kinds: dict[str, Callable[[Dataset], Iterable[bytes]]] = {
        "csv": lambda data: csv(data, CsvOptions(), "bg"),
        "json": as_json,
        "sav": lambda data: [sav(data, "bg")],
        "xlsx": _workbook,
    }
    for kind, make in kinds.items():
        begun = time.process_time()
        length = sum(map(len, make(dataset)))
        seconds = time.process_time() - begun
        tracemalloc.start()
        for _piece in make(dataset) if kind in {"csv", "json", "xlsx"} else ():
            pass
        memory = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        yield Written(kind, size, seconds, length, memory)


def _workbook(data: Dataset) -> Iterable[bytes]:
    figures = Figures((), (), ())
    return xlsx(figures, data, codebook=data, language="bg", accent="#005868", at=timezone.now())


def scenarios(
    organisation: Organisation, client: Client, sizes: tuple[int, ...] = SIZES
) -> Iterator[Scenario]:
    """The page of all results and one breakdown, at each size."""
    definition = questionnaire()
    for size in sizes:
        survey = _closed(organisation, definition, size)
        place: dict[str, Any] = {"org": organisation.slug, "survey": survey.pk}
        results = reverse("surveys:results", kwargs=place)
        table = reverse("surveys:results_by", kwargs={**place, "about": "m0.r0", "by": "age"})
        for name, path, aim in (("results of", results, 200), ("a cross-tab of", table, 1_000)):
            yield Scenario(f"{name} {size:,}".replace(",", " "), _opening(client, path), aim=aim, slow=True)


def _opening(client: Client, path: str) -> Any:
    return lambda: page(client, path)


def _closed(organisation: Organisation, definition: Definition, size: int) -> Survey:
    at, source = timezone.now(), to_json(definition)
    survey = Survey.objects.create(
        organisation=organisation,
        title=f"bench {size}",
        state=State.CLOSED,
        draft=source,
        made_at=at,
        opened_at=at,
        closed_at=at,
    )
    Version.objects.create(survey=survey, number=1, definition=source, made_at=at)
    columns = columns_of(size, definition)
    stored = storing.write(survey, columns, at)
    tallies = tallied(columns, definition)
    Snapshot.objects.create(survey=survey, file=stored, responses=size, tallies=tallies, made_at=at)
    return survey
