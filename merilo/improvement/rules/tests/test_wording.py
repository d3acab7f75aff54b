from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from merilo.improvement.rules.wording import MOST, as_line


def test_a_text_becomes_one_line_up_to_a_whole_word() -> None:
    assert as_line("Няма  анкета\nсред бизнеса") == "Няма анкета сред бизнеса"
    assert as_line("Няма анкета, сред бизнеса", 15) == "Няма анкета…"
    assert as_line("непрекъснато", 5) == "непр…"


@given(st.text(max_size=3 * MOST))
def test_it_is_never_longer_than_a_proposal(text: str) -> None:
    assert len(as_line(text)) <= MOST
