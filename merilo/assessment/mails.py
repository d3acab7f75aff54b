"""Mails of this room, written in the language of the organisation."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from merilo.assessment.models import Assessment
from merilo.core import mail
from merilo.organisations.api import Membership, Viewer


def seat_taken_over(viewer: Viewer, assessment: Assessment, *, former: Membership, now: Membership) -> None:
    """Tell the former holder of a seat who reads the sheet now; nothing where there is no mail server."""
    if not mail.has_server():
        return
    with translation.override(next(iter(viewer.organisation.languages), settings.LANGUAGE_CODE)):
        send_mail(
            _("Your seat in “%(title)s” was taken over") % {"title": assessment.title},
            render_to_string(
                "assessment/email/seat_taken_over.txt",
                {"assessment": assessment, "former": former, "now": now},
            ),
            None,
            [former.email],
        )
