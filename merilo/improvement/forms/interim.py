"""The forms of an interim report: its days, and what of it everybody is to read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merilo.core.periods import Period, months_after
from merilo.improvement.actions.reports import LONGEST_FOREWORD
from merilo.improvement.models import Plan
from merilo.web import forms
from merilo.web.written import TextField

HALF_YEAR = -6


class PeriodForm(forms.Form):
    """The days that a report is about."""

    once_key = False
    mark_required = False
    first = forms.DateField(label=_("From"))
    last = forms.DateField(label=_("Until"))

    def clean(self) -> dict[str, Any]:
        """Two days in their order, none ahead."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if last and last > timezone.localdate():
            self.add_error("last", _("The report ends today or earlier."))
        elif first and last and last < first:
            self.add_error("last", _("The period ends before it begins."))
        return data

    def period(self) -> Period:
        """What was asked for."""
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


def usual_period(plan: Plan, today: date) -> Period:
    """The last six months, not before the plan began where it has begun."""
    first = months_after(today, HALF_YEAR)
    return Period(min(max(first, plan.first), today), today)


class ChoiceForm(PeriodForm):
    """What of a period everybody is to read."""

    reports = forms.BooleanField(
        label=_("Show what was reported, too"),
        help_text=_("Without the names of those who reported. Read the texts first: they may name people."),
        required=False,
    )


class PublishForm(forms.Form):
    """The last step before everybody reads a report; `seen` is the print of what was looked at."""

    foreword = TextField(
        label=_("Foreword"),
        help_text=_("In two or three sentences: what has become better, and what comes next."),
        required=False,
        most=LONGEST_FOREWORD,
        rows=4,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
