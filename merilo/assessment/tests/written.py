"""A self-assessment whose agreement is finished, for the tests of the report."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from merilo.assessment.actions import report as actions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Agreement, Assessment, ReportRevision, State
from merilo.assessment.queries import revisions
from merilo.assessment.tasks import build_documents
from tests.people import NOON, a_member, an_assessment, an_organisation, as_viewer


def fill(assessment: Assessment, score: int) -> None:
    """Agree on the same score for every item."""
    codes = [item.code for item in framework_of(assessment).items]
    Agreement.objects.bulk_create(
        Agreement(assessment=assessment, code=code, state="agreed", values={"score": score}) for code in codes
    )


class Written:
    """An organisation with coordinator and mayor; every item has the agreed score 40."""

    def __init__(self, **fields: Any) -> None:
        self.town = an_organisation()
        self.coordinator = a_member(self.town, "coordinator", name="Елена Маринова")
        self.mayor = a_member(self.town, "sponsor", name="Красимир Петков")
        self.viewer, self.head = as_viewer(self.coordinator), as_viewer(self.mayor)
        self.assessment = an_assessment(self.town, self.coordinator, state=State.REPORTING, **fields)
        fill(self.assessment, 40)

    def url(self, rest: str = "") -> str:
        return f"/o/{self.town.slug}/a/{self.assessment.pk}/report/{rest}"

    def now(self) -> Assessment:
        """The assessment as it is stored."""
        return Assessment.objects.get(pk=self.assessment.pk)

    def stored(self, number: int = 1) -> ReportRevision:
        """A revision as it is stored."""
        return revisions.revision(self.now(), number)

    def revision(self, language: str = "bg") -> ReportRevision:
        made = actions.make_revision(
            viewer=self.viewer, assessment=self.assessment, language=language, at=NOON
        )
        return self.stored(made.number)

    def submitted(self, language: str = "bg") -> ReportRevision:
        made = self.revision(language)
        actions.submit(viewer=self.viewer, revision=made, at=NOON)
        return self.stored(made.number)

    def approved(self, language: str = "bg") -> ReportRevision:
        made = self.submitted(language)
        actions.approve(viewer=self.head, revision=made, at=NOON)
        return self.stored(made.number)

    def publish(self, revision: ReportRevision, parts: Collection[str]) -> str:
        """Publish parts; the worker does not come by before `build`."""
        return actions.publish(viewer=self.viewer, revision=revision, parts=parts, at=NOON)


def build(revision: ReportRevision) -> int:
    """What the worker does."""
    return build_documents.func(str(revision.pk))
