"""Forms of measures, their activities and indicators."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from merilo.framework.catalogue import Framework, UnknownCode
from merilo.improvement.actions.measures import ActivityFacts, Aim, Dates, Means, What, Who
from merilo.improvement.forms.days import InOrder, plausible
from merilo.improvement.models import Activity, Item, Measure, MeasureIndicator, MeasureKind
from merilo.improvement.queries.steps import Offered
from merilo.indicators.api import Direction, Facts, Indicator
from merilo.organisations.api import Membership, Unit
from merilo.web import forms
from merilo.web.written import LineField, TextField, offer

LONG, MOST_HOURS, MOST_EURO = 3_000, 1_000_000, 9_999_999_999
WHOLE = 100
DAY_FORMAT = "%d.%m.%Y"


class DatesForm(InOrder):
    """Two plausible days in their order."""

    first = forms.DateField(label=_("Begins"))
    last = forms.DateField(label=_("Ends"))

    def facts(self) -> Any:
        """What was typed."""
        return Dates(self.cleaned_data["first"], self.cleaned_data["last"])


class PeopleMixin(forms.Form):
    """Fields that name members of the organisation."""

    def offer_people(self, people: Sequence[Membership], *names: str) -> None:
        """Let the fields choose among these people, or nobody."""
        self.people = {str(one.pk): one for one in people}
        choices = [("", gettext("Nobody yet")), *((key, _person(one)) for key, one in self.people.items())]
        for name in names:
            offer(self, name, choices)

    def person(self, name: str) -> Membership | None:
        """Who was chosen."""
        return self.people.get(self.cleaned_data[name])


def _person(member: Membership) -> str:
    """The name, with position or unit where it is known."""
    more = member.position or (member.unit.name if member.unit else "")
    return f"{member.on_record} ({more})" if more else member.on_record


class WhatForm(forms.Form):
    """What is done and why."""

    text = LineField(
        label=pgettext_lazy("plan", "Measure"),
        most=500,
        help_text=_("Short, with a verb: what will be done."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=MeasureKind.choices, initial=MeasureKind.OTHER)
    codes = LineField(
        label=_("Sub-criteria"),
        most=200,
        required=False,
        help_text=_("Their numbers, with a comma between them: 1.2, 6.1"),
    )
    objective = TextField(
        label=_("Objective"),
        most=LONG,
        rows=2,
        required=False,
        help_text=_("What will be better afterwards."),
    )
    goals = TextField(
        label=_("Strategic and operational goals"),
        most=LONG,
        rows=2,
        required=False,
        help_text=_("The goals of the organisation that the measure serves, as they stand in its documents."),
    )
    note = TextField(label=_("Explanation"), most=LONG, rows=3, required=False)

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.framework = framework

    def clean_codes(self) -> list[str]:
        """The numbers typed, each once. Refuses what the framework does not have."""
        typed = [code.strip(".") for code in re.split(r"[\s,;]+", self.cleaned_data["codes"]) if code]
        unknown = [code for code in typed if not self._knows(code)]
        if unknown:
            sentence = _("There is no sub-criterion %(codes)s in the model.")
            raise forms.ValidationError(sentence % {"codes": ", ".join(unknown)})
        return list(dict.fromkeys(typed))

    def _knows(self, code: str) -> bool:
        try:
            self.framework.item(code)
        except UnknownCode:
            return False
        return True

    def facts(self) -> What:
        """What was typed."""
        return What(**{name: self.cleaned_data.get(name, "") for name in What.__slots__})


class WhoForm(PeopleMixin, DatesForm):
    """Who does it, and when."""

    owner = forms.ChoiceField(label=_("Owner"), required=False, widget=forms.Select)
    deputy = forms.ChoiceField(label=_("Deputy"), required=False, widget=forms.Select)
    units = forms.MultipleChoiceField(label=_("Units that take part"), required=False)
    participants = TextField(
        label=_("Other participants"),
        most=LONG,
        rows=2,
        required=False,
        help_text=_("People, companies or organisations outside the list of units."),
    )

    field_order = ("owner", "deputy", "first", "last", "units", "participants")

    def __init__(
        self, *args: Any, people: Sequence[Membership], units: Sequence[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer_people(people, "owner", "deputy")
        self.offered_units = {str(unit.pk): unit for unit in units}
        offer(self, "units", [(key, unit.name) for key, unit in self.offered_units.items()])
        if not self.offered_units:
            del self.fields["units"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("owner") and data.get("owner") == data.get("deputy"):
            self.add_error("deputy", _("The deputy is another person than the owner."))
        return data

    def facts(self) -> Who:
        """What was chosen."""
        data = self.cleaned_data
        return Who(
            first=data["first"],
            last=data["last"],
            owner=self.person("owner"),
            deputy=self.person("deputy"),
            participants=data["participants"],
            units=[self.offered_units[key] for key in data.get("units", ())],
        )


class MeansForm(forms.Form):
    """What it needs and what may hinder it."""

    hours = forms.IntegerField(
        label=_("Working hours"),
        required=False,
        min_value=0,
        max_value=MOST_HOURS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )
    euro = forms.DecimalField(
        label=_("Money, EUR"),
        required=False,
        min_value=0,
        max_value=MOST_EURO,
        decimal_places=2,
        error_messages={"invalid": _("Write the sum in euro and in digits only, for example 1234,50")},
    )
    funding = LineField(
        label=_("Where the money comes from"),
        most=300,
        required=False,
        help_text=_("The budget of the municipality, a programme, a project."),
    )
    risks = TextField(label=_("Risks and assumptions"), most=LONG, rows=3, required=False)
    withheld = forms.BooleanField(label=_("Not on the public page"), required=False)

    def facts(self) -> Means:
        """What was typed."""
        return Means(**{name: self.cleaned_data[name] for name in Means.__slots__})


class NewMeasureForm(PeopleMixin, WhatForm, DatesForm):
    """A measure written by hand: the least that a plan needs of it."""

    owner = forms.ChoiceField(label=_("Owner"), required=False, widget=forms.Select)

    field_order = ("text", "kind", "codes", "owner", "first", "last")

    def __init__(self, *args: Any, people: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_people(people, "owner")
        for name in ("objective", "goals", "note"):
            del self.fields[name]

    def who(self) -> Who:
        """Who does it, and when."""
        data = self.cleaned_data
        return Who(first=data["first"], last=data["last"], owner=self.person("owner"))


class MoveForm(forms.Form):
    """Another number for a measure of a draft."""

    number = forms.IntegerField(label=_("New number"), min_value=1, max_value=30_000)


class ItemsForm(forms.Form):
    """Which areas and ideas a measure answers."""

    items = forms.MultipleChoiceField(label=_("Areas for improvement and ideas"), required=False)

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(item.pk): item for item in items}
        named = ((key, f"{item.code} {item.text}".strip()) for key, item in self.offered.items())
        offer(self, "items", named)

    def chosen(self) -> list[Item]:
        """What was ticked."""
        return [self.offered[key] for key in self.cleaned_data["items"]]


# --- activities -----------------------------------------------------------------------------------
class ActivityForm(PeopleMixin, DatesForm):
    """One step of a measure, and what ends before it begins."""

    text = LineField(label=_("Activity"), most=300)
    owner = forms.ChoiceField(label=_("Who carries it out"), required=False, widget=forms.Select)
    percent = forms.IntegerField(
        label=_("Carried out, %"),
        min_value=0,
        max_value=WHOLE,
        initial=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )
    follows = forms.MultipleChoiceField(
        label=_("Begins after"),
        required=False,
        help_text=_("Activities that have to end before this one begins."),
    )
    further = forms.ChoiceField(
        label=_("Begins after an activity of another measure"), required=False, widget=forms.Select
    )

    field_order = ("text", "owner", "first", "last", "percent", "follows", "further")

    def __init__(
        self,
        *args: Any,
        people: Sequence[Membership],
        others: Sequence[Offered],
        measure: Measure,
        followed: Sequence[UUID] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer_people(people, "owner")
        near = [one for one in others if one.measure == measure.pk or one.key in followed]
        known = {one.key for one in near}
        far = [one for one in others if one.key not in known]
        offer(self, "follows", [(str(one.key), _activity(one, measure)) for one in near])
        offer(self, "further", [("", gettext("None")), *_grouped(far).items()])
        for name, offered in (("follows", near), ("further", far)):
            if not offered:
                del self.fields[name]

    def facts(self) -> ActivityFacts:
        """What was typed."""
        data = self.cleaned_data
        further = data.get("further")
        keys = [*data.get("follows", ()), *([further] if further else ())]
        return ActivityFacts(
            text=data["text"],
            first=data["first"],
            last=data["last"],
            owner=self.person("owner"),
            percent=data["percent"],
            follows=[UUID(key) for key in keys],
        )


def _activity(one: Offered, measure: Measure) -> str:
    return one.text if one.measure == measure.pk else f"{one.number}. {one.text}"


def _grouped(activities: Sequence[Offered]) -> dict[str, list[tuple[str, str]]]:
    """Activities below the name of their measure, for a long list."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in activities:
        found.setdefault(f"{one.number}. {one.of}", []).append((str(one.key), one.text))
    return found


# --- indicators -----------------------------------------------------------------------------------
class AimForm(forms.Form):
    """What an indicator is to become by a measure."""

    baseline = forms.DecimalField(
        label=_("Baseline"), required=False, help_text=_("The value before the measure.")
    )
    baseline_on = forms.DateField(label=_("Baseline of"), required=False)
    target = forms.DecimalField(label=_("Target value"), required=False)
    days = forms.LinesField(
        label=_("Measured on"),
        noun=_("Day"),
        most=30,
        most_lines=40,
        empty=2,
        required=False,
        help_text=_("The days on which a new value is due, for example 30.06.2027"),
    )

    def clean_baseline_on(self) -> date | None:
        return plausible(self.cleaned_data["baseline_on"])

    def clean_days(self) -> list[date]:
        """The days typed; each is read as every other day is."""
        reader = forms.DateField()
        return [day for text in self.cleaned_data["days"] if (day := plausible(reader.clean(text)))]

    def aim(self) -> Aim:
        """What was typed."""
        return Aim(**{name: self.cleaned_data[name] for name in Aim.__slots__})


class MeasuredForm(AimForm):
    """One of the organisation's indicators, with its aim."""

    indicator = forms.ChoiceField(label=_("Indicator"), widget=forms.Select)

    field_order = ("indicator",)

    def __init__(self, *args: Any, indicators: Sequence[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = {str(one.pk): one for one in indicators}
        choices = [
            (key, f"{one} ({one.unit})" if one.unit else str(one)) for key, one in self.indicators.items()
        ]
        offer(self, "indicator", [("", gettext("Choose")), *choices])

    def chosen(self) -> Indicator:
        """The indicator chosen."""
        return self.indicators[self.cleaned_data["indicator"]]


class NewIndicatorForm(AimForm):
    """A new indicator of the organisation, with its aim."""

    code = LineField(label=_("Code"), most=30, help_text=_("Short, as it stands in your documents: 6.2-3"))
    name = LineField(label=_("Name"), most=200)
    unit = LineField(
        label=_("Unit of measurement"), most=40, required=False, help_text=_("%, days, number, EUR")
    )
    direction = forms.ChoiceField(label=_("Which way is good?"), choices=Direction.choices)
    source = LineField(
        label=_("Source"), required=False, most=300, help_text=_("The register, the survey or the report.")
    )

    field_order = ("code", "name", "unit", "direction", "source")

    def indicator(self) -> Facts:
        """What is said of the indicator; its target is the measure's."""
        names = ("code", "name", "unit", "direction", "source")
        facts = {name: self.cleaned_data[name] for name in names}
        return Facts(**facts, target=self.cleaned_data["target"])


# --- what the forms show before anything is typed -------------------------------------------------
def initial_of(measure: Measure) -> dict[str, Any]:
    """All facts of a measure, for any of its forms. One query for the units."""
    names = (*What.__slots__, *Means.__slots__, "first", "last", "participants")
    return {name: getattr(measure, name) for name in names} | {
        "codes": ", ".join(measure.codes),
        "owner": str(measure.owner_id or ""),
        "deputy": str(measure.deputy_id or ""),
        "units": [str(unit.pk) for unit in measure.units.all()],
    }


def initial_of_activity(activity: Activity, followed: Sequence[UUID]) -> Mapping[str, Any]:
    names = ("text", "first", "last", "percent")
    return {name: getattr(activity, name) for name in names} | {
        "owner": str(activity.owner_id or ""),
        "follows": [str(key) for key in followed],
    }


def initial_of_aim(measured: MeasureIndicator) -> Mapping[str, Any]:
    days = [date.fromisoformat(day).strftime(DAY_FORMAT) for day in measured.days]
    names = ("baseline", "baseline_on", "target")
    return {name: getattr(measured, name) for name in names} | {"days": days}
