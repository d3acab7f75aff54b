"""The form of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.assessment.api import Assessment
from merilo.core.periods import Period
from merilo.improvement.actions.plans import PlanFacts
from merilo.improvement.forms.days import InOrder
from merilo.improvement.models import Plan
from merilo.web import forms
from merilo.web.written import LineField, TextField, offer

USUAL_MONTHS = 3


class PlanForm(InOrder):
    """What is decided about a plan; a new one also says from which self-assessments it starts."""

    title = LineField(label=_("Title"), most=150)
    first = forms.DateField(label=_("Carried out from"))
    last = forms.DateField(label=_("Carried out until"), help_text=_("Usually two or three years."))
    purpose = TextField(
        label=_("Purpose"),
        required=False,
        most=3_000,
        rows=3,
        help_text=_("Which goals of the organisation the plan serves."),
    )
    check_in_months = forms.ChoiceField(
        label=_("Owners say how their measures go"),
        required=False,
        choices=(
            (1, _("every month")),
            (2, _("every two months")),
            (3, _("every three months")),
            (6, _("every six months")),
        ),
        initial=USUAL_MONTHS,
        widget=forms.Select,
        help_text=_("On that day they are reminded, with a link for the report."),
    )
    sources = forms.MultipleChoiceField(
        label=_("Start from"),
        required=False,
        help_text=_("All their areas for improvement and ideas are taken into the plan."),
    )
    previous = forms.ChoiceField(
        label=_("Plan before this one"),
        required=False,
        widget=forms.Select,
        help_text=_("What it leaves unfinished or kept for the next cycle is gathered in the new plan."),
    )

    def __init__(
        self,
        *args: Any,
        plans: Sequence[Plan],
        assessments: Sequence[Assessment] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {str(one.pk): one for one in plans}
        self.assessments = {str(one.pk): one for one in assessments}
        offer(self, "sources", [(key, one.title) for key, one in self.assessments.items()])
        offer(self, "previous", [("", _("None")), *((key, one.title) for key, one in self.plans.items())])
        for name, offered in (("sources", self.assessments), ("previous", self.plans)):
            if not offered:
                del self.fields[name]

    def facts(self) -> PlanFacts:
        """What was typed."""
        data = self.cleaned_data
        return PlanFacts(
            title=data["title"],
            period=Period(data["first"], data["last"]),
            purpose=data["purpose"],
            previous=self.plans.get(data.get("previous", "")),
            check_in_months=int(data["check_in_months"] or USUAL_MONTHS),
        )

    def chosen(self) -> list[Assessment]:
        """The self-assessments to start from."""
        return [self.assessments[key] for key in self.cleaned_data.get("sources", ())]


def initial_of(plan: Plan) -> dict[str, Any]:
    """What the form of a plan shows before anything is typed."""
    names = ("title", "first", "last", "purpose", "check_in_months")
    return {name: getattr(plan, name) for name in names} | {"previous": str(plan.previous_id or "")}
