"""What operators decide about accounts: keyword-only, one transaction, on the platform's chain."""

from __future__ import annotations

import secrets
from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from merilo.accounts import sessions
from merilo.accounts.actions import make_person
from merilo.accounts.models import Person
from merilo.accounts.permissions import require_operator
from merilo.core import audit
from merilo.core.errors import MeriloError


@transaction.atomic
def suspend(*, person: Person, by: Person, at: datetime) -> None:
    """Close an account until it is reinstated; all its sign-ins end now. Errors: MeriloError (oneself)."""
    _lock_operators(by)
    if person.pk == by.pk:
        raise MeriloError(_("You cannot suspend yourself. Ask another operator."))
    if Person.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        ended = sessions.end(person)
        audit.record("account.suspended", actor=by.pk, target=person, payload={"sessions": ended}, at=at)


@transaction.atomic
def reinstate(*, person: Person, by: Person, at: datetime) -> None:
    """Open a suspended account again; an erased one stays closed."""
    _lock_operators(by)
    if Person.objects.filter(pk=person.pk, is_active=False, erased_at=None).update(is_active=True):
        audit.record("account.reinstated", actor=by.pk, target=person, at=at)


@transaction.atomic
def make_operator(*, person: Person, by: Person, at: datetime) -> None:
    """Let somebody who may sign in run the platform too."""
    _lock_operators(by)
    if Person.objects.filter(pk=person.pk, is_active=True, is_operator=False).update(is_operator=True):
        audit.record("operator.made", actor=by.pk, target=person, at=at)


@transaction.atomic
def unmake_operator(*, person: Person, by: Person, at: datetime) -> None:
    """Take the operator's role. Errors: MeriloError (nobody else who may sign in would hold it)."""
    others = [operator for operator in _lock_operators(by) if operator.pk != person.pk]
    if not others:
        raise MeriloError(_("This is the only operator. Give the role to somebody else first."))
    if Person.objects.filter(pk=person.pk, is_operator=True).update(is_operator=False):
        audit.record("operator.unmade", actor=by.pk, target=person, at=at)


def _lock_operators(by: Person) -> list[Person]:
    """Those who may run the platform now. Who changes them waits for whoever does so; errors: Refused.

    Otherwise two operators could take each other's role at once.
    """
    found = list(Person.objects.select_for_update().filter(is_operator=True, is_active=True).order_by("pk"))
    require_operator(next((operator for operator in found if operator.pk == by.pk), Person()))
    return found


# --- from the machine itself --------------------------------------------------------------------------
@transaction.atomic
def appoint(*, email: str, at: datetime) -> Person:
    """Make whoever has the address an operator, with a new account where there is none: the first one."""
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        person = make_person(
            email=email,
            name=email.partition("@")[0],
            password=secrets.token_urlsafe(32),
            language=settings.LANGUAGE_CODE,
            verified=True,
            at=at,
        )
    if Person.objects.filter(pk=person.pk, is_operator=False).update(is_operator=True):
        audit.record("operator.made", target=person, at=at)
    return person


def password_address(person: Person) -> str:
    """The page on which the person chooses a new password; whoever has the address can do so, once."""
    parts = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return f"{settings.BASE_URL}{reverse('account_reset_password_from_key', kwargs=parts)}"
