"""Units, members, invitations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from merilo.accounts.api import Person
from merilo.core.texts import clean_line, cleaner
from merilo.organisations.models import Unit
from merilo.organisations.roles import GRANTABLE, ROLES
from merilo.web import forms

NO_UNIT = ("", _("No unit"))
NO_PARENT = ("", _("Directly below the organisation"))


def roles_as_choices() -> list[tuple[str, Any]]:
    """Roles with the sentence that says what each is for."""
    return [(code, ROLES[code].name) for code in GRANTABLE]


class UnitForm(forms.Form):
    """A unit's name and what it is part of."""

    name = forms.CharField(label=_("Name of the unit"), max_length=200)
    parent = forms.ChoiceField(label=_("Part of"), required=False, widget=forms.Select)

    def __init__(self, *args: Any, tree: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tree = {str(unit.pk): unit for unit in tree}
        self.fields["parent"].choices = [NO_PARENT, *_choices(self.tree)]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return cleaner(clean_line, 200)(self.cleaned_data["name"])

    @property
    def chosen_parent(self) -> Unit | None:
        """The chosen unit."""
        return self.tree.get(self.cleaned_data["parent"])


class MemberForm(forms.Form):
    """How the organisation knows a member."""

    name = forms.CharField(label=_("Name"), max_length=150)
    unit = forms.ChoiceField(label=_("Unit"), required=False, widget=forms.Select)
    position = forms.CharField(label=_("Position"), max_length=150, required=False)

    def __init__(self, *args: Any, tree: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tree = {str(unit.pk): unit for unit in tree}
        self.fields["unit"].choices = [NO_UNIT, *_choices(self.tree)]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return cleaner(clean_line, 150)(self.cleaned_data["name"])

    def clean_position(self) -> str:
        return cleaner(clean_line, 150)(self.cleaned_data["position"])

    @property
    def chosen_unit(self) -> Unit | None:
        """The chosen unit."""
        return self.tree.get(self.cleaned_data["unit"])


class RolesForm(forms.Form):
    """Roles of one member."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=roles_as_choices)


class LeaveForm(forms.Form):
    """Why a member leaves."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("For example: retired, moved to another administration. Shown to coordinators only."),
    )

    def clean_reason(self) -> str:
        return cleaner(clean_line, 300)(self.cleaned_data["reason"])


class InviteForm(forms.Form):
    """The pasted list and the roles for everybody on it."""

    people = forms.CharField(
        label=_("People"),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "tall", "spellcheck": "false"}),
        help_text=_(
            "One person a line: name, e-mail, unit, position. "
            "Paste from a spreadsheet, or part the cells with commas or semicolons."
        ),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles for everybody on the list"), choices=roles_as_choices, initial=["viewer"]
    )
    create_units = forms.BooleanField(required=False)


class NewAccountForm(forms.Form):
    """What somebody invited gives to make an account."""

    name = forms.CharField(label=_("Your name"), max_length=150)
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; several words in a row are easy to remember."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_name(self) -> str:
        return cleaner(clean_line, 150)(self.cleaned_data["name"])

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, Person(email=self.email, name=self.cleaned_data.get("name", "")))
        return password


class RecordFilterForm(forms.Form):
    """Which rows of the record to show."""

    once_key = False
    verb = forms.ChoiceField(label=_("What"), required=False, widget=forms.Select)
    person = forms.ChoiceField(label=_("Who"), required=False, widget=forms.Select)

    def __init__(
        self, *args: Any, verbs: dict[str, str], people: Iterable[tuple[UUID, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("Everything")), *verbs.items()]  # type: ignore[attr-defined]
        known = [(str(pk), name) for pk, name in people]
        self.fields["person"].choices = [("", _("Everybody")), *known]  # type: ignore[attr-defined]


def _choices(tree: dict[str, Unit]) -> list[tuple[str, str]]:
    return [(pk, f"{getattr(unit, 'indent', '')}{unit.name}") for pk, unit in tree.items()]
