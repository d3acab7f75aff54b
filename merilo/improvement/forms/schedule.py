"""The form of a row of the plan's own schedule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.improvement.actions.schedule import PreparationFacts
from merilo.improvement.forms.days import plausible
from merilo.improvement.forms.measures import PeopleMixin
from merilo.improvement.models import Preparation
from merilo.organisations.api import Membership
from merilo.web import forms
from merilo.web.written import LineField


class PreparationForm(PeopleMixin, forms.Form):
    """What is prepared, by whom, until when."""

    text = LineField(label=_("What is prepared"), most=300)
    owner = forms.ChoiceField(label=_("Who"), required=False, widget=forms.Select)
    due = forms.DateField(label=_("Until"), required=False)
    done_on = forms.DateField(label=_("Done on"), required=False)

    def __init__(self, *args: Any, people: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_people(people, "owner")

    def clean_due(self) -> date | None:
        return plausible(self.cleaned_data["due"])

    def clean_done_on(self) -> date | None:
        return plausible(self.cleaned_data["done_on"])

    def facts(self) -> PreparationFacts:
        """What was typed."""
        data = self.cleaned_data
        return PreparationFacts(data["text"], self.person("owner"), data["due"], data["done_on"])


def initial_of(row: Preparation) -> dict[str, Any]:
    """What the form shows before anything is typed."""
    return {
        "text": row.text,
        "owner": str(row.owner_id or ""),
        "due": row.due,
        "done_on": row.done_on,
    }
