"""Refuse to start where an acknowledged answer could be lost or a public host would be unsafe."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.http.request import validate_host

from merilo.core.binds import LOCAL

SHORTEST_KEY, FEWEST_CHARACTERS = 50, 10


def is_public() -> bool:
    """Whether others reach this installation: by a host's name, its address, or where it listens."""
    hosts = {*settings.ALLOWED_HOSTS, _host()}
    return not (hosts <= {*LOCAL, "testserver"} and settings.BIND.is_local)


def is_strong(key: str) -> bool:
    """Whether a key is long and not one character over and over."""
    return len(key) >= SHORTEST_KEY and len(set(key)) >= FEWEST_CHARACTERS


def _host() -> str:
    return urlsplit(settings.BASE_URL).hostname or ""


@register(Tags.security)
def public_host(**_: Any) -> list[CheckMessage]:
    """A host reachable by others needs its own keys and name, no debugging, and https."""
    if not is_public():
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
    if "*" in settings.ALLOWED_HOSTS or not validate_host(_host(), settings.ALLOWED_HOSTS):
        found.append(
            Error("MERILO_HOSTS does not name the host of MERILO_BASE_URL, or any at all.", id="merilo.E008")
        )
    return found


@register(Tags.database)
def durable_database(**_: Any) -> list[CheckMessage]:
    """What was acknowledged must survive a power cut: full synchronisation, on both databases."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            safe = cursor.fetchone()[0] >= 2 and connection.settings_dict["NAME"] != ":memory:"
        else:
            cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            fsync, commit = cursor.fetchone()
            safe = fsync == "on" and commit != "off"
    if safe:
        return []
    return [Error("The database may lose acknowledged writes (synchronous settings).", id="merilo.E005")]
