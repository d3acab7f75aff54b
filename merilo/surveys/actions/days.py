"""What happens by itself: surveys open on their first day and close after their last, where they are."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from merilo.core import audit
from merilo.core.errors import Conflict, MeriloError
from merilo.surveys import news
from merilo.surveys.actions.running import close_survey, day_of, open_survey
from merilo.surveys.models import State, Survey

log = logging.getLogger("merilo.surveys")
ZONES = timedelta(hours=14)  # no zone is further ahead of UTC, or behind it


def work() -> None:
    """The worker's part, in each of its rounds."""
    keep_days(at=timezone.now())


def keep_days(*, at: datetime) -> None:
    """Open and close what is due. Done twice, or by two workers at once, it happens once."""
    for survey in _of(State.OPEN, closes_on__lte=(at + ZONES).date() - timedelta(days=1)):
        if survey.closes_on and survey.closes_on < day_of(survey, at):
            _alone(_close, survey, at)
    for survey in _of(State.DRAFT, opens_on__lte=(at + ZONES).date()):
        if survey.opens_on and survey.opens_on <= day_of(survey, at):
            _alone(_open, survey, at)


def _alone(effect: Callable[[Survey, datetime], None], survey: Survey, at: datetime) -> None:
    """What fails for one survey is logged and keeps no other from its turn."""
    try:
        effect(survey, at)
    except Conflict:
        log.info("somebody else was faster")
    except Exception:
        log.exception("a survey that should open or close")


def _of(state: State, **due: object) -> list[Survey]:
    """Surveys whose day has come at least somewhere, of organisations that are not closed."""
    found = Survey.objects.filter(state=state, organisation__closed_at=None, **due)
    return list(found.select_related("organisation").order_by("made_at"))


def _close(survey: Survey, at: datetime) -> None:
    close_survey(viewer=None, survey=survey, at=at)


def _open(survey: Survey, at: datetime) -> None:
    """What cannot be opened loses its first day, so that it is told once."""
    try:
        open_survey(viewer=None, survey=survey, at=at)
    except Conflict:
        raise
    except MeriloError:
        with transaction.atomic():
            draft = Survey.objects.filter(pk=survey.pk, state=State.DRAFT, opens_on=survey.opens_on)
            if draft.update(opens_on=None, settled=F("settled") + 1):
                told = {"opens_on": None}
                audit.record(
                    "survey.changed", organisation=survey.organisation_id, target=survey, payload=told, at=at
                )
                news.not_opened(survey, at=at)
