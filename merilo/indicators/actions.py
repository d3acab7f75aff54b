"""Writes: indicators and their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.periods import Period
from merilo.indicators import permissions
from merilo.indicators.models import Indicator, Value
from merilo.indicators.rules.change import plain
from merilo.organisations.api import Unit, Viewer, record


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of an indicator."""

    code: str
    name: str
    description: str = ""
    unit: str = ""
    direction: str = "none"
    target: Decimal | None = None
    source: str = ""
    owner: Unit | None = None

    def columns(self) -> dict[str, Any]:
        """The facts by the names of their columns."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Measured:
    """A value in its period; `reference` says what of another room it was taken from."""

    period: Period
    value: Decimal
    status: str = "final"
    n: int | None = None
    note: str = ""
    reference: Mapping[str, Any] = field(default_factory=dict)


def add_indicator(*, viewer: Viewer, facts: Facts, at: datetime) -> Indicator:
    """Begin to measure something. Errors: Refused, MeriloError (the code is taken)."""
    viewer.require("indicator.edit")
    with _code_once(), transaction.atomic():
        made = Indicator.objects.create(organisation=viewer.organisation, made_at=at, **facts.columns())
        record(viewer, "indicator.added", made, {"code": facts.code, "name": facts.name}, at=at)
    return made


def change_indicator(
    *, viewer: Viewer, indicator: Indicator, facts: Facts, version: int, at: datetime
) -> None:
    """Change what is said of an indicator. Errors: Refused, Conflict, MeriloError (the code is taken)."""
    _require_edit(viewer, indicator)
    with _code_once(), transaction.atomic():
        own = Indicator.objects.filter(pk=indicator.pk, version=version)
        if not own.update(version=version + 1, **facts.columns()):
            raise Conflict(_("Somebody else has changed the indicator in the meantime."))
        record(viewer, "indicator.changed", indicator, {"code": facts.code, "name": facts.name}, at=at)


def retire(*, viewer: Viewer, indicator: Indicator, at: datetime) -> None:
    """Stop measuring; the values stay. Errors: Refused."""
    _require_edit(viewer, indicator)
    with transaction.atomic():
        if Indicator.objects.filter(pk=indicator.pk, retired_at=None).update(retired_at=at):
            record(viewer, "indicator.retired", indicator, {"code": indicator.code}, at=at)


def take_up(*, viewer: Viewer, indicator: Indicator, at: datetime) -> None:
    """Measure again what was retired. Errors: Refused."""
    _require_edit(viewer, indicator)
    with transaction.atomic():
        if Indicator.objects.filter(pk=indicator.pk).exclude(retired_at=None).update(retired_at=None):
            record(viewer, "indicator.taken_up", indicator, {"code": indicator.code}, at=at)


def enter_value(
    *, viewer: Viewer, indicator: Indicator, measured: Measured, instead: Value | None, at: datetime
) -> Value:
    """Enter the value of a period, or correct one: `instead` is the value it replaces, which stays on record.

    Errors: Refused, Conflict (the period has a value, or the replaced one is no longer in force).
    """
    _require_edit(viewer, indicator)
    if indicator.retired_at is not None:
        raise Refused(_("This indicator is not measured any more."))
    with transaction.atomic():
        if instead is not None:
            _replace(indicator, instead, at)
        period = measured.period
        taken = Value.objects.select_for_update().filter(
            indicator=indicator, first=period.first, last=period.last, replaced_at=None
        )
        if there := taken.first():
            sentence = _("This period has a value already: %(value)s. Correct that one.")
            raise MeriloError(sentence % {"value": plain(there.value)}, field="value")
        made = _entered(viewer, indicator, measured, at)
        verb = "indicator.value_corrected" if instead else "indicator.value_entered"
        record(viewer, verb, indicator, _told(indicator, measured, instead), at=at)
    return made


def take_back(*, viewer: Viewer, indicator: Indicator, value: Value, at: datetime) -> None:
    """Take a value back; it stays on record. Errors: Refused, Conflict."""
    _require_edit(viewer, indicator)
    with transaction.atomic():
        _replace(indicator, value, at)
        told = {"code": indicator.code, "value": plain(value.value), "from": value.first, "until": value.last}
        record(viewer, "indicator.value_taken_back", indicator, told, at=at)


def _entered(viewer: Viewer, indicator: Indicator, measured: Measured, at: datetime) -> Value:
    try:
        with transaction.atomic():
            return Value.objects.create(
                indicator=indicator,
                first=measured.period.first,
                last=measured.period.last,
                value=measured.value,
                status=measured.status,
                n=measured.n,
                note=measured.note,
                reference=dict(measured.reference),
                entered_by=viewer.membership,
                entered_at=at,
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody else has entered a value for this period in the meantime.")) from error


def _replace(indicator: Indicator, value: Value, at: datetime) -> None:
    own = Value.objects.filter(indicator=indicator, pk=value.pk, replaced_at=None)
    if not own.update(replaced_at=at):
        raise Conflict(_("Somebody else has corrected this value in the meantime."))


def _told(indicator: Indicator, measured: Measured, instead: Value | None) -> dict[str, Any]:
    period = measured.period
    told = {
        "code": indicator.code,
        "value": plain(measured.value),
        "from": period.first,
        "until": period.last,
    }
    return told | ({"before": plain(instead.value)} if instead else {})


def _require_edit(viewer: Viewer, indicator: Indicator) -> None:
    if not permissions.may_edit(viewer, indicator):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))


@contextmanager
def _code_once() -> Iterator[None]:
    """Turns the constraint on codes into a sentence beside the field."""
    try:
        yield
    except IntegrityError as error:
        if "indicator_code_once" not in str(error):
            raise
        raise MeriloError(_("There is an indicator with this code."), field="code") from error
