"""Reads of interim reports that everybody may read: what one would say, those that stand, their documents."""

from __future__ import annotations

import json

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, MeriloError
from merilo.core.frozen import checksum
from merilo.improvement.models import Plan, PlanReport, PlanRevision, ReportFile
from merilo.improvement.reporting import revisions
from merilo.improvement.reporting.content import Content
from merilo.improvement.reporting.interim import Asked, collect
from merilo.improvement.reporting.interim_public import opened


def published_revision(plan: Plan) -> PlanRevision | None:
    """The revision of a plan that everybody reads now. One query."""
    return revisions.published().filter(plan=plan).first()


def to_publish(plan: Plan, asked: Asked, *, with_reports: bool) -> Content:
    """What everybody would read of a period, in the language of the published plan.

    Errors: MeriloError where the plan itself is not published.
    """
    revision = published_revision(plan)
    if revision is None:
        raise MeriloError(_("Publish the plan first: its reports stand beside it."))
    measures = revisions.content_of(revision)["measures"]
    approved = {row["id"]: row["text"] for row in measures if not row["withheld"]}
    report = collect(plan, asked, language=revision.language)
    return opened(report, approved, with_reports=with_reports)


# --- those that stand -------------------------------------------------------------------------
def standing(plan: Plan) -> QuerySet[PlanReport]:
    """The reports of a plan that were not withdrawn, the latest period first; contents when asked for.

    `failed` says that not all of their documents could be made.
    """
    failed = ReportFile.objects.filter(report=OuterRef("pk")).exclude(error="")
    own = PlanReport.objects.filter(plan=plan, withdrawn_at=None)
    return own.annotate(failed=Exists(failed)).defer("content")


def report_of(plan: Plan, number: int) -> PlanReport:
    """One of them. Errors: PlanReport.DoesNotExist."""
    return standing(plan).select_related("plan").get(number=number)


def published_report(slug: str, number: int) -> PlanReport:
    """One report of a plan that is public now. Errors: PlanReport.DoesNotExist."""
    public = Exists(revisions.published().filter(plan=OuterRef("plan")))
    own = PlanReport.objects.filter(public, plan__public_slug=slug, withdrawn_at=None)
    return own.select_related("plan__organisation__logo").get(number=number)


def content_of(row: PlanReport) -> Content:
    """The frozen content. Errors: Conflict when it is not what its checksum says."""
    if checksum(row.content) != row.checksum:
        raise Conflict(_("The stored report does not match its checksum."))
    loaded: Content = json.loads(row.content)
    return loaded


def files_of(row: PlanReport) -> dict[str, ReportFile]:
    """The documents by format, also those that could not be made. One query."""
    found = ReportFile.objects.filter(report=row).select_related("file")
    return {file.format: file for file in found}


def file_name(row: PlanReport) -> str:
    """The name of its files without ending, in the active language."""
    kind = _("interim-report")
    return f"{kind}-{row.last.isoformat()}"
