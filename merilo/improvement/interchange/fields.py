"""The columns of our own workbook: what they take, what they are called, what stands in them now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.improvement.interchange.knowing import Names, kinds, labels, ways_of
from merilo.improvement.models import MeasureKind
from merilo.improvement.reporting.words import FIELDS
from merilo.improvement.rules.filling import NEW, YES, Field, Sort, Words, tidy
from merilo.improvement.rules.headings import Holds
from merilo.improvement.rules.reading import alike, as_text

LONG = 3_000
NUMBER, OF, CODE, NAME, UNIT = "number", "of", "code", "name", "unit"
FOLLOWS = "follows"
TERM = ("first", "last")
MEASURE = (
    Field("text", Sort.LINE, 500, needed=True),
    Field("codes", Sort.CODES),
    Field("kind", Sort.CHOICE, needed=True),
    Field("objective", Sort.TEXT, LONG),
    Field("goals", Sort.TEXT, LONG),
    Field("note", Sort.TEXT, LONG),
    Field("owner", Sort.PERSON),
    Field("deputy", Sort.PERSON),
    Field("units", Sort.UNITS),
    Field("participants", Sort.TEXT, LONG),
    Field("first", Sort.DAY, needed=True),
    Field("last", Sort.DAY, needed=True),
    Field("hours", Sort.WHOLE, 1_000_000),
    Field("euro", Sort.MONEY, 9_999_999_999),
    Field("funding", Sort.LINE, 300),
    Field("risks", Sort.TEXT, LONG),
    Field("withheld", Sort.TICK),
)
ACTIVITY = (
    Field("text", Sort.LINE, 300, needed=True),
    Field("first", Sort.DAY, needed=True),
    Field("last", Sort.DAY, needed=True),
    Field("owner", Sort.PERSON),
    Field("percent", Sort.WHOLE, 100, needed=True),
    Field(FOLLOWS, Sort.STEPS),
)
INDICATOR = (
    Field("baseline", Sort.NUMBER),
    Field("baseline_on", Sort.DAY),
    Field("target", Sort.NUMBER),
    Field("days", Sort.DAYS),
)
# Of an indicator that the measure does not have yet.
BEGIN = (
    Field(CODE, Sort.LINE, 30),
    Field(NAME, Sort.LINE, 200, needed=True),
    Field(UNIT, Sort.LINE, 40),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet: its key and name, columns that say which row it is, and the fields."""

    key: str
    name: str | Promise
    keys: tuple[str, ...]
    fields: tuple[Field, ...]

    def columns(self) -> tuple[str, ...]:
        """All columns in their order."""
        return (*self.keys, *(one.name for one in self.fields))


PARTS = (
    Part("measure", gettext_lazy("Measures"), (NUMBER,), MEASURE),
    Part("activity", gettext_lazy("Activities"), (NUMBER, OF), ACTIVITY),
    Part("indicator", gettext_lazy("Indicators"), (OF, CODE, NAME, UNIT), INDICATOR),
)
_TITLES: dict[str, dict[str, str | Promise]] = {
    "measure": {
        **{name: FIELDS[name] for name in ("number", "text", "codes", "kind", "objective", "goals", "note")},
        **{name: FIELDS[name] for name in ("owner", "deputy", "funding", "risks")},
        "units": gettext_lazy("Units that take part"),
        "participants": gettext_lazy("Other participants"),
        "first": gettext_lazy("Begins"),
        "last": gettext_lazy("Ends"),
        "hours": gettext_lazy("Working hours"),
        "euro": gettext_lazy("Money in euro"),
        "withheld": gettext_lazy("Not on the public page"),
    },
    "activity": {
        NUMBER: FIELDS[NUMBER],
        OF: gettext_lazy("No. of the measure"),
        "text": gettext_lazy("Activity"),
        "first": gettext_lazy("Begins"),
        "last": gettext_lazy("Ends"),
        "owner": gettext_lazy("Who carries it out"),
        "percent": gettext_lazy("Carried out, %"),
        FOLLOWS: gettext_lazy("Begins after"),
    },
    "indicator": {
        OF: gettext_lazy("No. of the measure"),
        CODE: gettext_lazy("Code"),
        NAME: gettext_lazy("Indicator"),
        UNIT: gettext_lazy("Unit of measurement"),
        "baseline": gettext_lazy("Baseline"),
        "baseline_on": gettext_lazy("Baseline of"),
        "target": gettext_lazy("Target value"),
        "days": gettext_lazy("Measured on"),
    },
}
_HOLDS = {
    **{name: Holds(name) for name in ("number", "text", "codes", "kind", "objective", "goals", "note")},
    **{name: Holds(name) for name in ("owner", "deputy", "participants", "first", "last", "hours", "euro")},
    **{name: Holds(name) for name in ("funding", "risks", "activities")},
    "units": Holds.PARTICIPANTS,
    "areas": Holds.AREAS,
    "indicators": Holds.INDICATOR,
    "period": Holds.TERM,
}


def title(part: str, name: str) -> str:
    """The heading of a column in the active language."""
    return str(_TITLES[part][name])


def titles(part: Part) -> dict[str, str]:
    """The headings of a sheet in every language, in small letters, with the names of their columns."""
    return {heading: name for name, heading in _in_every_language(_TITLES[part.key])}


def our_headings() -> dict[str, Holds]:
    """Headings that our own documents of a plan have, for tables that were one of them once."""
    further = ("areas", "activities", "indicators", "period")
    ours = {**_TITLES["measure"], **{name: FIELDS[name] for name in further}}
    return {text: _HOLDS[name] for name, text in _in_every_language(ours) if name in _HOLDS}


def _in_every_language(named: Mapping[str, str | Promise]) -> Iterable[tuple[str, str]]:
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found += [(name, " ".join(str(heading).casefold().split())) for name, heading in named.items()]
    return found


def words_for(names: Names, codes: Iterable[str], steps: Mapping[str, str] | None = None) -> Words:
    """By which words cells are written and read; `steps` are what activities are called by their ids."""
    people = labels(list(names.people.items()))
    units = {key: " ".join(unit.name.split()) for key, unit in names.units.items()}
    return Words(
        choices={kind.value: str(kind.label) for kind in MeasureKind},
        people=people,
        units=units,
        steps=steps or {},
        ticks=(_("yes"), _("no")),
        codes=frozenset(codes),
        read_choices=kinds(),
        read_people=ways_of(names) | {alike(label): key for key, label in people.items()},
        read_units={alike(name): key for key, name in units.items()},
        read_ticks=_read_ticks(),
    )


def _read_ticks() -> dict[str, bool]:
    found: dict[str, bool] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {alike(_("yes")): True, alike(_("no")): False}
    return found


# --- what stands there now ------------------------------------------------------------------------
def values_of(row: Any, fields: Iterable[Field]) -> dict[str, str]:
    """What a measure, an activity or an indicator says, as the fields of the workbook say it."""
    return {one.name: _value(one, _stored(row, one)) for one in fields}


def _stored(row: Any, one: Field) -> Any:
    if one.sort is Sort.PERSON:
        return getattr(row, f"{one.name}_id")
    if one.sort is Sort.UNITS:
        return sorted(str(unit.pk) for unit in row.units.all())
    if one.sort is Sort.STEPS:
        return sorted(str(activity.pk) for activity in row.follows.all())
    return getattr(row, one.name)


def _value(one: Field, stored: Any) -> str:
    return "" if stored is None or stored == "" else _SAID.get(one.sort, _as_text)(stored)


def _as_text(stored: Any) -> str:
    return tidy(str(stored))


_SAID: dict[Sort, Callable[[Any], str]] = {
    Sort.TICK: lambda stored: YES if stored else "",
    Sort.CODES: ", ".join,
    Sort.UNITS: "\n".join,
    Sort.STEPS: "\n".join,
    Sort.DAYS: "\n".join,
    Sort.MONEY: lambda stored: f"{stored:.2f}",
    Sort.NUMBER: as_text,
    Sort.DAY: date.isoformat,
    Sort.LINE: lambda stored: " ".join(_as_text(stored).split()),
}


def plain(one: Field, value: str, names: Names) -> Any:
    """A value as an action takes it."""
    if one.sort is Sort.PERSON:
        return names.people.get(value)
    if one.sort is Sort.UNITS:
        return [names.units[key] for key in value.split("\n") if key in names.units]
    if one.sort in _LISTS:
        return _LISTS[one.sort](value)
    if one.sort in _FIGURES:
        return _FIGURES[one.sort](value) if value else None
    return value


_LISTS: dict[Sort, Callable[[str], Any]] = {
    Sort.TICK: lambda value: value == YES,
    Sort.CODES: lambda value: value.split(", ") if value else [],
    Sort.STEPS: lambda value: [key if key.startswith(NEW) else UUID(key) for key in value.split("\n") if key],
    Sort.DAYS: lambda value: [date.fromisoformat(day) for day in value.split("\n") if day],
}
_FIGURES: dict[Sort, Callable[[str], Any]] = {
    Sort.DAY: date.fromisoformat,
    Sort.WHOLE: int,
    Sort.MONEY: Decimal,
    Sort.NUMBER: Decimal,
}
