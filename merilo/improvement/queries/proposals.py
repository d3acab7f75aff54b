"""Proposals of a plan, as its pages show them; the plan was reached through its viewer."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, QuerySet

from merilo.improvement.models import Item, Plan, Proposal


def proposals_of(plan: Plan) -> QuerySet[Proposal]:
    """All, by number, with theme and measure, and `item_count`. One query."""
    rows = plan.proposals.select_related("theme", "measure")
    return rows.annotate(item_count=Count("items")).order_by("number")


def proposal_in(plan: Plan, pk: UUID) -> Proposal:
    """One proposal. Errors: Proposal.DoesNotExist. One query."""
    return proposals_of(plan).get(pk=pk)


def items_in(proposal: Proposal) -> QuerySet[Item]:
    """What it was brought together from, by number. One query."""
    return Item.objects.filter(proposal=proposal).select_related("source__assessment", "theme")


def neighbours_of(proposal: Proposal) -> tuple[Proposal | None, Proposal | None]:
    """The proposals before and after this one by number. Two queries."""
    others = Proposal.objects.filter(plan_id=proposal.plan_id)
    before = others.filter(number__lt=proposal.number).order_by("-number").first()
    return before, others.filter(number__gt=proposal.number).order_by("number").first()
