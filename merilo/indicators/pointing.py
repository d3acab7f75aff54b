"""Values of indicators as things that other rooms point at, and what this room takes from others.

The id of a value is "<indicator>/<first day>/<last day>", so that a corrected value is the same thing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy

from merilo.core.offers import Receiver, Target
from merilo.core.references import Kind, Place, Reference, Snapshot
from merilo.indicators import queries
from merilo.indicators.models import Indicator, Value
from merilo.indicators.rules.change import Point, comparable, plain
from merilo.indicators.words import period_of, with_unit
from merilo.organisations.api import Viewer, address
from merilo.web.referring import period_in_words

CODE = "indicator"
YEARS = 5  # of a series: the value's own and those before it
BETTER = {"up": "higher", "down": "lower"}


def places(viewer: Viewer) -> Iterator[Place]:
    """The indicators in use that have a value."""
    for one in queries.indicators_of(viewer):
        if last := one.current[-1:]:  # type: ignore[attr-defined]
            figure = with_unit(last[0].value, one.unit)
            yield Place(str(one.pk), str(one), f"{period_in_words(period_of(last[0]))}: {figure}")


def offered(viewer: Viewer, place: str) -> Iterator[Reference]:
    """The values of an indicator in force, the latest first."""
    for one in queries.indicators_by_key(viewer, [place]):
        for value in reversed(one.current):  # type: ignore[attr-defined]
            yield Reference(CODE, key_of(one, value), snapshot(viewer, one, value))


def look(viewer: Viewer, ids: Collection[str]) -> dict[str, Snapshot | None]:
    """What values are now; nothing at all for whoever may not read indicators."""
    if not viewer.can("indicator.read"):
        return {}
    found: dict[str, Snapshot | None] = dict.fromkeys(ids)
    for one in queries.indicators_by_key(viewer, {key.partition("/")[0] for key in ids}):
        values = {key_of(one, value): value for value in one.current}  # type: ignore[attr-defined]
        found |= {key: snapshot(viewer, one, values[key]) for key in ids if key in values}
    return found


def key_of(indicator: Indicator, value: Value) -> str:
    """The id of a value, which stays when it is corrected."""
    return f"{indicator.pk}/{value.first.isoformat()}/{value.last.isoformat()}"


def snapshot(viewer: Viewer, indicator: Indicator, value: Value) -> Snapshot:
    """What is seen of a value: with the earlier ones of its series, and what it is held against."""
    taken = value.reference.get("snapshot", {})
    return Snapshot(
        title=str(indicator),
        figure=Decimal(plain(value.value)),
        unit=indicator.unit,
        n=value.n,
        method=str(taken.get("title", "") or indicator.source),
        first=value.first,
        last=value.last,
        source=str(indicator),
        path=address(viewer, "indicators:indicator", indicator=indicator.pk),
        series=_series(indicator.current, value),  # type: ignore[attr-defined]
        target=None if indicator.target is None else Decimal(plain(indicator.target)),
        better=BETTER.get(indicator.direction, ""),
    )


def _series(values: Sequence[Value], last: Value) -> dict[int, Decimal]:
    """Figures by year up to a value; of periods that are no whole year the value stands alone."""
    if (span := period_of(last).whole_years) is None or span[0] != span[1]:
        return {last.last.year: Decimal(plain(last.value))}
    points = comparable(Point(period_of(one), one.value) for one in values if one.last <= last.last)
    yearly = [point for point in points if point.period.whole_years is not None]
    return {point.period.last.year: Decimal(plain(point.value)) for point in yearly[-YEARS:]}


KIND = Kind(CODE, gettext_lazy("Indicators"), places, offered, look)


# --- taken from others ----------------------------------------------------------------------------
def targets(viewer: Viewer, kind: str, place: str) -> Iterator[Target]:
    """The indicators in use, for whoever may enter their values."""
    if not viewer.can("indicator.edit"):
        return
    query = urlencode({"kind": kind, "place": place})
    for one in queries.indicators_of(viewer):
        page = address(viewer, "indicators:new_value", indicator=one.pk)
        yield Target(str(one.pk), str(one), f"{page}?{query}", single=True)


RECEIVER = Receiver(CODE, gettext_lazy("As the value of an indicator"), frozenset({"survey"}), targets)
