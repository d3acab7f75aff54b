from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.assessment.rules.said_again import SaidAgain, Stayed, said_again

TRAINING = "Служителите се обучават ежегодно по утвърден план."
REWORDED = "Ежегодно обучение на служителите по план"
SURVEY = "Няма анкета сред гражданите за удовлетвореност от услугите."
CHARTER = "Харта на клиента, преработена през 2024 г."


def test_a_thought_in_other_words_stayed_and_the_rest_is_new_or_gone() -> None:
    found = said_again([TRAINING, SURVEY], [CHARTER, REWORDED])
    assert found == SaidAgain((Stayed(TRAINING, REWORDED),), (CHARTER,), (SURVEY,))
    assert found.stayed[0].is_reworded
    assert not found.is_empty


def test_what_was_missing_and_is_there_now_is_gone_and_new() -> None:
    there = "Има анкета сред гражданите за удовлетвореност от услугите."
    assert said_again([SURVEY], [there]) == SaidAgain((), (there,), (SURVEY,))


def test_the_same_wording_belongs_together_before_anything_like_it() -> None:
    found = said_again([TRAINING, REWORDED], [REWORDED, TRAINING])
    assert found.stayed == (Stayed(REWORDED, REWORDED), Stayed(TRAINING, TRAINING))
    assert not found.stayed[0].is_reworded


def test_nothing_on_both_sides() -> None:
    assert said_again([], []).is_empty


TEXTS = st.lists(
    st.sampled_from([TRAINING, REWORDED, SURVEY, CHARTER, "", "…"]) | st.text(max_size=20), max_size=7
)


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS)
def test_every_remark_stands_exactly_once(before: list[str], after: list[str]) -> None:
    found = said_again(before, after)
    assert sorted([one.before for one in found.stayed] + list(found.gone)) == sorted(before)
    assert sorted([one.after for one in found.stayed] + list(found.new)) == sorted(after)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_a_list_beside_itself_only_stayed(texts: list[str]) -> None:
    found = said_again(texts, texts)
    assert (found.new, found.gone) == ((), ())
