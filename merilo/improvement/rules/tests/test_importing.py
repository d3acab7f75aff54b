"""Somebody's table becomes drafts of measures, and nothing of it is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.core.cells import Cell
from merilo.improvement.rules import importing
from merilo.improvement.rules.drafts import Draft, Known, Layout, Seen, Step
from merilo.improvement.rules.headings import (
    Holds,
    guess,
    head_of,
    headings,
    holdings,
    is_below,
    lowest,
)
from merilo.improvement.rules.reading import alike

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
KNOWN = Known(
    FIRST,
    LAST,
    codes={"1.2", "6.1"},
    people={alike(name): key for name, key in (("Мария Колева", "m"), ("Секретар", "s"), ("П. Илиев", "p"))},
    units={alike(name): key for name, key in (("Дирекция АПИО", "u"), ("Дирекция „Финанси, бюджет“", "f"))},
    kinds={alike("Ключова мярка"): "key"},
    measures={alike("Табло с целите"): 4},
)


@dataclass(frozen=True)
class Sheet:
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    unknown: frozenset[tuple[int, int]] = frozenset()
    name: str = "План"

    def at(self, row: int, column: int) -> Cell:
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""


def sheet(*rows: tuple[Cell, ...], merged: tuple[tuple[int, int, int, int], ...] = ()) -> Sheet:
    return Sheet(rows, merged)


def read(table: Sheet) -> importing.Read:
    head = head_of(table, {})
    return importing.read(table, Layout(head, holdings(table, head, {})), KNOWN)


def one(*columns: tuple[str, Cell]) -> Draft:
    """The draft of a table with one row: headings with their cells."""
    names = [name for name, _cell in columns]
    (draft,) = read(sheet(("Мярка", *names), ("Анкета", *(cell for _name, cell in columns)))).drafts
    return draft


def keys(draft: Draft) -> list[str]:
    return [remark.key for remark in draft.remarks]


# --- headings ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("heading", "holds"),
    [
        ("№", "number"),
        ("№ по ред", "number"),
        ("Наименование на мярката", "text"),
        ("Measure", "text"),
        ("Подкритерий", "codes"),
        ("Критерии за успех", "indicator"),
        ("Област за подобрение", "areas"),
        ("Вид на мярката", "kind"),
        ("Цел", "objective"),
        ("Стратегическа цел", "goals"),
        ("Дейности / стъпки", "activities"),
        ("Отговорник за мярката", "owner"),
        ("Заместник-отговорник", "deputy"),
        ("Участващи звена", "participants"),
        ("Срок за изпълнение", "term"),
        ("Начало", "first"),
        ("Краен срок", "last"),
        ("Работни часове", "hours"),
        ("Бюджет (евро)", "euro"),
        ("Бюджет, лв.", "words"),
        ("Необходими ресурси", "words"),
        ("Източник на финансиране", "funding"),
        ("Индикатор за изпълнение", "indicator"),
        ("Мерна единица", "unit"),
        ("Базова стойност", "baseline"),
        ("Целева стойност", "target"),
        ("Източник на данни", "source"),
        ("Рискове и допускания", "risks"),
        ("Забележка", "note"),
        ("Статус", None),
        ("Carried out, %", None),
        ("Впечатления", None),
    ],
)
def test_headings_are_guessed(heading: str, holds: str | None) -> None:
    assert guess(heading, {}) == holds


def test_our_own_headings_come_first() -> None:
    assert guess("State", {"state": Holds.NOTE}) is Holds.NOTE


def test_the_headings_are_found_below_a_title() -> None:
    table = sheet(("План за подобрение 2026–2027",), (), ("№", "Мярка", "Срок", 5.0), (1.0, "Анкета", "2027"))
    assert head_of(table, {}) == 2
    assert holdings(table, 2, {}) == {0: Holds.NUMBER, 1: Holds.TEXT, 2: Holds.TERM}


def test_a_table_without_headings_has_its_measures_where_the_texts_are_longest() -> None:
    table = sheet(("1", "Ежегодна анкета сред бизнеса"), ("2", "Табло"))
    assert head_of(table, {}) is None
    assert holdings(table, None, {}) == {1: Holds.TEXT}
    assert [draft.text for draft in read(table).drafts] == ["Ежегодна анкета сред бизнеса", "Табло"]


def test_where_no_column_is_called_measure_the_activities_are() -> None:
    table = sheet(("Дейност", "Срок", "Срок за отчет"), ("Анкета", "2027", "2028"))
    assert holdings(table, head_of(table, {}), {}) == {0: Holds.TEXT, 1: Holds.TERM}
    empty = Sheet(())
    assert (head_of(empty, {}), holdings(empty, None, {})) == (None, {})


TWO_ROWS = (
    ("План за подобрение",),
    ("№", "Мярка", "Срок", "", "Индикатор", "", "", "Кой"),
    ("", "", "Начало", "Край", "Наименование", "Мярка на измерване", "Друго", ""),
    (1.0, "Анкета", "01.03.2026", "30.06.2026", "Отговорили", "брой", 200.0, "Мария Колева"),
)


@pytest.mark.parametrize("merged", [(), ((1, 2, 1, 3), (1, 4, 1, 6), (1, 0, 2, 0), (1, 1, 2, 1))])
def test_of_two_rows_of_headings_the_lower_names_the_columns(
    merged: tuple[tuple[int, int, int, int], ...],
) -> None:
    table = sheet(*TWO_ROWS, merged=merged)
    assert (head_of(table, {}), lowest(table, 1)) == (2, 2)
    assert headings(table, 2)[4:7] == [
        "Индикатор – Наименование",
        "Мярка на измерване",
        "Индикатор – Друго",
    ]
    (draft,) = read(table).drafts
    assert (draft.first, draft.last, draft.owner) == (date(2026, 3, 1), date(2026, 6, 30), "m")
    assert [seen.name for seen in draft.seen] == ["Отговорили"]


def test_begin_and_end_stand_below_one_joined_heading() -> None:
    rows = (("Мярка", "Срок", "", "Отговорник"), ("", "Начало", "Край", ""))
    table = sheet(*rows, ("Анкета", "1.3.2026", "30.6.2026", "Секретар"), merged=((0, 1, 0, 2),))
    (draft,) = read(table).drafts
    assert (draft.first, draft.last, draft.owner, draft.remarks) == (
        date(2026, 3, 1),
        date(2026, 6, 30),
        "s",
        (),
    )


@pytest.mark.parametrize(
    "below",
    [
        ("Анкета", "Бележка", "2027"),  # a measure
        ("", "Покани", "Директор"),  # more of the one above
        ("", "Начало", 5.0),
        ("", "Начало", ""),
        (),
    ],
)
def test_a_row_of_measures_is_no_second_row_of_headings(below: tuple[Cell, ...]) -> None:
    table = sheet(("Мярка", "Дейности", ""), below, ("Табло", "Доклад", "2027"))
    assert lowest(table, 0) == 0
    assert not is_below(sheet(("Мярка", "Срок", ""), ("Начало", "Начало", "Край")), 1)


def test_headings_in_other_words_are_found_below_titles() -> None:
    table = sheet(
        ("Община Примерово",),
        ("План за действие, приет с решение",),
        (),
        ("Какво ще правим?", "Кой", "Кога", "Бюджет"),
        ("Анкета", "Секретар", "2026", 1200.0),
        ("Общо", "", "", 1200.0),
    )
    assert head_of(table, {}) == 3
    found = read(table)
    (draft,) = found.drafts
    assert (draft.text, draft.owner, draft.euro) == ("Анкета", "s", Decimal("1200.00"))
    assert [problem.params["text"] for problem in found.passed] == ["Общо; 1200"]


def test_headings_that_nobody_knows_are_found_by_what_stands_below_them() -> None:
    rows: tuple[tuple[Cell, ...], ...] = (("Дела за годината", "Човек", "Кога", "Пари"),)
    rows += (("Анкета сред бизнеса", "Секретар", "2026", 1200.0), ("Табло", "П. Илиев", "2027", 5.0))
    table = sheet(("План",), *rows)
    assert head_of(table, {}) == 1
    assert holdings(table, 1, {}) == {0: Holds.TEXT, 2: Holds.TERM}
    assert head_of(sheet(("Анкета", "Секретар", "2026"), ("Табло", "Илиев", "2027")), {}) is None
    assert holdings(sheet(("Статус", "Пари"), ("тече", 5.0)), 0, {}) == {}


@pytest.mark.parametrize(
    ("heading", "cells", "holds"),
    [
        ("Бюджет", (1200.0, "", "1 500,50"), "euro"),
        ("Необходими средства", (1200.0,), "euro"),
        ("Бюджет в лева", (1200.0,), "words"),
        ("Бюджет (хил. евро)", (12.0,), "words"),
        ("Бюджет", (1200.0, "в рамките на бюджета"), "words"),
        ("Бюджет", ("12 000 лв.",), "words"),
        ("Ресурси", (2.0,), "words"),
        ("Бюджет", (), "words"),
    ],
)
def test_a_budget_in_numbers_is_money_in_euro(heading: str, cells: tuple[Cell, ...], holds: str) -> None:
    table = sheet(("Мярка", heading), *(("Анкета", cell) for cell in cells))
    assert holdings(table, 0, {})[1] == holds
    assert holdings(sheet(("Мярка", "Евро", "Бюджет"), ("Анкета", 1.0, 2.0)), 0, {})[2] == "words"


# --- rows -------------------------------------------------------------------------------------------
def test_rows_below_say_more_of_the_same_measure() -> None:
    table = sheet(
        ("№", "Мярка", "Дейности", "Индикатор", "Целева стойност"),
        (1.0, "Анкета", "Въпросник", "Отговорили", 200.0),
        ("", "", "Покани", "Удовлетвореност", "80 %"),
        (),
        (1.0, "Анкета", "Доклад", "", ""),
        (2.0, "Табло с целите", "", "", ""),
    )
    first, second = read(table).drafts
    assert [step.text for step in first.steps] == ["Въпросник", "Покани", "Доклад"]
    assert [(seen.name, seen.target) for seen in first.seen] == [
        ("Отговорили", Decimal("200.0")),
        ("Удовлетвореност", Decimal(80)),
    ]
    assert (first.same_as, second.same_as) == (None, 4)


def test_joined_cells_count_for_every_measure_beside_them() -> None:
    table = sheet(
        ("Критерий", "Мярка", "Отговорник"),
        ("1.2", "Анкета", "Мария Колева"),
        ("", "Табло", ""),
        merged=((1, 0, 2, 0), (1, 2, 2, 2)),
    )
    assert [(draft.codes, draft.owner) for draft in read(table).drafts] == [(("1.2",), "m")] * 2


def test_titles_between_the_measures_are_named_and_passed_over() -> None:
    table = sheet(
        ("№", "Мярка", "Срок", "Отговорник"),
        ("Критерий 1. Лидерство", "", "", ""),
        ("1", "Анкета", "2027", ""),
        ("", "Бързи победи", "", ""),
        ("2", "Табло", "2026", ""),
        merged=((3, 1, 3, 3),),
    )
    found = read(table)
    assert [draft.text for draft in found.drafts] == ["Анкета", "Табло"]
    assert [problem.params["text"] for problem in found.passed] == ["Критерий 1. Лидерство", "Бързи победи"]


def test_a_table_of_thousands_is_taken_in_parts() -> None:
    found = read(sheet(*((f"Мярка номер {place}",) for place in range(importing.MOST_MEASURES + 1))))
    assert (len(found.drafts), found.is_too_long) == (importing.MOST_MEASURES, True)
    assert read(Sheet(())).drafts == ()


# --- fields -----------------------------------------------------------------------------------------
def test_everything_clear_goes_into_its_field() -> None:
    draft = one(
        ("Подкритерий", "1.2, 6.1"),
        ("Вид", "ключова мярка"),
        ("Цел", "Повече отзиви"),
        ("Отговорник", "Мария Колева"),
        ("Заместник", "Секретар"),
        ("Звена", "Дирекция АПИО; НПО\nДирекция „Финанси, бюджет“"),
        ("Срок", "03.2026 – 10.2026"),
        ("Часове", 40.0),
        ("Евро", "1 800,50"),
        ("Финансиране", "Общински бюджет"),
        ("Област за подобрение", "- Не питаме бизнеса"),
        ("Рискове", "Малко отговори"),
    )
    assert draft == Draft(
        row=1,
        text="Анкета",
        first=date(2026, 3, 1),
        last=date(2026, 10, 31),
        kind="key",
        codes=("1.2", "6.1"),
        objective="Повече отзиви",
        owner="m",
        deputy="s",
        units=("u", "f"),
        participants="НПО",
        hours=40,
        euro=Decimal("1800.50"),
        funding="Общински бюджет",
        areas=("Не питаме бизнеса",),
        risks="Малко отговори",
    )


@pytest.mark.parametrize(
    ("heading", "cell", "key"),
    [
        ("Подкритерий", "Критерий 1", "no_code"),
        ("Подкритерий", "1.2, 9.9", "unknown_code"),
        ("Вид", "спешна", "unknown_kind"),
        ("Часове", "много", "no_number"),
        ("Часове", "2,5", "no_whole_number"),
        ("Евро", "12 000 лв.", "no_number"),
        ("Евро", "-5", "no_number"),
        ("Срок", "постоянен", "no_day"),
        ("Целева стойност", "80 %", "no_indicator"),
        ("Индикатор", "д" * 201, "too_long"),
        ("Финансиране", "д" * 301, "too_long"),
        ("Дейности", "д" * 301, "too_long"),
        ("Област за подобрение", "д" * 2_001, "too_long"),
    ],
)
def test_what_is_not_clear_stands_in_the_explanation(heading: str, cell: str, key: str) -> None:
    draft = one((heading, cell))
    assert keys(draft) == [key]
    assert (draft.remarks[0].row, draft.remarks[0].column) == (1, 1)
    assert draft.note == f"{heading}: {cell}"
    assert not draft.is_blocked


def test_columns_of_words_stand_in_the_explanation_under_their_headings() -> None:
    draft = one(("Забележка", "Виж доклада"), ("Бюджет, лв.", "12 000"), ("Ресурси", "двама души"))
    assert draft.note == "Виж доклада\nБюджет, лв.: 12 000\nРесурси: двама души"


def test_a_long_text_is_shortened_and_stands_whole_in_the_explanation() -> None:
    long = "Ежегодна анкета " * 40
    (draft,) = read(sheet(("Мярка", "Срок"), (long, "2027"))).drafts
    assert (keys(draft), len(draft.text) <= 500) == (["text_shortened"], True)
    assert " ".join(long.split()) in draft.note


def test_a_row_that_cannot_be_kept_whole_is_blocked() -> None:
    assert keys(one(("Забележка", "д" * 3_001))) == ["words_too_long"]
    assert one(("Цел", "д" * 3_001)).is_blocked
    (draft,) = read(sheet(("Мярка", "Срок"), ("Ежегодна анкета " * 200, "2027"))).drafts
    assert keys(draft) == ["text_too_long", "words_too_long"]
    layout = Layout(0, {0: Holds.TEXT, 1: Holds.OBJECTIVE})
    table = Sheet((("Мярка", "Цел"), ("", "Нещо")), unknown=frozenset({(1, 0)}))
    assert importing.read(table, layout, KNOWN).drafts == ()


def test_a_formula_without_a_value_is_named_once() -> None:
    heads = ("Мярка", "Цел", "Индикатор", "Срок")
    table = Sheet((heads, ("Анкета",)), unknown=frozenset({(1, 1), (1, 2), (1, 3)}))
    (draft,) = read(table).drafts
    assert sorted((remark.key, remark.column) for remark in draft.remarks) == [
        ("no_value", place) for place in (1, 2, 3)
    ]
    assert draft.note == ""


# --- days -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("columns", "first", "last"),
    [
        ((("№", 1.0),), FIRST, LAST),
        ((("Срок", "30.06.2026"),), FIRST, date(2026, 6, 30)),
        ((("Начало", "1.3.2026"), ("Край", "30.6.2026")), date(2026, 3, 1), date(2026, 6, 30)),
    ],
)
def test_what_is_not_said_of_the_term_is_the_plans(
    columns: tuple[tuple[str, Cell], ...], first: date, last: date
) -> None:
    draft = one(*columns)
    assert (draft.first, draft.last, draft.remarks) == (first, last, ())


@pytest.mark.parametrize(
    ("columns", "first", "last"),
    [
        ((("Срок", "30.06.2025"),), date(2025, 6, 30), date(2025, 6, 30)),
        ((("Начало", "2028"),), date(2028, 1, 1), date(2028, 1, 1)),
        ((("Срок", "2026 – 2028"),), FIRST, date(2028, 12, 31)),
        ((("Начало", "1.1.2025"), ("Край", "2028")), date(2025, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_term_that_reaches_out_of_the_plan_is_taken_and_said(
    columns: tuple[tuple[str, Cell], ...], first: date, last: date
) -> None:
    draft = one(*columns)
    assert (draft.first, draft.last, draft.note) == (first, last, "")
    (remark,) = draft.remarks
    assert (remark.key, remark.column) == ("outside_plan", 1)
    assert remark.params == {"first": FIRST, "last": LAST}


def test_an_activity_that_reaches_out_of_its_measure_is_taken_and_said() -> None:
    draft = one(("Срок", "2026"), ("Дейности", "Въпросник (2026)\nПокани (до 15.05.2027)"))
    assert [step.last for step in draft.steps] == [date(2026, 12, 31), date(2027, 5, 15)]
    assert [(remark.key, remark.params["text"]) for remark in draft.remarks] == [
        ("outside_measure", "Покани")
    ]


def test_an_end_before_the_beginning_is_kept_as_words() -> None:
    draft = one(("Начало", "1.3.2026"), ("Край", "1.2.2026"))
    assert (draft.first, draft.last, keys(draft)) == (FIRST, LAST, ["reversed"])
    assert "01.03.2026 – 01.02.2026" in draft.note
    assert keys(one(("Начало", "2028"), ("Срок", "2026"))) == ["reversed"]


def test_a_second_term_below_is_kept_as_words() -> None:
    table = sheet(("Мярка", "Срок", "Часове"), ("Анкета", "2026", 4.0), ("", "2026", ""), ("", "2027", 5.0))
    (draft,) = read(table).drafts
    assert (keys(draft), draft.first, draft.last) == (
        ["no_day", "no_number"],
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
    assert draft.hours == 4


# --- people -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "owner", "others"),
    [
        ("Мария Колева, началник отдел", "m", "началник отдел"),
        ("Непозната\nМария Колева", "m", "Непозната"),
        ("секретар", "s", ""),
        ("П. Илиев, Секретар (П. Илиев)", "p", "Секретар"),
    ],
)
def test_the_first_person_known_is_the_owner(said: str, owner: str, others: str) -> None:
    draft = one(("Отговорник", said))
    assert (draft.owner, draft.participants, draft.remarks) == (owner, others, ())


def test_somebody_unknown_stands_with_the_participants() -> None:
    draft = one(("Отговорник", "Кметът"), ("Заместник", "Мария Колева"))
    assert (draft.owner, draft.deputy, draft.participants, keys(draft)) == (
        "",
        "m",
        "Кметът",
        ["unknown_person"],
    )


def test_two_owners_and_a_deputy_who_is_the_owner() -> None:
    table = sheet(
        ("Мярка", "Отговорник", "Заместник"), ("Анкета", "Секретар", "Секретар"), ("", "П. Илиев", "")
    )
    (draft,) = read(table).drafts
    assert (draft.owner, draft.deputy, draft.participants) == ("s", "", "П. Илиев")
    assert (keys(draft), draft.note) == (["same_deputy"], "Заместник: Секретар")


def test_a_list_of_names_too_long_for_its_field_is_kept_as_words() -> None:
    assert "too_long" in keys(one(("Отговорник", "д" * 3_001)))


# --- activities and indicators ----------------------------------------------------------------------
def test_an_activity_may_carry_its_term_and_its_person() -> None:
    said = "Въпросник (01.03.2026 – 30.04.2026; Мария Колева)\nПокани (до 15.05.2026)\nДоклад (вътрешен)"
    further = "Среща (2026; Непозната)\n(15.05.2026)"
    draft = one(("Дейности", f"{said}\n{further}"))
    assert draft.steps == (
        Step("Въпросник", date(2026, 3, 1), date(2026, 4, 30), "m"),
        Step("Покани", FIRST, date(2026, 5, 15)),
        Step("Доклад (вътрешен)", FIRST, LAST),
        Step("Среща (2026; Непозната)", FIRST, LAST),
        Step("(15.05.2026)", FIRST, LAST),
    )


def test_an_indicator_has_its_unit_values_and_source() -> None:
    aim: tuple[tuple[str, Cell], ...] = (("Мерна единица", "%"), ("Базова стойност", "40"))
    aim += (("Целева стойност", "60"), ("Източник на данни", "Анкета"))
    draft = one(("Индикатор", "Доволни\nграждани"), *aim)
    (seen,) = draft.seen
    assert seen == Seen("Доволни граждани", "%", Decimal(40), Decimal(60), "Анкета")
    assert seen.direction == "up"
    assert [Seen("", "", *pair).direction for pair in ((Decimal(5), Decimal(2)), (None, None))] == [
        "down",
        "none",
    ]


def test_values_that_are_none_and_long_units_are_kept_as_words() -> None:
    draft = one(("Индикатор", "Доволни"), ("Мерна единица", "д" * 41), ("Целева стойност", "повече"))
    assert keys(draft) == ["too_long", "no_number"]
    assert draft.seen == (Seen("Доволни"),)


def test_several_lines_are_several_indicators_and_a_second_of_a_name_is_words() -> None:
    assert [seen.name for seen in one(("Индикатор", "Доволни\nОтговорили")).seen] == ["Доволни", "Отговорили"]
    table = sheet(("Мярка", "Индикатор", "Целева стойност"), ("Анкета", "Доволни", 5.0), ("", "Доволни", 6.0))
    (draft,) = read(table).drafts
    assert (len(draft.seen), keys(draft)) == (1, ["twice", "no_indicator"])


# --- nothing is lost --------------------------------------------------------------------------------
WORD = st.text("абвгд1.,()-", min_size=1, max_size=12).map(str.strip).filter(bool)
COLUMNS = ["Подкритерий", "Вид", "Цел", "Дейности", "Отговорник", "Звена", "Срок", "Часове", "Евро"]
COLUMNS += ["Финансиране", "Рискове", "Забележка", "Област за подобрение", "Индикатор"]


@given(st.dictionaries(st.sampled_from(COLUMNS), WORD, min_size=1))
def test_every_letter_stands_somewhere(cells: dict[str, str]) -> None:
    draft = one(*cells.items())
    texts = [draft.objective, draft.note, draft.participants, draft.funding, draft.risks, *draft.codes]
    texts += [*draft.areas, *(step.text for step in draft.steps), *(seen.name for seen in draft.seen)]
    texts += [str(draft.hours), str(draft.euro)]
    kept = "".join("".join(texts).split())
    for said in cells.values():
        letters = [letter for letter in said if letter in "абвгд"]
        assert all(letter in kept for letter in letters)
