"""What the tests of planning share: a town with its people and a self-assessment that is being planned."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from merilo.assessment.actions import planning
from merilo.assessment.models import Assessment
from merilo.assessment.queries import frameworks
from merilo.core.models import AuditEntry
from merilo.core.periods import years
from merilo.organisations.models import Membership
from tests.people import NOON, a_member, an_organisation, as_viewer, signed_in

DUE = date(2027, 3, 31)


class Town:
    """Coordinator, sponsor and three colleagues of one organisation, and a stranger from another."""

    def __init__(self) -> None:
        self.organisation = an_organisation(name="Община Примерово")
        self.boss = a_member(self.organisation, "coordinator", name="Елена Маринова")
        self.mayor = a_member(self.organisation, "sponsor", name="Красимир Петков")
        self.people = [a_member(self.organisation, "assessor", name=f"Оценител {n}") for n in range(1, 4)]
        self.stranger = a_member(an_organisation(), "coordinator")
        self.viewer = as_viewer(self.boss)
        self.assessment = self.started()

    def started(self, framework: str = "caf-2020", **fields: Any) -> Assessment:
        choice = frameworks.choice(self.viewer, framework)
        values: dict[str, Any] = {
            "title": "Самооценка 2026",
            "method": choice.framework.methods[0].code,
            "period": years(2024, 2025),
            "report_due": DUE,
        }
        facts = planning.PlanFacts(**(values | fields))
        return planning.start_assessment(viewer=self.viewer, choice=choice, facts=facts, at=NOON)

    def url(self, rest: str = "") -> str:
        return f"/o/{self.organisation.slug}/a/{self.assessment.pk}/{rest}"

    def client(self, member: Membership | None = None, language: str = "en") -> Client:
        client = signed_in(member or self.boss)
        client.cookies["language"] = language
        return client

    def verbs(self) -> list[str]:
        rows = AuditEntry.objects.filter(chain=str(self.organisation.pk)).order_by("number")
        return list(rows.values_list("verb", flat=True))
