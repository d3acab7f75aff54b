"""What an evidence says in figures, as terms and values in the reader's language."""

from __future__ import annotations

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from merilo.assessment.models import Evidence
from merilo.assessment.queries.evidence import indicator_of
from merilo.assessment.queries.referring import reference_of
from merilo.core.references import Snapshot
from merilo.web.referring import figure_words, when_words, with_unit


def seen_of(row: Evidence) -> Snapshot | None:
    """What was seen of a result of another room when it became evidence."""
    reference = reference_of(row)
    return reference.snapshot if reference else None


def figures(row: Evidence) -> list[tuple[str, str]]:
    """All figures of an evidence in few words: of the result it points at, and those written on the shelf."""
    seen = seen_of(row)
    return [(term, text) for term, text in [*(seen_figures(seen) if seen else ()), *_in_short(row)] if text]


def _in_short(row: Evidence) -> list[tuple[str, str]]:
    """Own figures with their unit, the values of all years on one line."""
    figure, unit = indicator_of(row.details), row.details.get("measure", "")
    values = (f"{year}: {with_unit(value, unit)}" for year, value in sorted(figure.values.items()))
    return [
        (_("Values"), "; ".join(values)),
        (_("Target"), "" if figure.target is None else with_unit(figure.target, unit)),
        *_about_figures(row),
    ]


def seen_figures(seen: Snapshot) -> list[tuple[str, str]]:
    """What was seen of a result; what is not known is empty."""
    return [
        (_("Taken from"), seen.source),
        (_("Result"), seen.title),
        (seen.measure or _("Value"), figure_words(seen)),
        (
            _("Number of answers") if seen.measure else _("Number of cases"),
            "" if seen.n is None else str(seen.n),
        ),
        (_("When"), when_words(seen)),
        (_("How"), seen.method),
    ]


def own_figures(row: Evidence) -> list[tuple[str, str]]:
    """What was written about an indicator or a survey made elsewhere; what is not known is empty."""
    details = row.details
    mark = str(get_format("DECIMAL_SEPARATOR"))
    return [
        *((year, value.replace(".", mark)) for year, value in sorted(details.get("values", {}).items())),
        (_("Measured in"), details.get("measure", "")),
        (_("Target"), str(details.get("target", "")).replace(".", mark)),
        *_about_figures(row),
    ]


def _about_figures(row: Evidence) -> list[tuple[str, str]]:
    details = row.details
    better = {"higher": _("Higher is better"), "lower": _("Lower is better")}
    return [
        (_("Which way is better"), better.get(details.get("better", ""), "")),
        (_("Source"), details.get("source", "")),
        (_("Wave"), details.get("wave", "")),
        (_("Number of answers"), str(details.get("n", ""))),
        (_("How people were asked"), details.get("method", "")),
    ]
