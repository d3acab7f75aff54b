"""What the group agrees on: a score by item, postponing, differing opinions, and the end of the agreement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.actions import moves, steps
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import (
    Agreement,
    AgreementState,
    Assessment,
    Decision,
    Dissent,
    Meeting,
    ReportRevision,
    RevisionState,
    State,
)
from merilo.assessment.rules import scoring, statistics
from merilo.assessment.rules.lifecycle import Move
from merilo.core import audit
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.texts import clean_line, clean_text
from merilo.organisations.api import Viewer, record

LONGEST_REASON = 4_000
LONGEST_NAME = 150
SELF_ASSESSMENT, REPORT = 5, 6  # steps of the cycle


class ReasonNeeded(MeriloError):
    """An agreed score that needs its justification: outside the middle half, or no score at all."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to stand for one item; `values` are empty where the group postpones or gives no score."""

    state: str
    values: Mapping[str, int] = field(default_factory=dict)
    justification: str = ""

    @property
    def has_score(self) -> bool:
        return bool(self.values)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One row of several agreed together: which item, on which version, what, and the individual scores."""

    code: str
    version: int
    outcome: Outcome
    scores: Sequence[Decimal]


def require_leader(viewer: Viewer, assessment: Assessment) -> None:
    """Raise Refused unless the viewer leads the agreement."""
    if not permissions.may_moderate(viewer, assessment):
        raise Refused(
            _("Only the coordinator, the chair or the facilitator can write what the group agrees.")
        )


def require_voice(viewer: Viewer, assessment: Assessment) -> None:
    """Raise Refused unless the viewer may put a differing opinion on record."""
    if not permissions.may_dissent(viewer, assessment):
        raise Refused(_("Only those who scored or lead the agreement put a differing opinion on record."))


@contextmanager
def agreeing(
    viewer: Viewer, assessment: Assessment, require: Callable[[Viewer, Assessment], None] = require_leader
) -> Iterator[UUID | None]:
    """One transaction of somebody who may, in an agreement that is going on. Errors: Refused.

    Yields the meeting that is going on, if one is: its screens see what was changed.
    """
    require(viewer, assessment)
    with transaction.atomic():
        held = Assessment.objects.select_for_update().only("state").get(pk=assessment.pk)
        if held.state != State.AGREEING:
            raise Refused(_("The agreement is not going on: what was agreed can be read, not changed."))
        running = Meeting.objects.filter(assessment=assessment, ended_at=None)
        meeting = running.values_list("pk", flat=True).first()
        yield meeting
        if meeting is not None:
            running.update(version=F("version") + 1)


def agree(*, viewer: Viewer, assessment: Assessment, proposal: Proposal, at: datetime) -> Agreement:
    """Record what the group decided on one item, over exactly the version it was shown.

    The same decision again changes nothing. Errors: Refused, ReasonNeeded, scoring.ScoreError,
    Conflict (details: stored, proposal) when somebody was faster.
    """
    with agreeing(viewer, assessment) as meeting:
        stored = Agreement.objects.select_for_update().get(assessment=assessment, code=proposal.code)
        stored.assessment = assessment
        return _decide(viewer, stored, proposal, meeting=meeting, at=at)


def agree_together(
    *, viewer: Viewer, assessment: Assessment, proposals: Sequence[Proposal], at: datetime
) -> list[Agreement]:
    """Record several items at once, all or none.

    Errors: those of `agree`; Conflict carries `stale`, the list of (stored, proposal) that were changed.
    """
    with agreeing(viewer, assessment) as meeting:
        codes = [proposal.code for proposal in proposals]
        held = Agreement.objects.select_for_update().filter(assessment=assessment, code__in=codes)
        stored = {row.code: row for row in held}
        for row in stored.values():
            row.assessment = assessment
        stale = [(stored[p.code], p) for p in proposals if _is_stale(stored[p.code], p)]
        if stale:
            raise Conflict(_("Some of these items were agreed by somebody else meanwhile."), stale=stale)
        return [_decide(viewer, stored[p.code], p, meeting=meeting, at=at) for p in proposals]


def _is_stale(stored: Agreement, proposal: Proposal) -> bool:
    return stored.version != proposal.version and not _is_same(stored, proposal.outcome)


def _is_same(stored: Agreement, outcome: Outcome) -> bool:
    return (stored.state, stored.values, stored.justification) == (
        outcome.state,
        dict(outcome.values),
        outcome.justification,
    )


def _decide(
    viewer: Viewer, stored: Agreement, proposal: Proposal, *, meeting: UUID | None, at: datetime
) -> Agreement:
    outcome = proposal.outcome
    if _is_same(stored, outcome):
        return stored
    if stored.version != proposal.version:
        raise Conflict(
            _("Somebody else changed this item after you opened it."), stored=stored, proposal=proposal
        )
    _check(stored.assessment, proposal)
    was_agreed = stored.state == AgreementState.AGREED
    reason = clean_text(outcome.justification, LONGEST_REASON)
    before = _put(viewer, stored, Outcome(outcome.state, outcome.values, reason), at)
    _trace(viewer, stored, before, meeting=meeting, at=at)
    verb = "agreement.changed" if was_agreed else f"agreement.{outcome.state}"
    record(viewer, verb, stored, {"code": stored.code, "before": before, "after": _shown(stored)}, at=at)
    return stored


def _put(viewer: Viewer, stored: Agreement, outcome: Outcome, at: datetime) -> dict[str, Any]:
    """Let the outcome stand as the next version; answers what stood before."""
    before = _shown(stored)
    stored.state, stored.values = outcome.state, dict(outcome.values)
    stored.justification = outcome.justification
    agreed = outcome.state == AgreementState.AGREED
    stored.agreed_at, stored.agreed_by = (at, viewer.membership) if agreed else (None, None)
    stored.version += 1
    stored.save()
    return before


def _trace(
    viewer: Viewer,
    stored: Agreement,
    before: dict[str, Any],
    *,
    meeting: UUID | None,
    at: datetime,
    is_undoing: bool = False,
) -> None:
    Decision.objects.create(
        agreement=stored,
        meeting_id=meeting,
        version=stored.version,
        before=before,
        after=_shown(stored),
        is_undoing=is_undoing,
        at=at,
        by=viewer.membership,
    )


def undo(*, viewer: Viewer, assessment: Assessment, code: str, version: int, at: datetime) -> Agreement:
    """Let stand again what stood before the last decision on an item; both stay in its history.

    Errors: Refused, MeriloError (nothing to undo), Conflict (details: stored) when somebody was faster.
    """
    with agreeing(viewer, assessment) as meeting:
        stored = Agreement.objects.select_for_update().get(assessment=assessment, code=code)
        if stored.version != version:
            raise Conflict(_("Somebody else changed this item after you opened it."), stored=stored)
        last = Decision.objects.filter(agreement=stored, version=version).first()
        if last is None:
            raise MeriloError(_("Nothing has been decided here that could be undone."))
        then = last.before
        outcome = Outcome(then["state"], then["values"], then["justification"])
        before = _put(viewer, stored, outcome, at)
        _trace(viewer, stored, before, meeting=meeting, at=at, is_undoing=True)
        undone = {"code": code, "before": before, "after": _shown(stored)}
        record(viewer, "agreement.undone", stored, undone, at=at)
    return stored


def _check(assessment: Assessment, proposal: Proposal) -> None:
    """An agreed score is complete and on the scale, and has its reason where it needs one."""
    outcome = proposal.outcome
    if outcome.state != AgreementState.AGREED:
        return
    if not outcome.has_score:
        if not outcome.justification.strip():
            raise ReasonNeeded(_("Say why the group gives no score."), field="justification")
        return
    scale = framework_of(assessment).scale_for(proposal.code, assessment.method)
    score = scoring.score_of(scale, outcome.values)
    if statistics.outside_iqr(score, proposal.scores) and not outcome.justification.strip():
        raise ReasonNeeded(reason_sentence(proposal.scores), field="justification")


def reason_sentence(scores: Sequence[Decimal]) -> str:
    """Why a justification is needed, in words."""
    if not scores:
        return _("Nobody scored this item: say what the agreed score rests on.")
    return _("The agreed score lies outside the middle half of the individual scores: say why.")


def _shown(agreement: Agreement) -> dict[str, Any]:
    return {
        "state": str(agreement.state),
        "values": agreement.values,
        "justification": agreement.justification,
        "version": agreement.version,
    }


def record_dissent(
    *, viewer: Viewer, assessment: Assessment, code: str, text: str, name: str, at: datetime
) -> Dissent:
    """Put a differing opinion on record, by name only where the person wants it.

    Of a member who wants none, the record of actions names nobody either. Errors: Refused, MeriloError
    without a text.
    """
    opinion, who = clean_text(text, LONGEST_REASON), clean_line(name, LONGEST_NAME)
    if not opinion:
        raise MeriloError(_("Write the differing opinion."))
    with agreeing(viewer, assessment, require_voice):
        agreement = Agreement.objects.get(assessment=assessment, code=code)
        dissent = Dissent.objects.create(agreement=agreement, text=opinion, name=who, at=at)
        audit.record(
            "dissent.recorded",
            organisation=viewer.organisation_id,
            actor=viewer.person_id if who or permissions.may_moderate(viewer, assessment) else audit.UNNAMED,
            target=agreement,
            payload={"code": code, "text": opinion, "name": who},
            at=at,
        )
    return dissent


def withdraw_dissent(
    *, viewer: Viewer, assessment: Assessment, code: str, pk: int, reason: str, at: datetime
) -> None:
    """Take a differing opinion off the record, with a reason; doing so again changes nothing.

    Errors: Refused, MeriloError without a reason.
    """
    require_leader(viewer, assessment)
    why = clean_line(reason)
    if not why:
        raise MeriloError(_("Say why the differing opinion is taken off the record."))
    with agreeing(viewer, assessment):
        dissent = Dissent.objects.filter(
            agreement__assessment=assessment, agreement__code=code, pk=pk
        ).first()
        if dissent is not None:
            kept = {"code": code, "text": dissent.text, "name": dissent.name, "reason": why}
            record(viewer, "dissent.withdrawn", dissent, kept, at=at)
            dissent.delete()


def finish(*, viewer: Viewer, assessment: Assessment, at: datetime) -> bool:
    """End the agreement and begin the report; False when that was done before.

    Errors: Refused, MeriloError while an item is open or postponed.
    """
    if permissions.may_moderate(viewer, assessment) and assessment.state == State.REPORTING:
        return False
    with agreeing(viewer, assessment) as meeting:
        if meeting is not None:
            raise MeriloError(_("A meeting is going on. End it first, so that its minutes are complete."))
        rows = Agreement.objects.filter(assessment=assessment)
        if rows.exclude(state=AgreementState.AGREED).exists():
            raise MeriloError(
                _("Some items are not agreed yet. Agree on them, or say why they have no score.")
            )
        without = rows.filter(values={}).count()
        moves.turn(assessment, Move.FINISH)
        steps.mark_done(assessment, SELF_ASSESSMENT, at=at)
        steps.mark_begun(assessment, REPORT, at=at)
        record(
            viewer, "assessment.agreed", assessment, {"items": rows.count(), "without_score": without}, at=at
        )
    return True


def resume(*, viewer: Viewer, assessment: Assessment, reason: str, at: datetime) -> None:
    """Go back from the report to the agreement, with a reason. Errors: Refused, MeriloError."""
    if not permissions.may_moderate(viewer, assessment):
        raise Refused(
            _("Only the coordinator, the chair or the facilitator can take the agreement up again.")
        )
    why = clean_line(reason)
    if not why:
        raise MeriloError(_("Say why the agreement is taken up again."), field="reason")
    with transaction.atomic():
        held = Assessment.objects.select_for_update().only("state").get(pk=assessment.pk)
        if held.state != State.REPORTING:
            raise MeriloError(
                _("The agreement can be taken up again only while the report is being written.")
            )
        waiting = ReportRevision.objects.filter(report=assessment.pk, state=RevisionState.SUBMITTED)
        if waiting.exists():
            raise MeriloError(_("A revision of the report waits for approval. Let it be returned first."))
        moves.turn(assessment, Move.RESUME)
        steps.mark_not_done(assessment, SELF_ASSESSMENT)
        record(viewer, "assessment.resumed", assessment, {"reason": why}, at=at)
