"""Forms of the official documents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.assessment.actions.documents import DocumentFacts
from merilo.assessment.forms.planning import plausible
from merilo.core.files import SIGNED
from merilo.web import forms
from merilo.web.written import LineField, TakingIn


class DocumentForm(TakingIn):
    """Number and date as registered, and the signed file."""

    number = LineField(label=_("Number"), most=60)
    date = forms.DateField(label=_("Date"))
    title = LineField(label=_("Subject"), most=300, required=False)
    way = LineField(
        label=_("Way of sending"),
        most=100,
        required=False,
        help_text=_("For example: electronic exchange of messages, by post, by hand."),
    )
    file = forms.FileField(
        label=_("Signed file"),
        required=False,
        kinds=[f".{ending}" for ending in SIGNED],
    )

    def __init__(self, *args: Any, place: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if place == "report_sending":
            self.fields["number"].label = _("Outgoing number")
            self.fields["way"].required = True
        else:
            del self.fields["way"]

    def clean_date(self) -> dt.date | None:
        return plausible(self.cleaned_data["date"])

    def facts(self) -> DocumentFacts:
        data = self.cleaned_data
        return DocumentFacts(
            number=data["number"],
            date=data["date"],
            title=data["title"],
            way=data.get("way", ""),
            file=data["file"] or None,
        )
