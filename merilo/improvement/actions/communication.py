"""Writes about who is told what of a plan: the rows of its communication plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from merilo.core.errors import MeriloError
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.models import Plan
from merilo.organisations.api import CommunicationItem, Viewer, record

# Message, medium, audience, and after how many weeks.
SUGGESTED = (
    (
        gettext_noop("The plan: which measures were chosen and why"),
        gettext_noop("Meeting with the employees"),
        gettext_noop("All employees"),
        1,
    ),
    (
        gettext_noop("Who answers for which measure and until when"),
        gettext_noop("E-mail with the plan"),
        gettext_noop("Owners of measures and heads of units"),
        1,
    ),
    (
        gettext_noop("The plan and its first quick wins"),
        gettext_noop("Publication on the website"),
        gettext_noop("Citizens and businesses"),
        2,
    ),
    (
        gettext_noop("The plan and what it needs from the council"),
        gettext_noop("Report to the council"),
        gettext_noop("Councillors"),
        4,
    ),
    (
        gettext_noop("What is done after half a year: the interim report"),
        gettext_noop("Notice and publication on the website"),
        gettext_noop("Employees, citizens and businesses"),
        26,
    ),
)


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """One row: what is said, by which medium, to whom, when; `done_at` once it was."""

    message: str
    medium: str
    audience: str
    date: dt.date
    done_at: dt.date | None = None


def add_message(*, viewer: Viewer, plan: Plan, facts: MessageFacts, at: datetime) -> CommunicationItem:
    """Add a row. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        row = CommunicationItem.objects.create(plan_id=plan.communication_id, **asdict(facts))
        _record("plan.message_added", viewer, plan, row, at)
    return row


def change_message(
    *, viewer: Viewer, plan: Plan, row: CommunicationItem, facts: MessageFacts, at: datetime
) -> None:
    """Change a row, also that it is done or is not. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        for name, value in asdict(facts).items():
            setattr(row, name, value)
        row.save(update_fields=list(asdict(facts)))
        _record("plan.message_changed", viewer, plan, row, at)


def mark_message(
    *, viewer: Viewer, plan: Plan, row: CommunicationItem, done_at: dt.date | None, at: datetime
) -> None:
    """Say that a row is done, and when, or not done after all. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        row.done_at = done_at
        row.save(update_fields=["done_at"])
        _record("plan.message_changed", viewer, plan, row, at)


def remove_message(*, viewer: Viewer, plan: Plan, row: CommunicationItem, at: datetime) -> None:
    """Take a row off the plan. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        _record("plan.message_removed", viewer, plan, row, at)
        row.delete()


def suggest_messages(*, viewer: Viewer, plan: Plan, at: datetime) -> int:
    """Fill an empty plan with the usual rows, in the organisation's language; answers how many.

    Errors: Refused, MeriloError when there are rows already.
    """
    require_edit(viewer, plan)
    with transaction.atomic():
        if CommunicationItem.objects.filter(plan=plan.communication_id).exists():
            raise MeriloError(_("The plan already has rows."))
        with translation.override(viewer.organisation.language):
            made = CommunicationItem.objects.bulk_create(
                CommunicationItem(
                    plan_id=plan.communication_id,
                    message=_(message),
                    medium=_(medium),
                    audience=_(audience),
                    date=at.date() + timedelta(weeks=weeks),
                )
                for message, medium, audience, weeks in SUGGESTED
            )
        record(viewer, "plan.messages_suggested", plan, {"rows": len(made)}, at=at)
    return len(made)


def _record(verb: str, viewer: Viewer, plan: Plan, row: CommunicationItem, at: datetime) -> None:
    told = {"item": row.pk, "message": row.message, "date": row.date, "done_at": row.done_at}
    record(viewer, verb, plan, told, at=at)
