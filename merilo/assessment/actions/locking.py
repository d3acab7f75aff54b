"""The lock: individual sheets are frozen and their lines laid out for the group, without names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.assessment import mails, permissions
from merilo.assessment.actions import calibration, moves
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import (
    Agreement,
    AgreementState,
    Assessment,
    Contribution,
    Dissent,
    Judgement,
    LineKind,
    Sheet,
    State,
    Statement,
)
from merilo.assessment.rules.confidentiality import tells_nobody
from merilo.assessment.rules.lifecycle import Move
from merilo.core.errors import MeriloError, Refused
from merilo.core.texts import LINE, clean_line
from merilo.organisations.api import Viewer, record

_NOTHING = sha256(b"[]").hexdigest()


def lock_sheets(*, viewer: Viewer, assessment: Assessment, at: datetime) -> bool:
    """Freeze all sheets and begin the agreement; False, and no effect, when that was done before.

    Errors: Refused, MeriloError (not being assessed, nobody has handed in, or too few scores to hide whose).
    """
    if not permissions.may_moderate(viewer, assessment):
        raise Refused(_("Only the coordinator, the chair or the facilitator can lock the individual scores."))
    with transaction.atomic():
        held = _held(assessment)
        if held.state in permissions.AFTER_LOCK:
            return False
        sheets = list(Sheet.objects.filter(assessment=held).select_related("seat__holder"))
        _require_lockable(held, sheets)
        counts = _lay_out(assessment, sheets)
        moves.turn(assessment, Move.LOCK, locked_at=at)
        calibration.close_all(assessment, at=at)
        record(viewer, "assessment.locked", assessment, counts, at=at)
    return True


def _held(assessment: Assessment) -> Assessment:
    """The assessment as it is now, kept from other writers until the transaction ends."""
    return Assessment.objects.select_for_update().get(pk=assessment.pk)


def _require_lockable(assessment: Assessment, sheets: list[Sheet]) -> None:
    if assessment.state != State.ASSESSING:
        raise MeriloError(_("The individual assessment has not been opened yet."))
    if not any(sheet.handed_in_at for sheet in sheets):
        raise MeriloError(_("Nobody has handed in yet, so there is nothing to agree on."))
    if not hides_whose(assessment):
        raise MeriloError(too_few())


def too_few() -> str:
    """Why the scores cannot be shown yet, and what helps."""
    return _(
        "Scores are shown only when at least three people have scored, or changed their scores since they "
        "were last shown: with fewer it could be told whose they are. Ask more members to score; after the "
        "lock was taken back, whoever changed a score can set it back, or more members can look at theirs "
        "again."
    )


def hides_whose(assessment: Assessment) -> bool:
    """Whether the scores, shown now, tell nobody's own, compared also with what was shown before."""
    now = _fingerprints(assessment)
    changed = [sheet for sheet, scores in now.items() if scores != assessment.shown.get(sheet, _NOTHING)]
    scored = [sheet for sheet in changed if now[sheet] != _NOTHING]
    return tells_nobody(len(scored), len(changed), shown_before=bool(assessment.shown))


def _fingerprints(assessment: Assessment) -> dict[str, str]:
    """What every sheet scores, as a value to compare."""
    sheets: dict[str, list[object]] = {str(pk): [] for pk in assessment.sheets.values_list("pk", flat=True)}
    rows = Judgement.objects.filter(sheet__assessment=assessment).order_by("code")
    for sheet, *said in rows.values_list("sheet_id", "code", "values", "cannot_judge"):
        if any(said[1:]):
            sheets[str(sheet)].append(said)
    return {sheet: sha256(json.dumps(said).encode()).hexdigest() for sheet, said in sheets.items()}


def _lay_out(assessment: Assessment, sheets: list[Sheet]) -> dict[str, int]:
    """Write the contributions and an open agreement for every item; tells how many of each."""
    holders = {sheet.pk: sheet.seat.holder.name for sheet in sheets}
    judgements = list(Judgement.objects.filter(sheet__assessment=assessment).order_by("code", "id"))
    lines = [line for row in judgements for line in _contributions(assessment, row, holders)]
    Contribution.objects.bulk_create(lines, batch_size=500)
    codes = [item.code for item in framework_of(assessment).items]
    Agreement.objects.bulk_create(Agreement(assessment=assessment, code=code) for code in codes)
    return {
        "sheets": len(sheets),
        "handed_in": sum(sheet.handed_in_at is not None for sheet in sheets),
        "judgements": len(judgements),
        "lines": len(lines),
        "items": len(codes),
    }


def _contributions(
    assessment: Assessment, judgement: Judgement, holders: dict[Any, str]
) -> Iterator[Contribution]:
    for kind in LineKind.values:
        for line in judgement.lines.get(kind, []):
            if line.get("text", "").strip():
                yield Contribution(
                    assessment=assessment,
                    sheet_id=judgement.sheet_id,
                    code=judgement.code,
                    kind=kind,
                    text=line["text"],
                    author=holders[judgement.sheet_id] if line.get("named") else "",
                )


def reopen_sheets(*, viewer: Viewer, assessment: Assessment, reason: str, at: datetime) -> None:
    """Take the lock back while nothing has been agreed yet; the laid out lines are removed again.

    What was shown is remembered, so that a new lock cannot tell the news of one sheet apart.

    Errors: Refused, MeriloError (not locked, something agreed, no reason).
    """
    if not permissions.may_plan(viewer, assessment):
        raise Refused(_("Only the coordinator can open the individual assessment again."))
    why = clean_line(reason, LINE)
    if not why:
        raise MeriloError(_("Say why the individual assessment is opened again."), field="reason")
    with transaction.atomic():
        _require_reopenable(_held(assessment))
        Agreement.objects.filter(assessment=assessment).delete()
        removed, _kinds = Contribution.objects.filter(assessment=assessment).delete()
        moves.turn(assessment, Move.REOPEN, locked_at=None, shown=_fingerprints(assessment))
        record(viewer, "assessment.unlocked", assessment, {"reason": why, "lines": removed}, at=at)
        mails.assessors_may_score(viewer, assessment, "assessment.unlocked", note=why, at=at)


def _require_reopenable(assessment: Assessment) -> None:
    if assessment.state != State.AGREEING:
        raise MeriloError(_("The individual assessment is not locked, or the agreement is finished."))
    if is_begun(assessment):
        raise MeriloError(
            _("The group has already agreed on something, so the individual assessment stays locked.")
        )


def is_begun(assessment: Assessment) -> bool:
    """Whether a score, a statement or a differing opinion is on record. Three queries at most."""
    agreed = Agreement.objects.filter(assessment=assessment, state=AgreementState.AGREED)
    return (
        agreed.exists()
        or Statement.objects.filter(assessment=assessment).exists()
        or Dissent.objects.filter(agreement__assessment=assessment).exists()
    )
