"""The list of invited people and the rounds of letters to them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merilo.core import audit, limits, mail, postage
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.limits import Rate
from merilo.organisations.api import Viewer, record
from merilo.surveys import letters, permissions
from merilo.surveys.models import Entry, Invitation, LetterKind, Mailing, State, Survey
from merilo.surveys.posting import send_letters
from merilo.surveys.queries import inviting as queries
from merilo.surveys.rules.inviting import MOST_PEOPLE, Asked

LETTERS_A_DAY: Rate = {"most": 60_000, "seconds": postage.DAY}  # of one organisation


def add_people(*, viewer: Viewer, survey: Survey, people: Sequence[Asked], at: datetime) -> int:
    """Put people on the list who are not there yet; says how many. Errors: Refused, MeriloError, Conflict."""
    _require(viewer, survey)
    with transaction.atomic():
        Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
        _require_unclosed(survey)
        known = {address.casefold() for address in queries.addresses_of(survey)}
        new = [one for one in people if one.address.casefold() not in known]
        if len(known) + len(new) > MOST_PEOPLE:
            raise MeriloError(_("A list holds at most %(most)s people.") % {"most": MOST_PEOPLE})
        Invitation.objects.bulk_create((_invitation(survey, one) for one in new), batch_size=1000)
        record(viewer, "survey.people_added", survey, {"count": len(new)}, at=at)
    return len(new)


def _invitation(survey: Survey, one: Asked) -> Invitation:
    """A row with a link that nobody knows: the first letter draws the real one."""
    name = "" if survey.is_anonymous else one.name
    digest = secrets.token_hex(32)
    return Invitation(survey=survey, address=one.address, language=one.language, name=name, token_hash=digest)


def take_off(*, viewer: Viewer, survey: Survey, invitation: UUID, at: datetime) -> bool:
    """Take somebody off the list; False: they stay on it and get no more letters.

    Who has a link stays, in anonymous surveys whether they have answered or not, so that neither can be told.
    Errors: Refused, Invitation.DoesNotExist.
    """
    _require(viewer, survey)
    with transaction.atomic():
        found = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation, survey=survey)
        goes = found.mailed == 0 if survey.is_anonymous else not found.used
        if goes:
            found.delete()
        else:
            Invitation.objects.filter(pk=found.pk).update(unwanted=True)
        record(viewer, "survey.person_taken_off", survey, at=at)
    return goes


# --- letters --------------------------------------------------------------------------------------
def start_mailing(
    *, viewer: Viewer, survey: Survey, kind: str, texts: Mapping[str, Mapping[str, str]], at: datetime
) -> Mailing:
    """Begin a round of letters to everybody for whom one is due; the worker sends it.

    Errors: Refused, Conflict (a round is under way), TooMany, MeriloError (nobody is waiting).
    """
    _require(viewer, survey)
    if survey.state != State.OPEN:
        raise MeriloError(_("Letters go out while the survey is open."))
    with transaction.atomic():
        count = queries.due(survey, kind, at=at).count()
        if not count and not survey.is_anonymous:
            raise MeriloError(_("No letter is due: nobody waits for one, or two days have not passed."))
        limits.hit("letters", str(survey.organisation_id), **LETTERS_A_DAY, times=count, at=at)
        try:
            with transaction.atomic():
                begun = Mailing.objects.create(survey=survey, kind=kind, texts=dict(texts), made_at=at)
        except IntegrityError as error:
            raise Conflict(_("Letters of this survey are being sent. Wait until they are gone.")) from error
        told = {"kind": kind} | ({"count": count} if kind == LetterKind.INVITATION else {})
        record(viewer, "survey.letters_sent", survey, told, at=at)
        transaction.on_commit(lambda: send_letters.enqueue(str(begun.pk)))
    return begun


@transaction.atomic
def want_no_letters(*, invitation: Invitation, at: datetime) -> None:
    """Somebody asks for no more letters of this survey; their link stays good. The record says not who."""
    if Invitation.objects.filter(pk=invitation.pk, unwanted=False).update(unwanted=True):
        survey = invitation.survey
        audit.record("survey.letters_unwanted", organisation=survey.organisation_id, target=survey, at=at)


def came_back(about: str, words: str) -> None:
    """A letter cannot reach its address (`core.mail.contribute_returned`)."""
    key = letters.invitation_about(about)
    if key is not None:
        Invitation.objects.filter(pk=key).exclude(address="").update(bounced=words[:300] or "550")


def _require(viewer: Viewer, survey: Survey) -> None:
    if not permissions.may_edit(viewer, survey) or survey.state == State.CLOSED:
        raise Refused(_("People are invited by who runs the survey, until it is closed."))
    if survey.entry != Entry.INVITED:
        raise Refused(_("Everybody with the address may answer this survey: it has no list of people."))


def _require_unclosed(survey: Survey) -> None:
    """Nobody is put on a list that was closed meanwhile: once it is deleted, it is not looked at again."""
    if not Survey.objects.filter(pk=survey.pk).exclude(state=State.CLOSED).exists():
        raise Conflict(_("The survey was closed in the meantime."))


def can_send() -> bool:
    """Whether this installation sends letters."""
    return mail.has_server()
