"""Reading a filled-in table: values as written, order free, nothing guessed."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from merilo.assessment.rules.tests.caf import CLASSICAL, ENABLER
from merilo.assessment.rules.worksheet import Reading, Row, Table, read_table
from merilo.core.cells import shown, whole
from merilo.core.workbooks import Grid

TITLES = {"No.": "code", "Points": "score", "Strengths": "strength", "Areas": "area"}
TABLE = Table(TITLES, dict.fromkeys(("1.1", "1.2", "1.10"), CLASSICAL), {}, ("strength", "area"))
HEAD = ["No.", "Points", "Strengths", "Areas"]
WHOLE = Table(
    {**TITLES, "Cannot judge": "cannot", "Reason": "reason", "Ideas": "idea", "Ready": "ready"},
    TABLE.scales,
    {"yes": True, "no": False},
)
PLACES = {key: place for place, key in enumerate(WHOLE.titles.values())}


def read(*rows: list[Any], table: Table = TABLE, **fields: Any) -> Reading:
    return read_table([Grid("A", tuple(map(tuple, rows)), **fields)], table)


def read_whole(**cells: Any) -> Reading:
    """A table of all columns with one row."""
    return read([*WHOLE.titles], [cells.get(key, "") for key in PLACES], table=WHOLE)


def test_a_table_of_fewer_columns_is_read_by_its_titles() -> None:
    reading = read(["", "Title"], HEAD[::-1], [], ["  ", "• портал\n• опашка", 45.0, "1.1"])
    assert reading.rows == {
        "1.1": Row("1.1", {"score": 45}, lines={"strength": ("портал", "опашка"), "area": ()})
    }
    assert (reading.problems, reading.remarks) == ((), ())


def test_a_number_made_of_the_number_of_an_item_is_known_again() -> None:
    assert list(read(HEAD, [1.1, 5], ["1.10", 6]).rows) == ["1.1", "1.10"]


def test_a_removed_character_is_no_mistake() -> None:
    reading = read(HEAD, ["1.1", "", "нов\u200b портал"])
    assert (reading.problems, reading.rows["1.1"].lines["strength"]) == ((), ("нов портал",))


def test_a_day_in_a_field_for_points_is_no_number_and_in_a_text_a_day() -> None:
    reading = read(HEAD, ["1.1", date(2026, 3, 1), date(2026, 3, 1)])
    assert [(one.key, one.params["value"]) for one in reading.problems] == [("no_number", "01.03.2026")]
    assert reading.rows["1.1"].lines["strength"] == ("01.03.2026",)


def test_a_table_without_a_head_is_passed_over() -> None:
    reading = read_table(
        [Grid("A", ()), Grid("B", (("No.", "Points"),)), Grid("C", ((*HEAD, "Own"),))], TABLE
    )
    assert [(one.key, one.sheet, one.column) for one in reading.remarks] == [
        ("sheet_passed_over", "A", None),
        ("sheet_passed_over", "B", None),
        ("columns_passed_over", "C", 4),
    ]


def test_a_column_of_the_scale_that_is_missing_is_named_once() -> None:
    scales = {"1.1": ENABLER, "1.2": ENABLER}
    table = Table({"No.": "code", "Plan": "plan", "Do": "do", "Check": "check"}, scales, {}, ())
    reading = read(["No.", "Plan", "Do"], ["1.1", 1, 2], ["1.2", 3, 4], table=table)
    assert [(one.key, one.row, one.params["title"]) for one in reading.problems] == [
        ("column_missing", 0, "act"),
        ("column_missing", 0, "Check"),
    ]


@pytest.mark.parametrize(
    ("cells", "problem", "column"),
    [
        ({"code": "9.9", "score": 5.0}, "unknown_code", "code"),
        ({"score": 5.0}, "no_code", "code"),
        ({"code": "1.1", "score": 101.0}, "out_of_scale", "score"),
        ({"code": "1.1", "score": 45.5}, "not_whole", "score"),
        ({"code": "1.1", "cannot": "perhaps"}, "no_yes_no", "cannot"),
        ({"code": "1.1", "reason": "я" * 2_001}, "reason_too_long", "reason"),
        ({"code": "1.1", "idea": "я" * 2_001}, "line_too_long", "idea"),
        ({"code": "1.1", "cannot": "yes", "reason": "нова", "score": 5.0}, "score_and_cannot", "cannot"),
        ({"code": "1.1", "cannot": "yes"}, "no_reason", "reason"),
        ({"code": "1.1", "ready": "yes"}, "ready_without_score", "ready"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_cell(cells: Any, problem: str, column: str) -> None:
    problems = read_whole(**cells).problems
    assert [(one.key, one.row, one.column) for one in problems] == [(problem, 1, PLACES[column])]


def test_yes_and_no_are_words_in_any_case_or_values_of_the_program() -> None:
    row = read_whole(code="1.1", cannot=" YES ", reason="нова\nв отдела", ready=True).rows["1.1"]
    assert (row.cannot_judge, row.reason, row.ready) == (True, "нова\nв отдела", True)
    row = read_whole(code="1.1", cannot=False, score=0.0, ready="No").rows["1.1"]
    assert (row.cannot_judge, row.values, row.ready) == (False, {"score": 0}, False)


def test_an_item_that_stands_twice_is_not_overwritten() -> None:
    reading = read(HEAD, ["1.1", 5], ["1.1", 6])
    assert [(one.key, one.row) for one in reading.problems] == [("twice", 2)]
    assert reading.rows["1.1"].values == {"score": 5}


def test_a_formula_without_a_value_is_named_and_gives_none() -> None:
    reading = read(HEAD, ["1.1", 45], unknown=frozenset({(1, 1)}))
    assert [(one.key, one.row, one.column) for one in reading.problems] == [("no_value", 1, 1)]
    assert reading.rows["1.1"].values == {}


def test_joined_cells_are_named_once_and_only_where_something_is_read() -> None:
    reading = read(HEAD, ["1.1", 5], ["1.2", 6], merged=((0, 0, 0, 3), (1, 2, 2, 3), (1, 4, 2, 5)))
    assert [(one.key, one.row, one.column, one.params) for one in reading.problems] == [
        ("merged", 1, 2, {"last_row": 2, "last_column": 3})
    ]


def test_a_half_score_is_refused_where_scores_are_whole_or_none() -> None:
    titles = {"No.": "code", "Plan": "plan", "Do": "do", "Check": "check", "Act": "act"}
    table = Table(titles, {"1.1": ENABLER, "1.2": ENABLER, "1.3": ENABLER}, {}, (), complete=True)
    rows: list[list[Any]] = [["1.1", 10, 20, "", 0], ["1.2", 1, 2, 3, 4], ["1.3"]]
    reading = read([*titles], *rows, table=table)
    assert [(one.key, one.row, one.column) for one in reading.problems] == [("half_score", 1, 3)]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (0.0, 0),
        ("45", 45),
        (" 45,00 ", 45),
        ("45.0", 45),
        ("45,5", None),
        ("-1", None),
        (float("inf"), None),
        (float("nan"), None),
        (date(2026, 1, 1), None),
        (False, None),
        ("1e2", None),
        ("٤٥", None),
        (-5.0, -5),
    ],
)
def test_whole_numbers(cell: Any, number: int | None) -> None:
    assert whole(cell) == number


def test_the_order_of_rows_and_columns_never_matters() -> None:
    dice = random.Random(7)
    rows: list[list[Any]] = [["1.1", 10, "а\nб", "в"], ["1.2", 20, "", "г"], ["1.10", "", "д", ""]]
    first = read(HEAD, *rows)
    for _turn in range(50):
        places = dice.sample(range(4), 4)
        mixed = [[row[place] for place in places] for row in dice.sample(rows, 3)]
        again = read([HEAD[place] for place in places], *mixed)
        assert (dict(again.rows), again.problems) == (dict(first.rows), ())


def test_the_same_content_has_the_same_fingerprint() -> None:
    one = Row("1.1", {"plan": 1, "do": 2}, lines={"strength": ("а",), "area": ()})
    assert one.fingerprint() == Row("1.2", {"do": 2, "plan": 1}, lines={"strength": ("а",)}).fingerprint()
    assert one.fingerprint() != Row("1.1", {"plan": 1}, lines={"strength": ("а",)}).fingerprint()
    assert one.fingerprint() != Row("1.1", {"plan": 1, "do": 2}, lines={"area": ("а",)}).fingerprint()


def test_numbers_in_texts_are_written_as_people_write_them() -> None:
    assert [shown(one) for one in (45.0, 45.5, "  a ", True, 1e300)] == ["45", "45.5", "a", "True", "1e+300"]
