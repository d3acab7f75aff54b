"""Writes of the organisation: an external feedback begins, what is released, the application."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.assessment.api import Assessment
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.texts import clean_text
from merilo.feedback import mails, permissions, schemes
from merilo.feedback.actions.shared import advance, held, require, today_of
from merilo.feedback.models import Feedback
from merilo.feedback.queries.feedbacks import possible_assessments, possible_plans
from merilo.feedback.queries.material import PARTS
from merilo.feedback.rules.lifecycle import Move
from merilo.improvement.api import Plan
from merilo.organisations.api import Viewer, record

LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Start:
    """About what, by which scheme."""

    scheme: str
    assessment: Assessment
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Preparation:
    """What the organisation tells evaluators and lets them read."""

    note: str = ""
    visit_on: date | None = None
    agenda: str = ""
    released: Sequence[str] = field(default_factory=tuple)

    def columns(self) -> dict[str, object]:
        """By the names of the columns."""
        return {
            "note": self.note,
            "visit_on": self.visit_on,
            "agenda": self.agenda,
            "released": [part for part in PARTS if part in self.released],
        }


def start(*, viewer: Viewer, start: Start, at: datetime) -> Feedback:
    """Begin an external feedback; the scheme is kept as it is today. Errors: Refused, MeriloError."""
    viewer.require("feedback.edit")
    _require_own(viewer, start, at)
    if start.scheme not in schemes.shipped():
        raise MeriloError(_("There is no such scheme."), field="scheme")
    with transaction.atomic():
        row = Feedback.objects.create(
            organisation=viewer.organisation,
            assessment=start.assessment,
            plan=start.plan,
            scheme=schemes.document(start.scheme),
            created_at=at,
        )
        told = {"title": start.assessment.title, "scheme": start.scheme}
        record(viewer, "feedback.started", row, told, at=at)
    return row


def _require_own(viewer: Viewer, start: Start, at: datetime) -> None:
    """Both are the organisation's own and far enough. Errors: Refused."""
    ours = possible_assessments(viewer, on=today_of(viewer, at))
    if start.assessment not in ours or (start.plan is not None and start.plan not in possible_plans(viewer)):
        raise Refused(_("Choose an approved self-assessment and an approved plan of your organisation."))


def prepare(
    *, viewer: Viewer, feedback: Feedback, preparation: Preparation, version: int, at: datetime
) -> None:
    """Change what evaluators are told and may read; what is no longer released is closed at once.

    Errors: Refused, Conflict.
    """
    require(permissions.may_prepare(viewer, feedback))
    with transaction.atomic():
        mine = Feedback.objects.filter(pk=feedback.pk, version=version)
        if not mine.update(version=version + 1, **preparation.columns()):
            raise Conflict(_("Somebody else has changed this in the meantime."))
        told = {"released": list(preparation.released), "date": preparation.visit_on}
        record(viewer, "feedback.prepared", feedback, told, at=at)


def hand_in(*, viewer: Viewer, feedback: Feedback, at: datetime) -> None:
    """Hand the application in: evaluators may read from now on and give points.

    Errors: Refused, Conflict, MeriloError while nobody leads the evaluators or nothing is released.
    """
    require(permissions.may_prepare(viewer, feedback))
    with transaction.atomic():
        row = held(feedback)
        advance(row, Move.HAND_IN)
        on = today_of(viewer, at)
        if not row.actors.filter(is_lead=True, ended_at=None, until__gte=on).exists():
            raise MeriloError(_("Invite the evaluator who leads first."))
        if not row.released:
            raise MeriloError(_("Release to the evaluators what they may read first."))
        row.applied_on = on
        row.save(update_fields=["state", "applied_on"])
        record(viewer, "feedback.handed_in", row, {"date": row.applied_on}, at=at)
        mails.to_actors(viewer, row, "feedback.handed_in", at=at)


def withdraw(*, viewer: Viewer, feedback: Feedback, reason: str, at: datetime) -> None:
    """Withdraw the application; evaluators read nothing of it any more. Errors: Refused, Conflict."""
    require(permissions.may_prepare(viewer, feedback))
    with transaction.atomic():
        row = held(feedback)
        was_open = bool(row.applied_on)
        if was_open:
            mails.to_actors(viewer, row, "feedback.withdrawn", at=at)
        advance(row, Move.WITHDRAW)
        row.withdrawn_reason = clean_text(reason, LONGEST)
        row.save(update_fields=["state", "withdrawn_reason"])
        record(viewer, "feedback.withdrawn", row, {"reason": row.withdrawn_reason}, at=at)
