"""Who is invited to a survey, for whom a letter is due, and what of it may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from merilo.core.errors import Refused
from merilo.organisations.api import REMINDING_PAUSE, Viewer
from merilo.surveys import permissions
from merilo.surveys.models import Invitation, LetterKind, Mailing, Survey


@dataclass(frozen=True, slots=True)
class Counts:
    """The list in numbers.

    In anonymous surveys `used` is rounded down to steps of the floor, and how many a reminder would go to,
    which gives it away, is not told (`waiting` is None).
    """

    invited: int
    mailed: int
    used: int
    bounced: int
    unwanted: int
    waiting: int | None


def people_of(viewer: Viewer, survey: Survey, *, text: str = "") -> QuerySet[Invitation]:
    """Everybody on the list whose address or name holds a text. Errors: Refused."""
    if not permissions.may_edit(viewer, survey):
        raise Refused
    found = Invitation.objects.filter(survey=survey).exclude(address="").order_by(Lower("address"), "pk")
    if not survey.is_anonymous:
        return found.filter(Q(address__icontains=text) | Q(name__icontains=text))
    # Whether somebody has answered, and so whether they were reminded, is not told: neither is read.
    return found.filter(address__icontains=text).defer("used", "mailing", "token_hash")


def addresses_of(survey: Survey) -> list[str]:
    """All addresses on the list."""
    return list(
        Invitation.objects.filter(survey=survey).exclude(address="").values_list("address", flat=True)
    )


def counts_of(viewer: Viewer, survey: Survey) -> Counts:
    """The list in numbers. Errors: Refused."""
    if not permissions.may_edit(viewer, survey):
        raise Refused
    found = Invitation.objects.filter(survey=survey).aggregate(
        invited=Count("pk"),
        mailed=Count("pk", filter=Q(mailed__gt=0)),
        used=Count("pk", filter=Q(used=True)),
        bounced=Count("pk", filter=~Q(bounced="")),
        unwanted=Count("pk", filter=Q(unwanted=True)),
    )
    waiting = None if survey.is_anonymous else found["mailed"] - found["used"]
    return Counts(**(found | {"used": in_steps(survey, found["used"]), "waiting": waiting}))


def in_steps(survey: Survey, count: int) -> int:
    """A number of people as it may be told while single ones could be told apart: in steps of the floor."""
    return count - count % survey.floor if survey.is_anonymous else count


def due(survey: Survey, kind: str, *, at: datetime) -> QuerySet[Invitation]:
    """Whose letter is due: the first one of who has none; a reminder of who got none for 48 hours."""
    wanted = Invitation.objects.filter(survey=survey, used=False, unwanted=False, bounced="").exclude(
        address=""
    )
    if kind == LetterKind.INVITATION:
        return wanted.filter(mailed=0)
    rested = Q(mailing=None) | Q(mailing__finished_at__lte=at - REMINDING_PAUSE)
    return wanted.filter(rested, mailed__gt=0)


def not_mailed(survey: Survey) -> int:
    """How many have got no letter yet and should get one."""
    return (
        Invitation.objects.filter(survey=survey, mailed=0, unwanted=False, bounced="")
        .exclude(address="")
        .count()
    )


def last_mailing(survey: Survey, kind: str = "") -> Mailing | None:
    """The newest round of letters, of a kind or of any."""
    rounds = Mailing.objects.filter(survey=survey)
    return (rounds.filter(kind=kind) if kind else rounds).first()


def is_sending(survey: Survey) -> bool:
    """Whether a round of letters is under way."""
    return Mailing.objects.filter(survey=survey, finished_at=None).exists()
