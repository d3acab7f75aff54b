"""Our own workbook: what is written reads back, and three versions of a field are told apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.core.cells import Cell
from merilo.improvement.rules.filling import (
    DECIMALS,
    YES,
    Field,
    Sort,
    Unreadable,
    Words,
    cell_for,
    tidy,
    told,
    value_in,
)
from merilo.improvement.rules.merging import Difference, differences, marks
from merilo.improvement.rules.reading import alike, as_text

WORDS = Words(
    choices={"key": "Ключова мярка"},
    people={"m": "Мария Колева", "p": "П. Илиев (юрист)"},
    units={"u": "Дирекция „АПИО“", "f": "Финанси, бюджет"},
    steps={"s": "1.1", "t": "2.10"},
    ticks=("да", "не"),
    codes={"1.2", "6.1"},
    read_choices={alike("Ключова мярка"): "key"},
    read_people={alike("Мария Колева"): "m", alike("П. Илиев (юрист)"): "p"},
    read_units={alike("Дирекция „АПИО“"): "u", alike("Финанси, бюджет"): "f"},
    read_steps={"1.1": "s", "2.10": "t", "2.11": "#2.11"},
    read_ticks={"да": True, "не": False},
)
MOST = {Sort.LINE: 500, Sort.TEXT: 3_000, Sort.WHOLE: 1_000_000, Sort.MONEY: 9_999_999_999}
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31)).map(date.isoformat)
VALUES = {
    Sort.LINE: st.text(min_size=1).map(lambda text: " ".join(tidy(text).split())),
    Sort.TEXT: st.text(min_size=1).map(tidy),
    Sort.CODES: st.sampled_from(["1.2", "1.2, 6.1"]),
    Sort.CHOICE: st.just("key"),
    Sort.PERSON: st.sampled_from(["m", "p"]),
    Sort.UNITS: st.sampled_from(["u", "f", "f\nu"]),
    Sort.STEPS: st.sampled_from(["s", "t", "s\nt", "#2.11", "#2.11\ns"]),
    Sort.DAY: DAYS,
    Sort.DAYS: st.sets(DAYS, min_size=1).map(lambda days: "\n".join(sorted(days))),
    Sort.WHOLE: st.integers(0, 1_000_000).map(str),
    Sort.MONEY: st.decimals(0, 9_999_999_999, places=2).map(lambda value: f"{value:.2f}"),
    Sort.NUMBER: st.decimals(-(10**13), 10**13, places=DECIMALS).map(as_text),
    Sort.TICK: st.just(YES),
}


def a_field(sort: Sort) -> Field:
    return Field(sort.value, sort, MOST.get(sort, 0))


@given(st.data())
def test_what_is_written_reads_back_as_the_same(data: st.DataObject) -> None:
    for sort, values in VALUES.items():
        value = data.draw(st.one_of(st.just(""), values))
        assert value_in(a_field(sort), cell_for(a_field(sort), value, WORDS), WORDS) == value


@pytest.mark.parametrize(
    ("sort", "cell", "key"),
    [
        (Sort.LINE, "д" * 501, "too_long"),
        (Sort.CODES, "1.2, 9.9", "unknown_code"),
        (Sort.CODES, "Лидерство", "no_code"),
        (Sort.CODES, "1.2 и още", "no_code"),
        (Sort.CHOICE, "спешна", "unknown_choice"),
        (Sort.PERSON, "Непозната", "unknown_name"),
        (Sort.UNITS, "Дирекция „АПИО“\nНПО", "unknown_unit"),
        (Sort.STEPS, "1.1; 9.9", "unknown_step"),
        (Sort.STEPS, "след анкетата", "unknown_step"),
        (Sort.STEPS, date(2027, 2, 1), "unknown_step"),
        (Sort.DAY, "2027", "no_single_day"),
        (Sort.DAY, "скоро", "no_single_day"),
        (Sort.DAYS, "30.06.2027, скоро", "no_single_day"),
        (Sort.WHOLE, "много", "no_figure"),
        (Sort.WHOLE, "2,5", "no_whole_number"),
        (Sort.WHOLE, "-1", "out_of_range"),
        (Sort.MONEY, "1,999", "no_figure"),
        (Sort.MONEY, 0.125, "too_exact"),
        (Sort.NUMBER, 1e15, "no_figure"),
        (Sort.TICK, "може би", "no_yes_no"),
    ],
)
def test_what_a_column_does_not_take_is_named(sort: Sort, cell: Cell, key: str) -> None:
    with pytest.raises(Unreadable) as refused:
        value_in(a_field(sort), cell, WORDS)
    assert refused.value.key == key


def test_a_needed_field_is_not_emptied() -> None:
    with pytest.raises(Unreadable):
        value_in(Field("text", Sort.LINE, 500, needed=True), " ", WORDS)
    assert value_in(Field("note", Sort.TEXT, 500), " ", WORDS) == ""


def test_programs_write_days_and_ticks_as_their_own() -> None:
    assert value_in(a_field(Sort.DAYS), date(2027, 6, 30), WORDS) == "2027-06-30"
    assert value_in(a_field(Sort.TICK), cell=False, words=WORDS) == ""
    assert value_in(a_field(Sort.DAY), "30.06.2027", WORDS) == "2027-06-30"


def test_activities_are_named_however_their_numbers_are_set_apart() -> None:
    for text in ("1.1;2.10", "2.10, 1.1", "1.1\n2.10\n", " 1.1  2.10; "):
        assert value_in(a_field(Sort.STEPS), text, WORDS) == "s\nt"
    assert told(a_field(Sort.STEPS), "#2.11\nt\nx", WORDS) == "2.10; 2.11"


def test_who_is_not_known_any_more_has_no_words() -> None:
    assert told(a_field(Sort.PERSON), "x", WORDS) == told(a_field(Sort.UNITS), "x", WORDS) == ""
    assert told(a_field(Sort.TICK), "", WORDS) == "не"
    assert told(a_field(Sort.DAY), "2027-06-30", WORDS) == "30.06.2027"


# --- three versions ---------------------------------------------------------------------------------
TEXTS = st.dictionaries(st.sampled_from("абв"), st.sampled_from(["", "1", "2"]))


@given(TEXTS)
def test_a_file_that_nobody_touched_changes_nothing(then: dict[str, str]) -> None:
    moved = dict.fromkeys(then, "друго")
    assert list(differences(marks(then), then, then)) == []
    assert list(differences(marks(then), moved, then)) == []


@given(TEXTS, TEXTS, TEXTS)
def test_only_what_the_file_changed_is_offered_and_clashes_are_marked(
    then: dict[str, str], now: dict[str, str], typed: dict[str, str]
) -> None:
    for one in differences(marks(then), now, typed):
        assert one == Difference(one.name, now.get(one.name, ""), typed[one.name], one.clash)
        assert typed[one.name] not in {now.get(one.name, ""), then.get(one.name)}
        assert one.clash == (then.get(one.name) != now.get(one.name, ""))


def test_both_sides_saying_the_same_is_no_difference() -> None:
    assert list(differences(marks({"а": "1"}), {"а": "2"}, {"а": "2"})) == []
