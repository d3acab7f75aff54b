"""Limits kept as rows, so that they hold across processes and restarts."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.db.models import F
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


def hit(what: str, whom: str, *, most: int, seconds: int, at: datetime | None = None) -> None:
    """Count one occurrence of `what` by `whom`; raise TooMany when it is more than `most` in the window."""
    now = at or timezone.now()
    window = int(now.timestamp()) // seconds
    row = {"key": _key(what, whom), "window": window}
    if not Limit.objects.filter(**row).update(count=F("count") + 1):
        try:
            with transaction.atomic():
                Limit.objects.create(**row, count=1, expires_at=now + timedelta(seconds=2 * seconds))
        except IntegrityError:
            Limit.objects.filter(**row).update(count=F("count") + 1)
    refuse_if_full(what, whom, most=most + 1, seconds=seconds, at=now)


def refuse_if_full(what: str, whom: str, *, most: int, seconds: int, at: datetime | None = None) -> None:
    """Raise TooMany when the window already holds `most` occurrences, without counting one."""
    now = at or timezone.now()
    window = int(now.timestamp()) // seconds
    count = Limit.objects.filter(key=_key(what, whom), window=window).values_list("count", flat=True).first()
    if (count or 0) >= most:
        raise TooMany(_sentence(_wait(window, seconds, now)), retry_after=_wait(window, seconds, now))


def forget(what: str, whom: str) -> None:
    """Start afresh, for example after a successful sign-in."""
    Limit.objects.filter(key=_key(what, whom)).delete()


def _wait(window: int, seconds: int, now: datetime) -> int:
    until = datetime.fromtimestamp((window + 1) * seconds, tz=UTC)
    return max(1, int((until - now).total_seconds()) + 1)


def _sentence(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many attempts. Try again in %(minutes)s minute.",
        "Too many attempts. Try again in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}
