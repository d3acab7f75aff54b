"""Limits kept as rows, so that they hold across processes and restarts."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
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
        raise _too_many(int(now.timestamp()) // seconds, seconds, now)


def count(what: str, whom: str, *, seconds: int, times: int = 1, at: datetime) -> int:
    """Count occurrences in one statement and answer how many the window holds now."""
    table, window = (connection.ops.quote_name(name) for name in (Limit._meta.db_table, "window"))
    upsert = f"""INSERT INTO {table} (key, {window}, count, expires_at) VALUES (%s, %s, %s, %s)
        ON CONFLICT (key, {window}) DO UPDATE SET count = {table}.count + excluded.count RETURNING count"""  # noqa: S608  our own names
    until = connection.ops.adapt_datetimefield_value(at + timedelta(seconds=2 * seconds))
    with connection.cursor() as cursor:
        cursor.execute(upsert, [_key(what, whom), int(at.timestamp()) // seconds, times, until])
        return int(cursor.fetchone()[0])


def refuse_if_full(what: str, whom: str, *, most: int, seconds: int, at: datetime | None = None) -> None:
    """Raise TooMany when the window already holds `most` occurrences, without counting one."""
    now = at or timezone.now()
    window = int(now.timestamp()) // seconds
    found = Limit.objects.filter(key=_key(what, whom), window=window).values_list("count", flat=True).first()
    if (found or 0) >= most:
        raise _too_many(window, seconds, now)


def forget(what: str, whom: str) -> None:
    """Start afresh, for example after a successful sign-in."""
    Limit.objects.filter(key=_key(what, whom)).delete()


def _too_many(window: int, seconds: int, now: datetime) -> TooMany:
    wait = _wait(window, seconds, now)
    return TooMany(_sentence(wait), retry_after=wait)


def _wait(window: int, seconds: int, now: datetime) -> int:
    until = datetime.fromtimestamp((window + 1) * seconds, tz=UTC)
    return max(1, int((until - now).total_seconds()) + 1)


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
