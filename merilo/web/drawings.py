"""Charts in the language of the page: the pure functions with their words translated."""

from __future__ import annotations

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from merilo.web.charts import Words


def words() -> Words:
    """Table heads, direct labels and the decimal mark in the active language."""
    return Words(
        item=_("Criterion"),
        change=_("Difference"),
        missing=_("not scored"),
        median=_("median {value}"),
        interval=_("median between {low} and {high}"),
        score=_("Score"),
        people=_("Assessors"),
        lowest=_("Lowest"),
        highest=_("Highest"),
        middle=_("Middle"),
        year=_("Year"),
        value=_("Value"),
        target=_("Target"),
        step=_("Step"),
        state=_("State"),
        mark=str(get_format("DECIMAL_SEPARATOR")),
    )
