"""Erasing a person: the account loses its data, what the person did stays, as done by a former member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from merilo.accounts.api import Person, anonymise
from merilo.core import audit
from merilo.core.errors import MeriloError
from merilo.core.models import OutgoingMail
from merilo.organisations.actions.people import require_another_coordinator
from merilo.organisations.erasing import Erased, Mention, forget_addresses, forget_everywhere, mentions_of
from merilo.organisations.models import Membership


@dataclass(frozen=True, slots=True)
class Erasure:
    """In how many organisations somebody was erased, and where texts that people wrote still name them."""

    organisations: int
    mentions: list[Mention]


@transaction.atomic
def erase_person(*, email: str, by: object, at: datetime, even_last_coordinator: bool = False) -> Erasure:
    """Erase everywhere whoever has the address: an account, somebody invited, somebody asked for something.

    Raises LastCoordinator unless that was thought of, MeriloError when nobody has the address. The audit
    chains stay whole: only payloads go.
    """
    person = Person.objects.filter(email__iexact=email).first()
    members = _places(person, email)
    addresses = {email, *(member.email for member in members)} - {""}
    asked = forget_addresses(addresses)
    if person is None and not members and not asked:
        raise MeriloError(_("Nobody of this address is known here."))
    for member in members:
        if member.left_at is None and not even_last_coordinator:
            require_another_coordinator(member)
    names = (
        {member.name for member in members}
        | {person.name if person else ""}
        | {known.name for known in asked}
    )
    for member in members:
        _forget(member, person, at)
        audit.erase_payloads(mentioning=str(member.pk), by=by, at=at)
    # Somebody else may have accepted an invitation to this address: it is not theirs.
    Membership.objects.filter(email__iexact=email).update(email="")
    # A name of one word would name too many.
    _forget_traces(addresses | {name for name in names if " " in name}, by, at)
    if person is not None:
        anonymise(person=person, by=by, at=at)
    for member in members:
        audit.record("person.erased", organisation=member.organisation_id, actor=by, target=member, at=at)
    belonged = {member.organisation_id for member in members}
    known = {one.organisation for one in asked}
    for organisation in known - belonged:
        audit.record("person.erased", organisation=organisation, actor=by, at=at)
    return Erasure(len(belonged | known), mentions_of(names - {""}))


def _places(person: Person | None, email: str) -> list[Membership]:
    """The person's memberships, and those kept for the address that nobody has accepted."""
    wanted = Q(email__iexact=email, person=None)
    if person is not None:
        wanted |= Q(person=person)
    found = Membership.objects.select_for_update(of=("self",)).select_related("organisation")
    return list(found.filter(wanted).order_by("pk"))


def _forget(member: Membership, person: Person | None, at: datetime) -> None:
    language = next(iter(member.organisation.languages), "en")
    with translation.override(language):
        instead = _("Former member")
    names = {member.name, person.name if person else ""} - {""}
    forget_everywhere(Erased(member, frozenset(names), instead))
    member.name = instead
    member.email, member.position, member.left_reason = "", "", ""
    member.left_at = member.left_at or at
    member.save(update_fields=["name", "email", "position", "left_reason", "left_at"])
    member.invitations.all().delete()


def _forget_traces(texts: set[str], by: object, at: datetime) -> None:
    """Blank what the record tells of the person, and delete mails to them and sent ones that name them."""
    for text in texts:
        audit.erase_payloads(mentioning=text, by=by, at=at)
        naming = Q(text__contains=text) | Q(html__contains=text)
        OutgoingMail.objects.filter(Q(recipient__iexact=text) | naming & ~Q(sent_at=None)).delete()
