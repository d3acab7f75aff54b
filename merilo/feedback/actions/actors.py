"""Writes about external evaluators: they are invited as guests, for a limited time, to one feedback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError
from merilo.feedback import permissions
from merilo.feedback.actions.shared import held, require
from merilo.feedback.models import Actor, Feedback
from merilo.organisations.api import (
    Guest,
    InvitationLink,
    Viewer,
    invite_guest,
    keep_guest,
    record,
    send_invitations,
)


def invite(
    *, viewer: Viewer, feedback: Feedback, guest: Guest, is_lead: bool, at: datetime
) -> tuple[Actor, InvitationLink | None]:
    """Invite an evaluator; answers the one-time link, None for who has an account.

    The first one leads. Somebody whose access was ended is taken back. Errors: Refused, MeriloError (somebody
    of the organisation; invited already).
    """
    require(permissions.may_prepare(viewer, feedback))
    with transaction.atomic():
        row = held(feedback)
        present = Actor.objects.filter(feedback=row, ended_at=None)
        is_lead = is_lead or not present.filter(is_lead=True).exists()
        if is_lead:
            present.update(is_lead=False)
        member, link = invite_guest(viewer=viewer, guest=guest, at=at)
        if present.filter(membership=member).exists():
            raise MeriloError(_("This evaluator has been invited already."), field="email")
        actor, _made = Actor.objects.update_or_create(
            feedback=row,
            membership=member,
            defaults={
                "is_lead": is_lead,
                "until": guest.valid_until,
                "ended_at": None,
                "invited_at": at,
            },
        )
        told = {"until": guest.valid_until, "holder": str(member.pk)}
        record(viewer, "feedback.actor_invited", row, told, at=at)
        send_invitations(viewer=viewer, links=[link] if link else [])
    return actor, link


@dataclass(frozen=True, slots=True)
class Access:
    """Until when an evaluator reads, and whether they lead."""

    until: date
    is_lead: bool


def change(*, viewer: Viewer, actor: Actor, access: Access, at: datetime) -> None:
    """Change until when an evaluator reads and who leads.

    Errors: Refused, MeriloError (nobody would lead).
    """
    require(permissions.may_prepare(viewer, actor.feedback))
    with transaction.atomic():
        row = _held(actor)
        present = Actor.objects.filter(feedback=row.feedback, ended_at=None)
        if access.is_lead:
            present.exclude(pk=row.pk).update(is_lead=False)
        elif row.is_lead:
            raise MeriloError(_("Somebody has to lead. Let another evaluator lead instead."), field="is_lead")
        row.until, row.is_lead = access.until, access.is_lead
        row.save(update_fields=["until", "is_lead"])
        keep_guest(viewer=viewer, member=row.membership, until=access.until, at=at)
        told = {"until": access.until, "holder": str(row.membership_id)}
        record(viewer, "feedback.actor_changed", row.feedback, told, at=at)


def end(*, viewer: Viewer, actor: Actor, at: datetime) -> None:
    """End an evaluator's access at once; what they gave stays. Doing so again changes nothing.

    Errors: Refused.
    """
    require(permissions.may_manage(viewer, actor.feedback))
    with transaction.atomic():
        row = _held(actor)
        if row.ended_at is not None:
            return
        row.ended_at, row.is_lead = at, False
        row.save(update_fields=["ended_at", "is_lead"])
        told = {"holder": str(row.membership_id)}
        record(viewer, "feedback.actor_ended", row.feedback, told, at=at)


def _held(actor: Actor) -> Actor:
    row = Actor.objects.select_related("membership").get(pk=actor.pk)
    row.feedback = held(actor.feedback)
    return row
