"""The record as operators read it: its chains, and what operators did."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from merilo.accounts.api import names_of
from merilo.core import verbs
from merilo.core.models import PLATFORM, AuditEntry, AuditHead
from merilo.organisations.api import all_organisations

PAGE = 50
VERIFIED = "audit.verified"
# What operators do, whoever is an operator now: how they sign in and what they do elsewhere is their own.
OFFICE = {
    "platform.listed",
    "platform.organisation_read",
    "platform.people_listed",
    "platform.person_read",
    "platform.mail_listed",
    "platform.record_read",
    "organisation.founded",
    "organisation.closed",
    "organisation.reopened",
    "coordinator.invited",
    "account.suspended",
    "account.reinstated",
    "account.reset_sent",
    "account.factors_removed",
    "account.erased",
    "operator.made",
    "operator.unmade",
    "mail.sent_again",
    "mail.arrived",
    "mail.let_go",
    "mail.tried",
    "task.run_again",
    VERIFIED,
}


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain: whose it is, how many rows it has, and what its last verification by an operator found."""

    chain: str
    name: str
    length: int
    verified_at: datetime | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One action of an operator."""

    number: int
    at: datetime
    who: str
    what: str
    about: str


def chains() -> list[Chain]:
    """The platform's chain and those of all organisations, by name."""
    names = _organisations()
    last = _last_verifications()
    found = []
    for head in AuditHead.objects.order_by("chain"):
        at, holds = last.get(head.chain, (None, False))
        found.append(Chain(head.chain, names.get(head.chain, head.chain), head.number, at, holds))
    return sorted(found, key=lambda chain: (chain.chain != PLATFORM, chain.name))


def _organisations() -> dict[str, str]:
    return {PLATFORM: _("The platform")} | {str(one.pk): one.name for one in all_organisations()}


def _last_verifications() -> dict[str, tuple[datetime, bool]]:
    rows = AuditEntry.objects.filter(chain=PLATFORM, verb=VERIFIED).select_related("payload")
    return {row.object_id: (row.at, _holds(row)) for row in rows.order_by("number")}


def _holds(row: AuditEntry) -> bool:
    payload = getattr(row, "payload", None)
    try:
        return bool(payload is not None and json.loads(payload.data or "{}").get("holds") is True)
    except (ValueError, AttributeError):
        return False


def lines(*, before: int | None) -> tuple[list[Line], int | None]:
    """The newest actions of operators, and the number to ask for older ones with (None at the end)."""
    found = AuditEntry.objects.filter(chain=PLATFORM, verb__in=OFFICE)
    if before is not None:
        found = found.filter(number__lt=before)
    rows = list(found.order_by("-number")[: PAGE + 1])
    older = rows[PAGE - 1].number if len(rows) > PAGE else None
    return _in_words(rows[:PAGE]), older


def _in_words(rows: Iterable[AuditEntry]) -> list[Line]:
    rows = list(rows)
    people = names_of([row.actor for row in rows] + [row.object_id for row in rows])
    about = _organisations() | people
    return [
        Line(
            row.number,
            row.at,
            people.get(row.actor) or (_("Somebody who left") if row.actor else _("The platform")),
            verbs.words_of(row.verb),
            "" if row.object_id == row.actor else about.get(row.object_id, ""),
        )
        for row in rows
    ]
