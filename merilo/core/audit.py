"""The append-only chain of who did what and when: one per organisation, one for the platform.

Each row carries a keyed hash of itself and of the row before it, so that a changed, missing or
moved row is found by `verify`. What a row tells beyond its verb lies in a second table and may be
erased for privacy: a later row of the same chain names the numbers, so that the chain stays whole and
says by whom. That the whole end of a chain is missing, only a head noted elsewhere can tell (`differs`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from merilo.core import requests
from merilo.core.models import PLATFORM, AuditEntry, AuditHead, AuditPayload

log = logging.getLogger("merilo.audit")
_LOGGED = re.compile(r"audit head (\S+) (\d+) ([0-9a-f]{64})")


UNNAMED = "unnamed"  # the actor of a row whose person wants no name on record


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row of a chain that does not hold, and why (`code` is one of `REASONS`)."""

    chain: str
    number: int
    code: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """One time payloads were erased: the row that tells of it, by whom, when, and the rows' numbers."""

    number: int
    by: str
    at: datetime
    erased: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A row of a chain as it was noted elsewhere."""

    chain: str
    number: int
    hash: str


ERASED = "payload.erased"
REASONS = {
    "gap": "a row is missing before this one",
    "previous": "the row does not continue the one before it",
    "hash": "the row was changed",
    "payload": "the payload was changed",
    "payload-missing": "the payload is gone without a note of erasure",
    "erasure": "the payload was erased, but no row tells of it",
    "head": "rows after the last one kept are missing",
    "head-missing": "the head of the chain is gone",
    "noted": "the row is not the one that was noted",
}


def _keyed(text: str) -> str:
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _sealed(entry: AuditEntry) -> str:
    fields = [
        entry.chain,
        entry.number,
        entry.at.astimezone(UTC).isoformat(),
        entry.verb,
        entry.actor,
        entry.object_kind,
        entry.object_id,
        entry.payload_hash,
        entry.previous,
    ]
    return _keyed(json.dumps(fields, ensure_ascii=False))


def record(
    verb: str,
    *,
    organisation: object = PLATFORM,
    actor: object = "",
    target: Any = None,
    payload: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Append one row to the organisation's chain, in the transaction of the change it tells of.

    `organisation` and `actor` are ids; `target` is a model instance or a (kind, id) pair;
    `payload` is plain data (before, after). Raises RuntimeError outside a transaction.
    """
    data = dict(payload or {})
    if requests.origin():
        data["network"] = requests.origin()
    return _append(
        verb, chain=str(organisation), actor=str(actor), target=target, data=data, at=at or timezone.now()
    )


def _append(
    verb: str, *, chain: str, actor: str, target: Any, data: Mapping[str, Any], at: datetime
) -> AuditEntry:
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record belongs inside the transaction of the change")
    head, _ = AuditHead.objects.select_for_update().get_or_create(chain=chain)
    kind, identity = target if isinstance(target, tuple) else _named(target)
    body = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str) if data else ""
    entry = AuditEntry(
        chain=head.chain,
        number=head.number + 1,
        at=at,
        verb=verb,
        actor=actor,
        object_kind=str(kind),
        # As text from the beginning: a number would be sealed otherwise than it is read back.
        object_id=str(identity),
        payload_hash=_keyed(body) if body else "",
        previous=head.hash,
    )
    entry.hash = _sealed(entry)
    entry.save(force_insert=True)
    if body:
        AuditPayload(entry=entry, data=body).save(force_insert=True)
    AuditHead.objects.filter(chain=head.chain).update(number=entry.number, hash=entry.hash)
    return entry


def _named(target: Any) -> tuple[str, str]:
    return ("", "") if target is None else (target._meta.label_lower, str(target.pk))


def verify(chain: str) -> Broken | None:
    """Walk one chain from its first row and name the first broken one, or None."""
    number, previous = 0, ""
    erased: dict[int, tuple[str, datetime]] = {}
    told: dict[int, tuple[str, datetime]] = {}
    for entry in _rows(chain).iterator(chunk_size=2000):
        if entry.number != number + 1:
            return Broken(chain, number + 1, "gap")
        if fault := _fault(entry, previous):
            return Broken(chain, entry.number, fault)
        number, previous = entry.number, entry.hash
        payload = getattr(entry, "payload", None)
        if payload is not None and payload.erased_at:
            erased[number] = (payload.erased_by, payload.erased_at)
        if entry.verb == ERASED:
            told |= dict.fromkeys(_numbers(entry), (entry.actor, entry.at))
    if fault := _head_fault(chain, number, previous):
        return Broken(chain, number + 1, fault)
    return next((Broken(chain, n, "erasure") for n, what in erased.items() if told.get(n) != what), None)


def _rows(chain: str) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(chain=chain).order_by("number").select_related("payload")


def _head_fault(chain: str, number: int, last: str) -> str | None:
    head = AuditHead.objects.filter(chain=chain).first()
    if head is None:
        return "head-missing" if number else None
    return None if (head.number, head.hash) == (number, last) else "head"


def _fault(entry: AuditEntry, previous: str) -> str | None:
    if not hmac.compare_digest(entry.previous, previous):
        return "previous"
    if not hmac.compare_digest(entry.hash, _sealed(entry)):
        return "hash"
    payload = getattr(entry, "payload", None)
    if not entry.payload_hash:
        return "payload" if payload is not None else None
    if payload is None:
        return "payload-missing"
    if payload.erased_at:
        return None if not payload.data else "payload"
    return None if hmac.compare_digest(entry.payload_hash, _keyed(payload.data)) else "payload"


def chains() -> list[str]:
    """The names of all chains, the platform's among them; also of those whose rows or head are gone."""
    rows = AuditEntry.objects.order_by("chain").values_list("chain", flat=True).distinct()
    return sorted({*rows, *AuditHead.objects.order_by("chain").values_list("chain", flat=True)})


@transaction.atomic
def erase_payloads(*, mentioning: str, by: object, at: datetime) -> int:
    """Blank the payloads of a person's rows and those that name the text; a row in each chain says so."""
    # What tells of an erasure holds numbers only, and without it the chain would not be whole.
    rows = AuditPayload.objects.filter(erased_at=None).exclude(entry__verb=ERASED)
    found = rows.filter(entry__actor=mentioning) | rows.filter(data__contains=mentioning)
    found = found | rows.filter(entry__object_id=mentioning)
    numbers: dict[str, list[int]] = {}
    keys = []
    for key, chain, number in found.order_by("entry__chain", "entry__number").values_list(
        "pk", "entry__chain", "entry__number"
    ):
        numbers.setdefault(chain, []).append(number)
        keys.append(key)
    for chain, erased in numbers.items():
        _append(ERASED, chain=chain, actor=str(by), target=None, data={"rows": erased}, at=at)
    return AuditPayload.objects.filter(pk__in=keys).update(data="", erased_by=str(by), erased_at=at)


def erasures(chain: str) -> list[Erasure]:
    """Every time payloads of a chain were erased, in order."""
    rows = _rows(chain).filter(verb=ERASED)
    return [Erasure(entry.number, entry.actor, entry.at, _numbers(entry)) for entry in rows]


def _numbers(entry: AuditEntry) -> tuple[int, ...]:
    return tuple(json.loads(entry.payload.data or "{}").get("rows", ()))


def differs(noted: Head) -> Broken | None:
    """Whether a row noted elsewhere is missing or another one now."""
    there = AuditEntry.objects.filter(chain=noted.chain, number=noted.number, hash=noted.hash)
    return None if there.exists() else Broken(noted.chain, noted.number, "noted")


def log_head(chain: str) -> None:
    """Write number and hash of a chain's head to the log, where a changed database cannot reach it."""
    head = AuditHead.objects.filter(chain=chain).first()
    if head is not None:
        log.info("audit head %s %s %s", chain, head.number, head.hash)


def heads_in(lines: Iterable[str]) -> list[Head]:
    """The heads that lines of a log note, as `log_head` wrote them."""
    found = (_LOGGED.search(line) for line in lines)
    return [Head(match[1], int(match[2]), match[3]) for match in found if match]


_REFUSE = "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;"
_SQLITE = "CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON core_auditentry " + _REFUSE
_FUNCTION = """CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$;"""
_TRIGGER = """CREATE OR REPLACE TRIGGER audit_no_update BEFORE UPDATE OR DELETE ON core_auditentry
FOR EACH ROW EXECUTE FUNCTION audit_append_only();"""

GUARDS = {
    "sqlite": (
        _SQLITE.format(name="audit_no_update", event="UPDATE"),
        _SQLITE.format(name="audit_no_delete", event="DELETE"),
    ),
    "postgresql": (_FUNCTION, _TRIGGER),
}
UNGUARDS = {
    "sqlite": ("DROP TRIGGER IF EXISTS audit_no_update;", "DROP TRIGGER IF EXISTS audit_no_delete;"),
    "postgresql": ("DROP TRIGGER IF EXISTS audit_no_update ON core_auditentry;",),
}


def guard() -> None:
    """Make the database refuse changes to the chain's rows."""
    with connection.cursor() as cursor:
        for statement in GUARDS[connection.vendor]:
            cursor.execute(statement)


@contextmanager
def unguarded() -> Iterator[None]:
    """Lift the refusal for retention, inside one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in UNGUARDS[connection.vendor]:
            cursor.execute(statement)
        yield
        guard()
