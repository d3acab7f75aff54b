"""What a sign-in service says about itself, kept for a while, so that one that hangs stops nobody."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.cache import cache
from requests import RequestException

from merilo.core import secret

KEPT_SECONDS = 10 * 60
SILENT_SECONDS = 30  # for so long a service that did not answer is not asked again


def told_at(address: str, *, anew: bool = False) -> dict[str, Any]:
    """The document at an address of the service, from here where it is known. Errors: OAuth2Error."""
    name = secret.digest_of("service-document", address)
    kept: dict[str, Any] | None = None if anew else cache.get(name)
    if kept is None:
        kept = _fetched(address)
        cache.set(name, kept, KEPT_SECONDS if kept else SILENT_SECONDS)
    if not kept:
        raise OAuth2Error
    return kept


def _fetched(address: str) -> dict[str, Any]:
    """The document, empty where the service does not answer, or not as it should."""
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(address)
            answer.raise_for_status()
            told = answer.json()
    except (RequestException, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
