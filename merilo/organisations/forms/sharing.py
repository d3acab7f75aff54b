"""Sharing the state of a cycle with a resource centre."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.core.texts import clean_line, cleaner
from merilo.organisations.models import Organisation
from merilo.web import forms


class ShareForm(forms.Form):
    """With which resource centre, and how much."""

    centre = forms.ChoiceField(label=_("Resource centre"), widget=forms.Select)
    with_reports = forms.BooleanField(
        label=_("Also whole reports, once they are approved"),
        required=False,
        help_text=_(
            "Also those that are not published. Without this the centre sees published reports only."
        ),
    )

    def __init__(self, *args: Any, centres: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(centre.pk), centre.name) for centre in centres]
        self.fields["centre"].choices = choices  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """Which town a resource centre asks."""

    register_number = forms.CharField(
        label=_("Register number (EIK) of the town"),
        max_length=20,
        help_text=_("If the town works here, its coordinator is asked and decides."),
    )

    def clean_register_number(self) -> str:
        return cleaner(clean_line, 20)(self.cleaned_data["register_number"])
