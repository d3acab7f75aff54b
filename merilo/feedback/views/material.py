"""What evaluators may read: the report, the plan, the evidence, as far as it is released."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merilo.assessment.api import Shown, evidence_figures
from merilo.core import files
from merilo.feedback import permissions, words
from merilo.feedback.models import Feedback
from merilo.feedback.queries import material as queries
from merilo.feedback.views.base import crumbs, feedback_or_404, here, page, require, today
from merilo.improvement.api import ShownPlan
from merilo.organisations.api import OrgRequest
from merilo.web.documents.page import chapters, html
from merilo.web.items import Link


def _feedback(request: OrgRequest, pk: UUID) -> Feedback:
    found = feedback_or_404(request, pk)
    require(permissions.may_see_material(request.viewer, found, on=today()))
    return found


@require_safe
def material(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """What is released, with the evidence by title and what it says in figures."""
    found = _feedback(request, feedback)
    pages = {queries.REPORT: "material_report", queries.PLAN: "material_plan"}
    released = queries.released(found)
    context = {
        "feedback": found,
        "links": [
            Link(str(words.PARTS[part]), here(request, found, name))
            for part, name in pages.items()
            if part in released and (part == queries.REPORT or found.plan_id)
        ],
        "released": released,
        "evidence": [
            (row, evidence_figures(row)) for row in queries.evidence(request.viewer, found, on=today())
        ],
        "may_prepare": permissions.may_prepare(request.viewer, found),
    }
    return page(request, "material", context)


@require_safe
def report(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """The approved report of the self-assessment."""
    found = _feedback(request, feedback)
    shown = queries.report(request.viewer, found, on=today())
    return _text(request, found, shown, _("Self-assessment report"))


@require_safe
def plan(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """The approved plan of improvement."""
    found = _feedback(request, feedback)
    shown = queries.plan(request.viewer, found, on=today())
    return _text(request, found, shown, _("Improvement plan"))


def _text(
    request: OrgRequest, feedback: Feedback, shown: Shown | ShownPlan | None, title: str
) -> HttpResponse:
    if shown is None:
        raise Http404
    way = Link(_("What is released"), here(request, feedback, "material"))
    context = {
        "feedback": feedback,
        "crumbs": crumbs(request, feedback, way),
        "title": title,
        "shown": shown,
        "text": html(shown.blocks),
        "chapters": chapters(shown.blocks),
    }
    return page(request, "text", context)


@require_safe
def file(request: OrgRequest, feedback: UUID, evidence: UUID) -> HttpResponse:
    """The file of one thing of the evidence."""
    found = _feedback(request, feedback)
    row = queries.one_evidence(request.viewer, found, evidence, on=today())
    if row is None or row.file is None:
        raise Http404
    answer: HttpResponse = files.response(row.file)  # type: ignore[assignment]
    return answer
