"""The organisation's own sign-in, set by the operator of the platform."""

from __future__ import annotations

import hashlib
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core import audit, secret
from merilo.core.errors import Refused
from merilo.organisations.models import Organisation, SignInService

PURPOSE = "sign-in-service"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@transaction.atomic
def set_service(
    *, organisation: Organisation, name: str, issuer: str, client_id: str, client_secret: str, at: datetime
) -> SignInService:
    """Store issuer and client; another issuer knows none of the people of the earlier one.

    Errors: Refused (the issuer is not reached by https).
    """
    address = issuer.strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise Refused(_("The address of the issuer has to begin with https."))
    values = {
        "key": key_of(organisation.pk, address),
        "name": name,
        "issuer": address,
        "client_id": client_id,
        "sealed_secret": secret.seal(PURPOSE, client_secret),
        "set_at": at,
    }
    service, _made = SignInService.objects.update_or_create(organisation=organisation, defaults=values)
    told = {"issuer": address, "client": client_id}
    audit.record(
        "sign_in.set",
        organisation=organisation.pk,
        actor="operator",
        target=organisation,
        payload=told,
        at=at,
    )
    return service


@transaction.atomic
def remove_service(*, organisation: Organisation, at: datetime) -> bool:
    """Take the organisation's own sign-in away; who has a password keeps coming in by it."""
    removed, _tables = SignInService.objects.filter(organisation=organisation).delete()
    if removed:
        audit.record(
            "sign_in.removed", organisation=organisation.pk, actor="operator", target=organisation, at=at
        )
    return bool(removed)


def key_of(organisation: object, issuer: str) -> str:
    """The name of an issuer in one organisation; the same person elsewhere is another."""
    return hashlib.sha256(f"{organisation} {issuer}".encode()).hexdigest()[:32]
