"""Who may make an account, and signing somebody in who was just proven in another way than by password."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from merilo.accounts.models import Person
from merilo.core import mail


def may_sign_up() -> bool:
    """Whether anybody may make an account unasked: founding is open and a mail can confirm the address."""
    return settings.FOUNDING == "open" and (mail.has_server() or settings.DEMO)


def sign_in(request: HttpRequest, person: Person, *, to: str) -> HttpResponse:
    """Start a new session and go on to `to`; an address still to be confirmed gets its mail instead."""
    answer: HttpResponse = perform_login(request, person, redirect_url=to, signup=True)
    return answer
