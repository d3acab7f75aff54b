"""Letting members in who are not signed in: personal one-time codes, by mail or on printed slips."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merilo.assessment.actions.meeting import leading
from merilo.assessment.models import Assessment, Meeting, Pass, Way
from merilo.core import audit, limits
from merilo.core.errors import MeriloError
from merilo.core.limits import Rate
from merilo.core.secret import digest_of, new_code, new_token, typed
from merilo.groups.api import Seat, scoring_seats
from merilo.organisations.api import Viewer, record

# Guesses at codes. A room has one network, and people mistype; a hundred an hour against a hundred
# million codes is no chance worth naming.
PER_NETWORK: Rate = {"most": 30, "seconds": 15 * 60}
PER_MEETING: Rate = {"most": 100, "seconds": 3600}


class WrongCode(MeriloError):
    """A code that is not valid: never was, was used, or was replaced by a newer one."""


@dataclass(frozen=True, slots=True)
class Code:
    """A fresh code for the holder of a seat, to be mailed or printed now and shown never again."""

    seat: Seat
    digits: str


def make_codes(
    *, viewer: Viewer, assessment: Assessment, way: str, seats: Collection[UUID] | None = None, at: datetime
) -> Sequence[Code]:
    """New codes for scoring seats, all or some; earlier ones of the same seats are void.

    By mail only those with an address get one. Errors: Refused, ValueError for an unknown way.
    """
    chosen = Way(way)
    with leading(viewer, assessment, at) as meeting:
        found = [
            seat
            for seat in scoring_seats(assessment.group)
            if (seats is None or seat.pk in seats) and (chosen == Way.SLIP or seat.holder.email)
        ]
        codes = [_made(meeting, seat, chosen, at) for seat in found]
        made = {"way": str(chosen), "seats": [str(seat.pk) for seat in found]}
        record(viewer, "meeting.codes_made", meeting, made, at=at)
    return codes


def _made(meeting: Meeting, seat: Seat, way: Way, at: datetime) -> Code:
    """A code that nobody else in the meeting has."""
    while True:
        digits = new_code()
        fields = {
            "holder": seat.holder,
            "way": way,
            "code": _digest(meeting, digits),
            "made_at": at,
            "used_at": None,
            "device": "",
        }
        try:
            with transaction.atomic():
                Pass.objects.update_or_create(meeting=meeting, seat=seat, defaults=fields)
        except IntegrityError:
            continue
        return Code(seat, digits)


def _digest(meeting: Meeting, digits: str) -> str:
    return digest_of("meeting.code", f"{meeting.pk}:{digits}")


def enter(*, meeting: Meeting, code: str, network: str, at: datetime) -> str:
    """Use a code up; answers the secret by which the device is known from now on.

    Errors: WrongCode, TooMany after too many guesses from a network or at a meeting.
    """
    tries = [("meeting-code-network", network, PER_NETWORK), ("meeting-code", str(meeting.pk), PER_MEETING)]
    for what, whom, rate in tries:
        limits.refuse_if_full(what, whom, most=rate["most"], at=at)
    device = new_token()
    mine = Pass.objects.filter(meeting=meeting, code=_digest(meeting, typed(code)), used_at=None)
    with transaction.atomic():
        used = mine.update(used_at=at, device=digest_of("meeting.device", device))
        if used:
            entered = Pass.objects.select_related("seat__holder").get(
                meeting=meeting, device=digest_of("meeting.device", device)
            )
            audit.record(
                "meeting.entered",
                organisation=meeting.assessment.organisation_id,
                actor=entered.seat.holder.person_id or audit.UNNAMED,
                target=meeting,
                payload={"way": entered.way},
                at=at,
            )
            return device
    for what, whom, rate in tries:
        limits.hit(what, whom, **rate, at=at)
    raise WrongCode(
        _("This code is not valid or was used already. Check the digits, or ask who leads for a new one."),
        field="code",
    )
