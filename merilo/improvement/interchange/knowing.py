"""What a plan and its organisation know by name: people, units, kinds, sub-criteria, measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

from merilo.improvement.models import Measure, MeasureKind, Plan
from merilo.improvement.queries.criteria import framework_for
from merilo.improvement.rules.drafts import Known
from merilo.improvement.rules.reading import alike
from merilo.organisations.api import Membership, Unit, Viewer, members, units

_KINDS = {
    MeasureKind.QUICK_WIN: ("бърза победа", "бърза", "quick win"),
    MeasureKind.KEY: ("ключова мярка", "ключова", "key measure", "key"),
    MeasureKind.OTHER: ("друга", "other"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """People and units by their keys."""

    people: Mapping[str, Membership]
    units: Mapping[str, Unit]


def names_of(viewer: Viewer, *named: Membership | None) -> Names:
    """Who may answer for something, whoever is named already, and all units. Two queries."""
    present = list(members(viewer).filter(valid_until=None).order_by("name", "pk"))
    people = {str(one.pk): one for one in (*present, *(one for one in named if one))}
    return Names(people, {str(one.pk): one for one in units(viewer).order_by("name", "pk")})


def known_of(plan: Plan, names: Names) -> Known:
    """For reading a table of somebody else. Two queries."""
    texts = Measure.objects.filter(plan=plan).order_by("-number").values_list("text", "number")
    return Known(
        first=plan.first,
        last=plan.last,
        codes=frozenset(item.code for item in framework_for(plan).items),
        people=ways_of(names),
        units=_unique((key, one.name) for key, one in names.units.items()),
        kinds=kinds(),
        measures={alike(text): number for text, number in texts},
    )


def ways_of(names: Names) -> dict[str, str]:
    """The ways to write who somebody is by which nobody else is meant."""
    return _unique((key, way) for key, one in names.people.items() for way in _ways(one))


def kinds() -> dict[str, str]:
    """The kinds of measures by their words in every language."""
    found = {alike(word): kind.value for kind, words in _KINDS.items() for word in words}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {alike(str(kind.label)): kind.value for kind in MeasureKind}
    return found


def _ways(member: Membership) -> Iterator[str]:
    """How people write who somebody is; a position alone is enough where one person has it."""
    unit = member.unit.name if member.unit else ""
    yield member.name
    for more in filter(None, (member.position, unit)):
        yield f"{member.name} ({more})"
        yield f"{member.name}, {more}"
    if member.position and unit:
        yield f"{member.name}, {member.position}, {unit}"
    if member.position:
        yield member.position
    if member.email:
        yield member.email


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Ways of writing by which nobody else is meant."""
    found = {(alike(way), key) for key, way in pairs}
    counts = Counter(way for way, _key in found)
    return {way: key for way, key in sorted(found) if counts[way] == 1}


def labels(people: Sequence[tuple[str, Membership]]) -> dict[str, str]:
    """A different label for everybody: the name, more of them where two share it."""
    found: dict[str, str] = {}
    for key, one in people:
        unit = one.unit.name if one.unit else ""
        more = ", ".join(filter(None, (one.position, unit)))
        ways = (one.name, f"{one.name} ({more})", *(f"{one.name} ({more} {place})" for place in range(2, 99)))
        found[key] = next(way for way in ways if way not in found.values())
    return found
