"""Answers as CSV, in pieces: one line for each response, one column for each field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import override

from merilo.surveys.analysis.columns import NOT_SHOWN, Array
from merilo.surveys.analysis.contents import said
from merilo.surveys.exporting.dataset import AWAY, MISSING, Dataset, Field, day_of
from merilo.web.tables import harmless

CHUNK = 5_000
_QUOTED = re.compile(r'[";,\r\n]')


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """`labels`: what answers are called instead of their codes; `mark`: of UTF-8, for spreadsheets."""

    labels: bool = False
    semicolon: bool = False
    mark: bool = True


def csv(dataset: Dataset, options: CsvOptions, language: str) -> Iterator[bytes]:
    """The file in pieces of some thousand lines, its words in a language of the questionnaire."""
    comma = ";" if options.semicolon else ","
    head = comma.join(cell(one.name) for one in dataset.fields)
    mark = "\ufeff" if options.mark else ""
    yield f"{mark}{head}\r\n".encode()
    with override(language):
        lookups = [_lookup(one, language, labels=options.labels) for one in dataset.fields]
        for start in range(0, dataset.size, CHUNK):
            rows = slice(start, start + CHUNK)
            cells = [_cells(one, lookup, rows) for one, lookup in zip(dataset.fields, lookups, strict=True)]
            yield "".join([f"{comma.join(line)}\r\n" for line in zip(*cells, strict=True)]).encode()


def cell(text: str) -> str:
    """A text as one cell that no program takes for a formula."""
    told = str(harmless(text))
    return '"' + told.replace('"', '""') + '"' if _QUOTED.search(told) else told


def _lookup(one: Field, language: str, *, labels: bool) -> Array:
    """The cells of a coded field: not shown, no answer, then each value; of others the first two only."""
    missing = [_("Not asked"), _("No answer")] if labels else [str(AWAY), str(MISSING)]
    values = [cell(said(value.text, language)) if labels else value.code for value in one.answers]
    return np.array([*missing, *values], object)


def _cells(one: Field, lookup: Array, rows: slice) -> list[str]:
    column = one.column[rows]
    if one.kind == "coded":
        return list(lookup[column.astype(np.int64) - NOT_SHOWN])
    if one.kind == "written":
        return [cell(text) for text in column]
    told = _day if one.kind == "day" else _number
    away, missing = lookup
    return [
        away if value == -np.inf else missing if isnan(value) else told(value) for value in column.tolist()
    ]


def _day(value: float) -> str:
    return day_of(value).isoformat()


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
