"""What approval asks of people: to approve a plan, to change one that was sent back; and its verbs."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.core.navigation import WorkItem
from merilo.improvement.models import Plan, PlanRevision, PlanState, RevisionState
from merilo.organisations.api import Viewer, address

REVISION_VERBS = {
    "plan.submitted": gettext_lazy("submitted a plan of improvement for approval"),
    "plan.replaced": gettext_lazy("replaced a submitted plan of improvement by a newer revision"),
    "plan.approved": gettext_lazy("approved a plan of improvement"),
    "plan.approval_recorded": gettext_lazy("recorded the approval of a plan of improvement"),
    "plan.returned": gettext_lazy("sent a plan of improvement back with a note"),
    "plan.published": gettext_lazy("published a plan of improvement"),
    "plan.withdrawn": gettext_lazy("took the public page of a plan of improvement away"),
    "plan.report_published": gettext_lazy("published an interim report of a plan of improvement"),
    "plan.report_replaced": gettext_lazy("replaced a published interim report of a plan of improvement"),
    "plan.report_withdrawn": gettext_lazy("took a published interim report of a plan of improvement away"),
    "plan.report_documents_asked": gettext_lazy("had documents of an interim report made again"),
    "plan.documents_asked": gettext_lazy("had documents of a plan of improvement made again"),
    "plan.order_recorded": gettext_lazy("recorded the order of an improvement group"),
    "plan.message_added": gettext_lazy("added a message to the communication of a plan of improvement"),
    "plan.message_changed": gettext_lazy("changed a message in the communication of a plan of improvement"),
    "plan.message_removed": gettext_lazy("removed a message from the communication of a plan of improvement"),
    "plan.messages_suggested": gettext_lazy("added the usual messages to a plan of improvement"),
}


def revision_work(viewer: Viewer) -> Iterator[WorkItem]:
    """Revisions that wait for the sponsor, and those that were sent back. One query."""
    if not any(map(viewer.can, ("plan.edit", "plan.approve"))):
        return
    latest = PlanRevision.objects.filter(plan=OuterRef("pk")).order_by("-number")
    own = Plan.objects.filter(organisation=viewer.organisation).exclude(state=PlanState.CLOSED)
    found = own.annotate(
        latest=Subquery(latest.values("state")[:1]),
        number=Subquery(latest.values("number")[:1]),
        note=Subquery(latest.values("decision_note")[:1]),
    )
    for plan in found.order_by("created_at"):
        if plan.latest == RevisionState.SUBMITTED and viewer.can("plan.approve"):
            url = address(viewer, "improvement:revision", plan=plan.pk, number=plan.number)
            yield WorkItem(title=_("Approve the improvement plan"), url=url, help=plan.title, order=5)
        elif plan.latest == RevisionState.RETURNED and viewer.can("plan.edit"):
            yield WorkItem(
                title=_("Change the improvement plan and submit it again"),
                url=address(viewer, "improvement:revisions", plan=plan.pk),
                help=f"{plan.title} · {plan.note}",
                status="problem",
                status_text=_("sent back"),
                order=15,
            )
