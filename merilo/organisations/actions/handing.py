"""Handing over: everything that somebody has goes to others, in one step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError
from merilo.organisations import handing
from merilo.organisations.actions.people import lock_members
from merilo.organisations.handing import Handing, Held
from merilo.organisations.models import Membership
from merilo.organisations.recording import record
from merilo.organisations.viewers import Viewer


@transaction.atomic
def hand_over(
    *, viewer: Viewer, member: Membership, to: Mapping[str, Membership], at: datetime
) -> list[Held]:
    """Give what a member has to others, by kind (`to`: code of the kind -> receiver); answers what went.

    It is told in the organisation's language, for the mails. Errors: Refused, MeriloError (somebody who
    cannot receive, nothing to give, and whatever the rooms refuse: then nothing has gone).
    """
    viewer.require("people.manage")
    lock_members(viewer.organisation_id)
    member = _current(viewer, member)
    receivers = {code: _receiver(viewer, member, one) for code, one in to.items()}
    on = timezone.localdate(at)
    with translation.override(viewer.organisation.language):
        gone = [held for held in handing.held_by(viewer, member, receivers, on=on) if _goes(held)]
    if not gone:
        raise MeriloError(_("Nothing of this can be handed over to the people you have chosen."))
    for held in gone:
        give, receiver = held.kind.give, receivers[held.kind.code]
        assert give is not None  # noqa: S101  asked for in `_goes`
        receiver.refresh_from_db()
        give(Handing(viewer, member, receiver, on), at)
    told = {held.kind.code: receivers[held.kind.code].pk for held in gone}
    record(viewer, "member.handed_over", member, {"given": told}, at=at)
    return gone


def may_receive(member: Membership) -> bool:
    """Whether somebody can take on the work of another: own people who sign in already."""
    return member.left_at is None and member.person_id is not None and member.valid_until is None


def _goes(held: Held) -> bool:
    return held.to is not None and held.kind.give is not None and bool(held.going)


def _current(viewer: Viewer, member: Membership) -> Membership:
    return Membership.objects.get(organisation=viewer.organisation, pk=member.pk)


def _receiver(viewer: Viewer, member: Membership, chosen: Membership) -> Membership:
    current = _current(viewer, chosen)
    if current.pk == member.pk or not may_receive(current):
        sentence = _("Choose another person for this: %(name)s cannot take it on.")
        raise MeriloError(sentence % {"name": current.name})
    return current
