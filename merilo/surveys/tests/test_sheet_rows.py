"""The answers in a workbook are what the other files say, whatever was written."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from merilo.core import workbooks
from merilo.surveys.analysis.columns import EPOCH
from merilo.surveys.exporting import csv_file, sheet_rows
from merilo.surveys.exporting.dataset import Dataset, Field, Value
from merilo.surveys.exporting.json_file import values_of
from merilo.surveys.exporting.workbook import Figures, xlsx
from merilo.surveys.rules.plain import from_plain
from tests.surveys import a_questionnaire

NUMBERS = st.sampled_from([np.nan, -np.inf]) | st.floats(-1e9, 1e9, width=32).map(lambda one: round(one, 3))
DAYS = st.sampled_from([np.nan, -np.inf]) | st.integers(0, 40_000).map(float)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\x85\u2028"), max_size=20)
HARD = st.sampled_from(["=1+1", "_x0041_", "a & b <c>", "\x00\x1f", " spaced ", "\ufffe", "]]>", "Жалба"])


def written(fields: list[Field], size: int) -> bytes:
    dataset = Dataset(from_plain(a_questionnaire()), tuple(fields), (), size)
    made_at = datetime(2026, 11, 27)  # noqa: DTZ001
    looks: dict[str, Any] = {"codebook": None, "language": "en", "accent": "#005868", "at": made_at}
    return b"".join(xlsx(Figures((), (), ()), dataset, **looks))


def fields_of(data: Any, size: int) -> list[Field]:
    def some(kind: st.SearchStrategy[Any]) -> list[Any]:
        found: list[Any] = data.draw(st.lists(kind, min_size=size, max_size=size))
        return found

    answers = tuple(Value(number, f"o{number}", {}) for number in (1, 5, -88))
    return [
        Field("chosen", "coded", {}, np.array(some(st.integers(-2, 2)), np.int16), answers=answers),
        Field("told", "written", {}, np.array([*some(WORDS | HARD), ""], object)[:size]),
        Field("many", "number", {}, np.array(some(NUMBERS), np.float64)),
        Field("sent_on", "day", {}, np.array(some(DAYS), np.float64)),
        Field("last", "written", {}, np.array([*some(HARD), ""], object)[:size]),
    ]


def as_seen(one: Field, size: int) -> list[Any]:
    values = values_of(one, slice(0, size))
    return (
        [date.fromisoformat(v) if isinstance(v, str) else v for v in values] if one.kind == "day" else values
    )


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_every_cell_is_the_value_that_the_other_files_have(data) -> None:
    size = data.draw(st.integers(1, 8))
    fields = fields_of(data, size)
    (grid,) = [one for one in workbooks.grids(written(fields, size)) if one.name == "Answers"]
    assert list(grid.rows[0]) == [one.name for one in fields]
    for place, one in enumerate(fields):
        assert [grid.at(row, place) for row in range(1, size + 1)] == as_seen(one, size)


def test_other_programs_read_it_too_over_several_pieces(monkeypatch) -> None:
    monkeypatch.setattr(sheet_rows, "CHUNK", 2)
    days = np.array([20_000.0, np.nan, -np.inf, 20_001.0, 20_002.0])
    fields = [
        Field("sent_on", "day", {}, days),
        Field("chosen", "coded", {}, np.array([-2, -1, 0, 0, -1]), answers=(Value(4, "o4", {}),)),
    ]
    content = written(fields, 5)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Answers").to_python()
    told = [
        EPOCH + timedelta(days=20_000),
        -99.0,
        -77.0,
        EPOCH + timedelta(days=20_001),
        EPOCH + timedelta(20_002),
    ]
    assert rows == [["sent_on", "chosen"], *map(list, zip(told, [-77, -99, 4, 4, -99], strict=True))]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        assert b'<dimension ref="A1:B6"/>' in book.read("xl/worksheets/sheet3.xml")


def test_how_far_it_is_is_said_and_pieces_stay_small(monkeypatch, tmp_path) -> None:
    heard: list[int] = []
    column = np.zeros(csv_file.CHUNK * 2, np.int8)
    field = Field("chosen", "coded", {}, column, answers=(Value(4, "o4", {}),))
    dataset = Dataset(from_plain(a_questionnaire()), (field,), (), len(column))
    looks: dict[str, Any] = {"codebook": None, "language": "en", "accent": "#005868"}
    pieces = xlsx(Figures((), (), ()), dataset, **looks, at=datetime(2026, 11, 27), step=heard.append)  # noqa: DTZ001
    assert sum(map(len, pieces)) > 0
    assert heard == [0, 50]
