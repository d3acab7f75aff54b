"""Writes after the report: the decision, the organisation's response, the label."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core import files
from merilo.core.errors import Conflict, MeriloError
from merilo.core.texts import clean_text
from merilo.feedback import mails, permissions
from merilo.feedback.actions.shared import advance, held, require, today_of
from merilo.feedback.models import Feedback, Label
from merilo.feedback.queries.feedbacks import scheme_of
from merilo.feedback.rules.lifecycle import Move
from merilo.feedback.rules.scoring import valid_until
from merilo.organisations.api import DocumentKind, OfficialDocument, Viewer, record

LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided and why; `award` is empty where nothing is granted.

    A decision on paper has a registration number, and its signed file where there is one.
    """

    award: str
    on: date
    reasons: str
    suggestions: str = ""
    number: str = ""
    file: files.Upload | None = None


def decide(*, viewer: Viewer, feedback: Feedback, decision: Decision, at: datetime) -> None:
    """Decide on the label, or record what was decided on paper; a granted label begins with its usual days.

    Errors: Refused, Conflict, BadFile, MeriloError (no such award, a day that cannot be, no number).
    """
    today = today_of(viewer, at)
    require(permissions.may_decide(viewer, feedback, on=today))
    with transaction.atomic():
        row = held(feedback)
        advance(row, Move.DECIDE)
        _require_sound(viewer, row, decision, today)
        row.award, row.decided_on = decision.award, decision.on
        row.reasons = clean_text(decision.reasons, LONGEST)
        row.suggestions = clean_text(decision.suggestions, LONGEST)
        row.decided_by = viewer.membership
        row.decision = _document(viewer, row, decision, at)
        row.save()
        told = {"state": row.state, "award": row.award, "date": row.decided_on, "document": decision.number}
        record(viewer, "feedback.decided", row, told, at=at)
        if row.award:
            _begin_label(row, decision)
        mails.to_managers(viewer, row, "feedback.decided", at=at)
        mails.to_actors(viewer, row, "feedback.decided", at=at)


def _require_sound(viewer: Viewer, row: Feedback, decision: Decision, today: date) -> None:
    if decision.award and scheme_of(row).award(decision.award) is None:
        raise MeriloError(_("There is no such label in this scheme."), field="award")
    reported = today_of(viewer, row.reported_at) if row.reported_at else decision.on
    if not reported <= decision.on <= today:
        raise MeriloError(_("It was decided on a day from the report until today."), field="on")
    if not permissions.leads(viewer, row, on=today) and not decision.number:
        raise MeriloError(_("Write the registration number of the decision."), field="number")


def _document(viewer: Viewer, row: Feedback, decision: Decision, at: datetime) -> OfficialDocument | None:
    if not decision.number:
        return None
    stored = None
    if decision.file is not None:
        who = {"organisation": viewer.organisation_id, "by": viewer.person_id}
        stored = files.receive(decision.file, **who, allowed=files.SIGNED, at=at)
    return OfficialDocument.objects.create(
        organisation=viewer.organisation,
        kind=DocumentKind.LETTER,
        number=decision.number,
        date=decision.on,
        title=row.assessment.title,
        file=stored,
        added_at=at,
    )


def _begin_label(row: Feedback, decision: Decision) -> None:
    award = scheme_of(row).award(row.award)
    assert award is not None  # noqa: S101  asked before
    until = valid_until(award, decision.on)
    Label.objects.create(
        feedback=row,
        number=decision.number,
        granted_on=decision.on,
        valid_until=until,
        remind_on=until - timedelta(days=award.remind),
    )


def respond(*, viewer: Viewer, feedback: Feedback, text: str, at: datetime) -> None:
    """Say what the organisation thinks of the report and will do. Errors: Refused."""
    require(permissions.may_respond(viewer, feedback))
    with transaction.atomic():
        row = held(feedback)
        row.response, row.responded_at = clean_text(text, LONGEST), at
        row.save(update_fields=["response", "responded_at"])
        record(viewer, "feedback.responded", row, {"characters": len(row.response)}, at=at)
        mails.to_actors(viewer, row, "feedback.responded", at=at)


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """Number and days of a label, when to be reminded of its end, and whether everybody may see it."""

    number: str
    granted_on: date
    valid_until: date
    remind_on: date
    shown: bool


def keep_label(*, viewer: Viewer, feedback: Feedback, facts: LabelFacts, version: int, at: datetime) -> None:
    """Change number and days of the label, and whether it is on the public page.

    Errors: Refused, Conflict, MeriloError (days in the wrong order).
    """
    require(permissions.may_keep_label(viewer, feedback))
    if not facts.granted_on < facts.valid_until:
        raise MeriloError(_("The label ends before it begins."), field="valid_until")
    if not facts.granted_on <= facts.remind_on <= facts.valid_until:
        raise MeriloError(_("Choose a day while the label holds."), field="remind_on")
    with transaction.atomic():
        mine = Label.objects.filter(feedback=feedback, version=version)
        changed = {name: getattr(facts, name) for name in LabelFacts.__dataclass_fields__}
        before = mine.first()
        if before is None:
            raise Conflict(_("Somebody else has changed this in the meantime."))
        if before.remind_on != facts.remind_on:
            changed["reminded_at"] = None
        mine.update(version=version + 1, **changed)
        told = {"number": facts.number, "valid_until": facts.valid_until, "shown": facts.shown}
        record(viewer, "label.kept", feedback, told, at=at)
