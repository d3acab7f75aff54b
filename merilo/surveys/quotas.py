"""Quotas: how many people of a kind have answered, counted in the transaction that keeps their answers."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from merilo.core.errors import MeriloError
from merilo.surveys.models import QuotaCount, Response, Survey
from merilo.surveys.rules.answers import Form as Reader
from merilo.surveys.rules.conditions import Answers
from merilo.surveys.rules.definition import Quota


class Full(MeriloError):
    """Enough people like this one have answered; `quota` has the words for it."""

    def __init__(self, quota: Quota) -> None:
        super().__init__("", field="quota")
        self.quota = quota


def take_place(survey: Survey, reader: Reader, answers: Answers) -> None:
    """Count a response in the quotas it falls under, in the caller's transaction. Errors: Full."""
    for quota in _under(reader, answers):
        _counts(survey, reader, quota)
        room = QuotaCount.objects.filter(survey=survey, quota=quota.code, count__lt=quota.most)
        if not room.update(count=F("count") + 1):
            raise Full(quota)


def give_place_back(survey: Survey, reader: Reader, answers: Answers) -> None:
    """A response is taken away: somebody else may answer in its place."""
    for quota in _under(reader, answers):
        QuotaCount.objects.filter(survey=survey, quota=quota.code, count__gt=0).update(count=F("count") - 1)


def full_quota(survey: UUID, reader: Reader, answers: Answers) -> Quota | None:
    """The first full quota that these answers fall under: told before somebody answers all the rest."""
    under = list(_under(reader, answers))
    if not under:
        return None
    counts = dict(QuotaCount.objects.filter(survey=survey).order_by("pk").values_list("quota", "count"))
    return next((quota for quota in under if counts.get(quota.code, 0) >= quota.most), None)


def _under(reader: Reader, answers: Answers) -> list[Quota]:
    return [quota for quota in reader.paths.definition.quotas if quota.when.holds(answers)]


def _counts(survey: Survey, reader: Reader, quota: Quota) -> None:
    """Begin to count a quota with those who answered before it was there."""
    if QuotaCount.objects.filter(survey=survey, quota=quota.code).exists():
        return
    earlier = Response.objects.filter(survey=survey).order_by("pk").values_list("answers", flat=True)
    count = sum(quota.when.holds(reader.restored(plain)) for plain in earlier.iterator())
    QuotaCount.objects.create(survey=survey, quota=quota.code, count=count)
