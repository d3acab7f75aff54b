"""Mails of this room, written in the language of the organisation."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from merilo.core import mail
from merilo.organisations.actions.invitations import Link
from merilo.organisations.handing import Held
from merilo.organisations.models import Invitation, Membership
from merilo.organisations.viewers import Viewer


def send_invitations(*, viewer: Viewer, links: Sequence[Link]) -> None:
    """One mail per person, where there is a mail server; otherwise the links are shown to be handed out.

    A mailed link is shown to nobody: whoever accepts it has proven that the address is theirs.
    """
    if not mail.has_server():
        return
    Invitation.objects.filter(pk__in=[link.invitation.pk for link in links]).update(mailed=True)
    with translation.override(viewer.organisation.language):
        for link in links:
            link.invitation.mailed = True
            _send(viewer, link)


def _send(viewer: Viewer, link: Link) -> None:
    context = {
        "member": link.invitation.membership,
        "organisation": viewer.organisation,
        "inviter": viewer.membership.name,
        "until": link.invitation.expires_at,
        "address": link.address,
    }
    send_mail(
        _("Invitation from %(organisation)s") % {"organisation": viewer.organisation.name},
        render_to_string("organisations/email/invitation.txt", context),
        None,
        [link.invitation.membership.email],
    )


def tell_handed_over(*, viewer: Viewer, member: Membership, gone: Sequence[Held]) -> None:
    """Tell whoever gave and whoever got something, each in one mail."""
    if not mail.has_server():
        return
    with translation.override(viewer.organisation.language):
        for receiver in {held.to.pk: held.to for held in gone if held.to}.values():
            got = [held for held in gone if held.to == receiver]
            _tell(viewer, receiver, "received", {"member": member, "gone": got})
        _tell(viewer, member, "handed_over", {"member": member, "gone": gone})


def _tell(viewer: Viewer, to: Membership, template: str, context: dict[str, object]) -> None:
    if not to.email or to.pk == viewer.membership.pk:
        return
    more = {"to": to, "viewer": viewer, "organisation": viewer.organisation, "base": settings.BASE_URL}
    subject = {
        "received": _("You have taken over work from %(name)s"),
        "handed_over": _("Your work was handed over"),
    }[template]
    text = render_to_string(f"organisations/email/{template}.txt", context | more)
    send_mail(subject % {"name": getattr(context["member"], "name", "")}, text, None, [to.email])
