"""What this room keeps of a person by name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from merilo.assessment.models import (
    Contribution,
    Dissent,
    EvidenceRequest,
    Meeting,
    RequestLink,
    RequestState,
)
from merilo.assessment.rules.requests import WAITING
from merilo.organisations.api import Erased, Known


def forget(erased: Erased) -> None:
    """Remarks and differing opinions that somebody put their name to stay without it."""
    organisation = erased.member.organisation_id
    named = Q(author__in=erased.names) | Q(sheet__seat__holder=erased.member)
    Contribution.objects.filter(named, assessment__organisation=organisation).update(author="")
    opinions = Dissent.objects.filter(agreement__assessment__organisation=organisation)
    opinions.filter(name__in=erased.names).update(name="")
    for meeting in Meeting.objects.filter(assessment__organisation=organisation, minutes__isnull=False):
        if _forgotten(meeting.minutes or {}, erased.names):
            meeting.save(update_fields=["minutes"])


def forget_addresses(addresses: Collection[str]) -> set[Known]:
    """Colleagues who were asked for evidence are known by their address alone: it goes with their name.

    What was asked stays; requests that still wait for them are withdrawn.
    """
    return {known for address in addresses for known in _forget_colleague(address)}


def _forget_colleague(address: str) -> set[Known]:
    requests = EvidenceRequest.objects.filter(email__iexact=address)
    found = list(requests.values_list("pk", "assessment__organisation_id", "name"))
    mine = EvidenceRequest.objects.filter(pk__in=[pk for pk, _, _ in found])
    RequestLink.objects.filter(request__in=mine).delete()
    mine.filter(state__in=WAITING).update(state=RequestState.WITHDRAWN)
    mine.update(name="", email="")
    return {Known(organisation, name) for _, organisation, name in found}


def _forgotten(minutes: dict[str, Any], names: Collection[str]) -> bool:
    """Take the names out of the differing opinions in frozen minutes; answers whether there were any."""
    found = [row for item in minutes["items"] for row in item["dissents"] if row["name"] in names]
    for row in found:
        row["name"] = ""
    return bool(found)
