from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.surveys.rules.suppressing import MarginTooSmall, Shown, bounds, hidden_cells, protected
from merilo.surveys.rules.tests.attacker import Table, tables_that_fit

FLOOR = 3  # small, so that an attacker can try every table


def shown(counts: Sequence[Sequence[int]], floor: int = 5, **how: bool) -> Shown:
    found = protected(counts, floor, secret="s", **how)
    assert found is not None
    return found


def test_a_table_without_small_counts_is_shown_as_it_is() -> None:
    table = shown([[20, 30], [0, 40]])
    assert table.cells == ((20, 30), (0, 40))
    assert (table.row_totals, table.column_totals, table.base) == ((50, 40), (20, 70), 90)
    assert table.is_open(0)


def test_a_small_count_takes_others_with_it() -> None:
    table = shown([[3, 20, 30], [20, 30, 9], [40, 11, 8]])
    assert table.cells[0][0] is None
    assert sum(count is None for line in table.cells for count in line) == 4
    assert not table.is_open(0)


def test_small_groups_and_answers_are_merged_first() -> None:
    table = shown([[20, 30, 2], [1, 1, 0], [1, 2, 0], [30, 30, 1]])
    assert (table.rows, table.columns) == (((0,), (1, 2), (3,)), ((0, 2), (1,)))
    assert not any(table.is_open(row) for row in range(3))


def test_too_few_people_are_not_shown_at_all() -> None:
    assert protected([[1, 1], [1, 1]], 5, secret="s") is None


def test_of_employees_a_group_that_agrees_is_hidden() -> None:
    counts = [[0, 12], [20, 15], [18, 20]]
    assert shown(counts).cells[0] == (0, 12)
    assert shown(counts, strict=True).cells[0] == (None, None)


@pytest.mark.parametrize(
    ("counts", "strict"),
    [
        ([[12, 0], [20, 0]], True),  # all of both groups said the same
        ([[40, 0], [1, 0]], False),  # so did the one of the small group
        ([[0, 0], [20, 2]], False),  # the two of the small answer are of the only group there is
    ],
)
def test_where_totals_alone_would_tell_it_there_is_no_table(counts: list[list[int]], strict: bool) -> None:  # noqa: FBT001
    assert protected(counts, 5, strict=strict, secret="s") is None


def test_of_others_groups_that_agree_are_shown() -> None:
    assert shown([[12, 0], [20, 0]]).cells == ((12, 0), (20, 0))
    assert shown([[0, 0], [20, 12]]).cells == ((0, 0), (20, 12))


def test_a_table_with_small_margins_must_be_merged_before() -> None:
    with pytest.raises(MarginTooSmall):
        hidden_cells([[3, 0], [20, 20]], 5)


@pytest.mark.parametrize(
    ("hidden", "cell", "expected"),
    [
        ({(0, 0), (0, 1), (1, 0), (1, 1)}, (0, 0), (0, 23)),
        ({(0, 0), (0, 1), (1, 0), (1, 1)}, (1, 1), (27, 50)),
        ({(0, 0), (0, 1)}, (0, 0), (3, 3)),
        ({(0, 0), (1, 1)}, (0, 0), (3, 3)),
    ],
)
def test_what_a_reader_can_know_of_a_hidden_count(
    hidden: set[tuple[int, int]], cell: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert bounds([[3, 20], [20, 30]], hidden, cell) == expected


def test_the_secret_decides_which_others_are_hidden() -> None:
    counts = [[3, 20, 21, 22], [20, 21, 22, 20], [21, 22, 20, 21], [22, 20, 21, 22]]
    drawn = {protected(counts, 5, secret=str(number)) for number in range(12)}
    assert len(drawn) > 1
    assert protected(counts, 5, secret="1") == protected(counts, 5, secret="1")


SMALL_TABLES = st.sampled_from([(2, 2), (2, 3), (3, 2), (3, 3)]).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 5), min_size=size[1], max_size=size[1]).map(tuple),
        min_size=size[0],
        max_size=size[0],
    ).map(tuple)
)
HOW = st.fixed_dictionaries(
    {name: st.booleans() for name in ("ordered_rows", "ordered_columns", "strict")}
    | {"secret": st.sampled_from("abcd")}
)


def totals(table: Table) -> tuple[list[int], list[int]]:
    return [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]


@settings(max_examples=50)
@given(SMALL_TABLES, HOW)
def test_nobody_can_compute_what_is_hidden_from_everything_published(table: Table, how: Any) -> None:
    """Every original table that fits what is published is tried."""
    published = protected(table, FLOOR, **how)
    if published is None:
        return
    fitting = list(tables_that_fit(published, *totals(table)))
    assert table in fitting
    no_small_count_is_the_same_in_all(table, published, fitting)
    each_hidden_count_could_be_as_large_as_the_floor(published, fitting)


def no_small_count_is_the_same_in_all(table: Table, published: Shown, fitting: list[Table]) -> None:
    """Neither hidden nor merged away, unless the totals alone give it away: all said the same."""
    nothing = replace(published, cells=tuple((None,) * len(line) for line in published.cells))
    without = list(tables_that_fit(nothing, *totals(table)))
    for row, column in product(range(len(table)), range(len(table[0]))):
        if 0 < table[row][column] < FLOOR and len({other[row][column] for other in without}) > 1:
            assert len({other[row][column] for other in fitting}) > 1


def each_hidden_count_could_be_as_large_as_the_floor(published: Shown, fitting: list[Table]) -> None:
    merged = [merged_counts(other, published) for other in fitting]
    for row, line in enumerate(published.cells):
        for column, count in enumerate(line):
            found = {other[row][column] for other in merged}
            if count is None:
                assert len(found) > 1
                assert max(found) >= FLOOR
            else:
                assert found == {count}
                assert count == 0 or count >= FLOOR


def merged_counts(table: Table, published: Shown) -> list[list[int]]:
    return [
        [sum(table[row][column] for row in rows for column in columns) for columns in published.columns]
        for rows in published.rows
    ]


@settings(max_examples=30)
@given(
    SMALL_TABLES.filter(lambda table: all(total >= FLOOR for part in totals(table) for total in part)),
    st.data(),
)
def test_bounds_are_what_an_attacker_finds_by_trying(table: Table, data: st.DataObject) -> None:
    cells = [(row, column) for row in range(len(table)) for column in range(len(table[0]))]
    hidden = set(data.draw(st.lists(st.sampled_from(cells), min_size=1, unique=True)))
    row_totals, column_totals = totals(table)
    lines = tuple(
        tuple(None if (row, column) in hidden else count for column, count in enumerate(line))
        for row, line in enumerate(table)
    )
    seen = Shown(
        tuple((row,) for row in range(len(table))),
        tuple((column,) for column in range(len(table[0]))),
        lines,
        tuple(row_totals),
        tuple(column_totals),
    )
    fitting = list(tables_that_fit(seen, row_totals, column_totals))
    for row, column in hidden:
        found = {other[row][column] for other in fitting}
        assert bounds(table, hidden, (row, column)) == (min(found), max(found))


@given(st.lists(st.lists(st.integers(0, 60), min_size=6, max_size=6), min_size=8, max_size=8))
@settings(max_examples=10)
def test_large_tables_keep_the_promise_too(table: list[list[int]]) -> None:
    published = protected(table, 10, secret="s", ordered_columns=True)
    if published is None:
        return
    lines = merged_counts(tuple(map(tuple, table)), published)
    hidden = {
        (r, c) for r, line in enumerate(published.cells) for c, count in enumerate(line) if count is None
    }
    for cell in hidden:
        least, most = bounds(lines, hidden, cell)
        assert least < most
        assert most >= 10
