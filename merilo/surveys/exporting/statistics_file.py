"""Answers for statistics programs: SPSS files with labels, values and what is missing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from merilo.surveys.analysis.columns import NOT_SHOWN, Array
from merilo.surveys.analysis.contents import said
from merilo.surveys.exporting.dataset import AWAY, MISSING, Dataset, Field, day_of

LABEL = 250  # bytes of a label that the format holds
VALUE_LABEL = 120


def sav(dataset: Dataset, language: str, *, packed: bool = False) -> bytes:
    """The answers as .sav or, packed, as .zsav."""
    import pandas as pd  # large, and asked for now and then only
    import pyreadstat

    frame = pd.DataFrame({one.name: _values(one) for one in dataset.fields})
    coded = [one for one in dataset.fields if one.kind in {"coded", "number"}]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.sav"
        pyreadstat.write_sav(
            frame,
            str(path),
            file_label=cut(said(dict(dataset.definition.title.entries), language), 60),
            column_labels=[cut(said(one.text, language), LABEL) for one in dataset.fields],
            variable_value_labels={one.name: _labels(one, language) for one in coded if one.answers},
            missing_ranges={one.name: [MISSING, AWAY] for one in coded},
            variable_measure={one.name: one.measure for one in dataset.fields},
            variable_format={one.name: "F8.0" for one in coded if one.answers},
            row_compress=not packed,
            compress=packed,
        )
        return path.read_bytes()


def _values(one: Field) -> Array:
    if one.kind == "coded":
        return np.asarray(one.numbers[one.column.astype(np.int64) - NOT_SHOWN])
    if one.kind == "number":
        return np.where(np.isnan(one.column), MISSING, np.where(np.isneginf(one.column), AWAY, one.column))
    if one.kind == "day":
        days = [day_of(value) if np.isfinite(value) else None for value in one.column.tolist()]
        return np.array(days, object)
    return one.column


def _labels(one: Field, language: str) -> dict[float, str]:
    return {float(value.number): cut(said(value.text, language), VALUE_LABEL) for value in one.answers}


def cut(text: str, size: int) -> str:
    """The text in at most so many bytes of UTF-8, with an ellipsis where it is shortened."""
    if len(text.encode()) <= size:
        return text
    return text.encode()[: size - 3].decode(errors="ignore").rstrip() + "…"
