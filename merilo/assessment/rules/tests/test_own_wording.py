from __future__ import annotations

from merilo.assessment.rules.own_wording import Texts, differing, original, worded
from merilo.assessment.rules.tests.caf import CAF

ITEM = CAF.item("1.1")
MODEL = original(ITEM, "en")


def test_without_own_texts_the_model_speaks() -> None:
    shown = worded(ITEM, "en")
    assert shown.explanation == MODEL.explanation
    assert [example.text for example in shown.examples] == list(MODEL.examples)
    assert [example.key for example in shown.examples] == [str(n + 1) for n in range(len(MODEL.examples))]
    assert not shown.is_adapted


def test_own_examples_are_held_by_their_text_and_those_of_the_model_keep_their_number() -> None:
    shown = worded(ITEM, "en", Texts("", ("Our own.", MODEL.examples[1])))
    assert shown.examples[1].key == "2"
    assert shown.examples[0].key.startswith("own-")
    assert worded(ITEM, "en", Texts("", (MODEL.examples[0], "Our own."))).examples[1] == shown.examples[0]
    assert (shown.has_own_explanation, shown.has_own_examples, shown.is_adapted) == (False, True, True)


def test_an_own_explanation_alone_leaves_the_examples() -> None:
    shown = worded(ITEM, "en", Texts("What it means here."))
    assert (shown.has_own_explanation, shown.has_own_examples) == (True, False)
    assert shown.original == MODEL


def test_what_says_what_the_model_says_is_not_ones_own() -> None:
    assert differing(ITEM, "en", MODEL) == Texts()
    assert differing(ITEM, "en", Texts(MODEL.explanation, ("Other.",))) == Texts("", ("Other.",))
    assert differing(ITEM, "en", Texts("Other.", MODEL.examples)) == Texts("Other.")
