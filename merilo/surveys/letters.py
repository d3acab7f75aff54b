"""Letters that invite to a survey or remind of it: words, links, the way to have no more of them."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from merilo.core import mail, secret
from merilo.surveys.catalogue import definition_of
from merilo.surveys.models import Invitation, LetterKind, Mailing, Survey
from merilo.surveys.queries.surveys import version_of

_PERSONAL = "/s/{short}/p/{token}/"  # the page that `surveys.answer_urls` draws
_ABOUT = "invited"
# They stand in a letter until it is somebody's own: characters that no text has.
_LINK, _STOP = "\ue001", "\ue002"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter in one language; text and HTML say the same."""

    subject: str
    text: str
    html: str

    def to(self, link: str, stop: str) -> Letter:
        """The letter with somebody's own addresses in it."""
        text, html = (body.replace(_LINK, link).replace(_STOP, stop) for body in (self.text, self.html))
        return Letter(self.subject, text, html)


# --- addresses ------------------------------------------------------------------------------------
def answering_address(survey: Survey, token: str) -> str:
    """What one person answers with, with the host that people reach this installation by."""
    return str(settings.BASE_URL) + _PERSONAL.format(short=survey.short, token=token)


def stopping_address(survey: Survey, invitation: UUID) -> str:
    """Where one person has no more letters; it stays the same in every letter, and opens nothing else."""
    parts = {"short": survey.short, "stop": stop_mark(invitation)}
    return f"{settings.BASE_URL}{reverse('letters:stop', kwargs=parts)}"


def stop_mark(invitation: UUID) -> str:
    """The part of that address that names an invitation; nobody else can make one."""
    return f"{invitation.hex}-{secret.digest_of('survey-stop', invitation.hex)[:32]}"


def invitation_to_stop(survey: str, mark: str) -> Invitation | None:
    """Whose letters an address stops, None for anything made up."""
    try:
        key = UUID(hex=mark.partition("-")[0])
    except ValueError:
        return None
    if not hmac.compare_digest(stop_mark(key).encode(), mark.encode()):
        return None
    return (
        Invitation.objects.filter(pk=key, survey__short=survey).select_related("survey__organisation").first()
    )


def invitation_about(about: str) -> UUID | None:
    """The invitation that a mail was about, by the mark it carries; None for mails of other rooms."""
    room, _colon, keys = about.partition(":")
    return UUID(hex=keys.rpartition(":")[2]) if room == _ABOUT else None


def about(survey: Survey) -> str:
    """How the marks of all letters of a survey begin."""
    return f"{_ABOUT}:{survey.pk.hex}:"


# --- words ----------------------------------------------------------------------------------------
def languages_of(survey: Survey) -> tuple[str, ...]:
    """The languages that people may be written in, the main one first."""
    version = version_of(survey)
    return tuple(definition_of(version).languages) if version else tuple(survey.organisation.languages)


def title_in(survey: Survey, language: str) -> str:
    """The survey's title in a language."""
    version = version_of(survey)
    return definition_of(version).title.in_language(language) if version else survey.title


def proposed(survey: Survey, kind: str, language: str) -> dict[str, str]:
    """Subject and first sentences of a letter, as we would write them."""
    names = {"title": title_in(survey, language), "organisation": _name(survey, language)}
    with translation.override(language):
        if kind == LetterKind.INVITATION:
            subject = _("Invitation to a survey: %(title)s")
            intro = _("Good day,\n\n%(organisation)s asks for your opinion. Answering takes a few minutes.")
        else:
            subject = _("Reminder: %(title)s")
            intro = _(
                "Good day,\n\n%(organisation)s has asked for your opinion. Your answer is still welcome. "
                "The address in our earlier letter is not valid any more; please use the one below."
            )
        return {"subject": subject % names, "intro": intro % names}


def _name(survey: Survey, language: str) -> str:
    organisation = survey.organisation
    return organisation.name_en or organisation.name if language == "en" else organisation.name


def written(survey: Survey, texts: Mapping[str, str], language: str) -> Letter:
    """A letter in one language, with places for the addresses."""
    context: dict[str, Any] = {
        "survey": survey,
        "title": title_in(survey, language),
        "organisation": _name(survey, language),
        "intro": texts["intro"],
        "language": language,
        "link": _LINK,
        "stop": _STOP,
    }
    with translation.override(language):
        text = render_to_string("surveys/email/letter.txt", context)
    html = render_to_string("surveys/email/letter.html", context)
    return Letter(texts["subject"], text, html)


def previewed(survey: Survey, texts: Mapping[str, str], language: str) -> Letter:
    """A letter as somebody will read it, with addresses that open nothing."""
    return written(survey, texts, language).to(answering_address(survey, "…"), f"{settings.BASE_URL}/…")


# --- sending --------------------------------------------------------------------------------------
def send(mailing: Mailing, people: Sequence[tuple[Invitation, str]]) -> None:
    """Put a letter for each person into the outbox, in the transaction that has drawn their tokens."""
    get_connection().send_messages(list(_messages(mailing, people)))


def _messages(mailing: Mailing, people: Iterable[tuple[Invitation, str]]) -> Iterable[mail.Announcement]:
    survey, main = mailing.survey, next(iter(mailing.texts))

    @cache
    def letter_in(language: str) -> Letter:
        return written(survey, mailing.texts[language], language)

    for invitation, token in people:
        stop = stopping_address(survey, invitation.pk)
        language = invitation.language if invitation.language in mailing.texts else main
        letter = letter_in(language).to(answering_address(survey, token), stop)
        message = mail.Announcement(letter.subject, letter.text, None, [invitation.address])
        message.attach_alternative(letter.html, "text/html")
        message.off_url, message.about = stop, f"{about(survey)}{invitation.pk.hex}"
        yield message
