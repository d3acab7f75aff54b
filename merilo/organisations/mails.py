"""Mails of this room, written in the language of the organisation."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from merilo.core import mail, postage
from merilo.organisations.actions.invitations import Link
from merilo.organisations.handing import Held
from merilo.organisations.http import address
from merilo.organisations.models import Invitation, Membership
from merilo.organisations.notifying import Event, notify
from merilo.organisations.viewers import Viewer


def send_invitations(*, viewer: Viewer, links: Sequence[Link]) -> None:
    """One mail per person, where there is a mail server; otherwise the links are shown to be handed out.

    A mailed link is shown to nobody: whoever accepts it has proven that the address is theirs.
    Errors: TooMany.
    """
    if not mail.has_server():
        return
    postage.pay(by=viewer.person_id, to=[link.invitation.membership.email for link in links])
    Invitation.objects.filter(pk__in=[link.invitation.pk for link in links]).update(mailed=True)
    with translation.override(viewer.organisation.language):
        for link in links:
            link.invitation.mailed = True
            _send(viewer.membership.name, link)


def send_first_invitation(*, inviter: str, link: Link) -> None:
    """The mail to the first coordinator of an organisation that the operator made."""
    if not mail.has_server():
        return
    Invitation.objects.filter(pk=link.invitation.pk).update(mailed=True)
    link.invitation.mailed = True
    with translation.override(link.invitation.organisation.language):
        _send(inviter, link)


def _send(inviter: str, link: Link) -> None:
    organisation = link.invitation.organisation
    context = {
        "member": link.invitation.membership,
        "organisation": organisation,
        "inviter": inviter,
        "until": link.invitation.expires_at,
        "address": link.address,
    }
    send_mail(
        _("Invitation from %(organisation)s") % {"organisation": organisation.name},
        render_to_string("organisations/email/invitation.txt", context),
        None,
        [link.invitation.membership.email],
    )


def tell_handed_over(*, viewer: Viewer, member: Membership, gone: Sequence[Held]) -> None:
    """Tell whoever gave and whoever got something, each once."""
    at, path = timezone.now(), address(viewer, "site:work")
    facts = {"who": str(viewer.membership.pk), "whose": str(member.pk)}
    received = "work.received_own" if member == viewer.membership else "work.received"
    notify(
        viewer=viewer,
        event=Event(received, path, at, facts),
        to=[held.to for held in gone if held.to],
        letter=lambda to: _received(viewer, member, to, [held for held in gone if held.to == to]),
    )
    notify(
        viewer=viewer,
        event=Event("work.handed_over", path, at, facts),
        to=[member],
        letter=lambda to: _handed_over(viewer, to, gone),
    )


def _received(viewer: Viewer, member: Membership, to: Membership, got: Sequence[Held]) -> tuple[str, str]:
    context = {"to": to, "member": member, "gone": got, "viewer": viewer, "base": settings.BASE_URL}
    with translation.override(viewer.organisation.language):
        subject = _("You have taken over work from %(name)s") % {"name": member.name}
        return subject, _text("received", viewer, context)


def _handed_over(viewer: Viewer, to: Membership, gone: Sequence[Held]) -> tuple[str, str]:
    with translation.override(viewer.organisation.language):
        text = _text("handed_over", viewer, {"to": to, "gone": gone, "viewer": viewer})
        return _("Your work was handed over"), text


def _text(template: str, viewer: Viewer, context: dict[str, object]) -> str:
    organisation = {"organisation": viewer.organisation}
    return render_to_string(f"organisations/email/{template}.txt", context | organisation)
