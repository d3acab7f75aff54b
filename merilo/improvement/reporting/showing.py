"""The approved plan as people from outside read it, where the organisation lets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from merilo.improvement import permissions
from merilo.improvement.models import Plan
from merilo.improvement.queries.knowing import approved_revisions
from merilo.improvement.reporting.document import blocks_of
from merilo.improvement.reporting.revisions import content_of
from merilo.organisations.api import Viewer
from merilo.web.documents.model import Block


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A frozen plan to be read: its language, what it is made of, and what identifies it."""

    language: str
    blocks: tuple[Block, ...]
    number: int
    checksum: str


def shown_plan(viewer: Viewer, plan: Plan, *, until: datetime | None = None) -> ShownPlan | None:
    """The approved plan of the acting organisation's own, None where there is none.

    With `until` as it was approved by then. Whoever shows it to a guest has decided that the guest may read
    it. Errors: Refused, Conflict.
    """
    permissions.require_own(viewer, plan)
    rows = approved_revisions(plan).order_by("-number")
    revision = rows.filter(decided_at__lte=until).first() if until else rows.first()
    if revision is None:
        return None
    with translation.override(revision.language):
        blocks = tuple(blocks_of(content_of(revision)))
    return ShownPlan(revision.language, blocks, revision.number, revision.checksum)
