"""Lists to take away are data in every program that opens them, never formulas."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.web.tables import Column, as_csv, as_json

COLUMNS = [Column("name", "Име"), Column("number", "Брой")]


def cells(content: bytes, delimiter: str) -> list[list[str]]:
    """As a spreadsheet program reads it whose separator is `delimiter`."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_a_list_is_read_back_as_it_was():
    rows: list[list[Any]] = [['Иван; „Петров“, "мл."', 3], ["ред\nдруг", Decimal("49.5")], [None, ""]]
    content = as_csv(rows, COLUMNS)
    assert content.startswith(b"\xef\xbb\xbf")
    assert cells(content, ",") == [
        ["Име", "Брой"],
        ['Иван; „Петров“, "мл."', "3"],
        ["ред\nдруг", "49.5"],
        ["", ""],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_text_that_looks_like_a_formula_is_marked_as_text(text: str):
    assert cells(as_csv([[text, 1]], COLUMNS), ",")[1][0].startswith("'")


def test_a_part_that_looks_like_a_formula_is_marked_and_nothing_else_changes():
    row = ["Иван;=1+1", "цел; етап; 5 - 3; „а-б“; a@b.bg"]
    assert cells(as_csv([row], COLUMNS), ",")[1] == ["Иван;'=1+1", row[1]]


def test_a_negative_number_stays_a_number():
    assert cells(as_csv([["a", Decimal("-3.5")]], COLUMNS), ",")[1] == ["a", "-3.5"]


@given(st.text("aя;,\"'=+-@ \t\n"), st.text("aя;,\"'=+-@ \t\n"))
def test_no_separator_makes_a_formula_of_a_part_of_a_text(one: str, two: str):
    for delimiter in ",;\t":
        for row in cells(as_csv([[one, two]], COLUMNS), delimiter):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_json_has_the_columns_keys():
    assert json.loads(as_json([["Иван", 3]], COLUMNS)) == [{"name": "Иван", "number": 3}]
