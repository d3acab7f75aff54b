"""Forms of the organisation: beginning, preparing, inviting, deciding on paper, the label."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merilo.assessment.api import Assessment
from merilo.core.files import SIGNED
from merilo.feedback import schemes, words
from merilo.feedback.actions.actors import Access
from merilo.feedback.actions.deciding import Decision, LabelFacts
from merilo.feedback.actions.preparing import LONGEST, Preparation, Start
from merilo.feedback.rules.scheme import Scheme
from merilo.improvement.api import Plan
from merilo.organisations.api import Guest
from merilo.web import forms
from merilo.web.written import LineField, TakingIn, TextField, offer

NONE = "none"


def _not_over(day: date | None) -> date | None:
    if day is not None and day < timezone.localdate():
        raise forms.ValidationError(_("Choose a day that is not over."))
    return day


class StartForm(forms.Form):
    """About which self-assessment and plan, by which scheme."""

    scheme = forms.ChoiceField(label=_("Scheme"))
    assessment = forms.ChoiceField(label=_("Self-assessment"))
    plan = forms.ChoiceField(
        label=_("Improvement plan"),
        required=False,
        help_text=_("The one that followed the self-assessment and is being carried out."),
    )

    def __init__(self, data: Any, *, assessments: Sequence[Assessment], plans: Sequence[Plan]) -> None:
        super().__init__(data)
        self.assessments = {str(one.pk): one for one in assessments}
        self.plans = {str(one.pk): one for one in plans}
        known = schemes.shipped()
        offer(self, "scheme", [(code, words.said(schemes.scheme(code).title)) for code in known])
        offer(self, "assessment", [(key, one.title) for key, one in self.assessments.items()])
        offer(self, "plan", [("", _("None yet")), *((key, one.title) for key, one in self.plans.items())])
        self.initial["scheme"] = known[0]
        self.initial["assessment"] = next(iter(self.assessments), "")
        self.initial["plan"] = next(iter(self.plans), "")

    def start(self) -> Start:
        """What was chosen."""
        data = self.cleaned_data
        return Start(data["scheme"], self.assessments[data["assessment"]], self.plans.get(data["plan"]))


class PreparationForm(forms.Form):
    """What evaluators are told and may read."""

    note = TextField(
        label=_("What you would like to learn"),
        required=False,
        most=LONGEST,
        rows=4,
        help_text=_("Evaluators read it before they begin."),
    )
    released = forms.MultipleChoiceField(
        label=_("Evaluators may read"),
        required=False,
        choices=list(words.PARTS.items()),
        help_text=_("What you take away is closed to them at once."),
    )
    visit_on = forms.DateField(label=_("Day of the visit"), required=False)
    agenda = TextField(
        label=_("Agenda of the visit"),
        required=False,
        most=LONGEST,
        rows=6,
        help_text=_("One line for each talk: when, with whom, where."),
    )

    def preparation(self) -> Preparation:
        """What was typed."""
        names = ("note", "visit_on", "agenda", "released")
        return Preparation(**{name: self.cleaned_data[name] for name in names})


class WithdrawForm(forms.Form):
    """Why an application is withdrawn."""

    reason = TextField(label=_("Reason"), most=LONGEST, rows=3)


class ActorForm(forms.Form):
    """Somebody from outside who gives the feedback."""

    name = LineField(label=pgettext_lazy("person", "Name"), most=150)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    position = LineField(label=_("Organisation and position"), most=150)
    valid_until = forms.DateField(
        label=_("Invited until"),
        help_text=_("The access ends with this day. You can end it earlier at any time."),
    )
    is_lead = forms.BooleanField(label=_("Leads the evaluators"), required=False)

    def clean_valid_until(self) -> date | None:
        return _not_over(self.cleaned_data["valid_until"])

    def guest(self) -> Guest:
        """Who is invited."""
        names = ("name", "email", "position", "valid_until")
        return Guest(**{name: self.cleaned_data[name] for name in names})


class AccessForm(forms.Form):
    """Until when an evaluator reads, and whether they lead."""

    until = forms.DateField(label=_("Invited until"))
    is_lead = forms.BooleanField(label=_("Leads the evaluators"), required=False)

    def clean_until(self) -> date | None:
        return _not_over(self.cleaned_data["until"])

    def access(self) -> Access:
        """What was typed."""
        return Access(self.cleaned_data["until"], self.cleaned_data["is_lead"])


class DecisionForm(TakingIn):
    """What was decided; who records a decision on paper gives its number."""

    award = forms.ChoiceField(label=_("Decision"))
    on = forms.DateField(label=_("Decided on"))
    reasons = TextField(label=_("Reasons"), most=LONGEST, rows=5)
    suggestions = TextField(label=_("Suggestions"), required=False, most=LONGEST, rows=4)
    number = LineField(
        label=_("Registration number of the decision"),
        required=False,
        most=60,
        help_text=_("Of the letter with which the decision came."),
    )
    file = forms.FileField(
        label=_("Signed decision"),
        required=False,
        kinds=[f".{kind}" for kind in SIGNED],
        most_megabytes=25,
    )

    def __init__(self, *args: Any, scheme: Scheme, on_paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        awards = [(award.code, words.said(award.title)) for award in scheme.awards]
        offer(self, "award", [*awards, (NONE, _("The label is not granted"))])
        if on_paper:
            self.fields["number"].required = True
        else:
            del self.fields["file"]

    def decision(self) -> Decision:
        """What was typed."""
        data = self.cleaned_data
        names = ("on", "reasons", "suggestions", "number")
        award = "" if data["award"] == NONE else data["award"]
        return Decision(award, **{name: data[name] for name in names}, file=data.get("file"))


class ResponseForm(forms.Form):
    """What the organisation says to the report."""

    text = TextField(
        label=_("Response of the organisation"),
        most=LONGEST,
        rows=8,
        help_text=_("What you agree with, what you see otherwise, what you will do."),
    )


class LabelForm(forms.Form):
    """Number and days of a label."""

    number = LineField(label=_("Number of the label"), most=60)
    granted_on = forms.DateField(label=_("Granted on"))
    valid_until = forms.DateField(label=_("Valid until"))
    remind_on = forms.DateField(label=_("Remind us on"), help_text=_("Coordinators get a mail on this day."))
    shown = forms.BooleanField(label=_("Show the label on the public page of labels"), required=False)

    def facts(self) -> LabelFacts:
        """What was typed."""
        return LabelFacts(**{name: self.cleaned_data[name] for name in LabelFacts.__dataclass_fields__})
