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


@dataclass(frozen=True, slots=True)
class Installed:
    """One version of a shipped framework, and how many self-assessments use it."""

    framework: Framework
    is_current: bool
    uses: int


def installed() -> list[Installed]:
    """Every shipped framework in its present version, and in older ones still in use. One query."""
    used = FrameworkEdition.objects.filter(organisation=None).annotate(uses=Count("assessments"))
    counts: dict[tuple[str, str], int] = {}
    older: dict[tuple[str, str], Framework] = {}
    for row in used.order_by("code", "-added_at", "id"):
        key = (row.code, row.version)
        counts[key] = counts.get(key, 0) + row.uses
        older.setdefault(key, framework_in(row))
    present = {(found.code, found.version): found for found in map(load_shipped, shipped())}
    return [
        Installed(found, key in present, counts.get(key, 0))
        for key, found in sorted((older | present).items())
    ]


@dataclass(frozen=True, slots=True)
class OwnFrameworks:
    """How many frameworks organisations have added, and how often they use them; not which."""

    editions: int
    uses: int


def own_frameworks() -> OwnFrameworks:
    """All organisations together. One query."""
    own = FrameworkEdition.objects.exclude(organisation=None)
    found = own.aggregate(editions=Count("pk", distinct=True), uses=Count("assessments"))
    return OwnFrameworks(found["editions"], found["uses"])


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
