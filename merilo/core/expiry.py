"""Rows that are only good for a while: used keys, full windows, kept forms, mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from merilo.core.models import KeptForm, Limit, OnceKey, OutgoingMail

KEYS_KEPT = timedelta(days=3)
MAIL_KEPT = timedelta(days=30)


@transaction.atomic
def clear(*, at: datetime) -> dict[str, int]:
    """Delete what has expired; answers how many rows of each kind went."""
    expired = {
        "keys": OnceKey.objects.filter(made_at__lt=at - KEYS_KEPT),
        "limits": Limit.objects.filter(expires_at__lt=at),
        "forms": KeptForm.objects.filter(expires_at__lt=at),
        # Sent or not: where there is no mail server, nobody will send it, and its text may hold secrets.
        "mail": OutgoingMail.objects.filter(created_at__lt=at - MAIL_KEPT),
    }
    return {name: rows.delete()[0] for name, rows in expired.items()}
