"""Sub-criteria of self-assessments as things that other rooms point at (core.references).

The id of a sub-criterion is "<self-assessment>/<code>". Nothing is told of its scores.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy

from merilo.assessment import permissions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment
from merilo.assessment.queries.assessments import assessments_of
from merilo.assessment.words import language
from merilo.core.references import Kind, Place, Reference, Snapshot
from merilo.organisations.api import Viewer, address

CODE = "criterion"


def places(viewer: Viewer) -> Iterator[Place]:
    """The self-assessments of which the viewer may read what was agreed."""
    for one in _readable(viewer):
        yield Place(str(one.pk), one.title)


def offered(viewer: Viewer, place: str) -> Iterator[Reference]:
    """The sub-criteria of a self-assessment in the order of its model."""
    for one in _readable(viewer, [place]):
        for item in framework_of(one).items:
            yield Reference(CODE, f"{one.pk}/{item.code}", _snapshot(viewer, one, item.code))


def look(viewer: Viewer, ids: Collection[str]) -> dict[str, Snapshot | None]:
    """What sub-criteria are now; of what the viewer may not read nothing at all."""
    keys = {one: one.partition("/") for one in ids}
    found = {str(one.pk): one for one in _readable(viewer, {parts[0] for parts in keys.values()})}
    return {
        one: _snapshot(viewer, found[place], code)
        for one, (place, _slash, code) in keys.items()
        if place in found and code in {item.code for item in framework_of(found[place]).items}
    }


def _readable(viewer: Viewer, ids: Collection[str] | None = None) -> Iterator[Assessment]:
    today = timezone.localdate()
    rows = assessments_of(viewer, on=today).select_related("edition").defer("edition__content")
    if ids is not None:
        rows = rows.filter(pk__in=filter(_is_id, ids))
    for one in rows.order_by("-period_until", "-created_at"):
        if permissions.may_see_scores(viewer, one, on=today):
            yield one


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _snapshot(viewer: Viewer, assessment: Assessment, code: str) -> Snapshot:
    return Snapshot(
        title=f"{code} {framework_of(assessment).item(code).short.in_language(language())}",
        source=assessment.title,
        path=address(viewer, "assessment:agree_item", pk=assessment.pk, code=code),
    )


KIND = Kind(CODE, gettext_lazy("Sub-criteria of self-assessments"), places, offered, look)
