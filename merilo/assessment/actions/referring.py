"""Putting results of other rooms on the shelf, and taking over what they say now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.assessment.actions import evidence as shelf
from merilo.assessment.actions.evidence import Content
from merilo.assessment.models import Assessment, Evidence, EvidenceKind
from merilo.assessment.queries.referring import pointed_at, reference_of
from merilo.core.errors import Conflict, MeriloError
from merilo.core.references import Reference, Standing, resolve
from merilo.organisations.api import Viewer, record
from merilo.web.referring import when_words

TITLE = 300


def put(
    *,
    viewer: Viewer,
    assessment: Assessment,
    references: Sequence[Reference],
    uses: Mapping[str, str],
    at: datetime,
) -> list[Evidence]:
    """Put what was seen of things on the shelf, for the given items; what lies there already is left alone.

    The references are what the viewer may point at (core.references.chosen). Errors: Refused, MeriloError.
    """
    shelf.require_shelf(viewer, assessment)
    there = {kind: pointed_at(assessment, kind) for kind in {one.kind for one in references}}
    fresh = [one for one in references if one.id not in there[one.kind]]
    with transaction.atomic():
        return [
            shelf.add(
                viewer=viewer,
                assessment=assessment,
                kind=EvidenceKind(one.kind),
                content=content_of(one),
                uses=uses,
                at=at,
            )
            for one in fresh
        ]


def content_of(reference: Reference) -> Content:
    """What the shelf keeps of a reference, in the language of the page."""
    seen = reference.snapshot
    measure = f" ({seen.measure})" if seen.measure else ""
    return Content(
        title=f"{seen.title[: TITLE - len(measure)]}{measure}"[:TITLE],
        year=seen.last.year if seen.last else None,
        details=details_of(reference),
    )


def details_of(reference: Reference) -> dict[str, Any]:
    """The details of its kind of evidence, taken from what was seen."""
    seen, kept = reference.snapshot, {"reference": reference.plain()}
    if reference.kind == EvidenceKind.SURVEY:
        return kept | {"wave": when_words(seen), "n": seen.n, "method": seen.method}
    return kept | {
        "measure": seen.unit,
        "values": {str(year): f"{figure:f}" for year, figure in sorted(seen.series.items())},
        "target": "" if seen.target is None else f"{seen.target:f}",
        "better": seen.better or "higher",
        "source": seen.method,
    }


def renew(*, viewer: Viewer, evidence: Evidence, at: datetime) -> None:
    """Keep what the source says now in place of what it said. Errors: Refused, Conflict, MeriloError."""
    shelf.require_shelf(viewer, evidence.assessment)
    with transaction.atomic():
        held = Evidence.objects.select_for_update().filter(pk=evidence.pk, removed_at=None).first()
        if held is None:
            raise Conflict(_("Somebody changed this evidence while you were writing."), stored=evidence)
        pointed = reference_of(held)
        found = resolve(pointed, viewer) if pointed else None
        if pointed is None or found is None or found.now is None:
            raise MeriloError(_("The source is no longer there, so there is no newer figure."))
        if found.standing == Standing.SAME:
            return
        before = held.details
        held.details = details_of(Reference(pointed.kind, pointed.id, found.now))
        held.year = found.now.last.year if found.now.last else held.year
        held.version += 1
        held.save(update_fields=["details", "year", "version"])
        record(viewer, "evidence.renewed", held, _told(held, before), at=at)


def _told(held: Evidence, before: dict[str, Any]) -> dict[str, Any]:
    """What the record says; nothing of what only the coordinator sees."""
    if held.only_coordinator:
        return {"kind": held.kind, "only_coordinator": True}
    return {
        name: seen["reference"]["snapshot"] for name, seen in (("before", before), ("after", held.details))
    }
