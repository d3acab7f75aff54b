"""Asking colleagues outside the group for evidence, and settling what they sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.assessment import mails, permissions
from merilo.assessment.actions import evidence as shelf
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, EvidenceRequest, Received, RequestLink, RequestState
from merilo.assessment.queries import requests as queries
from merilo.assessment.rules import requests as rules
from merilo.core import limits, mail, postage
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.limits import Rate
from merilo.core.secret import digest_of, new_token
from merilo.organisations.api import Membership, Organisation, Viewer, record

MAILS_TO_COLLEAGUES: Rate = {"most": 200, "seconds": 24 * 3600}  # of one organisation


@dataclass(frozen=True, slots=True)
class Asked:
    """What is needed, for which items, until when, and from whom."""

    what: str
    codes: Sequence[str]
    due: date
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing received that goes on the shelf, under a title."""

    thing: Received
    title: str


@dataclass(frozen=True, slots=True)
class Shelved:
    """What all things accepted together have in common; `uses` are codes with the page."""

    uses: Mapping[str, str]
    year: int | None = None
    only_coordinator: bool = False


# --- asking -------------------------------------------------------------------------------------------
def ask(*, viewer: Viewer, assessment: Assessment, asked: Asked, at: datetime) -> tuple[EvidenceRequest, str]:
    """Ask a colleague by mail; answers the request and the address of its link. Errors: Refused, TooMany."""
    require_request(viewer, assessment)
    known = {item.code for item in framework_of(assessment).items}
    if unknown := set(asked.codes) - known:
        raise MeriloError(_("There is no sub-criterion %(code)s.") % {"code": min(unknown)})
    with transaction.atomic():
        request = EvidenceRequest.objects.create(
            assessment=assessment,
            what=asked.what,
            codes=list(asked.codes),
            due=asked.due,
            name=asked.name,
            email=asked.email,
            asked_by=viewer.membership,
            asked_at=at,
            written_at=at,
        )
        link = _write(viewer, request, "new", at)
        record(viewer, "request.made", request, _told(request, items=request.codes, until=request.due), at=at)
    return request, link


def remind(*, viewer: Viewer, request: EvidenceRequest, at: datetime) -> str:
    """Write to the colleague again; answers the address of the new link.

    At most once in 48 hours, whatever the organisation has asked of them.
    Errors: Refused, Conflict, MeriloError when it is too early, TooMany.
    """
    with _settling(viewer, request) as held:
        _require(held, queries.standing_of(held, on=_today(at)) not in rules.OVER)
        _require(held, rules.State(held.state) in rules.WAITING)
        Organisation.objects.select_for_update(no_key=True).get(pk=viewer.organisation_id)
        if at < rules.remind_from(queries.last_written(held)):
            raise MeriloError(_("One reminder in 48 hours is enough. The colleague was written to recently."))
        held.written_at = at
        link = _write(viewer, held, "reminder", at)
        record(viewer, "request.reminded", held, _told(held), at=at)
    return link


def lengthen(*, viewer: Viewer, request: EvidenceRequest, due: date, at: datetime) -> str:
    """Give the colleague more time and tell them; answers the address of the new link.

    Errors: Refused, Conflict, MeriloError when the day is not later, TooMany.
    """
    with _settling(viewer, request) as held:
        _require(held, rules.State(held.state) in rules.WAITING)
        if due <= held.due or due < _today(at):
            raise MeriloError(_("Choose a day that is later than the deadline until now."), field="due")
        before, held.due, held.written_at = held.due, due, at
        link = _write(viewer, held, "longer", at)
        payload = _told(held, before={"until": before}, after={"until": due})
        record(viewer, "request.lengthened", held, payload, at=at)
    return link


def withdraw(*, viewer: Viewer, request: EvidenceRequest, at: datetime) -> None:
    """Take a request back: its links take nothing any more. Errors: Refused, Conflict."""
    with _settling(viewer, request) as held:
        _require(held, rules.State(held.state) not in rules.SETTLED)
        held.state = RequestState.WITHDRAWN
        mails.request_withdrawn(held)
        record(viewer, "request.withdrawn", held, _told(held), at=at)


def pass_on(*, viewer: Viewer, request: EvidenceRequest, to: Membership, at: datetime) -> None:
    """Let somebody else be the one who asked and is told of answers. Errors: Refused, Conflict."""
    with _settling(viewer, request) as held:
        _require(held, rules.State(held.state) not in rules.SETTLED)
        before, held.asked_by = held.asked_by_id, to
        payload = _told(held, before={"owner": before}, after={"owner": to.pk})
        record(viewer, "request.passed_on", held, payload, at=at)


# --- what came ----------------------------------------------------------------------------------------
def accept(
    *,
    viewer: Viewer,
    request: EvidenceRequest,
    version: int,
    taken: Sequence[Taken],
    shelved: Shelved,
    at: datetime,
) -> None:
    """Put what was chosen on the shelf and settle the request.

    Errors: Refused, MeriloError (nothing chosen); Conflict when something came since the version was read.
    """
    with _settling(viewer, request, version) as held:
        _require(held, rules.State(held.state) == rules.State.RECEIVED)
        if not taken and any(thing.kind for thing in queries.received(held)):
            raise MeriloError(_("Tick at least one thing, or return the request with a note."))
        for one in taken:
            _put_on_shelf(viewer, held, one, shelved, at)
        held.state = RequestState.ACCEPTED
        record(viewer, "request.accepted", held, _told(held, items=list(shelved.uses)), at=at)


def _put_on_shelf(
    viewer: Viewer, request: EvidenceRequest, one: Taken, shelved: Shelved, at: datetime
) -> None:
    thing = one.thing
    content = shelf.Content(
        title=one.title,
        year=shelved.year,
        url=thing.url,
        text=thing.text,
        only_coordinator=shelved.only_coordinator,
        stored=thing.file,
    )
    thing.evidence = shelf.add(
        viewer=viewer,
        assessment=request.assessment,
        kind=thing.kind,
        content=content,
        uses=shelved.uses,
        at=at,
    )
    thing.save(update_fields=["evidence"])


def give_back(*, viewer: Viewer, request: EvidenceRequest, note: str, due: date, at: datetime) -> str:
    """Return what came with a note and a deadline; answers the address of the new link.

    Errors: Refused, Conflict, MeriloError when the deadline has passed, TooMany.
    """
    with _settling(viewer, request) as held:
        _require(held, rules.State(held.state) == rules.State.RECEIVED)
        if due < _today(at):
            raise MeriloError(_("Choose today or a later day."), field="due")
        held.state, held.note, held.due, held.written_at = RequestState.RETURNED, note, due, at
        link = _write(viewer, held, "returned", at)
        record(viewer, "request.returned", held, _told(held, reason=note, until=due), at=at)
    return link


# --- what they share ----------------------------------------------------------------------------------
def require_request(viewer: Viewer, assessment: Assessment) -> None:
    """Raise Refused unless the viewer may ask colleagues now."""
    if not permissions.may_request(viewer, assessment):
        raise Refused(
            _("Colleagues are asked by the coordinator, or by who leads the group and adds evidence.")
        )


def require_settling(viewer: Viewer, request: EvidenceRequest) -> None:
    """Raise Refused unless the viewer may decide about the request now."""
    if not permissions.may_settle(viewer, request):
        raise Refused(_("Only who asked and the coordinator can do this, until the report is approved."))


@contextmanager
def _settling(
    viewer: Viewer, request: EvidenceRequest, version: int | None = None
) -> Iterator[EvidenceRequest]:
    """The request as it is now, kept from others and stored in the end. Errors: Refused, Conflict."""
    require_settling(viewer, request)
    with transaction.atomic():
        rows = EvidenceRequest.objects.select_for_update(of=("self",))
        held = rows.select_related("assessment__organisation", "asked_by").get(pk=request.pk)
        _require(held, version in {None, held.version})
        yield held
        held.version += 1
        held.save()


def _require(held: EvidenceRequest, holds: bool) -> None:  # noqa: FBT001  the condition itself
    if not holds:
        raise Conflict(
            _("Meanwhile something has happened to this request: it is now “%(state)s”. Look at it again.")
            % {"state": held.get_state_display()}
        )


def _write(viewer: Viewer, request: EvidenceRequest, why: str, at: datetime) -> str:
    """A new link for the colleague, mailed where there is a mail server; its secret is kept nowhere."""
    limits.hit("evidence-request", str(viewer.organisation_id), **MAILS_TO_COLLEAGUES, at=at)
    if mail.has_server():
        postage.pay(by=viewer.person_id, to=[request.email], at=at)
    token = new_token()
    RequestLink.objects.create(request=request, digest=digest_of(queries.PURPOSE, token), made_at=at)
    link = mails.request_address(token)
    mails.request_written(request, link=link, why=why)
    return link


def _today(at: datetime) -> date:
    return timezone.localdate(at)


def _told(request: EvidenceRequest, **more: Any) -> dict[str, Any]:
    """What the record says: never whose the address is."""
    return {"name": request.what, **more}
