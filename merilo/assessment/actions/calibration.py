"""The group practises together: opened by who leads, scored by each alone, shown without names, repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.assessment import mails, permissions
from merilo.assessment.actions import steps
from merilo.assessment.models import Assessment, Calibration, Trial
from merilo.assessment.rules import scoring
from merilo.assessment.rules.progress import FEWEST_SCORES
from merilo.assessment.rules.rounds import tally
from merilo.core.errors import MeriloError, Refused
from merilo.framework.cases import load_case
from merilo.framework.loading import load_shipped
from merilo.groups.api import SCORING, Seat
from merilo.organisations.api import Viewer, record

MOST_CALIBRATIONS = 20  # of one self-assessment
TRAINING = 4  # the step of the model it belongs to


class RoundOver(MeriloError):
    """The scores came after the round was shown; they are not counted and the member is told so."""

    status = 409


def open_calibration(
    *, viewer: Viewer, assessment: Assessment, case: str, method: str, at: datetime
) -> Calibration:
    """Give the group a case to score; the one that is going on, if one is.

    Errors: Refused, UnknownCode, MeriloError when there were too many.
    """
    require_leader(viewer, assessment)
    load_shipped(load_case(case).framework).method(method)
    with transaction.atomic():
        held = Assessment.objects.select_for_update().get(pk=assessment.pk)
        require_leader(viewer, held)
        going_on = Calibration.objects.filter(assessment=held, closed_at=None).first()
        if going_on is not None:
            return going_on
        if Calibration.objects.filter(assessment=held).count() >= MOST_CALIBRATIONS:
            raise MeriloError(_("The group has practised often enough: it is time to score."))
        made = Calibration.objects.create(
            assessment=held, case=case, method=method, opened_at=at, opened_by=viewer.membership
        )
        steps.mark_begun(assessment, TRAINING, at=at)
        record(viewer, "calibration.opened", made, {"case": case, "method": method}, at=at)
        mails.practice_opened(viewer, made, at=at)
    return made


def hand_in(
    *,
    viewer: Viewer,
    calibration: Calibration,
    values: Mapping[str, Mapping[str, int]],
    reasons: Mapping[str, str],
    at: datetime,
) -> None:
    """Give one's own scores for the case; until the round is shown they can be given anew.

    `values`: code of an item -> component -> points. Errors: Refused, RoundOver, scoring.ScoreError.
    """
    seat = require_voice(viewer, calibration.assessment, on=at.date())
    with _held(calibration.pk) as held:
        if not held.is_collecting or held.closed_at:
            raise RoundOver(_("This round is over, so your scores were not counted. Look at what it found."))
        _require_complete(held, values)
        given = {"round": held.round, "values": dict(values), "reasons": dict(reasons)}
        Trial.objects.update_or_create(calibration=held, seat=seat, defaults=given)
        record(viewer, "calibration.handed_in", held, {"round": held.round}, at=at)


def show(*, viewer: Viewer, calibration: Calibration, at: datetime) -> None:
    """End the round: its scores are shown to the group without names. Showing again changes nothing.

    Errors: Refused, MeriloError while fewer than three have handed in.
    """
    require_leader(viewer, calibration.assessment)
    with _held(calibration.pk) as held:
        if not held.is_collecting:
            return
        trials = list(Trial.objects.filter(calibration=held, round=held.round))
        if len(trials) < FEWEST_SCORES:
            raise MeriloError(too_few())
        framework = load_shipped(load_case(held.case).framework)
        found = {
            item.code: tally(
                framework.scale_for(item.code, held.method), [one.values[item.code] for one in trials]
            ).as_json()
            for item in load_case(held.case).items
        }
        held.spreads, held.is_collecting = [*held.spreads, found], False
        held.save(update_fields=["spreads", "is_collecting"])
        record(viewer, "calibration.shown", held, {"round": held.round}, at=at)


def too_few() -> str:
    """Why a round cannot be shown yet."""
    return _("The spread is shown from three members on: with fewer it could be told whose scores they are.")


def score_again(*, viewer: Viewer, calibration: Calibration, at: datetime) -> None:
    """After the talk: everybody scores the same case once more. Errors: Refused."""
    require_leader(viewer, calibration.assessment)
    with _held(calibration.pk) as held:
        if held.is_collecting or held.closed_at:
            return
        held.is_collecting, held.round = True, held.round + 1
        held.save(update_fields=["is_collecting", "round"])
        record(viewer, "calibration.repeated", held, {"round": held.round}, at=at)


def close(*, viewer: Viewer, calibration: Calibration, at: datetime) -> bool:
    """End the practice: what members gave is deleted, the spreads stay; without one nothing stays.

    Answers whether something stayed. Errors: Refused.
    """
    require_leader(viewer, calibration.assessment)
    with _held(calibration.pk) as held:
        if not held.closed_at:
            record(viewer, "calibration.closed", held, {"rounds": len(held.spreads)}, at=at)
        return _close(held, at)


def close_all(assessment: Assessment, *, at: datetime) -> None:
    """With the lock the practice is over; runs inside its transaction."""
    for found in Calibration.objects.select_for_update().filter(assessment=assessment, closed_at=None):
        _close(found, at)


def _close(held: Calibration, at: datetime) -> bool:
    if not held.spreads:
        held.delete()
        return False
    Trial.objects.filter(calibration=held).delete()
    held.is_collecting, held.closed_at = False, held.closed_at or at
    held.save(update_fields=["is_collecting", "closed_at"])
    return True


@contextmanager
def _held(pk: UUID) -> Iterator[Calibration]:
    """One transaction on a calibration, kept from other writers. Errors: MeriloError when it is gone."""
    with transaction.atomic():
        held = Calibration.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if held is None:
            raise RoundOver(_("This practice has been closed meanwhile."))
        yield held


def require_leader(viewer: Viewer, assessment: Assessment) -> None:
    """Refuse whoever does not lead the practice. Errors: Refused."""
    if not permissions.may_calibrate(viewer, assessment):
        raise Refused(
            _("Only the coordinator, the chair or the facilitator leads the practice, and before the lock.")
        )


def require_voice(viewer: Viewer, assessment: Assessment, *, on: date) -> Seat:
    """The seat by which the viewer scores. Errors: Refused."""
    seat = permissions.seat_of(viewer, assessment, on=on)
    if seat is None or seat.function not in SCORING:
        raise Refused(_("Only members of the group who score take part in the practice."))
    return seat


def _require_complete(calibration: Calibration, values: Mapping[str, Mapping[str, int]]) -> None:
    case = load_case(calibration.case)
    framework = load_shipped(case.framework)
    for item in case.items:
        scoring.score_of(framework.scale_for(item.code, calibration.method), values.get(item.code, {}))
