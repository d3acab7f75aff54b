"""Measures in words and shapes of the page."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext

from merilo.improvement.models import Measure, MeasureState, Signal
from merilo.improvement.queries.board import Row
from merilo.improvement.rules.progress import RiskRule, Share

STATE_SHAPES = {
    MeasureState.NOT_STARTED: "idle",
    MeasureState.UNDER_WAY: "progress",
    MeasureState.DONE: "done",
    MeasureState.STOPPED: "waiting",
    MeasureState.DROPPED: "idle",
}
SIGNAL_SHAPES = {Signal.ON_TIME: "ontime", Signal.AT_RISK: "risk", Signal.LATE: "late"}


def language() -> str:
    """The language of the page."""
    return get_language() or "en"


def day(value: date) -> str:
    """A day in figures."""
    return _day(value, language())


@lru_cache(4096)  # lists of measures name the same days again and again
def _day(value: date, _language: str) -> str:
    return date_format(value, "SHORT_DATE_FORMAT")


def short_months() -> list[str]:
    """The months of a year in three letters."""
    return [date_format(date(2026, number, 1), "F").lower()[:3] for number in range(1, 13)]


def shape_of(row: Row) -> str:
    """The one shape that says most of a measure: its signal, its state where it has none."""
    return SIGNAL_SHAPES[Signal(row.signal)] if row.signal else STATE_SHAPES[MeasureState(row.measure.state)]


def standing(row: Row) -> str:
    """The one word that says most of a measure; of a late one also by how much."""
    if row.signal == Signal.LATE and row.late_by:
        words = ngettext("Late by %(days)s day", "Late by %(days)s days", row.late_by)
        return words % {"days": row.late_by}
    return str(Signal(row.signal).label if row.signal else MeasureState(row.measure.state).label)


def unfinished(row: Row) -> str:
    """That a measure is done although some of its activities are not; empty where all are."""
    left = row.carried.count - row.carried.done
    if row.measure.state != MeasureState.DONE or not left:
        return ""
    return ngettext(
        "The measure is done, but %(count)s of its activities is not carried out and counts so in the plan.",
        "The measure is done, but %(count)s of its activities are not carried out and count so in the plan.",
        left,
    ) % {"count": left}


def hours(measure: Measure) -> str:
    """Working hours; empty where none are given, 0 is a number."""
    return "" if measure.hours is None else number_format(measure.hours, force_grouping=True)


def euro(measure: Measure) -> str:
    """Money as people write it: 1 800,00 €."""
    if measure.euro is None:
        return ""
    return f"{number_format(measure.euro, 2, force_grouping=True)}\N{NO-BREAK SPACE}€"


def share(counted: Share) -> str:
    """So many of so many with the percentage; a dash where there is nothing to count."""
    if counted.percent is None:
        return "–"
    numbers = {"done": counted.done, "of": counted.of, "percent": counted.percent}
    return gettext("%(done)s of %(of)s (%(percent)s %%)") % numbers


def rule(risk: RiskRule | None) -> str:
    """When a measure is late, and when at risk; empty where nothing is waited for."""
    if risk is None:
        return ""
    sentence = gettext(
        "Late: after the last day. At risk: under %(done)s %% carried out when %(elapsed)s %% of the time "
        "have passed, or as soon as one activity is late."
    )
    return sentence % {"done": risk.done, "elapsed": risk.elapsed}
