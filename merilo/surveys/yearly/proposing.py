"""Sentences proposed for the yearly report from what is known; a person changes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.organisations.api import Organisation
from merilo.surveys.rules.yearly import Measured, changed, comparable, extremes
from merilo.surveys.yearly.document import figure_in_words

LEAST_CHANGE = {"mean": 0.2, "share": 5.0, "nps": 5.0}  # below it a change is not worth a sentence


def introduction(organisation: Organisation, year: int) -> str:
    """On what ground and for which period."""
    sentence = _(
        "This report presents how satisfied the users of %(name)s were with its services in %(year)s. It is "
        "made and published under art. 24 of the Ordinance on administrative services."
    )
    return sentence % {"name": organisation.name, "year": year}


def analysis(results: Sequence[Mapping[str, Any]]) -> str:
    """For each survey what was valued most and least, and what changed since the wave before."""
    return "\n\n".join("\n".join(_told(told)) for told in results if told["results"])


def _told(told: Mapping[str, Any]) -> Iterator[str]:
    rows = [Measured(**row) for row in told["results"]]
    count = told["responses"]
    people = ngettext("%(count)s person answered", "%(count)s people answered", count)
    people %= {"count": number_format(count, force_grouping=True)}
    yield _("%(title)s: %(people)s.") % {"title": told["title"], "people": people}
    for unit in ("mean", "share"):
        best, worst = extremes(comparable(rows, unit))
        if best:
            yield _("- Valued most: %(list)s.") % {"list": _listed(best)}
            yield _("- Valued least: %(list)s.") % {"list": _listed(worst)}
            break
    moves = [
        changed([row for row in rows if row.unit == unit], least) for unit, least in LEAST_CHANGE.items()
    ]
    if rose := [row for risen, _fallen in moves for row in risen[:3]]:
        yield _("- Better than before: %(list)s.") % {"list": _moved(rose)}
    if fell := [row for _risen, fallen in moves for row in fallen[:3]]:
        yield _("- Worse than before: %(list)s.") % {"list": _moved(fell)}


def _listed(rows: Sequence[Measured]) -> str:
    return "; ".join(f"{row.title} ({figure_in_words(row.figure, row.unit)})" for row in rows)


def _moved(rows: Sequence[Measured]) -> str:

    def moved(row: Measured) -> str:
        before, now = (figure_in_words(value or 0, row.unit) for value in (row.earlier, row.figure))
        return f"{row.title} ({before} → {now})"

    return "; ".join(map(moved, rows))
