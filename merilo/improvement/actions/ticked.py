"""Rows that somebody ticked on a page, taken as they were shown there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError
from merilo.improvement.models import Item, Proposal

Row = TypeVar("Row", Item, Proposal)


@dataclass(frozen=True, slots=True)
class Ticked:
    """One ticked row and the version in which it was shown."""

    pk: UUID
    version: int


def held(rows: QuerySet[Row], ticked: Sequence[Ticked]) -> list[Row]:
    """The ticked rows in their order, locked; all of them or none.

    Errors: MeriloError where none is ticked, or where somebody changed one after it was shown.
    """
    shown = {one.pk: one.version for one in ticked}
    if not shown:
        raise MeriloError(_("Tick what it is about first."))
    found = list(rows.filter(pk__in=shown).order_by("number").select_for_update())
    changed = [str(row.number) for row in found if row.version != shown[row.pk]]
    if changed or len(found) < len(shown):
        raise MeriloError(
            _("Somebody else has changed this in the meantime: no. %(numbers)s. Look again and repeat.")
            % {"numbers": ", ".join(changed) or "–"}
        )
    return found
