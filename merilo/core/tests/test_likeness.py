from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.core import likeness
from merilo.core.stems import stem

# What members of a group write about the same thing in their own words; each family is one thing.
FAMILIES = [
    [
        "Целите на дирекциите следват Програмата за управление.",
        "Дирекциите имат цели, които следват програмата за управление",
        "Целите на дирекцията са по Програмата за управление",
    ],
    [
        "Служителите се обучават ежегодно по утвърден план.",
        "Ежегодно обучение на служителите по план",
        "Има утвърден годишен план за обучение на служителите, обучават се ежегодно",
    ],
    [
        "Няма анкета сред гражданите за удовлетвореност от услугите.",
        "Липсва анкета за удовлетвореността на гражданите от услугите",
        "Не се прави анкета с гражданите за удовлетвореност от услуги",
    ],
    [
        "Рискът се преглежда рядко, регистърът на рисковете не е актуализиран.",
        "Регистърът на рисковете не се актуализира, преглежда се рядко",
    ],
    [
        "Седмичен преглед на задачите с директорите на дирекции",
        "Всяка седмица преглед на задачите с директорите - седмични прегледи с директори",
    ],
    [
        "Електронните услуги се ползват от малко граждани.",
        "Малко граждани ползват електронни услуги",
        "Електроните услуги се ползват от малко гражданите",  # with a slip of the pen
    ],
    [
        "Бюджетът се обсъжда публично с гражданите всяка година.",
        "Публично обсъждане на бюджета с граждани всяка година",
    ],
    [
        "Вътрешната комуникация между отделите е слаба.",
        "Слаба вътрешна комуникация между отдели и дирекции",
    ],
]
ALONE = [
    "Има анкета сред гражданите за удовлетвореност от услугите.",  # says the opposite of one above
    "Обучени са 34 служители през 2025 г.",
    "Обучени са 12 служители през 2023 г.",
    "Харта на клиента, преработена през 2024 г.",
    "Сградата е достъпна за хора с увреждания.",
]
ENGLISH = [
    ["The council reviews its goals every year.", "Every year the goals are reviewed by the council"],
    ["Staff training follows a yearly plan", "Yearly training plan for the staff is followed"],
    ["Citizens were never surveyed"],
]


def pairs_of(found: list[list[str]]) -> set[frozenset[str]]:
    return {frozenset(pair) for group in found for pair in combinations(group, 2)}


def test_remarks_of_one_thing_come_together_and_no_others():
    texts = [text for family in FAMILIES for text in family] + ALONE
    found = pairs_of(likeness.groups(dict(zip(texts, texts, strict=True))))
    wanted = pairs_of(FAMILIES)
    assert found - wanted == set()
    assert len(found & wanted) / len(wanted) >= 0.85


def test_english_remarks_too():
    texts = [text for family in ENGLISH for text in family]
    assert pairs_of(likeness.groups(dict(zip(texts, texts, strict=True)))) == pairs_of(ENGLISH)


@pytest.mark.parametrize(
    "forms",
    [
        "служител служителя служителят служители служителите",
        "услуга услуги услугата услугите",
        "обучение обучения обучението обученията",
        "директор директора директорът директори директорите",
        "стратегия стратегии стратегията стратегиите",
        "общински общинска общинско общинските общинската",
        "електронна електронни електронните електронната",
        "град града градът градове градовете",
        "ред реда редът редове редовете",
        "анкета анкети анкетата анкетите",
        "проект проекта проектът проекти проектите",
        "документ документа документи документите",
        "бюджет бюджета бюджетът",
        "дейност дейността дейности дейностите",
        "работа работата",
        "гише гишето гишета гишетата",
        "процес процеса процесът процеси процесите",
    ],
)
def test_forms_of_a_word_have_one_stem(forms):
    assert len({stem(word) for word in forms.split()}) == 1


def test_words_of_different_meaning_keep_different_stems():
    words = "план програма цел риск анкета бюджет сграда дирекция отдел кмет гражданин преглед архив такса"
    assert len({stem(word) for word in words.split()}) == len(words.split())


TEXTS = st.lists(st.sampled_from([text for family in FAMILIES for text in family] + ALONE), max_size=12)


@given(TEXTS)
def test_a_remark_is_proposed_at_most_once_and_never_alone(texts):
    found = likeness.groups(dict(enumerate(texts)))
    placed = [key for group in found for key in group]
    assert len(placed) == len(set(placed))
    assert all(len(group) > 1 for group in found)
    assert all(group == sorted(group) for group in found)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_the_same_both_ways_and_from_0_to_1(one, other):
    first, second = likeness.gist(one), likeness.gist(other)
    there = likeness.likeness(first, second)
    assert 0 <= there <= 1.0000001
    assert there == likeness.likeness(second, first)


def test_the_wording_to_begin_with_is_the_one_most_like_the_others():
    family = dict(enumerate([*FAMILIES[0], "Целите на дирекциите"]))
    assert likeness.most_typical(family) in {0, 1, 2}
