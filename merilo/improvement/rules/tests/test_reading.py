"""Cells of somebody's plan as days, numbers and words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.core.cells import Cell
from merilo.improvement.rules import reading
from merilo.improvement.rules.lists import Unclosed, rows_of


def days(first: str, last: str) -> reading.Term:
    return (date.fromisoformat(first) if first else None, date.fromisoformat(last))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (date(2027, 6, 30), days("", "2027-06-30")),
        ("31.12.2026 г.", days("", "2026-12-31")),
        ("до края на 2026 г.", days("", "2026-12-31")),
        ("2026-06-30", days("", "2026-06-30")),
        ("1/3/2026 - 31/10/2026", days("2026-03-01", "2026-10-31")),
        ("от 03.2026 до 10.2026", days("2026-03-01", "2026-10-31")),
        (2026.0, days("2026-01-01", "2026-12-31")),
        ("2026-2027", days("2026-01-01", "2027-12-31")),
        ("месец юни 2026", days("2026-06-01", "2026-06-30")),
        ("III тримесечие 2026", days("2026-07-01", "2026-09-30")),
        ("2-ро тримесечие на 2026", days("2026-04-01", "2026-06-30")),
        ("I полугодие 2027 г.", days("2027-01-01", "2027-06-30")),
        ("Q3 2026", days("2026-07-01", "2026-09-30")),
        ("by June 2026", days("", "2026-06-30")),
    ],
)
def test_terms_are_read_as_people_write_them(cell: Cell, expected: reading.Term) -> None:
    assert reading.term(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "постоянен",
        "31.02.2026",
        "III полугодие 2026",
        "13.2026",
        "01.01.1899",
        "5.5.2026 до 1.5.2026",
        "2026, 2027, 2028",
        12.5,
        True,
        date(2150, 1, 1),
        float("inf"),
    ],
)
def test_what_is_no_clear_term_is_none(cell: Cell) -> None:
    assert reading.term(cell) is None


@given(st.dates(reading.EARLIEST, reading.LATEST))
def test_every_day_of_a_plan_reads_back(day: date) -> None:
    for text in (f"{day:%d.%m.%Y}", day.isoformat(), f"до {day:%d/%m/%Y} г."):
        assert reading.term(text) == (None, day)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1 800,50 €", "1800.50"),
        ("1.250,00", "1250.00"),
        ("1,250,000.50", "1250000.50"),
        ("1.250.000", "1250000"),
        ("25 %", "25"),
        ("−3", "-3"),
        ("0,125", "0.125"),
        (0.1, "0.1"),
    ],
)
def test_numbers_are_read_with_their_signs(cell: Cell, expected: str) -> None:
    assert reading.number(cell) == Decimal(expected)


@pytest.mark.parametrize("cell", ["", "1,250", "12 000 лв.", "около 5", True, date(2026, 1, 1), 1e30])
def test_what_could_be_two_numbers_is_none(cell: Cell) -> None:
    assert reading.number(cell) is None


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_number_as_text_is_exact(value: Decimal) -> None:
    assert Decimal(reading.as_text(value)) == value


def test_zero_has_no_sign() -> None:
    assert reading.as_text(Decimal("-0.00")) == "0"


def test_codes_are_found_among_words_and_days() -> None:
    assert reading.codes("1.2 Лидерите; 6.1, 1.2 (10.1.2026)") == ["1.2", "6.1"]
    assert reading.codes(1.1) == ["1.1"]


def test_lines_lose_their_marks() -> None:
    assert reading.lines("- Въпросник\n\n2) Анкета\n• Доклад") == ["Въпросник", "Анкета", "Доклад"]
    assert reading.joined(["а", "", "б", "а"]) == "а\nб"


# --- lists ----------------------------------------------------------------------------------------
def test_a_list_keeps_its_commas_unless_it_has_headings() -> None:
    assert rows_of("Анкета, ежегодна\nТабло") == [["Анкета, ежегодна"], ["Табло"]]
    assert rows_of("Мярка,Срок\nАнкета,2027") == [["Мярка", "Срок"], ["Анкета", "2027"]]


def test_a_cell_copied_from_a_table_may_have_lines() -> None:
    assert rows_of('Мярка\tДейности\nАнкета\t"Въпросник\nПокани"') == [
        ["Мярка", "Дейности"],
        ["Анкета", "Въпросник\nПокани"],
    ]


def test_quotation_marks_in_a_plain_list_are_text() -> None:
    assert rows_of('"Чиста община" – проект') == [['"Чиста община" – проект']]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('Мярка\tСрок\n"Анкета\t2027', 2),
        ('Мярка;Срок\nТабло;2027\n"Анкета;2027\nДоклад;2028', 3),
        ('Мярка;Срок\n"Анк\nета";2027\nТабло;"2027\nДоклад;"2028"', 4),
        ('Дела;Хора;Пари\nАнкета;"Мария;5\nТабло;Петър;6', 2),
    ],
)
def test_a_quotation_mark_that_stays_open_is_named_by_its_line(text: str, line: int) -> None:
    with pytest.raises(Unclosed) as caught:
        rows_of(text)
    assert caught.value.line == line


def test_lines_of_three_cells_are_a_table_without_known_headings() -> None:
    assert rows_of("Дела;Хора;Пари\nАнкета;Мария;5") == [["Дела", "Хора", "Пари"], ["Анкета", "Мария", "5"]]
    assert rows_of("Анкета; доклад\nТабло; план") == [["Анкета; доклад"], ["Табло; план"]]
    assert rows_of("  \n") == [[""]]
