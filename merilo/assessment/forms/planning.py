"""Forms of the plan: starting, changing, scheduling and opening a self-assessment."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from merilo.assessment.actions.planning import PlanFacts, StepFacts
from merilo.assessment.models import Assessment, State
from merilo.assessment.queries.frameworks import Choice
from merilo.assessment.queries.planning import Step
from merilo.assessment.words import titled
from merilo.core.periods import Period
from merilo.framework.catalogue import Framework
from merilo.organisations.api import Membership
from merilo.web import forms
from merilo.web.written import LineField, TextField, offer

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 12, 31)


def plausible(day: date | None) -> date | None:
    """The day, unless it lies in no year a self-assessment is about."""
    if day is not None and not EARLIEST <= day <= LATEST:
        raise forms.ValidationError(_("Check the year."))
    return day


class PeriodMixin(forms.Form):
    """A period under review: two plausible days in their order."""

    def clean_period_from(self) -> date | None:
        return plausible(self.cleaned_data["period_from"])

    def clean_period_until(self) -> date | None:
        return plausible(self.cleaned_data["period_until"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("period_from"), data.get("period_until")
        if first and last and last < first:
            self.add_error("period_until", _("The period ends before it begins."))
        return data


class FrameworkForm(forms.Form):
    """The first question: by which framework."""

    framework = forms.ChoiceField(label=_("Framework"))

    once_key = False

    def __init__(self, *args: Any, choices: Iterable[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        offer(
            self,
            "framework",
            [(choice.key, choice.framework.title.in_language(language)) for choice in choices],
        )


class PlanForm(PeriodMixin, forms.Form):
    """What is decided about a self-assessment."""

    title = LineField(label=_("Title"), most=150, help_text=_("As it stands on the pages and on the report."))
    period_from = forms.DateField(
        label=_("Period under review from"),
        help_text=_("Usually the last two full years."),
    )
    period_until = forms.DateField(label=_("Period under review until"))
    method = forms.ChoiceField(label=_("Scoring method"))
    report_due = forms.DateField(
        label=_("When must the report be ready?"),
        help_text=_("The ten steps are planned backwards from this day."),
    )
    scope = TextField(
        label=_("Scope"),
        required=False,
        most=3000,
        rows=3,
        help_text=_("The whole organisation, or the units that take part."),
    )
    previous = forms.ChoiceField(
        label=_("Previous cycle"),
        required=False,
        widget=forms.Select,
        help_text=_("The report shows the change since then."),
    )

    def __init__(
        self,
        *args: Any,
        framework: Framework,
        cycles: Sequence[Assessment],
        fixed: Assessment | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cycles = {str(cycle.pk): cycle for cycle in cycles}
        language = get_language() or "en"
        offer(
            self,
            "method",
            [(method.code, method.title.in_language(language)) for method in framework.methods],
        )
        offer(
            self,
            "previous",
            [("", _("None: this is the first cycle"))]
            + [(pk, titled(cycle)) for pk, cycle in self.cycles.items()],
        )
        if not self.cycles:
            del self.fields["previous"]
        if fixed is not None:
            self._fix(fixed)

    def _fix(self, assessment: Assessment) -> None:
        """Method and period stay as they are once the individual assessment is open."""
        self.fields["replan"] = forms.BooleanField(
            label=_("Plan the open steps backwards from this day again"), required=False
        )
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
        if assessment.state != State.PLANNING:
            for name in ("method", "period_from", "period_until"):
                self.fields[name].disabled = True

    def clean_report_due(self) -> date | None:
        return plausible(self.cleaned_data["report_due"])

    def facts(self) -> PlanFacts:
        data = self.cleaned_data
        return PlanFacts(
            title=data["title"],
            method=data["method"],
            period=Period(data["period_from"], data["period_until"]),
            scope=data["scope"],
            report_due=data["report_due"],
            previous=self.cycles.get(data.get("previous", "")),
        )


class ScheduleForm(forms.Form):
    """Owner, due date and, for steps done outside, whether they are done: three fields per step."""

    def __init__(
        self, *args: Any, steps: Sequence[Step], people: Sequence[Membership], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(member.pk): member for member in people}
        self.steps = steps
        choices = [("", "–")] + [(pk, member.name) for pk, member in self.people.items()]
        for step in steps:
            self._add(step, choices)

    def _add(self, step: Step, choices: list[tuple[str, str]]) -> None:
        name = step.model.short.in_language(get_language() or "en")
        self.fields[f"owner_{step.number}"] = forms.ChoiceField(
            label=_("Owner of step %(number)s, %(name)s") % {"number": step.number, "name": name},
            required=False,
            widget=forms.Select,
            choices=choices,
            initial=str(step.owner.pk) if step.owner else "",
        )
        self.fields[f"due_{step.number}"] = forms.DateField(
            label=_("Due date of step %(number)s, %(name)s") % {"number": step.number, "name": name},
            required=False,
            initial=step.due,
        )
        if step.by_hand:
            self.fields[f"done_{step.number}"] = forms.BooleanField(
                label=_("Step %(number)s, %(name)s, is done") % {"number": step.number, "name": name},
                required=False,
                initial=step.state == "done",
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for step in self.steps:
            try:
                plausible(data.get(f"due_{step.number}"))
            except forms.ValidationError as error:
                self.add_error(f"due_{step.number}", error)
        return data

    def rows(self) -> Iterable[tuple[Step, Any, Any, Any]]:
        """Each step with its bound fields, for the table of the page."""
        for step in self.steps:
            done = self[f"done_{step.number}"] if step.by_hand else None
            yield step, self[f"owner_{step.number}"], self[f"due_{step.number}"], done

    def facts(self) -> dict[int, StepFacts]:
        data = self.cleaned_data
        return {
            step.number: StepFacts(
                owner=self.people.get(data[f"owner_{step.number}"]),
                due=data[f"due_{step.number}"],
                done=data[f"done_{step.number}"] if step.by_hand else None,
            )
            for step in self.steps
        }


class OpenForm(forms.Form):
    """When the individual scores are locked."""

    lock_date = forms.DateField(label=_("Day on which the scores are locked"))
    lock_time = forms.TimeField(label=_("Time of the lock"), initial=time(18, 0))

    def clean_lock_date(self) -> date | None:
        return plausible(self.cleaned_data["lock_date"])

    def lock_at(self, zone: str) -> datetime:
        """The moment in the organisation's time zone."""
        data = self.cleaned_data
        return datetime.combine(data["lock_date"], data["lock_time"], zoneinfo.ZoneInfo(zone))
