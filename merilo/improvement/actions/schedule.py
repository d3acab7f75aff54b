"""Writes: the plan's own schedule, who prepares what of it by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from merilo.core.errors import Conflict
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.models import Plan, Preparation
from merilo.organisations.api import Membership, Viewer, record

# What is usually prepared from the first meeting of the group to the first report.
USUAL = (
    gettext_noop("Order that names the group of the plan"),
    gettext_noop("Training of the group in setting priorities"),
    gettext_noop("Areas for improvement and ideas are brought together"),
    gettext_noop("Workshop: impact and feasibility, choice of measures"),
    gettext_noop("Measures described: activities, owners, dates, means, indicators"),
    gettext_noop("Draft agreed with the units that take part"),
    gettext_noop("Plan approved by the head of the organisation"),
    gettext_noop("Staff told about the plan, public version published"),
    gettext_noop("First interim report"),
)


@dataclass(frozen=True, slots=True)
class PreparationFacts:
    """What is prepared, by whom, until when."""

    text: str
    owner: Membership | None = None
    due: date | None = None
    done_on: date | None = None


def add_preparation(*, viewer: Viewer, plan: Plan, facts: PreparationFacts, at: datetime) -> Preparation:
    """Add a row to the plan's own schedule. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        made = Preparation.objects.create(
            plan=plan,
            text=facts.text,
            owner=facts.owner,
            due=facts.due,
            done_on=facts.done_on,
            position=_next_position(plan),
        )
        record(viewer, "preparation.added", plan, {"text": facts.text}, at=at)
    return made


def suggest(*, viewer: Viewer, plan: Plan, at: datetime) -> int:
    """Add the usual rows that are not there, in the language of the organisation. Errors: Refused."""
    require_edit(viewer, plan)
    with translation.override(viewer.organisation.language):
        usual = [_(text) for text in USUAL]
    with transaction.atomic():
        position = _next_position(plan)
        there = set(plan.preparations.values_list("text", flat=True))
        fresh = [text for text in usual if text not in there]
        Preparation.objects.bulk_create(
            Preparation(plan=plan, text=text, position=position + place) for place, text in enumerate(fresh)
        )
        if fresh:
            record(viewer, "preparation.suggested", plan, {"count": len(fresh)}, at=at)
    return len(fresh)


def change_preparation(
    *, viewer: Viewer, plan: Plan, row: Preparation, facts: PreparationFacts, version: int, at: datetime
) -> None:
    """Change a row. Errors: Refused, Conflict."""
    require_edit(viewer, plan)
    with transaction.atomic():
        own = Preparation.objects.filter(plan=plan, pk=row.pk, version=version)
        changed = {"text": facts.text, "owner": facts.owner, "due": facts.due, "done_on": facts.done_on}
        if not own.update(version=version + 1, **changed):
            raise Conflict(_("Somebody else has changed this in the meantime."))
        record(viewer, "preparation.changed", plan, {"text": facts.text}, at=at)


def mark_done(*, viewer: Viewer, plan: Plan, row: Preparation, on: date | None, at: datetime) -> None:
    """Mark a row as done on a day, or as not done yet. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        own = Preparation.objects.filter(plan=plan, pk=row.pk, done_on__isnull=on is not None)
        if own.update(done_on=on, version=row.version + 1):
            record(viewer, "preparation.marked", plan, {"text": row.text, "done": on is not None}, at=at)


def remove_preparation(*, viewer: Viewer, plan: Plan, row: Preparation, at: datetime) -> None:
    """Remove a row. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        if Preparation.objects.filter(plan=plan, pk=row.pk).delete()[0]:
            record(viewer, "preparation.removed", plan, {"text": row.text}, at=at)


def _next_position(plan: Plan) -> int:
    """The place after the last; called inside the transaction that uses it."""
    Plan.objects.select_for_update().only("pk").get(pk=plan.pk)
    last: int | None = plan.preparations.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
