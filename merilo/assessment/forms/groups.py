"""Forms of the group: seats, the external consultant, who scores what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merilo.assessment.forms.planning import plausible
from merilo.assessment.queries.planning import Row
from merilo.framework.catalogue import Framework
from merilo.groups.api import Function, Seat, SeatChange
from merilo.organisations.api import Membership
from merilo.web import forms
from merilo.web.written import LineField, TextField, offer

OWN = [(value, label) for value, label in Function.choices if value != Function.CONSULTANT]


class SeatForm(forms.Form):
    """A new seat or, with `seat`, a change of one (its holder stays)."""

    holder = forms.ChoiceField(label=_("Who"), widget=forms.Select)
    function = forms.ChoiceField(label=_("Function"), widget=forms.Select, choices=OWN)
    substitute = forms.ChoiceField(
        label=_("Substitute"),
        required=False,
        widget=forms.Select,
        help_text=_("Takes over the seat and its sheet if need be, until it is handed in."),
    )

    def __init__(
        self, *args: Any, people: Iterable[Membership], seat: Seat | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(member.pk): member for member in people}
        self.seat = seat
        choices = [(pk, _described(member)) for pk, member in self.people.items()]
        offer(self, "holder", [("", _("Choose")), *choices])
        offer(self, "substitute", [("", _("Nobody")), *choices])
        if seat is not None:
            del self.fields["holder"]
            if seat.function == Function.CONSULTANT:
                offer(self, "function", [(Function.CONSULTANT, Function.CONSULTANT.label)])
                del self.fields["substitute"]

    def chosen(self) -> Membership:
        return self.people[self.cleaned_data["holder"]]

    def change(self) -> SeatChange:
        data = self.cleaned_data
        return SeatChange(
            function=data["function"],
            substitute=self.people.get(data.get("substitute", "")),
            until=self.seat.until if self.seat else None,
        )


def _described(member: Membership) -> str:
    return f"{member.name}, {member.position}" if member.position else member.name


class ConsultantForm(forms.Form):
    """An external consultant: a guest of this one assessment, for a limited time."""

    name = LineField(label=pgettext_lazy("person", "Name"), most=150)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    position = LineField(label=_("Organisation and position"), most=150)
    valid_until = forms.DateField(
        label=_("Invited until"), help_text=_("Reads from the lock of the scores until this day.")
    )

    def clean_valid_until(self) -> dt.date | None:
        day = plausible(self.cleaned_data["valid_until"])
        if day is not None and day < dt.datetime.now(tz=dt.UTC).date():
            raise forms.ValidationError(_("Choose a day that is not over."))
        return day


class MandateForm(forms.Form):
    """What the group is there for."""

    mandate = TextField(
        label=_("Tasks of the group"),
        most=5000,
        required=False,
        help_text=_("Printed in the order. One task per line."),
    )


class AssignmentForm(forms.Form):
    """Who scores what: one checkbox per seat and item, named `s-<seat>` with the item's code as value."""

    def __init__(self, *args: Any, framework: Framework, rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = [item.code for item in framework.items]
        self.rows = rows
        for row in rows:
            self.fields[self.name_of(row)] = forms.MultipleChoiceField(
                label=row.seat.holder.name,
                required=False,
                choices=[(code, code) for code in self.known],
                initial=[code for code in self.known if row.has(code)],
            )

    @staticmethod
    def name_of(row: Row) -> str:
        return f"s-{row.seat.pk}"

    def ticked(self, row: Row) -> set[str]:
        """Codes ticked for a row: what was sent, else what is stored."""
        return set(self[self.name_of(row)].value() or [])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for row in self.rows:
            if not data.get(self.name_of(row)):
                self.add_error(
                    None,
                    _("Choose at least one for %(name)s, or give the seat another function.")
                    % {"name": row.seat.holder.name},
                )
        return data

    def assigned(self) -> Iterator[tuple[UUID, list[str] | None]]:
        """Seat and its codes; None when all are ticked."""
        for row in self.rows:
            codes = self.cleaned_data[self.name_of(row)]
            yield row.seat.pk, None if len(codes) == len(self.known) else codes
