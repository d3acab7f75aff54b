"""When all scores may be shown together without telling anybody's own."""

from __future__ import annotations

from merilo.assessment.rules.progress import FEWEST_SCORES


def tells_nobody(scored: int, changed: int, *, shown_before: bool) -> bool:
    """Whether scores shown now, compared with those shown before, cannot be traced to one sheet.

    `changed` counts the sheets whose scores differ from those shown before (from none at the first time),
    `scored` those of them that hold scores. Showing the same again tells nothing new.

    >>> tells_nobody(3, 4, shown_before=False), tells_nobody(2, 2, shown_before=False)
    (True, False)
    >>> tells_nobody(1, 1, shown_before=True), tells_nobody(0, 0, shown_before=True)
    (False, True)
    """
    return scored >= FEWEST_SCORES or (shown_before and changed == 0)
