"""Forms of the operator's room."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from merilo.core.texts import clean_line, cleaner
from merilo.organisations.api import COUNTRIES, ZONES, First, OrganisationKind
from merilo.web import forms


class FirstForm(forms.Form):
    """Who is invited as the first coordinator."""

    coordinator = forms.CharField(label=_("Name of the first coordinator"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail of the first coordinator"),
        max_length=254,
        help_text=_("The invitation goes there. Nobody else can come in before."),
    )

    def clean_coordinator(self) -> str:
        return cleaner(clean_line, 150)(self.cleaned_data["coordinator"])

    @property
    def first(self) -> First:
        """Who was named."""
        return First(self.cleaned_data["coordinator"], self.cleaned_data["email"])


class OrganisationForm(FirstForm):
    """An organisation that the operator makes for others."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices, widget=forms.Select)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, initial="BG", widget=forms.Select)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        initial=[settings.LANGUAGE_CODE],
        help_text=_("Documents are made in these languages; the first one is the main one."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=ZONES, initial=settings.DEFAULT_TIME_ZONE, widget=forms.Select
    )
    field_order = ["name", "kind", "country", "languages", "time_zone", "coordinator", "email"]

    def clean_name(self) -> str:
        return cleaner(clean_line, 200)(self.cleaned_data["name"])
