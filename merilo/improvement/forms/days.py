"""Days in forms of plans: in a year a plan is about, and two of them in their order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.web import forms

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


def plausible(day: date | None) -> date | None:
    """The day, unless it lies in no year a plan is about."""
    if day is not None and not EARLIEST <= day <= LATEST:
        raise forms.ValidationError(_("Check the year."))
    return day


class InOrder(forms.Form):
    """Its fields `first` and `last` are two plausible days in their order."""

    def clean_first(self) -> date | None:
        return plausible(self.cleaned_data["first"])

    def clean_last(self) -> date | None:
        return plausible(self.cleaned_data["last"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The end is before the beginning."))
        return data
