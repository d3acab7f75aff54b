"""Erasing a person: the account loses its data, what the person did stays, as done by a former member."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from merilo.accounts.api import Person, anonymise
from merilo.core import audit
from merilo.organisations.actions.people import require_another_coordinator
from merilo.organisations.models import Membership


@transaction.atomic
def erase_person(*, person: Person, by: object, at: datetime, even_last_coordinator: bool = False) -> int:
    """Erase one person everywhere; answers in how many organisations.

    Raises LastCoordinator unless that was thought of. The audit chains stay whole: only payloads go.
    """
    members = list(Membership.objects.select_for_update(of=("self",)).filter(person=person).order_by("pk"))
    for member in members:
        if member.left_at is None and not even_last_coordinator:
            require_another_coordinator(member)
    for member in members:
        _forget(member, at)
        audit.erase_payloads(mentioning=str(member.pk), by=by, at=at)
    anonymise(person=person, by=by, at=at)
    for member in members:
        audit.record("person.erased", organisation=member.organisation_id, actor=by, target=member, at=at)
    return len(members)


def _forget(member: Membership, at: datetime) -> None:
    language = next(iter(member.organisation.languages), "en")
    with translation.override(language):
        member.name = _("Former member")
    member.email, member.position, member.left_reason = "", "", ""
    member.left_at = member.left_at or at
    member.save(update_fields=["name", "email", "position", "left_reason", "left_at"])
    member.invitations.all().delete()
