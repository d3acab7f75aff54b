"""The frameworks an organisation may assess itself by: those that are shipped and its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from merilo.assessment.catalogue import framework_in
from merilo.assessment.models import FrameworkEdition
from merilo.framework.catalogue import Framework
from merilo.framework.loading import load_shipped, shipped
from merilo.organisations.api import Viewer


@dataclass(frozen=True, slots=True)
class Choice:
    """A framework one can start from; `edition` is None for a shipped one that was never used yet."""

    key: str
    framework: Framework
    edition: FrameworkEdition | None = None

    @property
    def is_own(self) -> bool:
        """Whether the organisation added it."""
        return self.edition is not None and self.edition.organisation_id is not None


class UnknownFramework(KeyError):
    """The organisation has no framework of this key."""


def own_editions(viewer: Viewer) -> QuerySet[FrameworkEdition]:
    """Editions the organisation added, withdrawn ones too, with `uses`, the number of assessments."""
    return (
        FrameworkEdition.objects.filter(organisation=viewer.organisation)
        .annotate(uses=Count("assessments"))
        .order_by("code", "-added_at", "id")
    )


def edition(viewer: Viewer, pk: UUID) -> FrameworkEdition:
    """An edition that is shipped or the organisation's own. Errors: FrameworkEdition.DoesNotExist."""
    mine = Q(organisation=None) | Q(organisation=viewer.organisation)
    return FrameworkEdition.objects.filter(mine).annotate(uses=Count("assessments")).get(pk=pk)


def choices(viewer: Viewer) -> list[Choice]:
    """Everything a new self-assessment may start from, shipped ones first. One query."""
    return list(_choices(viewer))


def _choices(viewer: Viewer) -> Iterator[Choice]:
    for code in shipped():
        yield Choice(code, load_shipped(code))
    for own in FrameworkEdition.objects.filter(organisation=viewer.organisation, withdrawn_at=None):
        yield Choice(str(own.pk), framework_in(own), own)


def choice(viewer: Viewer, key: str) -> Choice:
    """One of them by its key. Errors: UnknownFramework."""
    for found in _choices(viewer):
        if found.key == key:
            return found
    raise UnknownFramework(key)
