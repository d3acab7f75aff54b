"""Writes at the end of a plan: what it left goes on in the next one, the next cycle begins, it is closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from merilo.assessment.api import Assessment, Came, NextFacts, continue_assessment
from merilo.core.errors import Conflict, Refused
from merilo.improvement import permissions
from merilo.improvement.actions.plans import PlanFacts, next_number, require_edit, start_plan
from merilo.improvement.models import Item, ItemKind, Measure, Plan, PlanState, Proposal
from merilo.improvement.queries.following import left_for
from merilo.organisations.api import Viewer, record

MOST_ORIGIN = 200


def start_after(*, viewer: Viewer, facts: PlanFacts, sources: Sequence[Assessment], at: datetime) -> Plan:
    """Begin a plan with what was found, and with what the plan before it left. Errors: Refused."""
    with transaction.atomic():
        plan = start_plan(viewer=viewer, facts=facts, sources=sources, at=at)
        take_left(viewer=viewer, plan=plan, at=at)
    return plan


def take_left(*, viewer: Viewer, plan: Plan, at: datetime) -> int:
    """Let what the plan before left wait in this one, each once; how many came. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        number = next_number(plan, Item)
        left = left_for(plan)
        with translation.override(viewer.organisation.language):
            rows = [*map(_of_measure, left.measures), *map(_of_proposal, left.proposals)]
        Item.objects.bulk_create(
            Item(plan=plan, number=number + place, **row) for place, row in enumerate(rows)
        )
        if rows:
            told = {"measures": len(left.measures), "proposals": len(left.proposals)}
            record(viewer, "plan.left_taken", plan, told, at=at)
    return len(rows)


def _of_measure(measure: Measure) -> dict[str, Any]:
    origin = _("Measure %(number)s, %(state)s") % {
        "number": measure.number,
        "state": measure.get_state_display().lower(),
    }
    return {
        "kind": ItemKind.UNFINISHED,
        "code": next(iter(measure.codes), ""),
        "text": measure.text,
        "origin": _shortened(origin, measure.state_reason),
        "left_measure": measure,
    }


def _of_proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "kind": ItemKind.KEPT,
        "code": next(_codes(proposal), ""),
        "text": proposal.text,
        "origin": _shortened(_("Proposal %(number)s") % {"number": proposal.number}, proposal.reason),
        "left_proposal": proposal,
    }


def _codes(proposal: Proposal) -> Iterator[str]:
    return (item.code for item in proposal.items.all() if item.code)


def _shortened(origin: str, reason: str) -> str:
    told = f"{origin}: {reason}" if reason else origin
    return told if len(told) <= MOST_ORIGIN else f"{told[: MOST_ORIGIN - 1].rstrip()}…"


# --- the next cycle ---------------------------------------------------------------------------
def start_next_cycle(
    *, viewer: Viewer, plan: Plan, source: Assessment, facts: NextFacts, at: datetime
) -> Came:
    """Begin the self-assessment after `source`, with what comes along. Errors: Refused, MeriloError."""
    require_own(viewer, plan)
    with transaction.atomic():
        came = continue_assessment(viewer=viewer, previous=source, facts=facts, at=at)
        told = {"title": facts.title, "seats": came.seats, "evidence": came.evidence}
        record(viewer, "plan.cycle_begun", plan, told, at=at)
    return came


def close_plan(*, viewer: Viewer, plan: Plan, at: datetime) -> None:
    """End a plan that is carried out: nothing of it changes any more. Errors: Refused, Conflict."""
    require_edit(viewer, plan)
    _turn(viewer, plan, (PlanState.RUNNING, PlanState.CLOSED), "plan.closed", at)


def reopen_plan(*, viewer: Viewer, plan: Plan, at: datetime) -> None:
    """Carry a closed plan on. Errors: Refused, Conflict."""
    require_own(viewer, plan)
    _turn(viewer, plan, (PlanState.CLOSED, PlanState.RUNNING), "plan.reopened", at)


def _turn(viewer: Viewer, plan: Plan, states: tuple[PlanState, PlanState], verb: str, at: datetime) -> None:
    before, after = states
    with transaction.atomic():
        held = Plan.objects.filter(pk=plan.pk, state=before)
        if not held.update(state=after, version=plan.version + 1):
            raise Conflict(_("Somebody else has changed the plan in the meantime."))
        record(viewer, verb, plan, {"title": plan.title}, at=at)


def require_own(viewer: Viewer, plan: Plan) -> None:
    """Also of a closed plan. Errors: Refused."""
    if not (permissions.is_own(viewer, plan) and viewer.can("plan.edit")):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
