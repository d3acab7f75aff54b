"""Keeping what a clerk entered from a sheet of paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.secret import digest_of
from merilo.organisations.api import Viewer, record
from merilo.surveys import permissions
from merilo.surveys.actions.running import day_of
from merilo.surveys.catalogue import form_of
from merilo.surveys.models import (
    Entry,
    NamedResponse,
    Response,
    Source,
    State,
    Survey,
    UsedForm,
    Version,
)
from merilo.surveys.quotas import Full, take_place
from merilo.surveys.rules.answers import carried
from merilo.surveys.rules.conditions import Answers

FORM_KEPT = timedelta(days=30)  # how long a form that was sent is known


@dataclass(frozen=True, slots=True)
class Entered:
    """What a sheet said, the language it was written in, and the name on it in surveys with names."""

    answers: Answers
    language: str
    name: str = ""


def enter_answers(
    *, viewer: Viewer, survey: Survey, version: Version, entered: Entered, key: str, at: datetime
) -> bool:
    """Keep one sheet; False where this form was sent before: it counts once.

    Of an anonymous survey nothing is kept but the answers and their day: no clerk, no time, no row in the
    audit. Errors: Refused, Conflict (closed meanwhile), MeriloError.
    """
    require_entering(viewer, survey)
    if not entered.answers:
        raise MeriloError(_("Nothing is entered yet."))
    with transaction.atomic():
        if not Survey.objects.select_for_update().filter(pk=survey.pk, state=State.OPEN).exists():
            raise Conflict(_("The survey is not open."))
        today = day_of(survey, at)
        if not _is_first(survey, key, today):
            return False
        try:
            take_place(survey, form_of(version), entered.answers)
        except Full as error:
            sentence = _("There are enough answers of this group. The sheet was not counted.")
            raise MeriloError(sentence) from error
        response = Response.objects.create(
            survey=survey,
            version=version.number,
            day=today,
            source=Source.PAPER,
            language=entered.language,
            answers=carried(entered.answers),
        )
        if not survey.is_anonymous:
            NamedResponse.objects.create(response=response, name=entered.name, sent_at=at)
            record(viewer, "survey.paper_entered", survey, at=at)
    return True


def require_entering(viewer: Viewer, survey: Survey) -> None:
    """Raise Refused or Conflict unless the viewer may enter sheets now."""
    if not permissions.is_own(viewer, survey) or not viewer.can("survey.enter"):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    if survey.state != State.OPEN:
        raise Conflict(_("The survey is not open."))
    if survey.entry == Entry.INVITED:
        raise Conflict(invited_only())


def invited_only() -> str:
    """Why there is no paper where people are invited."""
    return _(
        "Everybody who was invited answers once, with a personal link. A sheet of paper has none, so that "
        "somebody could be counted twice. Paper is for surveys that are open to everybody."
    )


def _is_first(survey: Survey, key: str, today: date) -> bool:
    """Use up the key of a form: its digest alone is kept, without a person or a time."""
    digest = digest_of("survey.paper", f"{survey.pk}/{key}")
    columns = {"survey": survey, "until": today + FORM_KEPT}
    return UsedForm.objects.get_or_create(key=digest, defaults=columns)[1]
