"""Forms of the group of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.core.files import SIGNED
from merilo.groups.api import Function, Seat, SeatChange
from merilo.improvement.actions.group import OrderFacts
from merilo.improvement.forms.days import plausible
from merilo.organisations.api import Membership
from merilo.web import forms
from merilo.web.written import LineField, TakingIn, TextField, offer

FUNCTIONS = [(value, label) for value, label in Function.choices if value != Function.CONSULTANT]


class SeatForm(forms.Form):
    """A new seat or, with `seat`, a change of one (its holder stays)."""

    holder = forms.ChoiceField(label=_("Who"), widget=forms.Select)
    function = forms.ChoiceField(
        label=_("Function"),
        widget=forms.Select,
        choices=FUNCTIONS,
        help_text=_("Chair and members give points; the chair and a facilitator lead the prioritisation."),
    )

    def __init__(
        self, *args: Any, people: Iterable[Membership] = (), seat: Seat | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(member.pk): member for member in people}
        self.seat = seat
        if seat is not None:
            del self.fields["holder"]
        else:
            choices = [(pk, _described(member)) for pk, member in self.people.items()]
            offer(self, "holder", [("", _("Choose")), *choices])

    def chosen(self) -> Membership:
        """Who gets the seat."""
        return self.people[self.cleaned_data["holder"]]

    def change(self) -> SeatChange:
        """What the seat is to be; a substitute it has stays."""
        return SeatChange(
            function=self.cleaned_data["function"],
            substitute=self.seat.substitute if self.seat else None,
            until=self.seat.until if self.seat else None,
        )


def _described(member: Membership) -> str:
    return f"{member.name}, {member.position}" if member.position else member.name


class MandateForm(forms.Form):
    """What the group is there for."""

    mandate = TextField(label=_("Tasks of the group"), most=5000, required=False, rows=8)


class OrderForm(TakingIn):
    """Number and date as registered, and the signed file."""

    number = LineField(label=_("Number"), most=60)
    date = forms.DateField(label=_("Date"))
    title = LineField(label=_("Subject"), most=300, required=False)
    file = forms.FileField(label=_("Signed file"), required=False, kinds=[f".{ending}" for ending in SIGNED])

    def clean_date(self) -> Any:
        return plausible(self.cleaned_data["date"])

    def facts(self) -> OrderFacts:
        """What was typed."""
        data = self.cleaned_data
        return OrderFacts(
            number=data["number"], date=data["date"], title=data["title"], file=data["file"] or None
        )
