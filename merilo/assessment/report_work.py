"""What the report asks of people: to write it, to approve it, to publish it; and its verbs in the audit."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.assessment.models import Assessment, ReportRevision, RevisionState, State
from merilo.core.navigation import WorkItem
from merilo.organisations.api import Viewer, address

REPORT_VERBS = {
    "report.section_saved": gettext_lazy("wrote a text of the report"),
    "report.revision_made": gettext_lazy("made a revision of the report"),
    "report.documents_asked": gettext_lazy("had documents of the report made again"),
    "report.submitted": gettext_lazy("submitted the report for approval"),
    "report.approved": gettext_lazy("approved the report"),
    "report.approval_recorded": gettext_lazy("recorded the approval of the report"),
    "report.returned": gettext_lazy("sent the report back with a note"),
    "report.published": gettext_lazy("published parts of the report"),
    "report.withdrawn": gettext_lazy("took the public report away"),
    "assessment.sheets_forgotten": gettext_lazy("the individual assessments were deleted after their term"),
}


def report_work(viewer: Viewer) -> Iterator[WorkItem]:
    """Reports to write or to publish, revisions that wait for the sponsor. One query."""
    if not any(map(viewer.can, ("report.edit", "report.approve", "report.publish"))):
        return
    revisions = ReportRevision.objects.filter(report=OuterRef("pk")).order_by("-number")
    submitted = revisions.filter(state=RevisionState.SUBMITTED)
    found = (
        Assessment.objects.filter(organisation=viewer.organisation, is_entered=False)
        .filter(state__in=[State.REPORTING, State.APPROVED])
        .annotate(
            submitted=Subquery(submitted.values("number")[:1]),
            latest=Subquery(revisions.values("state")[:1]),
            note=Subquery(revisions.values("decision_note")[:1]),
        )
        .order_by("created_at")
    )
    for assessment in found:
        note = assessment.note if assessment.latest == RevisionState.RETURNED else ""
        yield from _items(viewer, assessment, assessment.submitted, note or "")


def _items(viewer: Viewer, assessment: Assessment, submitted: int | None, note: str) -> Iterator[WorkItem]:
    if assessment.state == State.APPROVED:
        if viewer.can("report.publish"):
            yield _item(viewer, assessment, _("Publish the approved report"))
    elif submitted and viewer.can("report.approve"):
        url = address(viewer, "assessment:revision", pk=assessment.pk, number=submitted)
        yield WorkItem(title=_("Approve the report"), url=url, help=assessment.title, order=5)
    elif not submitted and note and viewer.can("report.edit"):
        yield _returned(viewer, assessment, note)
    elif not submitted and viewer.can("report.edit"):
        yield _item(viewer, assessment, _("Write the report"))


def _item(viewer: Viewer, assessment: Assessment, title: str) -> WorkItem:
    url = address(viewer, "assessment:report", pk=assessment.pk)
    return WorkItem(title=title, url=url, help=assessment.title, order=20)


def _returned(viewer: Viewer, assessment: Assessment, note: str) -> WorkItem:
    return WorkItem(
        title=_("Change the report and submit it again"),
        url=address(viewer, "assessment:report", pk=assessment.pk),
        help=f"{assessment.title} · {note}",
        status="problem",
        status_text=_("sent back"),
        order=15,
    )
