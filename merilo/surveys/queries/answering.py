"""What whoever answers may see: the survey by its public address, the version put to people, an invitation.

These name no viewer: whoever knows the address is asked.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from merilo.core.models import StoredFile
from merilo.core.prepared import Prepared
from merilo.surveys.models import Invitation, SavedAnswers, State, Survey, Version

# What the pages show, or decide by; anything else is read when somebody asks for it.
_SHOWN = (
    *("short", "state", "entry", "mode", "floor", "kiosk", "challenge", "opens_on", "closes_on"),
    *("contact", "contacts_days", "answers_months", "notice"),
    *(f"organisation__{name}" for name in ("slug", "name", "name_en", "accent", "logo", "time_zone")),
)
_NEWEST = Version.objects.filter(survey=OuterRef("pk")).order_by("-number").values("number")[:1]


def asked(short: str) -> Survey:
    """The survey at a public address; `newest` is its version's number. Errors: Survey.DoesNotExist."""
    return _ASKED.get(short)


def _asked() -> QuerySet[Survey]:
    known = Survey.objects.select_related("organisation").only(*_SHOWN)
    return known.annotate(newest=Subquery(_NEWEST))


_ASKED = Prepared(_asked, by="short")


def version(survey: UUID, number: int) -> Version:
    """A version that was put to people. Errors: Version.DoesNotExist."""
    return Version.objects.get(survey=survey, number=number)


def is_open(survey: Survey, at: datetime) -> bool:
    """Whether answers are taken now: open, and today between first and last day where it is at home."""
    today = today_at(survey, at)
    began = survey.opens_on is None or survey.opens_on <= today
    return survey.state == State.OPEN and began and (survey.closes_on is None or today <= survey.closes_on)


def is_to_come(survey: Survey, at: datetime) -> bool:
    """Whether answers will be taken, but not yet."""
    if survey.state == State.DRAFT:
        return True
    return survey.state == State.OPEN and bool(survey.opens_on and survey.opens_on > today_at(survey, at))


def today_at(survey: Survey, at: datetime) -> date:
    """The day in the zone of the survey's organisation."""
    return at.astimezone(survey.organisation.zone).date()


def invited(survey: Survey, token_hash: str) -> Invitation:
    """Whom a personal link belongs to. Errors: Invitation.DoesNotExist."""
    return Invitation.objects.get(survey=survey, token_hash=token_hash)


def saved(invitation: Invitation) -> SavedAnswers | None:
    """What somebody put aside to go on with later."""
    return SavedAnswers.objects.filter(invitation=invitation).first()


def files_of(survey: Survey) -> QuerySet[StoredFile]:
    """All files that came with answers to a survey: whoever deletes answers forgets them too."""
    return StoredFile.objects.filter(organisation=str(survey.organisation_id), uploaded_by=str(survey.pk))
