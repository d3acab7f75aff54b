"""Forms of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from merilo.accounts.models import Person


class SignupExtra(forms.Form):
    """What making an account asks beyond address and password."""

    name = forms.CharField(label=_("Your name"), max_length=150)
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: Person) -> None:
        user.name = self.cleaned_data["name"]
        user.language = getattr(request, "LANGUAGE_CODE", "")
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.ModelForm[Person]):
    """Name and language of the person signed in."""

    class Meta:
        model = Person
        fields = ["name", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
