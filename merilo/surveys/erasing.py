"""Who is erased everywhere is forgotten here: an address on a list, answers in surveys with names."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from merilo.organisations.api import Known
from merilo.surveys.forgetting import forget
from merilo.surveys.models import Invitation


def forget_addresses(addresses: Collection[str]) -> set[Known]:
    """Whoever is known by an address is forgotten; in surveys with names their answers go, too.

    Which answers are theirs in an anonymous survey nobody can tell: those stay.
    """
    found: set[Known] = set()
    for address in addresses:
        invited = Invitation.objects.filter(address__iexact=address).select_related("survey__organisation")
        for one in invited.order_by("pk"):
            found.add(Known(one.survey.organisation_id, one.name))
            forget(one, at=timezone.now())
    return found
