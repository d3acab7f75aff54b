"""The worker's part of a round of letters: batch by batch, each one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django_tasks import task

from merilo.core import postage, secret
from merilo.core.models import OutgoingMail
from merilo.surveys import letters
from merilo.surveys.models import Invitation, Mailing, State
from merilo.surveys.queries import inviting as queries

BATCH = 200  # letters of one transaction
BATCHES = 10  # of letters, before others who wait for the worker have their turn


@transaction.atomic
def send_batch(mailing: UUID, *, at: datetime) -> int:
    """Draw links and write the letters of the next people; answers how many were dealt with, 0 at the end.

    Links, marks and letters are one transaction: a worker that dies has done all of a batch or nothing.
    """
    found = Mailing.objects.select_for_update(of=("self",)).select_related("survey__organisation")
    current = found.get(pk=mailing)
    if current.finished_at is not None:
        return 0
    survey = current.survey
    rows = list(_next(current)) if survey.state == State.OPEN else []
    if not rows:
        Mailing.objects.filter(pk=mailing).update(finished_at=at)
        return 0
    flooded = _flooded([row.address for row in rows], at)
    spared = [row.pk for row in rows if row.address.casefold() in flooded]
    Invitation.objects.filter(pk__in=spared).update(mailing=current)
    _write(current, [row for row in rows if row.pk not in set(spared)])
    return len(rows)


def _next(mailing: Mailing) -> QuerySet[Invitation]:
    """The next people of a round, held until the transaction ends."""
    left = queries.due(mailing.survey, mailing.kind, at=mailing.made_at).exclude(mailing=mailing)
    return left.order_by("pk").select_for_update(of=("self",))[:BATCH]


def _write(mailing: Mailing, rows: Sequence[Invitation]) -> None:
    tokens = {row.pk: secret.new_token() for row in rows}
    for row in rows:
        row.token_hash = secret.digest_of("survey", tokens[row.pk])
        row.mailed, row.mailing = row.mailed + 1, mailing
    Invitation.objects.bulk_update(rows, ["token_hash", "mailed", "mailing"])
    letters.send(mailing, [(row, tokens[row.pk]) for row in rows])


def _flooded(addresses: Sequence[str], at: datetime) -> set[str]:
    """Addresses, in small letters, that have got as many mails today as anybody may get."""
    today = OutgoingMail.objects.filter(created_at__gt=at - postage.ONE_DAY).annotate(low=Lower("recipient"))
    theirs = today.filter(low__in=[address.casefold() for address in addresses])
    counted = theirs.order_by().values("low").annotate(count=Count("pk"))
    full = counted.filter(count__gte=postage.PER_ADDRESS["most"])
    return {str(row["low"]).casefold() for row in full}


@task()
def send_letters(mailing: str) -> None:
    """Send a round of letters, part by part; may run twice, or end anywhere."""
    for _batch in range(BATCHES):
        if not send_batch(UUID(mailing), at=timezone.now()):
            return
    send_letters.enqueue(mailing)
