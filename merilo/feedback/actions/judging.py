"""Writes of evaluators: points alone, closing them, points agreed, the texts and the report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, MeriloError
from merilo.core.frozen import canonical, checksum
from merilo.core.texts import clean_text
from merilo.feedback import mails, permissions
from merilo.feedback.actions.shared import advance, held, require, today_of
from merilo.feedback.models import Actor, Feedback, Joint, Mark
from merilo.feedback.queries.feedbacks import scheme_of
from merilo.feedback.queries.marks import Given, joints, points_in
from merilo.feedback.reporting.content import collect, text_keys
from merilo.feedback.rules.lifecycle import Move
from merilo.feedback.rules.scoring import open_questions
from merilo.organisations.api import Viewer, record

LONGEST_REMARK = 2000
LONGEST_TEXT = 20_000
Marks = Mapping[str, Given]


def save_own(*, viewer: Viewer, feedback: Feedback, marks: Marks, version: int, at: datetime) -> None:
    """Keep what an evaluator gives alone for some questions. Errors: Refused, Conflict, MeriloError."""
    on = today_of(viewer, at)
    require(permissions.may_score(viewer, feedback, on=on))
    actor = permissions.actor_of(viewer, feedback, on=on)
    assert actor is not None  # noqa: S101  may_score has asked
    _require_known(feedback, marks)
    with transaction.atomic():
        require(held(feedback).state == feedback.state)
        mine = Actor.objects.filter(pk=actor.pk, version=version, ended_at=None)
        if not mine.update(version=version + 1):
            raise Conflict(_("You have changed this in another window in the meantime."))
        for code, given in marks.items():
            Mark.objects.update_or_create(actor=actor, code=code, defaults=_columns(given))
        record(viewer, "feedback.own_saved", feedback, {"rows": len(marks)}, at=at)


def _columns(given: Given) -> dict[str, object]:
    return {"points": given.points, "remark": clean_text(given.remark, LONGEST_REMARK)}


def _require_known(feedback: Feedback, marks: Marks) -> None:
    """Only questions of the scheme, only points of its scales. Errors: MeriloError."""
    scheme = scheme_of(feedback)
    scales = {
        question.code: scheme.scale_of(pillar)
        for pillar, item in scheme.items()
        for question in item.questions
    }
    for code, given in marks.items():
        if code not in scales or (given.points is not None and scales[code].degree(given.points) is None):
            raise MeriloError(_("These points are not on the scale."))


def close_own(*, viewer: Viewer, feedback: Feedback, at: datetime) -> None:
    """Who leads closes the points that all gave alone; evaluators see each other's from now on.

    Errors: Refused, Conflict.
    """
    on = today_of(viewer, at)
    require(permissions.leads(viewer, feedback, on=on))
    with transaction.atomic():
        row = held(feedback)
        advance(row, Move.CLOSE_OWN)
        row.save(update_fields=["state"])
        record(viewer, "feedback.own_closed", row, {}, at=at)
        mails.to_actors(viewer, row, "feedback.own_closed", at=at)


def save_joint(*, viewer: Viewer, feedback: Feedback, marks: Marks, version: int, at: datetime) -> None:
    """Keep what the evaluators agree on for some questions. Errors: Refused, Conflict, MeriloError."""
    require(permissions.may_agree(viewer, feedback, on=today_of(viewer, at)))
    _require_known(feedback, marks)
    with transaction.atomic():
        require(held(feedback).state == feedback.state)
        _claim(feedback, version)
        for code, given in marks.items():
            Joint.objects.update_or_create(feedback=feedback, code=code, defaults=_columns(given))
        record(viewer, "feedback.joint_saved", feedback, {"rows": len(marks)}, at=at)


def write_texts(
    *, viewer: Viewer, feedback: Feedback, texts: Mapping[str, str], version: int, at: datetime
) -> None:
    """Keep the texts of the report. Errors: Refused, Conflict."""
    require(permissions.may_agree(viewer, feedback, on=today_of(viewer, at)))
    keys = text_keys(scheme_of(feedback))
    kept = {key: clean_text(texts.get(key, ""), LONGEST_TEXT) for key in keys}
    with transaction.atomic():
        require(held(feedback).state == feedback.state)
        _claim(feedback, version)
        Feedback.objects.filter(pk=feedback.pk).update(texts=kept)
        written = sum(bool(text) for text in kept.values())
        record(viewer, "feedback.texts_written", feedback, {"rows": written}, at=at)


def _claim(feedback: Feedback, version: int) -> None:
    mine = Feedback.objects.filter(pk=feedback.pk, report_version=version)
    if not mine.update(report_version=version + 1):
        raise Conflict(_("Somebody else has changed this in the meantime."))


def hand_over(*, viewer: Viewer, feedback: Feedback, language: str, at: datetime) -> None:
    """Freeze the report and hand it to the organisation; it stays as it is for good.

    Errors: Refused, Conflict, MeriloError while points or the summary are missing.
    """
    on = today_of(viewer, at)
    require(permissions.may_agree(viewer, feedback, on=on))
    with transaction.atomic():
        row = held(feedback)
        advance(row, Move.REPORT)
        _require_complete(row)
        with translation.override(language):
            text = canonical(collect(row, language=language, on=on))
        row.report, row.checksum, row.reported_at = text, checksum(text), at
        row.save(update_fields=["state", "report", "checksum", "reported_at"])
        record(viewer, "feedback.reported", row, {"checksum": row.checksum}, at=at)
        mails.to_managers(viewer, row, "feedback.reported", at=at)


def _require_complete(row: Feedback) -> None:
    missing = open_questions(scheme_of(row), points_in(joints(row)))
    if missing:
        raise MeriloError(_("Questions without agreed points: %(count)s") % {"count": missing})
    if not row.texts.get("summary"):
        raise MeriloError(_("Write the summary first."))
