"""Collects what a plan says, as plain values: the frozen content of a revision.

Days are ISO dates, numbers exact decimals as strings, names and words in the revision's language. The content
holds everything the documents need, so that they can be drawn again years later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import translation

from merilo.core.numbers import as_decimal, rounded
from merilo.groups.api import seats_of
from merilo.improvement.models import Activity, CheckIn, Item, Measure, MeasureIndicator, Plan
from merilo.improvement.queries import steps
from merilo.improvement.queries.board import row_of, rule_of
from merilo.improvement.queries.criteria import framework_for
from merilo.improvement.rules.priorities import Axis, Criterion, place
from merilo.indicators.api import plain
from merilo.organisations.api import CommunicationItem, Membership, Organisation

FORMAT = 2  # 1: without what activities begin after
Content = dict[str, Any]
Ties = Mapping[UUID, Sequence[steps.Followed]]


def collect(plan: Plan, *, language: str, on: date) -> Content:
    """Everything the plan says on a day, in a language. A fixed number of queries, whatever the size."""
    with translation.override(language):
        names = _item_names(plan, language)
        after = steps.followed_by(Activity.objects.filter(measure__plan=plan).values("pk"))
        measures = [_measure(plan, measure, names, after, on) for measure in measures_of(plan)]
        return {
            "format": FORMAT,
            "language": language,
            "on": on.isoformat(),
            "organisation": {"name": name_of(plan.organisation), "slug": plan.organisation.slug},
            "plan": {
                "id": str(plan.pk),
                "title": plan.title,
                "first": plan.first.isoformat(),
                "last": plan.last.isoformat(),
                "purpose": plan.purpose,
            },
            "order": _order(plan),
            "sources": [row.assessment.title for row in plan.sources.select_related("assessment")],
            "gathered": _gathered(plan),
            "criteria": [_criterion(row, language) for row in plan.scheme],
            "factors": list(plan.factors),
            "risk": dict(plan.risk),
            "measures": measures,
            "group": _group(plan),
            "preparations": [
                {"text": row.text, "owner": person(row.owner), "due": _iso(row.due)}
                for row in plan.preparations.select_related("owner__unit")
            ],
            "communication": [
                {
                    "message": row.message,
                    "medium": row.medium,
                    "audience": row.audience,
                    "date": row.date.isoformat(),
                }
                for row in CommunicationItem.objects.filter(plan=plan.communication_id)
            ],
        }


def measures_of(plan: Plan) -> QuerySet[Measure]:
    """The measures of a plan with all that is told of them, by number; `report` is what was said last."""
    people = ("owner__unit", "deputy__unit", "proposal")
    lists = ("activities__owner__unit", "indicators__indicator", "units", "items")
    said = CheckIn.objects.filter(measure=OuterRef("pk"), about="").order_by("-at", "-id")
    own = Measure.objects.filter(plan=plan).annotate(report=Subquery(said.values("text")[:1]))
    return own.select_related(*people).prefetch_related(*lists)


def name_of(organisation: Organisation) -> str:
    """What an organisation is called in the active language."""
    is_english = translation.get_language() == "en" and organisation.name_en
    return organisation.name_en if is_english else organisation.name


def _order(plan: Plan) -> dict[str, str] | None:
    return {"number": plan.order.number, "date": plan.order.date.isoformat()} if plan.order else None


def _gathered(plan: Plan) -> dict[str, int]:
    return {"items": plan.items.count(), "proposals": plan.proposals.count()}


def _criterion(row: dict[str, Any], language: str) -> dict[str, Any]:
    names = row["name"]
    name = names.get(language) or next(iter(names.values()), row["code"])
    return {"code": row["code"], "axis": row["axis"], "weight": row["weight"], "name": name}


def _group(plan: Plan) -> list[dict[str, str]]:
    return [
        {
            "name": seat.holder.on_record,
            "function": seat.get_function_display(),
            "position": seat.holder.position,
            "unit": seat.holder.unit.name if seat.holder.unit else "",
        }
        for seat in seats_of(plan.group)
    ]


def _item_names(plan: Plan, language: str) -> dict[str, str]:
    """The short names of the sub-criteria by code: the full ones repeat themselves."""
    return {item.code: item.short.in_language(language) for item in framework_for(plan).items}


def _measure(plan: Plan, measure: Measure, names: dict[str, str], after: Ties, on: date) -> dict[str, Any]:
    stands = row_of(measure, on=on, rule=rule_of(plan))
    return {
        "id": str(measure.pk),
        "number": measure.number,
        "text": measure.text,
        "note": measure.note,
        "kind": measure.kind,
        "objective": measure.objective,
        "goals": measure.goals,
        "codes": [{"code": code, "name": names.get(code, "")} for code in measure.codes],
        "items": [_item(row) for row in measure.items.all()],
        "activities": [_activity(row, measure, after.get(row.pk, ())) for row in measure.activities.all()],
        "owner": person(measure.owner),
        "deputy": person(measure.deputy),
        "units": [unit.name for unit in measure.units.all()],
        "participants": measure.participants,
        "first": measure.first.isoformat(),
        "last": measure.last.isoformat(),
        "hours": measure.hours,
        "euro": None if measure.euro is None else str(measure.euro),
        "funding": measure.funding,
        "risks": measure.risks,
        "indicators": [_indicator(row) for row in measure.indicators.all()],
        **_priority(plan, measure),
        "withheld": measure.withheld,
        "state": measure.state,
        "state_reason": measure.state_reason,
        "report": measure.report or "",  # type: ignore[attr-defined]
        "percent": stands.percent,
        "signal": stands.signal,
    }


def _item(row: Item) -> dict[str, str]:
    return {"code": row.code, "kind": row.kind, "text": row.text}


def _activity(row: Activity, measure: Measure, after: Sequence[steps.Followed]) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "text": row.text,
        "first": row.first.isoformat(),
        "last": row.last.isoformat(),
        "owner": person(row.owner),
        "percent": row.percent,
        "done_on": _iso(row.done_on),
        "after": [
            {"measure": None if one.number == measure.number else one.number, "text": one.text}
            for one in after
        ],
    }


def _indicator(row: MeasureIndicator) -> dict[str, Any]:
    return {
        "code": row.indicator.code,
        "name": row.indicator.name,
        "unit": row.indicator.unit,
        "source": row.indicator.source,
        "baseline": _number(row.baseline),
        "baseline_on": _iso(row.baseline_on),
        "target": _number(row.target),
        "days": list(row.days),
    }


def _priority(plan: Plan, measure: Measure) -> dict[str, str | None]:
    points = measure.proposal.points if measure.proposal else {}
    scheme = [Criterion(row["code"], Axis(row["axis"]), row["weight"]) for row in plan.scheme]
    placed = place(scheme, points)
    return {"impact": _tenths(placed.impact), "feasibility": _tenths(placed.feasibility)}


def person(member: Membership | None) -> dict[str, str] | None:
    """Name, position and unit of somebody who answers for something."""
    if member is None:
        return None
    unit = member.unit.name if member.unit else ""
    return {"name": member.on_record, "position": member.position, "unit": unit}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _tenths(value: Fraction | None) -> str | None:
    return None if value is None else plain(rounded(as_decimal(value)))
