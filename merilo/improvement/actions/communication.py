"""Writes about who is told what of a plan: the rows of its communication plan."""

from __future__ import annotations

import datetime as dt
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from merilo.improvement.actions.plans import require_edit
from merilo.improvement.models import Plan
from merilo.organisations.api import CommunicationItem, MessageFacts, Viewer, communicating, record

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


def add_message(*, viewer: Viewer, plan: Plan, facts: MessageFacts, at: datetime) -> CommunicationItem:
    """Add a row. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        row = communicating.add_message(plan.communication_id, facts)
        record(viewer, "plan.message_added", plan, communicating.told_of(row), at=at)
    return row


def change_message(
    *, viewer: Viewer, plan: Plan, row: CommunicationItem, facts: MessageFacts, version: int, at: datetime
) -> None:
    """Change a row, also that it is done or is not. Errors: Refused, Conflict."""
    require_edit(viewer, plan)
    with transaction.atomic():
        communicating.change_message(row, facts, version=version)
        record(viewer, "plan.message_changed", plan, communicating.told_of(row), at=at)


def mark_message(
    *, viewer: Viewer, plan: Plan, row: CommunicationItem, done_at: dt.date | None, at: datetime
) -> None:
    """Say that a row is done, and when, or not done after all. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        communicating.mark_message(row, done_at)
        record(viewer, "plan.message_changed", plan, communicating.told_of(row), at=at)


def remove_message(*, viewer: Viewer, plan: Plan, row: CommunicationItem, at: datetime) -> None:
    """Take a row off the plan. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        record(viewer, "plan.message_removed", plan, communicating.told_of(row), at=at)
        row.delete()


def suggest_messages(*, viewer: Viewer, plan: Plan, at: datetime) -> int:
    """Fill an empty plan with the usual rows, in the organisation's language; answers how many.

    Errors: Refused, MeriloError when there are rows already.
    """
    require_edit(viewer, plan)
    with transaction.atomic(), translation.override(viewer.organisation.language):
        count = communicating.fill_messages(
            plan.communication_id,
            [
                MessageFacts(_(message), _(medium), _(audience), at.date() + timedelta(weeks=weeks))
                for message, medium, audience, weeks in SUGGESTED
            ],
        )
        record(viewer, "plan.messages_suggested", plan, {"rows": count}, at=at)
    return count
