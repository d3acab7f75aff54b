"""Writes: criteria, members' own points, what the group agrees, decisions, measures of what was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.groups.api import seat_held
from merilo.improvement import permissions
from merilo.improvement.actions.plans import next_number, require_edit
from merilo.improvement.actions.ticked import Ticked, held
from merilo.improvement.models import (
    Decision,
    Item,
    Measure,
    MeasureKind,
    OwnPoints,
    Plan,
    Proposal,
)
from merilo.improvement.queries.priorities import Row, close_ones, ranked, voices_of
from merilo.improvement.queries.proposals import proposals_of
from merilo.improvement.rules.priorities import Quadrant
from merilo.improvement.rules.scheme import kept, moved
from merilo.organisations.api import Viewer, record

KINDS = {Quadrant.QUICK_WIN: MeasureKind.QUICK_WIN, Quadrant.KEY_PROJECT: MeasureKind.KEY}


def require_moderate(viewer: Viewer, plan: Plan) -> None:
    """Errors: Refused."""
    if not permissions.may_moderate(viewer, plan):
        raise Refused(
            _("Only the coordinator, the chair and the facilitator enter what the group agrees on.")
        )


# --- criteria ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Scheme:
    """Criteria and success factors as typed; `places` leads from old places of factors to new ones."""

    criteria: Sequence[Mapping[str, Any]]
    factors: Sequence[str]
    places: Mapping[int, int]


def change_scheme(*, viewer: Viewer, plan: Plan, scheme: Scheme, version: int, at: datetime) -> None:
    """Change criteria, weights and success factors; points given stay. Errors: Refused, Conflict."""
    require_edit(viewer, plan)
    with transaction.atomic():
        changed = Plan.objects.filter(pk=plan.pk, version=version).update(
            scheme=list(scheme.criteria), factors=list(scheme.factors), version=version + 1
        )
        if not changed:
            raise Conflict(_("Somebody else has changed the plan in the meantime."))
        _follow_factors(plan, scheme.places)
        told = {"weights": {one["code"]: one["weight"] for one in scheme.criteria}}
        record(viewer, "plan.criteria_changed", plan, told | {"factors": list(scheme.factors)}, at=at)


def _follow_factors(plan: Plan, places: Mapping[int, int]) -> None:
    """Proposals go on naming the same success factors, wherever these stand now."""
    for proposal in Proposal.objects.filter(plan=plan).only("pk", "factors"):
        after = moved(proposal.factors, places)
        if after != proposal.factors:
            Proposal.objects.filter(pk=proposal.pk).update(factors=after, version=F("version") + 1)


# --- alone ------------------------------------------------------------------------------------
def score_alone(
    *, viewer: Viewer, plan: Plan, points: Mapping[UUID, Mapping[str, int]], at: datetime
) -> None:
    """A member's own points, by proposal; sending the same again changes nothing. Errors: Refused."""
    seat = seat_held(viewer, plan)
    with transaction.atomic():
        # Read again and held: nobody scores while the scores are being closed.
        fresh = Plan.objects.select_for_update().get(pk=plan.pk)
        if seat is None or not permissions.may_score(viewer, fresh):
            raise Refused(_("Members of the group score here until their scores are closed."))
        own = set(Proposal.objects.filter(plan=plan, pk__in=points).values_list("pk", flat=True))
        for key in own:
            OwnPoints.objects.update_or_create(
                proposal_id=key,
                seat=seat,
                defaults={"points": kept(fresh.scheme, points[key]), "saved_at": at},
            )
        record(viewer, "plan.scored_alone", plan, {"proposals": len(own)}, at=at)


def close_scores(*, viewer: Viewer, plan: Plan, at: datetime) -> None:
    """Members score no more; what they gave is shown to the group without names. Errors: Refused."""
    require_moderate(viewer, plan)
    with transaction.atomic():
        if Plan.objects.filter(pk=plan.pk, scored_at=None).update(scored_at=at):
            record(viewer, "plan.scores_closed", plan, at=at)


def open_scores(*, viewer: Viewer, plan: Plan, at: datetime) -> None:
    """Members score again; what they gave is hidden until it is closed anew. Errors: Refused."""
    require_moderate(viewer, plan)
    with transaction.atomic():
        if Plan.objects.filter(pk=plan.pk).exclude(scored_at=None).update(scored_at=None):
            record(viewer, "plan.scores_opened", plan, at=at)


# --- together ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Agreed:
    """What the group agreed on one proposal, and the version in which it was shown."""

    proposal: UUID
    points: Mapping[str, int]
    version: int


def agree(*, viewer: Viewer, plan: Plan, agreed: Sequence[Agreed], at: datetime) -> None:
    """The group's points, all or none. Errors: Refused, Conflict with the `numbers` that somebody changed."""
    require_moderate(viewer, plan)
    with transaction.atomic():
        late = [one.proposal for one in agreed if not _set_points(plan, one)]
        if late:
            numbers = Proposal.objects.filter(plan=plan, pk__in=late).values_list("number", flat=True)
            raise Conflict(
                _("Somebody else has changed this in the meantime: no. %(numbers)s. Look again and repeat.")
                % {"numbers": ", ".join(map(str, numbers)) or "–"}
            )
        told = {str(one.proposal): dict(one.points) for one in agreed}
        record(viewer, "plan.points_agreed", plan, {"points": told}, at=at)


def _set_points(plan: Plan, one: Agreed) -> bool:
    rows = Proposal.objects.filter(plan=plan, pk=one.proposal, version=one.version)
    return bool(rows.update(points=kept(plan.scheme, one.points), version=one.version + 1))


def accept_close(*, viewer: Viewer, plan: Plan, at: datetime) -> int:
    """Take the middle where members are close and nothing is agreed yet; how many. Errors: Refused."""
    require_moderate(viewer, plan)
    with transaction.atomic():
        voices = voices_of(plan)
        close = close_ones(plan, list(Proposal.objects.filter(plan=plan)), voices)
        if close:
            agreed = [Agreed(one.pk, voices[one.pk].middle, one.version) for one in close]
            agree(viewer=viewer, plan=plan, agreed=agreed, at=at)
    return len(close)


# --- decisions and measures -------------------------------------------------------------------
def decide(
    *, viewer: Viewer, plan: Plan, ticked: Sequence[Ticked], decision: str, reason: str, at: datetime
) -> int:
    """Choose what is ticked, keep it for the next cycle or leave it, both with a reason; how many.

    Errors: Refused, MeriloError.
    """
    require_moderate(viewer, plan)
    if decision in {Decision.LATER, Decision.DECLINED} and not reason:
        raise MeriloError(_("Say why"), field="reason")
    if not ticked:
        raise MeriloError(_("Tick at least one proposal first."))
    with transaction.atomic():
        proposals = held(Proposal.objects.filter(plan=plan), ticked)
        keys = [one.pk for one in proposals]
        if decision != Decision.CHOSEN:
            _require_no_measures(keys)
        rows = Proposal.objects.filter(pk__in=keys)
        rows.update(decision=decision, reason=reason, version=F("version") + 1)
        told = {"proposals": [one.number for one in proposals], "decision": decision, "reason": reason}
        record(viewer, "plan.decided", plan, told, at=at)
    return len(proposals)


def _require_no_measures(keys: Sequence[UUID]) -> None:
    made = sorted(Measure.objects.filter(proposal__in=keys).values_list("proposal__number", flat=True))
    if made:
        told = ngettext(
            "Proposal no. %(numbers)s is a measure already. What becomes of it is decided there.",
            "Proposals no. %(numbers)s are measures already. What becomes of them is decided there.",
            len(made),
        )
        raise MeriloError(told % {"numbers": ", ".join(map(str, made))})


def make_measures(*, viewer: Viewer, plan: Plan, at: datetime) -> int:
    """Make a measure of each chosen proposal that is none yet, the best first; how many. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        number = next_number(plan, Measure)
        chosen = proposals_of(plan).filter(decision=Decision.CHOSEN, measure=None)
        rows = ranked(plan, list(chosen))
        items = _items_of([row.proposal for row in rows])
        made = []
        for place, row in enumerate(rows):
            own = items.get(row.proposal.pk, [])
            measure = Measure.objects.create(**_measure(plan, row, own), number=number + place)
            measure.items.set(own)
            made.append(measure.number)
        if made:
            record(viewer, "plan.measures_made", plan, {"measures": made}, at=at)
    return len(made)


def _measure(plan: Plan, row: Row, items: Sequence[Item]) -> dict[str, Any]:
    quadrant = row.placed.quadrant
    return {
        "plan": plan,
        "proposal": row.proposal,
        "text": row.proposal.text,
        "note": row.proposal.note,
        "kind": KINDS.get(quadrant, MeasureKind.OTHER) if quadrant else MeasureKind.OTHER,
        "codes": list(dict.fromkeys(item.code for item in items if item.code)),
        "first": plan.first,
        "last": plan.last,
    }


def _items_of(proposals: Sequence[Proposal]) -> dict[UUID | None, list[Item]]:
    found: dict[UUID | None, list[Item]] = {}
    for item in Item.objects.filter(proposal__in=proposals).order_by("number"):
        found.setdefault(item.proposal_id, []).append(item)
    return found
