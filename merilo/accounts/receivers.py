"""What happens to accounts is recorded on the platform's chain, without addresses and names."""

from __future__ import annotations

from typing import Any

from allauth.account import signals
from allauth.mfa import signals as factors
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merilo.accounts import actions, sessions
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
    "account.factor_added": _("set up a second factor"),
    "account.factor_removed": _("removed a second factor"),
    "account.codes_made": _("made new recovery codes"),
    "account.code_used": _("signed in with a recovery code"),
    "account.factors_removed": _("took the second factors from an account"),
    "account.service_connected": _("connected the organisation's sign-in"),
    "account.service_disconnected": _("disconnected the organisation's sign-in"),
    "account.session_ended": _("signed out on another device"),
    "account.sessions_ended": _("signed out everywhere"),
    "account.suspended": _("suspended an account"),
    "account.reinstated": _("reinstated an account"),
    "account.reset_sent": _("had a link for a new password sent"),
    "operator.made": _("made somebody an operator"),
    "operator.unmade": _("took the operator's role from somebody"),
}


def connect() -> None:
    """Listen to the sign-in library; called once, when the room is ready."""
    signals.user_signed_up.connect(_recorder("account.made"), weak=False)
    signals.user_logged_in.connect(_recorder("account.signed_in"), weak=False)
    user_logged_out.connect(_recorder("account.signed_out"), weak=False)
    signals.password_changed.connect(_recorder("account.password_changed"), weak=False)
    signals.password_reset.connect(_recorder("account.password_reset"), weak=False)
    signals.password_reset.connect(_reset, weak=False)
    signals.email_confirmed.connect(_confirmed, weak=False)
    factors.authenticator_used.connect(_used, weak=False)
    user_logged_in.connect(_seen, weak=False)


def _recorder(verb: str) -> Any:
    def record(sender: Any, user: Person | None = None, **kwargs: Any) -> None:
        if user is not None:
            _record(verb, user)

    return record


def _reset(sender: Any, user: Person, **kwargs: Any) -> None:
    actions.disconnect_services(person=user, at=timezone.now())


def _used(sender: Any, user: Person, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        _record("account.code_used", user)


def _seen(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    sessions.note(request, user)


def _confirmed(sender: Any, email_address: Any, **kwargs: Any) -> None:
    _record("account.confirmed", email_address.user)


def _record(verb: str, person: Person) -> None:
    with transaction.atomic():
        audit.record(verb, actor=person.pk, target=person)
