"""The questionnaire and its answers as JSON, in pieces."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from merilo.surveys.analysis.columns import NOT_SHOWN
from merilo.surveys.exporting.csv_file import CHUNK
from merilo.surveys.exporting.dataset import AWAY, MISSING, Dataset, Field, day_of
from merilo.surveys.rules.plain import to_plain

FORMAT = 1


def as_json(dataset: Dataset) -> Iterator[bytes]:
    """{"format", "definition", "fields", "left_out", "missing", "names", "rows"}.

    A row has a value for each of "names": the number of a coded answer, a number, an ISO day or a text.
    """
    told = {
        "format": FORMAT,
        "definition": to_plain(dataset.definition),
        "fields": [_field(one) for one in dataset.fields],
        "left_out": [dict(text) for text in dataset.left_out],
        "missing": {"no_answer": MISSING, "not_shown": AWAY},
        "names": [one.name for one in dataset.fields],
    }
    yield json.dumps(told, ensure_ascii=False, indent=1)[:-2].encode() + b',\n "rows": ['
    between = "\n"
    for start in range(0, dataset.size, CHUNK):
        columns = [values_of(one, slice(start, start + CHUNK)) for one in dataset.fields]
        lines = [json.dumps(row, ensure_ascii=False) for row in zip(*columns, strict=True)]
        yield (between + ",\n".join(lines)).encode()
        between = ",\n"
    yield b"\n]}\n"


def _field(one: Field) -> dict[str, Any]:
    values = [{"value": value.number, "code": value.code, "text": dict(value.text)} for value in one.answers]
    return {
        "name": one.name,
        "question": one.question,
        "kind": one.kind,
        "measure": one.measure,
        "text": dict(one.text),
        "values": values,
    }


def values_of(one: Field, rows: slice) -> list[Any]:
    """What stands in these rows of a field, as numbers, ISO days and texts."""
    column = one.column[rows]
    if one.kind == "coded":
        numbers: list[int] = one.numbers.astype(np.int64)[column.astype(np.int64) - NOT_SHOWN].tolist()
        return numbers
    if one.kind == "written":
        return list(column)
    return [_value(value, is_day=one.kind == "day") for value in column.tolist()]


def _value(value: float, *, is_day: bool) -> Any:
    if value == -np.inf:
        return AWAY
    if np.isnan(value):
        return MISSING
    if is_day:
        return day_of(value).isoformat()
    return int(value) if value == int(value) else value
