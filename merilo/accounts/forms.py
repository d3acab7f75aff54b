"""Forms of one's own account. The sign-in library loads this module while it loads itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from merilo.accounts.models import Person
from merilo.core.texts import clean_line, cleaner
from merilo.web import forms


class SignupExtra(forms.Form):
    """What making an account asks beyond address and password."""

    once_key = False
    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["name", "email", "password1"]

    def clean_name(self) -> str:
        return cleaner(clean_line, 150)(self.cleaned_data["name"])

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Store what was asked here."""
        user.name = self.cleaned_data["name"]
        user.language = getattr(request, "LANGUAGE_CODE", "")
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.Form):
    """Name and language of the person signed in, and how often mails come."""

    AT_ONCE, DAILY = "at-once", "daily"

    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language of the pages"), choices=settings.LANGUAGES)
    mails = forms.ChoiceField(
        label=_("Mails about what happens"),
        help_text=_("Invitations, codes and everything about signing in always come at once."),
        choices=[(AT_ONCE, _("At once")), (DAILY, _("Once a day, everything in one mail"))],
    )

    def clean_name(self) -> str:
        return cleaner(clean_line, 150)(self.cleaned_data["name"])
