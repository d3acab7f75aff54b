"""Keeping what somebody answered: everything in one transaction, each form once, nothing that says when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from merilo.core import files
from merilo.core.errors import MeriloError, Refused
from merilo.core.prepared import Prepared, put
from merilo.surveys.answering import guarding
from merilo.surveys.answering.travelling import Form
from merilo.surveys.models import (
    Invitation,
    NamedResponse,
    Response,
    SavedAnswers,
    Survey,
    UsedForm,
)
from merilo.surveys.queries import answering
from merilo.surveys.quotas import take_place
from merilo.surveys.rules.answers import Form as Reader
from merilo.surveys.rules.answers import carried
from merilo.surveys.rules.conditions import Answers

_READ = ("short", "state", "mode", "challenge", "opens_on", "closes_on", "organisation__time_zone")


class Closed(MeriloError):
    """The survey takes no answers any more."""

    status = 409


class Used(MeriloError):
    """Somebody has answered with this invitation already."""

    status = 409


class Unproved(MeriloError):
    """The computation, or the code in its place, is not there."""


class Proof(Enum):
    """What shows that no robot is sending; UNABLE where nothing but the computation is offered."""

    NONE = "none"
    DONE = "done"
    UNABLE = "unable"


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a sending came from, as far as limits need it; nothing of it is kept with the answers."""

    network: str = ""
    proof: Proof = Proof.NONE
    suspicious: bool = False


def send(*, form: Form, reader: Reader, sender: Sender, at: datetime) -> Survey:
    """Keep the answers of a form; the same form sent again counts once.

    Senders of one survey queue up for its row, so that none comes in after its closing or over a quota.
    Errors: Closed, Used, Full, Unproved, TooMany, Refused (no such survey).
    """
    answers = reader.paths.walk(reader.restored(form.answers)).answers
    try:
        with transaction.atomic():
            survey = _locked(UUID(form.survey))
            put(UsedForm, key=form.key, survey_id=survey.pk, until=form.until)
            if not answering.is_open(survey, at):
                raise Closed(_("This survey was closed in the meantime."))
            take_place(survey, reader, answers)
            _store(survey, form, answers, sender, at)
    except IntegrityError:
        if not UsedForm.objects.filter(key=form.key).exists():
            raise
        survey = Survey.objects.select_related("organisation").get(pk=form.survey)
    return survey


def _to_be_locked() -> QuerySet[Survey]:
    return Survey.objects.select_related("organisation").only(*_READ).select_for_update(of=("self",))


_LOCKED = Prepared(_to_be_locked, by="id")


def _locked(pk: UUID) -> Survey:
    try:
        return _LOCKED.get(pk)
    except Survey.DoesNotExist:
        raise Refused(_("There is no such survey.")) from None


def _store(survey: Survey, form: Form, answers: Answers, sender: Sender, at: datetime) -> None:
    marked = _is_doubtful(survey, form, sender)
    marked = guarding.counted(form, sender.network, at) or marked
    key = uuid4()
    put(
        Response,
        id=key,
        survey_id=survey.pk,
        version=form.version,
        day=answering.today_at(survey, at),
        source=form.source,
        language=form.language,
        answers=carried(answers),
        marked=marked,
    )
    keep_files(survey, form, answers, at)
    invitation = _use(survey, form) if form.token else None
    if not survey.is_anonymous:
        name = invitation.name if invitation else ""
        NamedResponse.objects.create(response_id=key, invitation=invitation, name=name, sent_at=at)


def _is_doubtful(survey: Survey, form: Form, sender: Sender) -> bool:
    """Whether it may come from a robot: counted all the same, with a mark. Errors: Unproved."""
    if not guarding.wants_proof(survey, form) or sender.proof == Proof.DONE:
        return sender.suspicious
    if sender.proof == Proof.NONE:
        raise Unproved
    return True


def _use(survey: Survey, form: Form) -> Invitation:
    """Mark the invitation as used. What was put aside for it goes."""
    own = Invitation.objects.select_for_update().filter(survey=survey, token_hash=form.token)
    invitation = own.first()
    if invitation is None:
        raise Used(_("A newer letter has replaced this link. Please use the link in the newest one."))
    if invitation.used:
        raise Used(_("This invitation has been answered already. Thank you."))
    own.update(used=True)
    if not survey.is_anonymous:
        SavedAnswers.objects.filter(invitation=invitation).delete()
    return invitation


def keep_files(survey: Survey, form: Form, answers: Answers, at: datetime) -> None:
    """Give uploads the rows that keep them from being swept away."""
    for digest in {value for value in answers.values() if isinstance(value, str) and value in form.files}:
        name, ending, size = form.files[digest]
        if not files.is_there(files.path_of(digest)):
            raise MeriloError(_("The file did not arrive. Please choose it again."))
        if not answering.files_of(survey).filter(sha256=digest).exists():
            taken = files.TakenIn(name, ending, digest, size)
            files.receive(taken, organisation=survey.organisation_id, by=survey.pk, at=at)


# --- going on later ---------------------------------------------------------------------------------
def put_aside(*, form: Form, reader: Reader, at: datetime) -> None:
    """Keep the answers so far for the personal link of a survey with names. Errors: Closed, Used, Refused."""
    with transaction.atomic():
        survey = _locked(UUID(form.survey))
        if survey.is_anonymous or not form.token:
            raise Refused(_("Answers can be put aside in surveys with names and a personal link only."))
        if not answering.is_open(survey, at):
            raise Closed(_("This survey was closed in the meantime."))
        invitation = Invitation.objects.filter(survey=survey, token_hash=form.token, used=False).first()
        if invitation is None:
            raise Used(_("This invitation has been answered already. Thank you."))
        keep_files(survey, form, reader.restored(form.answers), at)
        values = {name: getattr(form, name) for name in ("version", "screen", "language", "answers", "typed")}
        SavedAnswers.objects.update_or_create(invitation=invitation, defaults=values | {"saved_at": at})


def files_again(survey: Survey, answers: Mapping[str, Any]) -> dict[str, tuple[str, str, int]]:
    """The uploads among answers that were put aside, as a form carries them."""
    digests = [value for value in answers.values() if isinstance(value, str) and len(value) == 64]
    known = answering.files_of(survey).filter(sha256__in=digests).order_by("uploaded_at") if digests else ()
    return {row.sha256: (row.name, row.name.rpartition(".")[2].lower(), row.size) for row in known}
