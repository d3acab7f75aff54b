"""Telling people about a self-assessment: the plan of who hears what, and notices for the staff."""

from __future__ import annotations

import datetime as dt
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from merilo.assessment.actions import steps
from merilo.assessment.actions.planning import require_records
from merilo.assessment.models import Assessment, StepPlan
from merilo.core.errors import Conflict, MeriloError
from merilo.organisations.api import (
    CommunicationItem,
    MessageFacts,
    Notice,
    Viewer,
    communicating,
    record,
)

# Message, medium, audience, and the step on whose due date it falls.
SUGGESTED = (
    (
        gettext_noop("The self-assessment begins: why, when and who takes part"),
        gettext_noop("Meeting led by the head of the organisation"),
        gettext_noop("Heads of units"),
        1,
    ),
    (
        gettext_noop("What the self-assessment is and what it means for each employee"),
        gettext_noop("Notice and e-mail"),
        gettext_noop("All employees"),
        2,
    ),
    (
        gettext_noop("The order and the composition of the group"),
        gettext_noop("E-mail with the order"),
        gettext_noop("Members of the group and their heads"),
        3,
    ),
    (
        gettext_noop("The self-assessment has begun"),
        gettext_noop("News on the website"),
        gettext_noop("Citizens and businesses"),
        4,
    ),
    (
        gettext_noop("How the work goes and when the agreement meeting takes place"),
        gettext_noop("Notice and e-mail"),
        gettext_noop("All employees"),
        5,
    ),
    (
        gettext_noop("The results: strengths, areas for improvement and what comes next"),
        gettext_noop("Meeting with the employees"),
        gettext_noop("All employees"),
        6,
    ),
    (
        gettext_noop("The report of the self-assessment"),
        gettext_noop("Publication on the website"),
        gettext_noop("Citizens and businesses"),
        6,
    ),
)


def add_item(
    *, viewer: Viewer, assessment: Assessment, facts: MessageFacts, at: datetime
) -> CommunicationItem:
    """Add a row to the plan. Errors: Refused."""
    require_records(viewer, assessment)
    with transaction.atomic():
        item = communicating.add_message(assessment.communication_id, facts)
        steps.mark_begun(assessment, 2, at=at)
        record(viewer, "communication.item_added", assessment, communicating.told_of(item), at=at)
    return item


def change_item(
    *,
    viewer: Viewer,
    assessment: Assessment,
    item: CommunicationItem,
    facts: MessageFacts,
    version: int,
    at: datetime,
) -> None:
    """Change a row of the plan. Errors: Refused, Conflict."""
    require_records(viewer, assessment)
    with transaction.atomic():
        communicating.change_message(item, facts, version=version)
        record(viewer, "communication.item_changed", assessment, communicating.told_of(item), at=at)


def mark_item(
    *, viewer: Viewer, assessment: Assessment, item: CommunicationItem, done_at: dt.date | None, at: datetime
) -> None:
    """Say that a row is done, and when, or not done after all. Errors: Refused."""
    require_records(viewer, assessment)
    with transaction.atomic():
        communicating.mark_message(item, done_at)
        record(viewer, "communication.item_marked", assessment, communicating.told_of(item), at=at)


def remove_item(*, viewer: Viewer, assessment: Assessment, item: CommunicationItem, at: datetime) -> None:
    """Take a row off the plan. Errors: Refused."""
    require_records(viewer, assessment)
    with transaction.atomic():
        record(viewer, "communication.item_removed", assessment, communicating.told_of(item), at=at)
        item.delete()


def suggest_items(*, viewer: Viewer, assessment: Assessment, at: datetime) -> int:
    """Fill an empty plan with the usual rows, in the organisation's language; answers how many.

    Errors: Refused, MeriloError when the plan already has rows.
    """
    require_records(viewer, assessment)
    with transaction.atomic():
        rows = _suggestions(viewer, assessment, at)
        count = communicating.fill_messages(assessment.communication_id, rows)
        steps.mark_begun(assessment, 2, at=at)
        record(viewer, "communication.suggested", assessment, {"rows": count}, at=at)
    return count


def _suggestions(viewer: Viewer, assessment: Assessment, at: datetime) -> list[MessageFacts]:
    dues = dict(StepPlan.objects.filter(assessment=assessment).values_list("number", "due"))
    with translation.override(viewer.organisation.language):
        return [
            MessageFacts(
                _(message),
                _(medium),
                _(audience),
                dues.get(step) or at.date() + timedelta(weeks=2 * step),
            )
            for message, medium, audience, step in SUGGESTED
        ]


# --- notices ----------------------------------------------------------------------------------------
def write_notice(*, viewer: Viewer, assessment: Assessment, title: str, body: str, at: datetime) -> Notice:
    """Begin a notice for the staff as a draft. Errors: Refused."""
    require_records(viewer, assessment)
    with transaction.atomic():
        notice = Notice.objects.create(plan_id=assessment.communication_id, title=title, body=body)
        steps.mark_begun(assessment, 2, at=at)
        _record_notice("notice.written", viewer, assessment, notice, at)
    return notice


def change_notice(
    *,
    viewer: Viewer,
    assessment: Assessment,
    notice: Notice,
    title: str,
    body: str,
    version: int,
    at: datetime,
) -> None:
    """Save a notice's text. Errors: Refused; Conflict with the stored text when `version` is stale."""
    require_records(viewer, assessment)
    with transaction.atomic():
        own = Notice.objects.filter(pk=notice.pk, version=version)
        if not own.update(title=title, body=body, version=F("version") + 1):
            notice.refresh_from_db()
            raise Conflict(
                _("Somebody else has changed the notice in the meantime."),
                title=notice.title,
                body=notice.body,
                version=notice.version,
            )
        notice.refresh_from_db()
        _record_notice("notice.changed", viewer, assessment, notice, at)


def share_notice(
    *, viewer: Viewer, assessment: Assessment, notice: Notice, shared: bool, at: datetime
) -> None:
    """Let every member read the notice, or make it a draft again. Errors: Refused."""
    require_records(viewer, assessment)
    with transaction.atomic():
        notice.shared_at = (notice.shared_at or at) if shared else None
        notice.save(update_fields=["shared_at"])
        verb = "notice.shared" if shared else "notice.withdrawn"
        _record_notice(verb, viewer, assessment, notice, at)


def remove_notice(*, viewer: Viewer, assessment: Assessment, notice: Notice, at: datetime) -> None:
    """Remove a notice that is a draft. Errors: Refused, MeriloError for a shared one."""
    require_records(viewer, assessment)
    if notice.shared_at is not None:
        raise MeriloError(_("A shared notice is first made a draft again."))
    with transaction.atomic():
        _record_notice("notice.removed", viewer, assessment, notice, at)
        notice.delete()


def _record_notice(verb: str, viewer: Viewer, assessment: Assessment, notice: Notice, at: datetime) -> None:
    record(viewer, verb, assessment, {"notice": notice.pk, "title": notice.title}, at=at)
