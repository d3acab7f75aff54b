"""What happens to accounts is recorded on the platform's chain, without addresses and names."""

from __future__ import annotations

from typing import Any

from allauth.account import signals
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merilo.accounts.models import Person
from merilo.core import audit

VERBS = {
    "account.made": _("made an account"),
    "account.signed_in": _("signed in"),
    "account.signed_out": _("signed out"),
    "account.changed": _("changed the own profile"),
    "account.password_changed": _("changed the password"),
    "account.password_reset": _("set a new password by mail"),
    "account.confirmed": _("confirmed the e-mail address"),
    "account.erased": _("erased an account"),
}


def connect() -> None:
    """Listen to the sign-in library; called once, when the room is ready."""
    signals.user_signed_up.connect(_recorder("account.made"), weak=False)
    signals.user_logged_in.connect(_recorder("account.signed_in"), weak=False)
    user_logged_out.connect(_recorder("account.signed_out"), weak=False)
    signals.password_changed.connect(_recorder("account.password_changed"), weak=False)
    signals.password_reset.connect(_recorder("account.password_reset"), weak=False)
    signals.email_confirmed.connect(_confirmed, weak=False)


def _recorder(verb: str) -> Any:
    def record(sender: Any, user: Person | None = None, **kwargs: Any) -> None:
        if user is not None:
            _record(verb, user)

    return record


def _confirmed(sender: Any, email_address: Any, **kwargs: Any) -> None:
    _record("account.confirmed", email_address.user)


def _record(verb: str, person: Person) -> None:
    with transaction.atomic():
        audit.record(verb, actor=person.pk, target=person)
