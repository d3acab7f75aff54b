"""Requests of evidence: as those who asked see them, and as whoever holds the link of one does."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.models import Assessment, EvidenceRequest, Received, RequestLink, RequestState
from merilo.assessment.rules import requests as rules
from merilo.assessment.rules.requests import Standing
from merilo.core.errors import Refused
from merilo.core.secret import digest_of
from merilo.organisations.api import Viewer

PURPOSE = "evidence.request"  # of the digests of links


def requests_of(viewer: Viewer, assessment: Assessment) -> QuerySet[EvidenceRequest]:
    """What was asked of colleagues, the earliest deadline first; raises Refused for others."""
    if not permissions.may_see_requests(viewer, assessment):
        raise Refused(_("Requests to colleagues are seen by those who add evidence."))
    rows = EvidenceRequest.objects.filter(assessment=assessment).select_related("assessment", "asked_by")
    return rows.annotate(things=Count("received"))


def request_of(viewer: Viewer, assessment: Assessment, pk: UUID) -> EvidenceRequest:
    """One request; raises EvidenceRequest.DoesNotExist, also for who may not see what was sent."""
    found = requests_of(viewer, assessment).get(pk=pk)
    if not permissions.may_see_received(viewer, found):
        raise EvidenceRequest.DoesNotExist
    return found


def received(request: EvidenceRequest) -> QuerySet[Received]:
    """What came by the links of a request, the earliest first."""
    return request.received.select_related("file", "evidence")


def sendings(request: EvidenceRequest) -> list[tuple[datetime, int]]:
    """When something came and how many things, the earliest first: all that the link tells of it.

    None came with the word that there is nothing.
    """
    things = Count("pk", filter=~Q(kind=""))
    rows = request.received.values_list("at").annotate(count=things).order_by("at")
    return list(rows)


def thing_of(request: EvidenceRequest, pk: int) -> Received:
    """One thing that came; raises Received.DoesNotExist."""
    return received(request).get(pk=pk)


def by_token(token: str) -> EvidenceRequest | None:
    """The request that a link opens, whatever has become of it.

    None for a link that nobody was given, and while the organisation is closed.
    """
    digest = digest_of(PURPOSE, token)
    links = RequestLink.objects.filter(digest=digest, request__assessment__organisation__closed_at=None)
    found = links.select_related("request__assessment__organisation", "request__asked_by").first()
    return found.request if found else None


def last_written(request: EvidenceRequest) -> datetime:
    """When the organisation last wrote to the colleague, about this request or another."""
    same = EvidenceRequest.objects.filter(
        assessment__organisation=request.assessment.organisation_id, email__iexact=request.email
    )
    found: datetime | None = same.aggregate(last=Max("written_at"))["last"] if request.email else None
    return found or request.written_at


def standing_of(request: EvidenceRequest, *, on: date) -> Standing:
    """Where a request is on a day."""
    is_open = permissions.takes_evidence(request.assessment)
    return rules.standing(rules.State(request.state), due=request.due, on=on, is_open=is_open)


def takes_answers(request: EvidenceRequest, *, on: date) -> bool:
    """Whether its links still take something."""
    is_open = permissions.takes_evidence(request.assessment)
    return rules.takes_answers(rules.State(request.state), due=request.due, on=on, is_open=is_open)


def counts(viewer: Viewer, assessment: Assessment) -> tuple[int, int]:
    """How many requests there are, and how many answers wait; nothing for who may not know. One query."""
    if not permissions.may_see_requests(viewer, assessment):
        return 0, 0
    is_received = Q(state=RequestState.RECEIVED)
    rows = EvidenceRequest.objects.filter(assessment=assessment)
    found = rows.aggregate(every=Count("pk"), waiting=Count("pk", filter=is_received))
    return found["every"], found["waiting"]


def waiting(viewer: Viewer) -> dict[Assessment, int]:
    """Self-assessments with answers that wait for the viewer, and how many. One query."""
    mine = Q() if viewer.can("assessment.plan") else Q(asked_by=viewer.membership)
    rows = EvidenceRequest.objects.filter(
        mine, state=RequestState.RECEIVED, assessment__organisation=viewer.organisation
    ).select_related("assessment")
    found: dict[Assessment, int] = {}
    for row in rows:
        if permissions.may_settle(viewer, row):
            found[row.assessment] = found.get(row.assessment, 0) + 1
    return found
