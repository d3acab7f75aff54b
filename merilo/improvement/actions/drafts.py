"""Measures that are offered to a plan, and what is decided about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.references import Reference
from merilo.improvement import mails, permissions
from merilo.improvement.actions.measures import What, Who, add_measure
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.models import Draft, DraftState, Measure, Plan
from merilo.organisations.api import Viewer, record


@dataclass(frozen=True, slots=True)
class Offered:
    """What might be done, in which sub-criteria, and because of what."""

    text: str
    note: str = ""
    codes: Sequence[str] = ()
    sources: Sequence[Reference] = ()


def offer(*, viewer: Viewer, plan: Plan, offered: Offered, at: datetime) -> Draft:
    """Lay a draft of a measure into the inbox of a plan. Errors: Refused."""
    require_offer(viewer, plan)
    with transaction.atomic():
        made = Draft.objects.create(
            plan=plan,
            text=offered.text,
            note=offered.note,
            codes=list(offered.codes),
            sources=[one.plain() for one in offered.sources],
            offered_by=viewer.membership,
            offered_at=at,
        )
        titles = [one.snapshot.title for one in offered.sources]
        record(viewer, "draft.offered", plan, {"text": made.text, "source": titles}, at=at)
    return made


def require_offer(viewer: Viewer, plan: Plan) -> None:
    """Errors: Refused."""
    if not permissions.may_offer(viewer, plan):
        raise Refused(_("Measures are offered by those who work on evidence, indicators or the plan."))


def accept(*, viewer: Viewer, draft: Draft, what: What, who: Who, at: datetime) -> Measure:
    """Make a measure of a draft, in the words of who accepts it. Errors: Refused, Conflict, MeriloError."""
    with _deciding(viewer, draft, at) as held:
        held.measure = add_measure(viewer=viewer, plan=draft.plan, what=what, who=who, at=at)
        held.state = DraftState.ACCEPTED
        told = {"number": held.measure.number, "text": held.text}
        record(viewer, "draft.accepted", held.measure, told, at=at)
    return held.measure


def decline(*, viewer: Viewer, draft: Draft, reason: str, at: datetime) -> None:
    """Say why a draft does not become a measure. Errors: Refused, Conflict, MeriloError (no reason)."""
    if not reason:
        raise MeriloError(_("Say why."), field="reason")
    with _deciding(viewer, draft, at) as held:
        held.state, held.reason = DraftState.DECLINED, reason
        record(viewer, "draft.declined", draft.plan, {"text": held.text, "reason": reason}, at=at)


@contextmanager
def _deciding(viewer: Viewer, draft: Draft, at: datetime) -> Iterator[Draft]:
    """The draft as it is now, kept from others; afterwards it is decided and its author is told."""
    require_edit(viewer, draft.plan)
    with transaction.atomic():
        rows = Draft.objects.select_for_update(of=("self",))
        held = rows.select_related("plan", "offered_by").get(pk=draft.pk)
        if held.state != DraftState.WAITING:
            raise Conflict(_("Somebody else has decided about this in the meantime."))
        yield held
        held.decided_by, held.decided_at = viewer.membership, at
        held.save()
        mails.draft_decided(viewer, held, at=at)
