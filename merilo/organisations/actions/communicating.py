"""Writes to the communication plan of an undertaking.

The room that the undertaking belongs to has asked for the right before, and keeps the audit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, MeriloError
from merilo.organisations.models import CommunicationItem


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """One row: what is said, by which medium, to whom, when; `done_at` once it was."""

    message: str
    medium: str
    audience: str
    date: dt.date
    done_at: dt.date | None = None


def add_message(plan: UUID, facts: MessageFacts) -> CommunicationItem:
    """A new row of the communication plan with this key."""
    return CommunicationItem.objects.create(plan_id=plan, **asdict(facts))


def change_message(row: CommunicationItem, facts: MessageFacts, *, version: int) -> None:
    """Change a row that is still as it was read. Errors: Conflict when `version` is stale."""
    own = CommunicationItem.objects.filter(pk=row.pk, version=version)
    if not own.update(version=F("version") + 1, **asdict(facts)):
        raise Conflict(_("Somebody else has changed this in the meantime."))
    row.refresh_from_db()


def mark_message(row: CommunicationItem, done_at: dt.date | None) -> None:
    """Say that a row is done, and when, or not done after all."""
    CommunicationItem.objects.filter(pk=row.pk).update(done_at=done_at, version=F("version") + 1)
    row.refresh_from_db()


def fill_messages(plan: UUID, rows: Iterable[MessageFacts]) -> int:
    """Fill an empty plan; answers with how many rows. Errors: MeriloError when there are rows already."""
    if CommunicationItem.objects.filter(plan=plan).exists():
        raise MeriloError(_("The plan already has rows."))
    made = [CommunicationItem(plan_id=plan, **asdict(facts)) for facts in rows]
    return len(CommunicationItem.objects.bulk_create(made))


def told_of(row: CommunicationItem) -> dict[str, Any]:
    """What the audit keeps of a row."""
    return {"item": row.pk, "message": row.message, "date": row.date, "done_at": row.done_at}
