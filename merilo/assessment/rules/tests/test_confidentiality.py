from __future__ import annotations

import pytest

from merilo.assessment.rules.confidentiality import tells_nobody


@pytest.mark.parametrize(
    ("scored", "changed", "shown_before", "hidden"),
    [
        (3, 3, False, True),
        (2, 9, False, False),
        (0, 0, False, False),
        (3, 3, True, True),
        (1, 1, True, False),
        (0, 1, True, False),  # one sheet that holds no scores any more
        (0, 0, True, True),
    ],
)
def test_nobodys_own_scores_are_told_by_what_is_shown(
    scored: int, changed: int, *, shown_before: bool, hidden: bool
) -> None:
    assert tells_nobody(scored, changed, shown_before=shown_before) is hidden
