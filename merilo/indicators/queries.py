"""Reads of indicators; each names its viewer and answers nothing to a stranger."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from merilo.indicators.models import Indicator, Value
from merilo.organisations.api import Viewer


def indicators_of(viewer: Viewer, *, retired: bool = False) -> QuerySet[Indicator]:
    """The organisation's indicators by code, those in use or those no longer used, with `current` values.

    Two queries: each has its values in force as a list `current`, by period.
    """
    if not viewer.can("indicator.read"):
        return Indicator.objects.none()
    own = Indicator.objects.filter(organisation=viewer.organisation, retired_at__isnull=not retired)
    return own.select_related("owner").prefetch_related(_current())


def indicators_by_key(viewer: Viewer, keys: Collection[str]) -> QuerySet[Indicator]:
    """The organisation's indicators of these ids as texts, also retired ones, with `current` values."""
    if not viewer.can("indicator.read"):
        return Indicator.objects.none()
    own = Indicator.objects.filter(organisation=viewer.organisation, pk__in=list(_uuids(keys)))
    return own.prefetch_related(_current())


def _uuids(keys: Collection[str]) -> Iterator[UUID]:
    for key in keys:
        with suppress(ValueError):
            yield UUID(key)


def _current() -> Prefetch[str]:
    current = Value.objects.filter(replaced_at=None).order_by("last", "first", "id")
    return Prefetch("values", current, to_attr="current")


def indicator(viewer: Viewer, pk: UUID) -> Indicator:
    """One indicator of the organisation. Errors: Indicator.DoesNotExist."""
    if not viewer.can("indicator.read"):
        raise Indicator.DoesNotExist
    return Indicator.objects.select_related("owner").get(organisation=viewer.organisation, pk=pk)


def values_of(indicator: Indicator) -> list[Value]:
    """The values in force, by period. One query."""
    current = Value.objects.filter(indicator=indicator, replaced_at=None)
    return list(current.select_related("entered_by").order_by("last", "first", "id"))


def replaced_values(indicator: Indicator) -> list[Value]:
    """Values that were corrected or taken back, the latest first. One query."""
    gone = Value.objects.filter(indicator=indicator, replaced_at__isnull=False)
    return list(gone.select_related("entered_by").order_by(F("replaced_at").desc(), "id"))


def value_in(indicator: Indicator, pk: UUID) -> Value:
    """One value in force. Errors: Value.DoesNotExist."""
    return Value.objects.get(indicator=indicator, pk=pk, replaced_at=None)
