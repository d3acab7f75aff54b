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
from merilo.organisations.models import Invitation
from merilo.organisations.viewers import Viewer


def send_invitations(*, viewer: Viewer, links: Sequence[Link]) -> None:
    """One mail per person, where there is a mail server; otherwise the links are shown to be handed out.

    A mailed link is shown to nobody: whoever accepts it has proven that the address is theirs.
    """
    if not mail.has_server():
        return
    Invitation.objects.filter(pk__in=[link.invitation.pk for link in links]).update(mailed=True)
    language = next(iter(viewer.organisation.languages), settings.LANGUAGE_CODE)
    with translation.override(language):
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
