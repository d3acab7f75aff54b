"""The signed-in person: language, when last seen, and the second factor that this installation demands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from merilo.accounts import queries, second_factor, sessions
from merilo.accounts.models import Person

# What is open to somebody who has still to set up a second factor.
SETTING_UP = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "accounts:prove",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_logout",
    "accounts:end_session",
    "accounts:end_sessions",
    "set_language",
    "site:help",
    "site:accessibility",
    "site:privacy",
    "site:about",
}
ONWARD = "onward"


class PersonMiddleware:
    """Activates the language a person chose for the account, unless this browser chose another."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if person := _signed_in(request):
            if person.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(person.language)
                request.LANGUAGE_CODE = translation.get_language()
            if sessions.is_due(request):
                sessions.note(request, person)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Who must have a second factor and has none gets the page to set one up, whatever was asked for.

    The first page asked for is kept, to go on to it afterwards.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        is_open = match is not None and match.view_name in SETTING_UP
        if is_open or not _lacks_factor(request):
            return None
        if request.method == "GET" and request.headers.get("Sec-Fetch-Dest", "document") == "document":
            request.session.setdefault(ONWARD, request.get_full_path())
        return redirect("mfa_index")


def _signed_in(request: HttpRequest) -> Person | None:
    """Who is signed in; without a session cookie nothing is asked of the database."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return request.user


def _lacks_factor(request: HttpRequest) -> bool:
    if settings.SECOND_FACTOR == "nobody":
        return False
    person = _signed_in(request)
    return person is not None and second_factor.must_have(person) and not queries.has_factor(person)
