"""Refuse to start where an acknowledged answer could be lost or a public host would be unsafe."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}


@register(Tags.security)
def public_host(**_: Any) -> list[CheckMessage]:
    """A host reachable by others needs its own keys, no debugging, and https."""
    if set(settings.ALLOWED_HOSTS) <= LOCAL:
        return []
    found: list[CheckMessage] = []
    if settings.SECRET_KEY_IS_LOCAL:
        found.append(Error("MERILO_SECRET_KEY is not set for a public host.", id="merilo.E001"))
    if settings.DEBUG:
        found.append(Error("MERILO_DEBUG is on for a public host.", id="merilo.E002"))
    if settings.DEMO:
        found.append(Error("MERILO_DEMO (known passwords) is on for a public host.", id="merilo.E003"))
    if not settings.BASE_URL.startswith("https"):
        found.append(Error("MERILO_BASE_URL does not start with https.", id="merilo.E004"))
    if settings.AUDIT_KEY_IS_LOCAL or settings.AUDIT_KEY == settings.SECRET_KEY:
        # The secret key must be free to change, the audit's must stay and be kept apart from the data.
        found.append(
            Error(
                "MERILO_AUDIT_KEY is not set apart from the secret key for a public host.", id="merilo.E006"
            )
        )
    return found


@register(Tags.database)
def durable_database(**_: Any) -> list[CheckMessage]:
    """What was acknowledged must survive a power cut: full synchronisation, on both databases."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            safe = cursor.fetchone()[0] >= 2
        else:
            cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            fsync, commit = cursor.fetchone()
            safe = fsync == "on" and commit != "off"
    if safe:
        return []
    return [Error("The database may lose acknowledged writes (synchronous settings).", id="merilo.E005")]
