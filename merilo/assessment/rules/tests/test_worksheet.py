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


def read(*rows: list[Any], table: Table = TABLE, **fields: Any) -> Reading:
    return read_table([Grid("A", tuple(map(tuple, rows)), **fields)], table)


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
