"""Pasted lists of people to ask: what is understood, what is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.surveys.rules.inviting import MOST_PEOPLE, Asked, Asking, read

ASKING = Asking(["bg", "en"], with_names=False)
NAMED = Asking(["bg", "en"], with_names=True)


def test_cells_come_in_any_order_and_a_heading_is_passed_over() -> None:
    text = "Име;е-поща;език\nМария Колева;m@town.example;EN\nbg;p@town.example"
    assert read(text, NAMED).people == (
        Asked(2, "m@town.example", "en", "Мария Колева"),
        Asked(3, "p@town.example", "bg", ""),
    )


def test_addresses_out_of_a_mail_program_are_understood() -> None:
    assert read("Мария Колева <m@town.example>", NAMED).people == (
        Asked(1, "m@town.example", "", "Мария Колева"),
    )


MIXED = [
    ("m@town.example", Asked(1, "m@town.example")),
    ("Мария Колева; m@town.example; en", Asked(1, "m@town.example", "en", "Мария Колева")),
    ("m@town.example, Мария Колева, en", Asked(1, "m@town.example", "en", "Мария Колева")),
    ("en\tМария Колева\tm@town.example", Asked(1, "m@town.example", "en", "Мария Колева")),
    ("m@town.example, Мария Колева; en", Asked(1, "m@town.example", "en", "Мария Колева")),
    ("Мария Колева <m@town.example>, en", Asked(1, "m@town.example", "en", "Мария Колева")),
    ('"Колева, Мария" <m@town.example>; en', Asked(1, "m@town.example", "en", "Колева, Мария")),
    ('"Колева, Мария", m@town.example; en', Asked(1, "m@town.example", "en", "Колева, Мария")),
    ("Колева, Мария; m@town.example", Asked(1, "m@town.example", "", "Колева, Мария")),
    ("m@town.example;", Asked(1, "m@town.example")),
]


@given(st.permutations(MIXED), st.sampled_from(["", "Име;е-поща;език\n", "Име,е-поща,език\n"]))
def test_every_line_may_have_its_own_separator(rows, heading) -> None:
    lines = [line.replace("m@", f"m{place}@") for place, (line, _asked) in enumerate(rows)]
    pasted = read(heading + "\n".join(lines), NAMED)
    assert pasted.mistakes == ()
    after = 2 if heading else 1
    assert pasted.people == tuple(
        replace(asked, number=place + after, address=f"m{place}@town.example")
        for place, (_line, asked) in enumerate(rows)
    )


def test_an_anonymous_survey_keeps_no_names_and_counts_them() -> None:
    pasted = read("Мария Колева, m@town.example\np@town.example", ASKING)
    assert [(one.address, one.name) for one in pasted.people] == [
        ("m@town.example", ""),
        ("p@town.example", ""),
    ]
    assert pasted.unnamed == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Мария Колева", "address"),
        ("m@town", "address-form"),
        ("m@town.example; de", "language"),
        ("m@town.example; p@town.example", "address-twice"),
        ('"m@town.example', "quotes"),
        ("K@town.example", "known"),
        (f"{'я' * 201}; m@town.example", "long"),
        ("Ма\u200eрия; m@town.example", "characters"),
        ("a@town.example", "twice"),
        ("m@town.example, p@town.example; en", "address-form"),
        ("Мария, m@town; en", "address-form"),
    ],
)
def test_mistakes_are_named_by_line_with_what_was_typed(line, code) -> None:
    asking = Asking(["bg", "en"], with_names=True, known=["k@town.example"])
    pasted = read(f"a@town.example\n{line}", asking)
    assert [(wrong.number, wrong.text, wrong.code) for wrong in pasted.mistakes] == [(2, line, code)]


def test_a_list_that_is_too_long_is_not_read() -> None:
    assert read("a@b.cd\n" * (MOST_PEOPLE + 2), ASKING).too_long
