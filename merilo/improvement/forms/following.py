"""The form that begins the next self-assessment from a plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.assessment.api import NextFacts
from merilo.core.periods import Period, years
from merilo.improvement.queries.following import Following
from merilo.web import forms
from merilo.web.written import LineField


class NextCycleForm(forms.Form):
    """What is decided about the next cycle; framework and method are those of the last one."""

    title = LineField(label=gettext_lazy("Title"), most=150)
    first = forms.DateField(label=gettext_lazy("Period under review from"))
    last = forms.DateField(label=gettext_lazy("Period under review until"))
    report_due = forms.DateField(
        label=gettext_lazy("When must the report be ready?"),
        help_text=gettext_lazy("The ten steps are planned backwards from this day."),
    )
    with_group = forms.BooleanField(label=gettext_lazy("The group comes along"), required=False)
    with_evidence = forms.BooleanField(label=gettext_lazy("The evidence comes along"), required=False)

    def clean(self) -> dict[str, Any]:
        """The days of the period stand in their order."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The period ends before it begins."))
        return data

    def facts(self) -> NextFacts:
        """What was typed."""
        data = self.cleaned_data
        return NextFacts(
            title=data["title"],
            period=Period(data["first"], data["last"]),
            report_due=data["report_due"],
            with_group=data["with_group"],
            with_evidence=data["with_evidence"],
        )


def initial_for(found: Following, today: date) -> dict[str, Any]:
    """The years after those of the last cycle, and everything comes along."""
    begins = found.source.period_until.year + 1
    period = years(begins, max(begins, today.year - 1))
    return {
        "title": _("Self-assessment %(year)s") % {"year": max(period.last.year + 1, today.year)},
        "first": period.first,
        "last": period.last,
        "with_group": True,
        "with_evidence": True,
    }
