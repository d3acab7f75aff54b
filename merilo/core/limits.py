"""Limits kept as rows, so that they hold across processes and restarts."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TypedDict

from django.db import connection
from django.utils import timezone
from django.utils.translation import ngettext

from merilo.core.errors import TooMany
from merilo.core.models import Limit


class Rate(TypedDict):
    """How often in how many seconds: `hit("sign-up", network, **SIGN_UPS)`."""

    most: int
    seconds: int


def _key(what: str, whom: str) -> str:
    # What is limited may be an e-mail address: only its hash is kept.
    return f"{what}:{hashlib.sha256(whom.casefold().encode()).hexdigest()[:32]}"


def hit(what: str, whom: str, *, most: int, seconds: int, times: int = 1, at: datetime | None = None) -> None:
    """Count occurrences of `what` by `whom`; raise TooMany when they are more than `most` in the window."""
    now = at or timezone.now()
    if count(what, whom, seconds=seconds, times=times, at=now) > most:
        until = Limit.objects.filter(key=_key(what, whom)).values_list("expires_at", flat=True).first()
        # It may have been forgotten, or tidied away, in the meantime.
        raise _too_many(until or now + timedelta(seconds=seconds), now)


def count(what: str, whom: str, *, seconds: int, times: int = 1, at: datetime) -> int:
    """Count occurrences in one statement and answer how many the window holds now.

    A window begins with its first occurrence, so that what comes in one burst is counted together.
    """
    table = connection.ops.quote_name(Limit._meta.db_table)
    over = f"{table}.expires_at <= %s"
    upsert = f"""INSERT INTO {table} (key, count, expires_at) VALUES (%s, %s, %s)
        ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN {over} THEN excluded.count ELSE {table}.count + excluded.count END,
            expires_at = CASE WHEN {over} THEN excluded.expires_at ELSE {table}.expires_at END
        RETURNING count"""  # noqa: S608  our own names
    now, until = (
        connection.ops.adapt_datetimefield_value(moment) for moment in (at, at + timedelta(seconds=seconds))
    )
    with connection.cursor() as cursor:
        cursor.execute(upsert, [_key(what, whom), times, until, now, now])
        return int(cursor.fetchone()[0])


def refuse_if_full(what: str, whom: str, *, most: int, at: datetime | None = None) -> None:
    """Raise TooMany when the window already holds `most` occurrences, without counting one."""
    now = at or timezone.now()
    full = Limit.objects.filter(key=_key(what, whom), expires_at__gt=now, count__gte=most)
    if until := full.values_list("expires_at", flat=True).first():
        raise _too_many(until, now)


def forget(what: str, whom: str) -> None:
    """Start afresh, for example after a successful sign-in."""
    Limit.objects.filter(key=_key(what, whom)).delete()


def _too_many(until: datetime, now: datetime) -> TooMany:
    wait = max(1, int((until - now).total_seconds()) + 1)
    return TooMany(_sentence(wait), retry_after=wait)


def _sentence(seconds: int) -> str:
    minutes, hours = -(-seconds // 60), -(-seconds // 3600)
    if hours > 2:
        return ngettext(
            "Too many attempts. Try again in %(hours)s hour.",
            "Too many attempts. Try again in %(hours)s hours.",
            hours,
        ) % {"hours": hours}
    return ngettext(
        "Too many attempts. Try again in %(minutes)s minute.",
        "Too many attempts. Try again in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}
