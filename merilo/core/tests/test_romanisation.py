from __future__ import annotations

import doctest
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.core import romanisation
from merilo.core.romanisation import romanise, slug


def test_docstrings_hold() -> None:
    assert doctest.testmod(romanisation).failed == 0


@pytest.mark.parametrize(
    ("bulgarian", "latin"),
    [
        ("Велико Търново", "Veliko Tarnovo"),
        ("София", "Sofia"),
        ("СОФИЯ", "SOFIA"),
        ("Вилияна", "Viliyana"),
        ("Щръклево", "Shtraklevo"),
        ("Кърджали", "Kardzhali"),
        ("Синьо бърдо", "Sinyo bardo"),
        ("Кюстендил", "Kyustendil"),
        ("България", "Bulgaria"),
        ("БЪЛГАРИЯ", "BULGARIA"),
        ("българия", "bulgaria"),
        ("Българията", "Balgariyata"),
        ("Йордан Йовков", "Yordan Yovkov"),
        ("Джебел", "Dzhebel"),
        ("дзифт", "dzift"),
        ("майор", "mayor"),
        ("Мария-Илия Николаева", "Maria-Ilia Nikolaeva"),
        ("ЩЪРКЕЛОВО ГНЕЗДО", "SHTARKELOVO GNEZDO"),
        ("Ямбол", "Yambol"),
        ("Я", "Ya"),
        ("Каспичан", "Kaspichan"),
        ("Стара Загора", "Stara Zagora"),
        ("Хисаря", "Hisarya"),
        ("Каолиново", "Kaolinovo"),
        ("Цар Калоян", "Tsar Kaloyan"),
        ("Ѝ и ѝ", "I i i"),
        ("№ 7, чл. 24", "№ 7, chl. 24"),
        ("Ruse and Русе", "Ruse and Ruse"),
    ],
)
def test_romanise_follows_the_act(bulgarian: str, latin: str) -> None:
    assert romanise(bulgarian) == latin
    assert romanise(unicodedata.normalize("NFD", bulgarian)) == latin


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Община Велико Търново", "obshtina-veliko-tarnovo"),
        ("  Ел. управление (2026)!  ", "el-upravlenie-2026"),
        ("Größe & Übung", "groesse-uebung"),
        ("Città di Forlì", "citta-di-forli"),
        ("Королёв", "korolyov"),
        ("🙂", ""),
        ("", ""),
    ],
)
def test_slug_is_plain_latin(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_slug_is_shortened_between_words() -> None:
    assert slug("община велико търново", limit=15) == "obshtina-veliko"
    assert slug("община велико търново", limit=14) == "obshtina"
    assert slug("непротивоконституционствувателствувайте", limit=10) == "neprotivok"


@given(st.text(max_size=80))
def test_slug_holds_only_what_addresses_may(text: str) -> None:
    made = slug(text)
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert made == made.strip("-")
    assert "--" not in made
    assert slug(made) == made


@given(st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъьюяѝ -", max_size=40))
def test_romanised_bulgarian_holds_no_cyrillic(text: str) -> None:
    assert romanise(text).isascii()
    assert romanise(text.upper()).upper() == romanise(text).upper()
