"""The plan of communication of a plan of improvement."""

from __future__ import annotations

from uuid import UUID

from merilo.improvement.models import Plan
from merilo.organisations.api import CommunicationItem


def messages_of(plan: Plan) -> list[CommunicationItem]:
    """Its rows by date, of a plan obtained through its viewer. One query."""
    return list(CommunicationItem.objects.filter(plan=plan.communication_id))


def message_of(plan: Plan, pk: UUID) -> CommunicationItem:
    """One of them. Errors: CommunicationItem.DoesNotExist."""
    return CommunicationItem.objects.get(plan=plan.communication_id, pk=pk)
