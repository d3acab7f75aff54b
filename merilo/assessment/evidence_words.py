"""What an evidence says in figures, as terms and values in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from merilo.assessment.models import Evidence
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
    details = row.details

    def told(value: object) -> str:
        return with_unit(Decimal(str(value)), details.get("measure", "")) if value else ""

    values = sorted(details.get("values", {}).items())
    in_a_line = "; ".join(f"{year}: {told(value)}" for year, value in values)
    rest = own_figures(row)[len(values) :]
    spoken = {_("Measured in"), _("Target")}
    return [
        (_("Values"), in_a_line),
        (_("Target"), told(details.get("target"))),
        *((term, text) for term, text in rest if term not in spoken),
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
    better = {"higher": _("Higher is better"), "lower": _("Lower is better")}
    mark = str(get_format("DECIMAL_SEPARATOR"))
    return [
        *((year, value.replace(".", mark)) for year, value in sorted(details.get("values", {}).items())),
        (_("Measured in"), details.get("measure", "")),
        (_("Target"), str(details.get("target", "")).replace(".", mark)),
        (_("Which way is better"), better.get(details.get("better", ""), "")),
        (_("Source"), details.get("source", "")),
        (_("Wave"), details.get("wave", "")),
        (_("Number of answers"), str(details.get("n", ""))),
        (_("How people were asked"), details.get("method", "")),
    ]
