"""Writes: a plan begins, what is decided about it, and what is taken into it from self-assessments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from merilo.assessment.api import Assessment, Found, found_in
from merilo.core.errors import Conflict, Refused
from merilo.core.periods import Period
from merilo.groups.api import found_group
from merilo.improvement import permissions, standard
from merilo.improvement.models import Item, Measure, Plan, PlanSource, Proposal
from merilo.organisations.api import CommunicationPlan, Viewer, record

GROUP_NAME = gettext_noop("Improvement group")


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What is decided about a plan."""

    title: str
    period: Period
    purpose: str = ""
    previous: Plan | None = None
    check_in_months: int = 3

    def columns(self) -> dict[str, Any]:
        """The facts by the names of their columns."""
        return {
            "title": self.title,
            "first": self.period.first,
            "last": self.period.last,
            "purpose": self.purpose,
            "previous": self.previous,
            "check_in_months": self.check_in_months,
        }


def start_plan(*, viewer: Viewer, facts: PlanFacts, sources: Sequence[Assessment], at: datetime) -> Plan:
    """Begin a plan, with all areas and ideas of the self-assessments given. Errors: Refused."""
    viewer.require("plan.edit")
    with translation.override(viewer.organisation.language):
        name = _(GROUP_NAME)
    with transaction.atomic():
        plan = Plan.objects.create(
            organisation=viewer.organisation,
            group=found_group(viewer=viewer, name=name),
            communication=CommunicationPlan.objects.create(organisation=viewer.organisation),
            scheme=standard.SCHEME,
            risk=standard.RISK,
            created_at=at,
            **facts.columns(),
        )
        record(viewer, "plan.started", plan, _told(facts), at=at)
        for assessment in sources:
            take_from(viewer=viewer, plan=plan, assessment=assessment, at=at)
    return plan


def change_plan(*, viewer: Viewer, plan: Plan, facts: PlanFacts, version: int, at: datetime) -> None:
    """Change what is decided about a plan. Errors: Refused, Conflict."""
    require_edit(viewer, plan)
    with transaction.atomic():
        own = Plan.objects.filter(pk=plan.pk, version=version)
        if not own.update(version=version + 1, **facts.columns()):
            raise Conflict(_("Somebody else has changed the plan in the meantime."))
        record(viewer, "plan.changed", plan, _told(facts), at=at)


def take_from(*, viewer: Viewer, plan: Plan, assessment: Assessment, at: datetime) -> int:
    """Take areas and ideas of a self-assessment that are not in the plan yet; how many came.

    Taking the same one again brings what was agreed there since. Errors: Refused.
    """
    require_edit(viewer, plan)
    if assessment.organisation_id != viewer.organisation_id:
        raise Refused(_("This self-assessment belongs to another organisation."))
    with transaction.atomic():
        source, _made = PlanSource.objects.get_or_create(
            plan=plan, assessment=assessment, defaults={"taken_at": at}
        )
        there = set(source.items.values_list("statement", flat=True))
        fresh = [one for one in found_in(viewer, assessment) if one.statement not in there]
        items = list(_items(plan, source, fresh))
        Item.objects.bulk_create(items)
        told = {"assessment": str(assessment.pk), "title": assessment.title, "count": len(items)}
        record(viewer, "plan.items_taken", plan, told, at=at)
    return len(items)


def _items(plan: Plan, source: PlanSource, found: Iterable[Found]) -> Iterable[Item]:
    number = next_number(plan, Item)
    for place, one in enumerate(found):
        yield Item(
            plan=plan,
            number=number + place,
            kind=one.kind,
            code=one.code,
            text=one.text,
            source=source,
            statement=one.statement,
        )


def next_number(plan: Plan, kind: type[Item | Proposal | Measure]) -> int:
    """The number after the highest of the kind; called inside the transaction that uses it."""
    Plan.objects.select_for_update().only("pk").get(pk=plan.pk)
    last: int | None = kind.objects.filter(plan=plan).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def require_edit(viewer: Viewer, plan: Plan) -> None:
    """Errors: Refused."""
    if not permissions.may_edit(viewer, plan):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))


def _told(facts: PlanFacts) -> dict[str, Any]:
    period = facts.period
    return {"title": facts.title, "from": period.first, "until": period.last}
