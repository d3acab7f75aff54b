"""Founding an organisation and changing what it says of itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from merilo.core.texts import clean_line, cleaner
from merilo.organisations.countries import COUNTRIES
from merilo.organisations.models import Organisation, OrganisationKind
from merilo.organisations.zones import ZONES
from merilo.web import accent, forms

_codes = RegexValidator(r"^[0-9A-Za-z .\-/]*$", _("Use digits, Latin letters, dots and hyphens only."))


class FoundingForm(forms.Form):
    """The few questions that make an organisation; everything else can wait."""

    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=200,
        help_text=_("In full, as it stands on the letterhead, for example “Municipality of Primerovo”."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, initial="BG", widget=forms.Select)

    def clean_name(self) -> str:
        return cleaner(clean_line, 200)(self.cleaned_data["name"])


class NameForm(forms.Form):
    """Names and codes."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    name_en = forms.CharField(
        label=_("Name in English"),
        max_length=200,
        required=False,
        help_text=_("Shown on the English pages and in the English report."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, widget=forms.Select)
    register_number = forms.CharField(
        label=_("Register number (EIK)"),
        max_length=20,
        required=False,
        validators=[_codes],
        help_text=_("Nine or thirteen digits for a Bulgarian administration."),
    )
    territory_code = forms.CharField(
        label=_("Territorial code (EKATTE, NUTS)"),
        max_length=20,
        required=False,
        validators=[_codes],
        help_text=_("For example BG341 or 07079."),
    )

    def clean_name(self) -> str:
        return cleaner(clean_line, 200)(self.cleaned_data["name"])

    def clean_name_en(self) -> str:
        return cleaner(clean_line, 200)(self.cleaned_data["name_en"])

    def clean_register_number(self) -> str:
        return cleaner(clean_line, 20)(self.cleaned_data["register_number"])

    def clean_territory_code(self) -> str:
        return cleaner(clean_line, 20)(self.cleaned_data["territory_code"])


class LanguagesForm(forms.Form):
    """Languages in which the organisation works, and its time zone."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        help_text=_("Documents are made in these languages; the first one is the main one."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=ZONES,
        widget=forms.Select,
        help_text=_("Deadlines are counted in it."),
    )


class ColourForm(forms.Form):
    """One colour, as on the coat of arms; the accent is derived from it."""

    colour = forms.CharField(
        label=_("Colour"),
        max_length=60,
        help_text=_(
            "As on the coat of arms or the flag: a hash sign and six digits or letters, such as #1e6fd9."
        ),
    )

    def clean_colour(self) -> str:
        try:
            accent.parse(self.cleaned_data["colour"])
        except accent.NotAColour as error:
            raise ValidationError(_("Write the colour as # and six digits or letters a to f.")) from error
        return f"#{str(self.cleaned_data['colour']).strip().lower().removeprefix('#')}"


class LogoForm(forms.Form):
    """A picture for the head of every page."""

    # Without kinds: `logos.redrawn` says more exactly why a file is not taken (SVG, no picture, too large).
    logo = forms.FileField(
        label=_("Logo or coat of arms"),
        help_text=_(
            "PNG, JPEG or WebP. It is made 512 pixels at most; everything but the picture is removed."
        ),
    )


def initial_of(organisation: Organisation, form: type[forms.Form]) -> dict[str, Any]:
    """What the organisation has for the fields of a form."""
    return {name: getattr(organisation, name) for name in form.base_fields}
