from __future__ import annotations

import doctest

import pytest
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.organisations.messages import PASTED
from merilo.organisations.rules import pasting
from merilo.organisations.rules.pasting import Mistake, Row, read


def test_docstrings_hold():
    assert doctest.testmod(pasting).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "Мария Колева, m@town.example, Финанси, счетоводител",
        "Мария Колева; m@town.example; Финанси; счетоводител",
        "Мария Колева\tm@town.example\tФинанси\tсчетоводител",
        '"Мария Колева", "m@town.example", "Финанси", "счетоводител"',
        "име, e-mail, звено, длъжност\n\nМария Колева ,m@town.example,  Финанси,счетоводител  \n",
        "Name;E-mail;Unit;Position\r\nМария   Колева;m@town.example;Финанси;счетоводител;\r\n",
    ],
)
def test_the_same_person_in_many_ways(text):
    (row,) = read(text).rows
    assert (row.name, row.email, row.unit, row.position) == (
        "Мария Колева",
        "m@town.example",
        "Финанси",
        "счетоводител",
    )


def test_unit_and_position_may_be_missing():
    assert read("A, a@b.bg\nB, b@b.bg, Финанси").rows == (
        Row(1, "A", "a@b.bg"),
        Row(2, "B", "b@b.bg", "Финанси"),
    )


def test_a_comma_inside_quotes_or_beside_semicolons_belongs_to_the_cell():
    assert read('"Колева, Мария", m@b.bg').rows[0].name == "Колева, Мария"
    assert read("Колева, Мария; m@b.bg\nИванов, Петър; p@b.bg").rows[1].name == "Иванов, Петър"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A, a@b.bg, c, d, e", "columns"),
        (", a@b.bg", "name"),
        ("a@b.bg, A", "order"),
        ("A", "address"),
        ("A,,Финанси", "address"),
        ("A, a@b", "address-form"),
        ("A, a b@c.bg", "address-form"),
        ("A, @b.bg", "address-form"),
        ("A, иван@b.bg", "address-form"),
        ("A, a@b..bg", "address-form"),
        ("A, a..b@c.bg", "address-form"),
        ("A, a@b-.bg", "address-form"),
        (f"A, a@{'я' * 60}.bg", "address-form"),
        (f"A, {'a' * 65}@b.bg", "address-form"),
        ('A, "a@b.bg', "quotes"),
        ("A" * 151 + ", a@b.bg", "long"),
        ("A, a@b.bg, " + "u" * 2000, "quotes"),
        ("A\x00, a@b.bg", "characters"),
        ("A\u202e, a@b.bg", "characters"),
    ],
)
def test_each_mistake_is_named_with_its_line_and_what_was_typed(line, code):
    pasted = read(f"Иван, i@b.bg\n\n{line}\nПетър, p@b.bg")
    assert pasted.mistakes == (Mistake(3, line, code),)
    assert [row.name for row in pasted.rows] == ["Иван", "Петър"]


@pytest.mark.parametrize("address", ["i.ivanov+caf@town.example", "a@община.бг", "a@xn--80ak6aa.xn--90ae"])
def test_addresses_as_people_have_them_are_taken(address):
    assert [row.email for row in read(f"A, {address}").rows] == [address]


@settings(deadline=None)
@given(st.text("aя1.-_@+'!", max_size=40))
def test_an_address_that_is_taken_can_be_sent_to(address):
    for row in read(f"A; {address}").rows:
        validate_email(row.email)
        sanitize_address(row.email, "utf-8").encode("ascii")


def test_who_stands_twice_or_is_a_member_is_named():
    pasted = read("A, a@b.bg\nB, A@B.BG\nC, c@b.bg", members=["C@b.bg"])
    assert [(m.number, m.code) for m in pasted.mistakes] == [(2, "twice"), (3, "member")]


def test_too_many_lines_are_refused_at_once():
    assert read("A, a@b.bg\n" * 501).too_long
    assert not read("A, a@b.bg\n" * 500).too_long


def test_unknown_units_are_named_once_in_order_and_without_regard_to_case():
    pasted = read("A, a@b.bg, Финанси\nB, b@b.bg, Архив\nC, c@b.bg, финанси\nD, d@b.bg, АРХИВ\nE, e@b.bg")
    assert pasted.unknown_units([]) == ["Финанси", "Архив"]
    assert pasted.unknown_units(["архив"]) == ["Финанси"]


def test_an_empty_list_is_empty():
    assert read(" \n\n") == pasting.Pasted()


@settings(deadline=None)
@given(st.text(max_size=300))
def test_every_line_is_a_row_or_a_mistake_or_the_heading(text):
    pasted = read(text)
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) - 1 <= len(pasted.rows) + len(pasted.mistakes) <= len(lines)
    assert {mistake.code for mistake in pasted.mistakes} <= set(PASTED)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_what_was_typed_is_never_lost(text):
    typed = dict(enumerate(text.splitlines(), start=1))
    for mistake in read(text).mistakes:
        assert typed[mistake.number] == mistake.text
