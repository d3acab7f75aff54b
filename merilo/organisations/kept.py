"""A form that arrives after the sign-in expired is kept and stored once its person has signed in again."""

from __future__ import annotations

import secrets
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils import timezone

from merilo.accounts.api import Person
from merilo.core.models import KeptForm

OWNER_FIELD = "owner_token"
KEPT_FOR = timedelta(hours=24)
MOST_CHARACTERS = 1_000_000
_signer = signing.TimestampSigner(salt="merilo.kept-form")


def owner_token(person: Person) -> str:
    """What a form carries so that, after the sign-in expired, it is known whose it is."""
    return _signer.sign(str(person.pk))


def owner_of(token: str) -> UUID | None:
    """The person of an owner token no older than three days, or None."""
    try:
        return UUID(_signer.unsign(token, max_age=timedelta(days=3)))
    except (signing.BadSignature, ValueError):
        return None


def keep_and_ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Answer an address that needs a sign-in: keep a form that says whose it is, then ask to sign in."""
    target = request.get_full_path() if request.method == "GET" else request.path
    owner = owner_of(request.POST.get(OWNER_FIELD, "")) if request.method == "POST" else None
    if owner is not None:
        kept = _keep(request, owner)
        target = f"/kept/{kept.token}/" if kept else request.path
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}"
    if request.headers.get("Accept", "").startswith("application/json") or request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer["Location"] = address
        answer["HX-Redirect"] = address
        return answer
    return redirect(address)


def _keep(request: HttpRequest, owner: UUID) -> KeptForm | None:
    body = request.POST.urlencode()
    if len(body) > MOST_CHARACTERS:
        return None
    now = timezone.now()
    return KeptForm.objects.create(
        token=secrets.token_urlsafe(32),
        owner=str(owner),
        path=request.path,
        body=body,
        kept_at=now,
        expires_at=now + KEPT_FOR,
    )


@transaction.atomic
def take(token: str, person: Person) -> KeptForm | None:
    """The kept form for its own person, once; None for anybody else or when it expired."""
    kept = (
        KeptForm.objects.select_for_update().filter(token=token, owner=str(person.pk), used_at=None).first()
    )
    if kept is None or kept.expires_at < timezone.now():
        return None
    kept.used_at = timezone.now()
    kept.save(update_fields=["used_at"])
    return kept


def release(kept: KeptForm) -> None:
    """Make a taken form available again, because storing it failed."""
    KeptForm.objects.filter(pk=kept.pk).update(used_at=None)


def form_of(kept: KeptForm) -> QueryDict:
    """The fields of a kept form as they were sent."""
    return QueryDict(kept.body)
