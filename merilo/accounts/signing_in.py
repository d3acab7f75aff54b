"""Who may make an account, signing somebody in who was proven in another way, and new passwords."""

from __future__ import annotations

from datetime import datetime

from allauth.account.utils import perform_login
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from merilo.accounts.models import Person
from merilo.accounts.permissions import require_operator
from merilo.core import audit, mail
from merilo.core.errors import MeriloError


def may_sign_up() -> bool:
    """Whether anybody may make an account unasked: founding is open and a mail can confirm the address."""
    return settings.FOUNDING == "open" and (mail.has_server() or settings.DEMO)


def sign_in(request: HttpRequest, person: Person, *, to: str) -> HttpResponse:
    """Start a new session and go on to `to`; an address still to be confirmed gets its mail instead."""
    answer: HttpResponse = perform_login(request, person, redirect_url=to, signup=True)
    return answer


@transaction.atomic
def send_reset(request: HttpRequest, *, person: Person, by: Person, at: datetime) -> None:
    """Mail somebody the link with which they choose a new password; the operator never sees it.

    Errors: Refused, MeriloError (no mail server, a suspended account), TooMany.
    """
    from merilo.accounts.signing_forms import ResetPasswordForm

    require_operator(by)
    if not mail.has_server():
        raise MeriloError(_("No mail server is set, so nothing can be sent."))
    if not person.is_active:
        raise MeriloError(_("This account is suspended. Reinstate it first."))
    form = ResetPasswordForm({"email": person.email})
    if form.is_valid():
        form.save(request)
        audit.record("account.reset_sent", actor=by.pk, target=person, at=at)
