"""What this room keeps of a person by name."""

from __future__ import annotations

from django.db.models import Q

from merilo.assessment.models import Contribution, Dissent
from merilo.organisations.api import Erased


def forget(erased: Erased) -> None:
    """Remarks and differing opinions that somebody put their name to stay without it."""
    organisation = erased.member.organisation_id
    named = Q(author__in=erased.names) | Q(sheet__seat__holder=erased.member)
    Contribution.objects.filter(named, assessment__organisation=organisation).update(author="")
    opinions = Dissent.objects.filter(agreement__assessment__organisation=organisation)
    opinions.filter(name__in=erased.names).update(name="")
