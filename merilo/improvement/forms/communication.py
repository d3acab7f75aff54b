"""The form of one row of a communication plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.improvement.forms.days import plausible
from merilo.organisations.api import CommunicationItem, MessageFacts
from merilo.web import forms
from merilo.web.written import LineField

NAMES = ("message", "medium", "audience", "date", "done_at")


class MessageForm(forms.Form):
    """Who learns what, how and when."""

    message = LineField(label=_("Message"), most=300, help_text=_("What people learn."))
    medium = LineField(label=_("Medium"), most=100, help_text=_("For example: notice, meeting, website."))
    audience = LineField(label=_("Audience"), most=150, help_text=_("Who is told."))
    date = forms.DateField(label=_("Date"))
    done_at = forms.DateField(label=_("Done on"), required=False, help_text=_("Empty until it is done."))

    def clean_date(self) -> dt.date | None:
        return plausible(self.cleaned_data["date"])

    def clean_done_at(self) -> dt.date | None:
        return plausible(self.cleaned_data["done_at"])

    def facts(self) -> MessageFacts:
        """What was typed."""
        return MessageFacts(**{name: self.cleaned_data[name] for name in NAMES})


def initial_of(row: CommunicationItem) -> dict[str, Any]:
    """What the form begins with."""
    return {name: getattr(row, name) for name in NAMES}
