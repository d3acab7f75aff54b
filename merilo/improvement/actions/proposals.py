"""Writes: a proposal is reworded, gives items back, takes another one in, is removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, MeriloError
from merilo.improvement.actions.items import take_back, theme_named
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.actions.ticked import Ticked
from merilo.improvement.models import Item, Measure, Proposal
from merilo.organisations.api import Viewer, record


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """What is typed of a proposal; `factors` are places in the plan's list of success factors."""

    text: str
    note: str = ""
    theme: str = ""
    factors: Sequence[int] = ()


def change_proposal(
    *, viewer: Viewer, proposal: Proposal, facts: ProposalFacts, version: int, at: datetime
) -> None:
    """Reword a proposal. Errors: Refused, Conflict."""
    plan = proposal.plan
    require_edit(viewer, plan)
    with transaction.atomic():
        changed = Proposal.objects.filter(pk=proposal.pk, version=version).update(
            text=facts.text,
            note=facts.note,
            theme=theme_named(plan, facts.theme),
            factors=sorted(set(facts.factors)),
            version=version + 1,
        )
        if not changed:
            raise Conflict(_("Somebody else has changed this in the meantime."))
        told = {"number": proposal.number, "before": proposal.text, "text": facts.text}
        record(viewer, "plan.proposal_changed", proposal, told, at=at)


def take_out(*, viewer: Viewer, proposal: Proposal, ticked: Sequence[Ticked], at: datetime) -> int:
    """Items of the proposal wait again; how many. Errors: Refused, MeriloError."""
    return take_back(viewer=viewer, plan=proposal.plan, ticked=ticked, at=at)


def merge(*, viewer: Viewer, proposal: Proposal, other: Proposal, at: datetime) -> None:
    """Everything of another proposal comes into this one, and the other is gone.

    Wording, points and decision of this one stay. Errors: Refused, MeriloError.
    """
    require_edit(viewer, proposal.plan)
    with transaction.atomic():
        _require_no_measure(other)
        Item.objects.filter(proposal=other).update(proposal=proposal, version=F("version") + 1)
        told = {"number": proposal.number, "other": other.number, "text": other.text, "points": other.points}
        Proposal.objects.filter(pk=proposal.pk).update(version=F("version") + 1)
        Proposal.objects.filter(pk=other.pk).delete()
        record(viewer, "plan.proposals_merged", proposal, told, at=at)


def remove(*, viewer: Viewer, proposal: Proposal, at: datetime) -> None:
    """A proposal goes, with its points; its items wait again. Errors: Refused, MeriloError."""
    require_edit(viewer, proposal.plan)
    with transaction.atomic():
        _require_no_measure(proposal)
        Item.objects.filter(proposal=proposal).update(proposal=None, version=F("version") + 1)
        told = {"number": proposal.number, "text": proposal.text, "points": proposal.points}
        record(viewer, "plan.proposal_removed", proposal, told, at=at)
        Proposal.objects.filter(pk=proposal.pk).delete()


def _require_no_measure(proposal: Proposal) -> None:
    measure = Measure.objects.filter(proposal=proposal).first()
    if measure is not None:
        raise MeriloError(
            _("Proposal %(number)s has become measure %(measure)s; remove the measure first.")
            % {"number": proposal.number, "measure": measure.number}
        )
