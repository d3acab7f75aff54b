"""What the group's practice shows: how many handed in, one's own scores, the spread of each round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from merilo.assessment import permissions
from merilo.assessment.models import Assessment, Calibration, State, Trial
from merilo.assessment.rules.rounds import Tally
from merilo.groups.api import SCORING, Seat
from merilo.organisations.api import Viewer


@dataclass(frozen=True, slots=True)
class Session:
    """A calibration as the viewer sees it: `own` is what the viewer gave, in this round or the one before."""

    calibration: Calibration
    seats: int
    handed_in: int
    own: Trial | None
    scores: bool  # the viewer holds a seat that scores
    leads: bool

    @property
    def has_handed_in(self) -> bool:
        return self.own is not None and self.own.round == self.calibration.round

    def spreads_of(self, code: str) -> list[Tally]:
        """What each round found for an item, the first one first."""
        return [Tally.from_json(found[code]) for found in self.calibration.spreads]


def calibrations_of(viewer: Viewer, assessment: Assessment) -> QuerySet[Calibration]:
    """All of an assessment, the last first; none for who may not see them. One query."""
    found = Calibration.objects.filter(assessment=assessment, assessment__organisation=viewer.organisation)
    return found.select_related("opened_by")


def calibration_in(viewer: Viewer, assessment: Assessment, pk: UUID) -> Calibration:
    """One of them. Errors: Calibration.DoesNotExist."""
    return calibrations_of(viewer, assessment).get(pk=pk)


def session_of(viewer: Viewer, calibration: Calibration, *, on: date) -> Session:
    """Everything its page shows. Four queries at most."""
    assessment = calibration.assessment
    seat = permissions.seat_of(viewer, assessment, on=on)
    is_voice = seat is not None and seat.function in SCORING
    handed_in = Trial.objects.filter(calibration=calibration, round=calibration.round).count()
    own = Trial.objects.filter(calibration=calibration, seat=seat).first() if is_voice else None
    voices = Seat.objects.filter(Q(until=None) | Q(until__gte=on), function__in=SCORING)
    seats = voices.filter(group=assessment.group_id).count()
    leads = permissions.may_calibrate(viewer, assessment)
    return Session(calibration, seats, handed_in, own, is_voice, leads)


def to_hand_in(viewer: Viewer, *, on: date) -> QuerySet[Calibration]:
    """Practice that is going on and waits for the viewer's scores. One query."""
    mine = Seat.objects.filter(
        Q(until=None) | Q(until__gte=on), holder=viewer.membership, function__in=SCORING
    )
    given = Trial.objects.filter(
        calibration=OuterRef("pk"), round=OuterRef("round"), seat__holder=viewer.membership
    )
    found = Calibration.objects.filter(
        assessment__organisation=viewer.organisation,
        assessment__group__in=mine.values("group"),
        assessment__state__in=[State.PLANNING, State.ASSESSING],
        is_collecting=True,
        closed_at=None,
    )
    found = found.exclude(Exists(given))
    return found.select_related("assessment").order_by("opened_at", "id")
