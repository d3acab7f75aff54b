"""Units, members, invitations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from merilo.accounts.api import Person
from merilo.core.texts import clean_line, cleaner
from merilo.organisations.models import Membership, Unit
from merilo.organisations.roles import GRANTABLE, ROLES
from merilo.web import forms

NO_UNIT = ("", _("No unit"))
NOBODY = "nobody"
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


class HandOverForm(forms.Form):
    """Who gets what somebody has: one person for all of it, or others for single kinds."""

    once_key = False
    everything = forms.ChoiceField(label=_("Everything goes to"), required=False, widget=forms.Select)

    def __init__(
        self, *args: Any, kinds: Iterable[tuple[str, Any]], people: Iterable[Membership], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(member.pk): member for member in people}
        self.kinds = dict(kinds)
        named = [(pk, _described(member)) for pk, member in self.people.items()]
        self.fields["everything"].choices = [("", _("Choose a person")), *named]  # type: ignore[attr-defined]
        for code, name in self.kinds.items():
            self.fields[code] = forms.ChoiceField(
                label=name,
                required=False,
                widget=forms.Select,
                choices=[("", _("The person chosen above")), (NOBODY, _("Nobody: it stays")), *named],
            )

    def clean(self) -> dict[str, Any] | None:
        if not self.receivers():
            self.add_error("everything", _("Choose who takes over."))
        return self.cleaned_data

    def receivers(self) -> dict[str, Membership]:
        """Who gets each kind; kinds that stay are left out."""
        chosen = {
            code: self.cleaned_data.get(code) or self.cleaned_data.get("everything", "")
            for code in self.kinds
        }
        return {code: self.people[pk] for code, pk in chosen.items() if pk in self.people}


def _described(member: Membership) -> str:
    return f"{member.name}, {member.position}" if member.position else member.name


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
