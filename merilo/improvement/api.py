"""The door of improvement: what the rooms above may ask."""

from __future__ import annotations

from merilo.improvement.models import Plan
from merilo.improvement.queries.knowing import PlanKnowledge, plan_knowledge_of
from merilo.improvement.queries.plans import possible_previous as carried_out_plans
from merilo.improvement.reporting.revisions import published as published_plans
from merilo.improvement.reporting.showing import ShownPlan, shown_plan

__all__ = [
    "Plan",
    "PlanKnowledge",
    "ShownPlan",
    "carried_out_plans",
    "plan_knowledge_of",
    "published_plans",
    "shown_plan",
]
