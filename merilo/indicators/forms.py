"""Forms of indicators and their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.core.periods import Period
from merilo.indicators.actions import Facts, Measured
from merilo.indicators.models import DECIMALS, DIGITS, Direction, Indicator, Status
from merilo.organisations.api import Unit
from merilo.web import forms
from merilo.web.written import LineField, TextField, offer

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


class IndicatorForm(forms.Form):
    """What is said of an indicator."""

    code = LineField(label=_("Code"), most=30, help_text=_("Short, as it stands in your documents: 6.2-3"))
    name = LineField(label=_("Name"), most=200)
    unit = LineField(label=_("Unit of measure"), most=40, required=False, help_text=_("%, days, number, EUR"))
    direction = forms.ChoiceField(label=_("Which way is good?"), choices=Direction.choices)
    target = forms.DecimalField(label=_("Target"), required=False, max_digits=DIGITS, decimal_places=DECIMALS)
    description = TextField(label=_("What is counted, and how"), required=False, most=4_000, rows=4)
    source = LineField(
        label=_("Source"), required=False, most=300, help_text=_("The register, the survey or the report.")
    )
    owner = forms.ChoiceField(label=_("Who measures it"), required=False, widget=forms.Select)

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        offer(self, "owner", [("", "–"), *((key, unit.name) for key, unit in self.units.items())])

    def facts(self) -> Facts:
        """What was typed."""
        data = {name: self.cleaned_data[name] for name in Facts.__slots__ if name != "owner"}
        return Facts(**data, owner=self.units.get(self.cleaned_data["owner"]))


def initial_of(indicator: Indicator) -> dict[str, Any]:
    """What the form of an indicator shows before anything is typed."""
    found = {name: getattr(indicator, name) for name in Facts.__slots__ if name not in {"owner", "target"}}
    target = indicator.target.normalize() if indicator.target is not None else None
    return found | {"owner": str(indicator.owner_id or ""), "target": target}


class ValueForm(forms.Form):
    """The value of one period."""

    first = forms.DateField(label=_("Period from"))
    last = forms.DateField(label=_("Period until"))
    value = forms.DecimalField(label=_("Value"), max_digits=DIGITS, decimal_places=DECIMALS)
    status = forms.ChoiceField(label=_("Is it final?"), choices=Status.choices, initial=Status.FINAL)
    n = forms.IntegerField(
        label=_("Number of cases"),
        required=False,
        min_value=0,
        max_value=2_000_000_000,
        help_text=_("On how many people or things the value stands, where that is known."),
    )
    note = LineField(label=_("Note"), required=False, most=500)

    def clean(self) -> dict[str, Any]:
        """A period is two plausible days in their order."""
        data = super().clean() or self.cleaned_data
        for name in ("first", "last"):
            day = data.get(name)
            if day is not None and not EARLIEST <= day <= LATEST:
                self.add_error(name, _("Check the year."))
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The period ends before it begins."))
        return data

    def measured(self, reference: Mapping[str, Any], figure: Decimal | None) -> Measured:
        """What was typed; it is taken from `reference` as long as it is the figure that was seen there."""
        data = self.cleaned_data
        return Measured(
            period=Period(data["first"], data["last"]),
            value=data["value"],
            status=data["status"],
            n=data["n"],
            note=data["note"],
            reference=reference if data["value"] == figure else {},
        )
