"""The effect of a plan in words, shapes and drawings: for its page and for the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.core.numbers import as_decimal
from merilo.improvement.queries.effect import Aimed, Since
from merilo.improvement.rules.effect import WHOLE, Outcome, Turn, mean_difference
from merilo.improvement.words import language
from merilo.indicators.api import plain
from merilo.web import charts, drawings
from merilo.web.referring import with_unit

OUTCOMES = {
    Outcome.REACHED: gettext_lazy("Target reached"),
    Outcome.BETTER: gettext_lazy("Improved"),
    Outcome.SAME: gettext_lazy("No change"),
    Outcome.WORSE: gettext_lazy("Worsened"),
    Outcome.UNKNOWN: gettext_lazy("Cannot be said yet"),
}
OUTCOME_SHAPES = {
    Outcome.REACHED: "done",
    Outcome.BETTER: "ontime",
    Outcome.SAME: "idle",
    Outcome.WORSE: "risk",
    Outcome.UNKNOWN: "waiting",
}
TURNS = {
    Turn.HIGHER: gettext_lazy("More points"),
    Turn.SAME: gettext_lazy("Same points"),
    Turn.LOWER: gettext_lazy("Fewer points"),
    Turn.UNKNOWN: gettext_lazy("Not scored in both"),
}
TURN_SHAPES = {Turn.HIGHER: "ontime", Turn.SAME: "idle", Turn.LOWER: "risk", Turn.UNKNOWN: "waiting"}
STEP, FARTHEST = 25, 200


def figure(value: Decimal | None, unit: str) -> str:
    """A value with its unit; empty where there is none."""
    return "" if value is None else with_unit(Decimal(plain(value)), unit)


def change(one: Aimed) -> str:
    """Latest minus baseline with its sign and unit, of percentages in points; empty where one is missing."""
    if one.latest is None or one.row.baseline is None:
        return ""
    difference = one.latest.value - one.row.baseline
    unit = _("p.p.") if one.indicator.unit == "%" else one.indicator.unit
    return f"{'+' if difference > 0 else ''}{figure(difference, unit)}"


def ways_drawn(rows: Sequence[Aimed]) -> charts.Drawing | None:
    """How much of the way from baseline to target each indicator went; None where none can be drawn."""
    bars = [
        charts.Bar(str(one.measure.number), one.indicator.name, one.way)
        for one in rows
        if one.way is not None
    ]
    if not bars:
        return None
    told = replace(drawings.words(), item=_("Indicator"))
    chart = charts.Bars(
        _("How much of the way to the target is gone, in percent"),
        [charts.Group("", bars)],
        _("Part of the way, %"),
        description="; ".join(f"{bar.label}: {bar.value} %" for bar in bars),
        scale=_scale([one.way for one in rows if one.way is not None]),
    )
    return charts.bars(chart, words=told)


def _scale(ways: Sequence[int]) -> charts.Scale:
    """From nothing to the target and on to the farthest, with room for its number."""
    farthest = min(max(WHOLE, *ways), FARTHEST)
    end = -(-farthest // STEP) * STEP + STEP
    return charts.Scale(tuple(range(0, end + 1, STEP)))


def points(value: Decimal | Fraction | None) -> str:
    """Points with one decimal at most; a dash where there are none."""
    return drawings.words().number(exact(value))


def difference(value: Decimal | Fraction | None) -> str:
    """A difference of points with its sign; a dash where there is none."""
    return drawings.words().signed(exact(value))


def exact(value: Decimal | Fraction | None) -> Decimal | None:
    """A mean as a number that can be written down."""
    return as_decimal(value) if isinstance(value, Fraction) else value


def name_of(since: Since, code: str) -> str:
    """The short name of a sub-criterion in the language of the page."""
    return since.found.framework.item(code).short.in_language(language()) if since.found else ""


def means(since: Since) -> Iterator[str]:
    """The mean difference where measures were taken, and elsewhere."""
    templates = (
        (since.aimed, _("Sub-criteria with measures: %(change)s points on average (%(count)s).")),
        (since.others, _("Sub-criteria without measures: %(change)s points on average (%(count)s).")),
    )
    for rows, template in templates:
        mean = mean_difference(rows)
        if mean is not None:
            known = sum(row.difference is not None for row in rows)
            yield template % {"change": difference(mean), "count": known}


def caution() -> str:
    """What a difference of points does not prove."""
    return _(
        "Points are what a group judged by its evidence. A difference says that something changed, "
        "not that the measure alone changed it."
    )
