"""Scores, their spread and time as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from merilo.assessment.rules import scoring
from merilo.assessment.rules.statistics import Spread
from merilo.core.numbers import display
from merilo.framework.catalogue import Scale
from merilo.web import drawings


def values_in_words(scale: Scale, values: Mapping[str, int]) -> str:
    """Agreed values as people read them: 45, or "Plan 40, Do 50: 45"."""
    score = None if not values else scoring.score_or_none(scale, values)
    if score is None:
        return _("no score")
    number = display(score, mark=drawings.words().mark)
    if not scale.components:
        return number
    language = get_language() or ""
    parts = ", ".join(f"{part.title.in_language(language)} {values[part.code]}" for part in scale.components)
    return f"{parts}: {number}"


def spread_in_words(spread: Spread | None) -> str:
    """The distribution in one line: from 25 to 70, median 45, 10 scores."""
    if spread is None:
        return _("nobody gave a score")
    number = drawings.words().number
    if spread.count == 1:
        return _("one score: %(value)s") % {"value": number(spread.minimum)}
    known = {"low": number(spread.minimum), "high": number(spread.maximum), "n": spread.count}
    if spread.median.is_interval:
        known |= {"first": number(spread.median.low), "second": number(spread.median.high)}
        words = _("from %(low)s to %(high)s, median between %(first)s and %(second)s, %(n)s scores")
        return words % known
    known |= {"middle": number(spread.median.low)}
    return _("from %(low)s to %(high)s, median %(middle)s, %(n)s scores") % known


def clock_of(seconds: int) -> str:
    """Minutes and seconds as a clock shows them: 6:20, 1:02:05."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
