"""Consent of a town that a resource centre sees where its cycle stands, on record with both.

In the other organisation's record the row stands under the name of the organisation, not of the person.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.core import audit
from merilo.core.errors import MeriloError, Refused
from merilo.organisations import permissions
from merilo.organisations.models import Organisation, OrganisationKind, Sharing
from merilo.organisations.notifying import Event, notify
from merilo.organisations.queries import coordinators
from merilo.organisations.recording import record
from merilo.organisations.viewers import Viewer


@transaction.atomic
def share(*, viewer: Viewer, centre: UUID, with_reports: bool, at: datetime) -> Sharing:
    """Let a resource centre see the state of the cycle, whether it has asked or not; takes effect at once.

    Errors: Refused, MeriloError (no such centre).
    """
    _require(permissions.may_share(viewer))
    found = Organisation.objects.filter(pk=centre, kind=OrganisationKind.CENTRE, closed_at=None)
    other = found.exclude(pk=viewer.organisation_id).first()
    if other is None:
        raise MeriloError(_("This resource centre is not on the platform any more."))
    sharing, _made = Sharing.objects.select_for_update().get_or_create(
        town=viewer.organisation, centre=other, ended_at=None
    )
    if sharing.agreed_at is None:
        sharing.agreed_at, sharing.with_reports = at, with_reports
        sharing.save(update_fields=["agreed_at", "with_reports"])
        _record_with_both(viewer, "sharing.agreed", sharing, at, with_reports=with_reports)
        _tell(viewer, "sharing.agreed", other, "organisations:towns", at, town=viewer.organisation.name)
    return sharing


@transaction.atomic
def ask(*, viewer: Viewer, register_number: str, at: datetime) -> None:
    """Ask the town of a register number for its consent; what comes of it does not tell who is here.

    Errors: Refused.
    """
    _require(permissions.may_ask_towns(viewer))
    record(viewer, "sharing.asked", viewer.organisation, {"register_number": register_number}, at=at)
    towns = Organisation.objects.filter(register_number=register_number, closed_at=None)
    for town in towns.exclude(pk=viewer.organisation_id).exclude(register_number=""):
        sharing, made = Sharing.objects.get_or_create(
            town=town, centre=viewer.organisation, ended_at=None, defaults={"asked_at": at}
        )
        if made:
            _record_elsewhere(viewer, "sharing.asked", sharing, at)
            _tell(viewer, "sharing.asked", town, "organisations:shared", at, centre=sharing.centre.name)


@transaction.atomic
def end(*, viewer: Viewer, sharing: UUID, at: datetime) -> None:
    """Withdraw the consent, decline a wish, or stop seeing a town; takes effect at once.

    Errors: Refused, MeriloError (it is not theirs or has ended).
    """
    found = Sharing.objects.select_for_update(of=("self",)).select_related("town", "centre")
    row = found.filter(pk=sharing, ended_at=None).first()
    if row is None or viewer.organisation_id not in {row.town_id, row.centre_id}:
        raise MeriloError(_("This is not shared any more."))
    is_town = row.town_id == viewer.organisation_id
    _require(permissions.may_share(viewer) if is_town else permissions.may_ask_towns(viewer))
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _record_with_both(viewer, "sharing.ended", row, at)


@transaction.atomic
def record_reading(*, viewer: Viewer, sharing: Sharing, report: UUID, at: datetime) -> None:
    """That the centre opened an approved report of a town stands in the records of both."""
    _record_with_both(viewer, "sharing.report_read", sharing, at, report=str(report))


def _require(allowed: bool) -> None:  # noqa: FBT001  the answer of a predicate
    if not allowed:
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))


def _tell(viewer: Viewer, kind: str, whom: Organisation, page: str, at: datetime, **facts: str) -> None:
    """Tell the coordinators of the other organisation."""
    event = Event(kind, reverse(page, kwargs={"org": whom.slug}), at, facts)
    notify(viewer=viewer, event=event, to=coordinators(whom, on=timezone.localdate(at)))


def _record_with_both(viewer: Viewer, verb: str, sharing: Sharing, at: datetime, **more: object) -> None:
    record(viewer, verb, sharing, _payload(sharing) | more, at=at)
    _record_elsewhere(viewer, verb, sharing, at, **more)


def _record_elsewhere(viewer: Viewer, verb: str, sharing: Sharing, at: datetime, **more: object) -> None:
    audit.record(
        verb,
        organisation=sharing.centre_id if sharing.town_id == viewer.organisation_id else sharing.town_id,
        actor=viewer.organisation_id,
        target=sharing,
        payload=_payload(sharing) | more,
        at=at,
    )


def _payload(sharing: Sharing) -> dict[str, object]:
    return {"centre": sharing.centre.name, "town": sharing.town.name}
