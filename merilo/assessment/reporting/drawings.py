"""The drawings of a report, from its frozen content: the same picture on page and paper."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from merilo.web import charts

Content = dict[str, Any]


def compared(content: Content) -> bool:
    """Whether the last cycle stands beside this one."""
    previous = content.get("previous")  # absent where the change is not published
    return bool(previous and previous["comparable"])


def bars(content: Content, palette: charts.Palette) -> charts.Drawing:
    """The criteria as bars, panels apart, on the measuring rule of the scale."""
    groups = [
        charts.Group(panel["title"] if len(content["panels"]) > 1 else "", _bars(content, panel["code"]))
        for panel in content["panels"]
    ]
    chart = charts.Bars(
        _("Results by criterion"),
        groups,
        now=content["assessment"]["title"],
        before=content["previous"]["title"] if compared(content) else "",
        description=in_words(content),
        scale=_scale(content),
    )
    return charts.bars(chart, words=_words(), palette=palette)


def radar(content: Content, palette: charts.Palette) -> charts.Drawing:
    """The criteria as a shape: a second picture, never alone."""
    axes = [
        charts.Axis(row["code"], row["short"], _decimal(row["mean"]), _decimal(row.get("before")))
        for row in content["criteria"]
    ]
    chart = charts.Radar(
        _("The shape of the results"),
        axes,
        now=content["assessment"]["title"],
        before=content["previous"]["title"] if compared(content) else "",
        description=in_words(content),
        scale=_scale(content),
    )
    return charts.radar(chart, words=_words(), palette=palette)


def in_words(content: Content) -> str:
    """All bars as one sentence, for those who do not see the drawing."""
    mark = formats.get_format("DECIMAL_SEPARATOR")
    words = charts.Words(mark=mark)
    return "; ".join(f"{row['short']} {words.number(_decimal(row['mean']))}" for row in content["criteria"])


def _bars(content: Content, panel: str) -> list[charts.Bar]:
    return [
        charts.Bar(row["code"], row["short"], _decimal(row["mean"]), _decimal(row.get("before")))
        for row in content["criteria"]
        if row["panel"] == panel
    ]


def _scale(content: Content) -> charts.Scale:
    limits = content["scale"]
    marks = (limits["minimum"], *limits["marks"], limits["maximum"])
    if marks == charts.CAF.marks:
        return charts.CAF
    return charts.Scale(tuple(sorted(set(marks))))


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _words() -> charts.Words:
    return charts.Words(
        item=_("Criterion"),
        change=_("Difference"),
        missing=_("not scored"),
        mark=formats.get_format("DECIMAL_SEPARATOR"),
    )
