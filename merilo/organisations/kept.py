"""A form that arrives after the sign-in expired is kept and stored once its person has signed in again."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.accounts.api import Person, proof_address
from merilo.core import limits, owner
from merilo.core.errors import MeriloError
from merilo.core.limits import Rate
from merilo.core.models import KeptForm
from merilo.core.requests import origin
from merilo.web.errors import error_page

KEPT_FOR = timedelta(hours=24)
MOST_CHARACTERS = 1_000_000
PER_PERSON = Rate(most=30, seconds=3600)
PER_NETWORK = Rate(most=300, seconds=3600)
_NOT_TYPED = {owner.FIELD, "csrfmiddlewaretoken", "once", "version"}


class TooLong(MeriloError):
    """A form longer than a book."""

    status = 413


def keep_and_ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Answer an address that needs a sign-in: keep a form that says whose it is, then ask to sign in."""
    return _keep_and_ask(request, _sign_in)


def keep_and_ask_for_proof(request: HttpRequest) -> HttpResponse:
    """Answer an address that a sign-in service alone does not open, in the same way."""
    return _keep_and_ask(request, proof_address)


def _keep_and_ask(request: HttpRequest, asking: Callable[[str], str]) -> HttpResponse:
    """Keep the form, then go to the page that `asking` gives for the way on.

    A form that cannot be kept comes back as a page to copy from. What a script sends is not kept: it still
    stands on the page.
    """
    by_script = request.headers.get("Accept", "").startswith("application/json")
    target = request.get_full_path() if request.method == "GET" else request.path
    person = owner.person_of(request.POST.get(owner.FIELD, "")) if request.method == "POST" else None
    if person is not None and not by_script:
        try:
            target = f"{owner.KEPT_AT}{_keep(request, person).token}/"
        except MeriloError as refusal:
            return _given_back(request, refusal)
    address = asking(target)
    if by_script or request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer["Location"] = address
        answer["HX-Redirect"] = address
        return answer
    return redirect(address)


def asks_to_sign_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for whoever is signed in; a form that comes without a sign-in is kept for its person."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return keep_and_ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    return asked


def _sign_in(target: str) -> str:
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}"


def _keep(request: HttpRequest, person: UUID) -> KeptForm:
    """Raises TooLong, and TooMany where a person or network sends more forms than anybody fills in."""
    fields = request.POST.copy()
    fields.setlist(owner.LOST_FILE, list(request.FILES))
    body = fields.urlencode()
    if len(body) > MOST_CHARACTERS:
        raise TooLong(_("The form is too long to be kept while you sign in."))
    limits.hit("kept-form of", str(person), **PER_PERSON)
    limits.hit("kept-form from", origin(), **PER_NETWORK)
    now = timezone.now()
    return KeptForm.objects.create(
        token=secrets.token_urlsafe(32),
        owner=str(person),
        path=request.get_full_path(),
        body=body,
        kept_at=now,
        expires_at=now + KEPT_FOR,
    )


def _given_back(request: HttpRequest, refusal: MeriloError) -> HttpResponse:
    """The page with everything that was typed, so that it can be copied."""
    if request.headers.get("HX-Request"):
        return error_page(request, refusal.status, refusal.sentence)
    typed = [text for name, texts in request.POST.lists() if name not in _NOT_TYPED for text in texts if text]
    context = {"sentence": refusal.sentence, "typed": typed, "sign_in": _sign_in(request.path)}
    answer = render(request, "organisations/not_kept.html", context, status=refusal.status)
    answer["Cache-Control"] = "no-store"
    return answer


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
    """The fields of a kept form as they were sent; `owner.LOST_FILE` names those whose files are gone."""
    return QueryDict(kept.body)
