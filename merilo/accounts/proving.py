"""Whether a person has proved something here, or only an organisation's own sign-in vouches for the session.

A service opens its own organisation. For anything else the person shows a password, a passkey or a code.
"""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from django.http import HttpRequest
from django.urls import reverse

from merilo.accounts.models import Person

OWN = {"password", "mfa"}
BY_SERVICE = "socialaccount"


def service_alone(request: HttpRequest) -> str:
    """The key of the service that alone vouches for who is signed in; empty for everybody else."""
    person = request.user if request.user.is_authenticated else None
    records = get_authentication_records(request, person)
    if any(record.get("method") in OWN for record in records):
        return ""
    return next((record["provider"] for record in reversed(records) if record["method"] == BY_SERVICE), "")


def proof_address(onward: str) -> str:
    """The page that asks for an own proof and then goes on to `onward`."""
    return f"{reverse('accounts:prove')}?{urlencode({'next': onward})}"


def ask_once_more(request: HttpRequest) -> None:
    """Ask who it is unless that was confirmed a few minutes ago; what was asked for is done afterwards."""
    raise_if_reauthentication_required(request, app="allauth.mfa")


def can_prove(person: Person) -> bool:
    """Whether the person has a password, an app with codes or a passkey."""
    return bool(get_reauthentication_flows(person))
