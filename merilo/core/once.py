"""One effect per submitted form: each form carries a key, and a key is used up in the same transaction."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from merilo.core.models import OnceKey

_KEY = re.compile(r"[\w-]{1,64}", re.ASCII)


def new_key() -> str:
    """A fresh key for a form about to be shown."""
    return secrets.token_urlsafe(18)


def run_once(key: str, *, owner: object, effect: Callable[[], str], at: datetime | None = None) -> str:
    """Run `effect` (it answers with the address to go to) once per key; a repeat gets the first answer.

    The key and the effect are one transaction: an effect that fails leaves the key unused. What none of
    our forms carries is no key.
    """
    if not _KEY.fullmatch(key):
        return effect()
    with transaction.atomic():
        row, first = OnceKey.objects.select_for_update().get_or_create(
            key=key, owner=str(owner), defaults={"made_at": at or timezone.now()}
        )
        if first:
            row.result = effect()[:500]
            row.save(update_fields=["result"])
        return row.result
