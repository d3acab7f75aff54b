"""What the record keeps beside its verbs, in the reader's words; rooms contribute in `AppConfig.ready`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from merilo.core import audit
from merilo.organisations.countries import NAMES
from merilo.organisations.messages import CHANGED, KEPT
from merilo.organisations.models import Membership, Organisation, OrganisationKind, Unit
from merilo.organisations.roles import ROLES
from merilo.organisations.viewers import Viewer

CodeTeller = Callable[[str, str], str]
NameTeller = Callable[[Viewer], Mapping[str, str]]
_codes: list[CodeTeller] = []
_names: list[NameTeller] = []
DERIVED = {"accent"}  # follows from a value that is told
_IDENTITY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\S*")


def contribute_codes(teller: CodeTeller) -> None:
    """`teller(key, code)` answers with the words of a code kept under a key, or with an empty text."""
    _codes.append(teller)


def contribute_names(teller: NameTeller) -> None:
    """`teller(viewer)` answers with names of a room's objects by their ids, in one query."""
    _names.append(teller)


def names_in(viewer: Viewer) -> dict[str, str]:
    """Names by the id of person, membership, unit and what rooms add. Two queries and one a room."""
    names = {audit.UNNAMED: _("Somebody who wants no name")}
    names |= {key: name for teller in _names for key, name in teller(viewer).items()}
    for member in Membership.objects.filter(organisation=viewer.organisation).order_by("joined_at", "pk"):
        names[str(member.pk)] = member.on_record
        if member.person_id is not None:
            names[str(member.person_id)] = member.on_record
    return names | {str(pk): name for pk, name in _units_and_partners(viewer)}


def _units_and_partners(viewer: Viewer) -> Any:
    """Ids and names of the units, and of towns and centres that share: whose actions stand here."""
    units = Unit.objects.filter(organisation=viewer.organisation).order_by().values_list("pk", "name")
    partner = Q(sharings__centre=viewer.organisation) | Q(shared_towns__town=viewer.organisation)
    return units.union(Organisation.objects.filter(partner).values_list("pk", "name"))


def own_codes(key: str, code: str) -> str:
    """Codes of this room: roles wherever they stand, kinds, countries, languages, fields that changed."""
    words: dict[str, Mapping[str, Any]] = {
        "kind": dict(OrganisationKind.choices),
        "country": NAMES,
        "languages": dict(settings.LANGUAGES),
        "language": dict(settings.LANGUAGES),
        "changed": CHANGED,
    }
    if code in ROLES:
        return str(ROLES[code].name)
    return str(words.get(key, {}).get(code, ""))


def told(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """Label and words of everything that was kept; what says nothing to a reader is left out."""
    return dict(_pairs(data, names, under=""))


def _pairs(data: Mapping[str, Any], names: Mapping[str, str], *, under: str) -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        words = _words(value, names, key)
        if under and words and isinstance(value, Mapping):
            words = f"({words})"
        if key not in DERIVED and (words or key not in KEPT):
            yield str(KEPT.get(key) or _text(key, names, under)), words


def _words(value: Any, names: Mapping[str, str], key: str) -> str:
    """One kept value on one line; values inside values stand in brackets."""
    if isinstance(value, Mapping):
        pairs = _pairs(value, names, under=key)
        return ", ".join(f"{label}: {words}" if words else label for label, words in pairs)
    if isinstance(value, list):
        return ", ".join(filter(None, (_words(part, names, key) for part in value)))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else _text(str(value), names, key)


def _text(text: str, names: Mapping[str, str], key: str) -> str:
    """A name for an id, words for a code, days in the reader's form; an id without a name says nothing."""
    if _IDENTITY.fullmatch(text):
        return names.get(text, "")
    if _DAY.fullmatch(text):
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    if _MOMENT.fullmatch(text):
        moment = timezone.localtime(datetime.fromisoformat(text))
        return date_format(moment, "SHORT_DATETIME_FORMAT")
    return next(filter(None, (teller(key, text) for teller in _codes)), text)
