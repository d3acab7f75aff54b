"""Evidence that points at a result of another room: what it was, and what the viewer may see of it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from merilo.assessment.models import Assessment, Evidence
from merilo.core.references import Reference, Resolved, reference_in, resolve_all
from merilo.organisations.api import Viewer


def reference_of(evidence: Evidence) -> Reference | None:
    """What an evidence points at; None for what somebody wrote themselves."""
    return reference_in(evidence.details.get("reference"))


def resolved(viewer: Viewer, rows: Iterable[Evidence]) -> dict[UUID, Resolved]:
    """What became of what some evidence points at, by its id; nothing for what points at nothing.

    Each room that is pointed at is asked once; without such evidence nobody is asked.
    """
    pointing = {row.pk: found for row in rows if (found := reference_of(row))}
    return dict(zip(pointing, resolve_all(list(pointing.values()), viewer), strict=True))


def since_revision(viewer: Viewer, content: Mapping[str, Any]) -> list[tuple[int, str, Resolved]]:
    """Number, title and what became of the evidence of a frozen revision that points at other rooms."""
    rows = [(row, found) for row in content["evidence"] if (found := reference_in(row.get("reference")))]
    now = resolve_all([found for _row, found in rows], viewer)
    return [(row["number"], row["title"], one) for (row, _found), one in zip(rows, now, strict=True)]


def pointed_at(assessment: Assessment, kind: str) -> set[str]:
    """The ids of a kind that things on the shelf point at. One query."""
    rows = Evidence.objects.filter(assessment=assessment, kind=kind, removed_at=None)
    found = (reference_in(details.get("reference")) for details in rows.values_list("details", flat=True))
    return {one.id for one in found if one is not None and one.kind == kind}
