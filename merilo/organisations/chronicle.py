"""The organisation's own record, read for its page: who did what and when, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from merilo.core import verbs
from merilo.core.models import AuditEntry, AuditHead
from merilo.organisations import telling
from merilo.organisations.models import Membership
from merilo.organisations.viewers import Viewer

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the record in words; `payload` holds what was kept of it, `origin` the network."""

    number: int
    at: datetime
    who: str
    what: str
    about: str
    verb: str
    origin: str
    payload: dict[str, str]
    erased: bool
    hash: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: by verb, by person, and older than a number."""

    verb: str = ""
    person: UUID | None = None
    before: int | None = None


def lines(viewer: Viewer, wanted: Wanted, *, most: int = PAGE) -> tuple[list[Line], int | None]:
    """The newest matching lines, and the number to ask for older ones with (None at the end)."""
    viewer.require("audit.read")
    rows = list(_rows(viewer, wanted)[: most + 1])
    older = rows[most - 1].number if len(rows) > most else None
    return _in_words(viewer, rows[:most]), older


def all_lines(viewer: Viewer, wanted: Wanted) -> list[Line]:
    """Every matching line, oldest first, to take away."""
    viewer.require("audit.read")
    return _in_words(viewer, list(_rows(viewer, wanted).order_by("number")))


def length(viewer: Viewer) -> int:
    """How many rows the organisation's chain has."""
    head = AuditHead.objects.filter(chain=str(viewer.organisation_id)).first()
    return head.number if head else 0


def last_verification(viewer: Viewer) -> tuple[datetime, bool] | None:
    """When somebody last asked for a verification, and whether the record was whole."""
    entry = _rows(viewer, Wanted(verb="audit.verified")).first()
    if entry is None:
        return None
    payload = getattr(entry, "payload", None)
    return entry.at, _data(payload.data if payload is not None else "").get("holds") is True


def people(viewer: Viewer) -> list[tuple[UUID, str]]:
    """Everybody who could have done something here, present and former, by name."""
    found = (
        Membership.objects.filter(organisation=viewer.organisation)
        .exclude(person=None)
        .order_by("name", "pk")
    )
    return [(member.person_id, member.on_record) for member in found if member.person_id]


def _rows(viewer: Viewer, wanted: Wanted) -> QuerySet[AuditEntry]:
    chosen = Q(chain=str(viewer.organisation_id))
    if wanted.verb:
        chosen &= Q(verb=wanted.verb)
    if wanted.person:
        chosen &= Q(actor=str(wanted.person))
    if wanted.before:
        chosen &= Q(number__lt=wanted.before)
    return AuditEntry.objects.filter(chosen).select_related("payload").order_by("-number")


def _in_words(viewer: Viewer, rows: Iterable[AuditEntry]) -> list[Line]:
    names = telling.names_in(viewer)
    return [_line(entry, names) for entry in rows]


def _line(entry: AuditEntry, names: dict[str, str]) -> Line:
    payload = getattr(entry, "payload", None)
    data = _data(payload.data if payload is not None else "")
    origin = str(data.pop("network", ""))
    return Line(
        number=entry.number,
        at=entry.at,
        who=names.get(entry.actor) or (_("Operator of the platform") if entry.actor else _("The platform")),
        what=verbs.words_of(entry.verb),
        about=names.get(entry.object_id) or str(data.pop("name", "")),
        verb=entry.verb,
        origin=origin,
        payload=telling.told(data, names),
        erased=bool(payload is not None and payload.erased_at),
        hash=entry.hash,
    )


def _data(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        # Somebody changed the row; the page still opens, and verifying names it.
        return {}
    return found if isinstance(found, dict) else {}
