"""What of a closed survey goes when: first who was asked, later what was answered; the counts stay."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from merilo.core import audit, sweeping
from merilo.core.models import OutgoingMail, StoredFile
from merilo.organisations.api import Event, Membership, notify, permissions_of
from merilo.surveys import letters
from merilo.surveys.actions.texts import forget_raw_texts
from merilo.surveys.models import (
    Export,
    Invitation,
    Mailing,
    NamedResponse,
    Response,
    SavedAnswers,
    Snapshot,
    State,
    Survey,
    UsedForm,
)
from merilo.surveys.queries.answering import files_of

WARNED = (60, 45, 3)  # days before answers go
ANSWERS_GO = "survey.answers_go"


# --- who was asked --------------------------------------------------------------------------------
def forget_contacts(*, at: datetime) -> int:
    """Delete lists of invited people whose time is over; answers how many addresses."""
    closed = Survey.objects.filter(state=State.CLOSED, contacts_gone_at=None).defer("draft")
    over = (survey for survey in closed if at >= contacts_go_at(survey))
    return sum(_forget_contacts(survey, at) for survey in over)


def contacts_go_at(survey: Survey) -> datetime:
    """When the list of a closed survey is deleted."""
    return _closed(survey) + timedelta(days=survey.contacts_days)


@transaction.atomic
def _forget_contacts(survey: Survey, at: datetime) -> int:
    if not Survey.objects.filter(pk=survey.pk, contacts_gone_at=None).update(contacts_gone_at=at):
        return 0  # another worker was faster
    count = Invitation.objects.filter(survey=survey).count()
    Invitation.objects.filter(survey=survey).delete()
    Mailing.objects.filter(survey=survey).delete()
    OutgoingMail.objects.filter(about__startswith=letters.about(survey)).delete()
    _record("survey.contacts_forgotten", survey, {"people": count}, at)
    return count


# --- what was answered ----------------------------------------------------------------------------
def forget_answers(*, at: datetime) -> int:
    """Delete answers whose time is over, one by one and as columns; answers how many. The counts stay."""
    return sum(
        _forget_answers(survey, at) for survey in _with_answers() if answers_go_on(survey) <= _day(survey, at)
    )


def _with_answers() -> Iterator[Survey]:
    closed = Survey.objects.filter(state=State.CLOSED, answers_gone_at=None)
    yield from closed.select_related("organisation").defer("draft")


def answers_go_on(survey: Survey) -> date:
    """The day on which the answers of a closed survey are deleted."""
    closed_on = timezone.localdate(_closed(survey), survey.organisation.zone)
    years, month = divmod(closed_on.month - 1 + survey.answers_months, 12)
    year = closed_on.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(closed_on.day, last))


@transaction.atomic
def _forget_answers(survey: Survey, at: datetime) -> int:
    if not Survey.objects.filter(pk=survey.pk, answers_gone_at=None).update(answers_gone_at=at):
        return 0  # another worker was faster
    responses = Response.objects.filter(survey=survey)
    SavedAnswers.objects.filter(invitation__survey=survey).delete()
    NamedResponse.objects.filter(response__survey=survey).delete()
    count = responses._raw_delete(using=responses.db)  # noqa: SLF001  names went before, nothing else hangs on them
    forget_raw_texts(survey)
    UsedForm.objects.filter(survey=survey).delete()
    columns = StoredFile.objects.filter(pk__in=Snapshot.objects.filter(survey=survey).values("file"))
    exports = Export.objects.filter(survey=survey)
    made = StoredFile.objects.filter(pk__in=exports.values("file"))
    gone = [*columns, *made, *files_of(survey)]
    exports.delete()
    Snapshot.objects.filter(survey=survey).update(file=None)
    sweeping.forget(gone)
    _record("survey.answers_forgotten", survey, {"responses": count}, at)
    return count


# --- warnings -------------------------------------------------------------------------------------
def warn_of_answers(*, at: datetime) -> int:
    """Tell who runs surveys 60, 45 and 3 days before answers go; answers for how many surveys."""
    return sum(_warn(survey, at) for survey in _with_answers())


@transaction.atomic
def _warn(survey: Survey, at: datetime) -> bool:
    goes_on = answers_go_on(survey)
    left = (goes_on - _day(survey, at)).days
    step = min((days for days in WARNED if left <= days), default=None)
    if step is None or left <= 0 or (survey.answers_warned or step + 1) <= step:
        return False
    same = Survey.objects.filter(pk=survey.pk, answers_warned=survey.answers_warned)
    if not same.update(answers_warned=step):
        return False
    path = reverse("surveys:overview", kwargs={"org": survey.organisation.slug, "survey": survey.pk})
    facts = {"title": survey.title, "day": goes_on.isoformat()}
    notify(viewer=None, event=Event(ANSWERS_GO, path, at, facts), to=_who_run(survey))
    return True


def _who_run(survey: Survey) -> list[Membership]:
    members = Membership.objects.filter(organisation=survey.organisation_id, left_at=None).order_by("pk")
    return [member for member in members if "survey.edit" in permissions_of(member.roles)]


def _closed(survey: Survey) -> datetime:
    assert survey.closed_at is not None  # noqa: S101  asked for closed surveys only
    return survey.closed_at


def _day(survey: Survey, at: datetime) -> date:
    return timezone.localdate(at, survey.organisation.zone)


def _record(verb: str, survey: Survey, told: dict[str, int], at: datetime) -> None:
    audit.record(verb, organisation=survey.organisation_id, target=survey, payload=told, at=at)
