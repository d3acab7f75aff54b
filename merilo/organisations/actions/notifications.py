"""What a person does with their own notifications."""

from __future__ import annotations

from datetime import datetime

from merilo.organisations import queries
from merilo.organisations.models import Notification
from merilo.organisations.viewers import Viewer


def mark_read(*, viewer: Viewer, notification: Notification, at: datetime) -> None:
    """Say that the viewer has read a notification of their own; once more changes nothing."""
    queries.notifications(viewer).filter(pk=notification.pk, read_at=None).update(read_at=at)


def mark_all_read(*, viewer: Viewer, at: datetime) -> None:
    """Say that the viewer has read all that there is for them in the organisation."""
    queries.notifications(viewer).filter(read_at=None, made_at__lte=at).update(read_at=at)
