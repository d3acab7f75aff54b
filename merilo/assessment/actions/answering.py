"""What a colleague without an account does by the link of a request: send, or say that there is none.

Whoever holds the link may. The record names the link and no person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.assessment import mails
from merilo.assessment.models import BY_LINK, EvidenceKind, EvidenceRequest, Received, RequestState
from merilo.assessment.queries import requests as queries
from merilo.assessment.rules import requests as rules
from merilo.core import audit, files, limits
from merilo.core.errors import Conflict, MeriloError
from merilo.core.limits import Rate

PER_REQUEST: Rate = {"most": 20, "seconds": 3600}


class Closed(Conflict):
    """The link takes nothing any more."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one sending holds, some of it empty."""

    uploads: Sequence[files.Upload] = ()
    url: str = ""
    text: str = ""


def count_sending(*, request: EvidenceRequest, at: datetime) -> None:
    """Count what comes by the links of a request, whatever becomes of it. Errors: TooMany.

    Before the transaction of the sending, which takes back what it wrote when it is refused.
    """
    limits.hit("evidence-answer", str(request.pk), **PER_REQUEST, at=at)


def send(*, request: EvidenceRequest, sent: Sent, at: datetime) -> None:
    """Lay what a colleague sends into the waiting place, beside what came before, and tell the asker.

    Errors: Closed, BadFile, MeriloError (too much for one request).
    """
    with _taking(request, at) as held:
        things = [*_files(held, sent.uploads, at), *_words(held, sent, at)]
        if held.received.count() + len(things) > rules.MOST_THINGS:
            raise MeriloError(_("This request already holds as much as it can take. Write to who asked you."))
        Received.objects.bulk_create(things)
        _record("request.answered", held, {"name": held.what, "kind": [thing.kind for thing in things]}, at)


def answer_none(*, request: EvidenceRequest, note: str, at: datetime) -> None:
    """Say that there is no such evidence here, and why. Errors: Closed."""
    with _taking(request, at) as held:
        Received.objects.create(request=held, text=note, at=at)
        _record("request.answered_none", held, {"name": held.what}, at)


def _files(held: EvidenceRequest, uploads: Sequence[files.Upload], at: datetime) -> list[Received]:
    organisation = held.assessment.organisation_id
    kept = [files.receive(upload, organisation=organisation, by=BY_LINK, at=at) for upload in uploads]
    return [Received(request=held, kind=EvidenceKind.DOCUMENT, file=file, at=at) for file in kept]


def _words(held: EvidenceRequest, sent: Sent, at: datetime) -> Iterator[Received]:
    if sent.url:
        yield Received(request=held, kind=EvidenceKind.LINK, url=sent.url, at=at)
    if sent.text:
        yield Received(request=held, kind=EvidenceKind.NOTE, text=sent.text, at=at)


@contextmanager
def _taking(request: EvidenceRequest, at: datetime) -> Iterator[EvidenceRequest]:
    """The request as it is now, kept from others; afterwards something has come and the asker is told."""
    with transaction.atomic():
        rows = EvidenceRequest.objects.select_for_update(of=("self",))
        held = rows.select_related("assessment__organisation", "asked_by").get(pk=request.pk)
        is_closed = held.assessment.organisation.closed_at is not None
        if is_closed or not queries.takes_answers(held, on=timezone.localdate(at)):
            raise Closed(_("This request takes nothing any more."))
        yield held
        held.state = RequestState.RECEIVED
        held.version += 1
        held.save(update_fields=["state", "version"])
        mails.request_answered(held, at=at)


def _record(verb: str, held: EvidenceRequest, payload: dict[str, object], at: datetime) -> None:
    organisation = held.assessment.organisation_id
    audit.record(verb, organisation=organisation, actor=BY_LINK, target=held, payload=payload, at=at)
