"""Reads of the demo's own pages."""

from __future__ import annotations

from merilo.core.models import OutgoingMail

MOST_MAILS = 50


def outbox() -> list[OutgoingMail]:
    """The newest mails written here, sent or not."""
    return list(OutgoingMail.objects.order_by("-id")[:MOST_MAILS])
