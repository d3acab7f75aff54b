"""Forms of trainings, meetings and briefings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.assessment.forms.planning import plausible
from merilo.core.files import DOCUMENTS
from merilo.core.texts import BadText, clean_lines
from merilo.groups.api import GatheringFacts, GatheringKind
from merilo.organisations.api import Membership, Unit
from merilo.web import forms
from merilo.web.written import LineField, TakingIn, TextField, offer

MOST_NAMES = 1000


class GatheringForm(forms.Form):
    """When, about what, led by whom; a briefing says how and to which unit."""

    title = LineField(label=_("Topic"), most=200)
    from_date = forms.DateField(label=_("From"))
    until_date = forms.DateField(label=_("Until"), required=False, help_text=_("Empty: one day."))
    place = LineField(label=_("Place"), most=150, required=False)
    lecturer = LineField(label=_("Lecturer"), most=200, required=False)
    way = LineField(
        label=_("Way"),
        most=150,
        required=False,
        help_text=_("For example: meeting of the directorate, e-mail with confirmation."),
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False, widget=forms.Select)
    notes = TextField(label=_("Programme and notes"), most=5000, required=False)

    def __init__(self, *args: Any, kind: str, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.units = {str(unit.pk): unit for unit in units}
        offer(
            self,
            "unit",
            [
                ("", _("The whole organisation")),
                *((pk, unit.name) for pk, unit in self.units.items()),
            ],
        )
        unused = {
            GatheringKind.TRAINING: ("way", "unit"),
            GatheringKind.MEETING: ("way", "unit", "lecturer"),
            GatheringKind.BRIEFING: ("lecturer", "until_date"),
        }[GatheringKind(kind)]
        for name in unused:
            del self.fields[name]
        if kind == GatheringKind.BRIEFING:
            self.fields["from_date"].label = _("Date")
            self.fields["way"].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("from_date", "until_date"):
            try:
                plausible(data.get(name))
            except forms.ValidationError as error:
                self.add_error(name, error)
        first, last = data.get("from_date"), data.get("until_date")
        if first and last and last < first:
            self.add_error("until_date", _("The end is before the beginning."))
        return data

    def facts(self) -> GatheringFacts:
        data = self.cleaned_data
        texts = ("title", "place", "lecturer", "way", "notes")
        return GatheringFacts(
            kind=self.kind,
            from_date=data["from_date"],
            until_date=data.get("until_date") or data["from_date"],
            unit=self.units.get(data.get("unit", "")),
            **{name: data.get(name, "") for name in texts},
        )


class AttendanceForm(forms.Form):
    """Who took part: the organisation's people by checkbox, other names from a pasted list."""

    members = forms.MultipleChoiceField(label=_("People of the organisation"), required=False)
    names = TextField(
        label=_("Other participants"),
        required=False,
        most=200_000,
        help_text=_("One name per line; any employee, with or without an account."),
    )

    def __init__(self, *args: Any, people: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(member.pk): member for member in people}
        count = Counter(member.name for member in self.people.values())
        offer(
            self,
            "members",
            [(pk, _told_apart(member, count[member.name])) for pk, member in self.people.items()],
        )
        if not self.people:
            del self.fields["members"]

    def clean_names(self) -> list[str]:
        try:
            names = list(dict.fromkeys(clean_lines(self.cleaned_data["names"], 150)))
        except BadText as error:
            raise forms.ValidationError(error.sentence) from error
        if len(names) > MOST_NAMES:
            raise forms.ValidationError(_("A list holds at most %(most)s names.") % {"most": MOST_NAMES})
        return names

    def chosen(self) -> list[Membership]:
        return [self.people[pk] for pk in self.cleaned_data.get("members", [])]


def _told_apart(member: Membership, namesakes: int) -> str:
    """The name, with the position of somebody who is not the only one of that name."""
    return f"{member.name}, {member.position}" if namesakes > 1 and member.position else member.name


class MaterialForm(TakingIn):
    """A file of a gathering."""

    title = LineField(label=_("Title of the file"), most=200, required=False)
    file = forms.FileField(label=_("File"), kinds=[f".{ending}" for ending in DOCUMENTS])
