"""Yearly reports of an organisation, and the surveys they may tell of."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from merilo.organisations.api import Viewer
from merilo.surveys.models import State, Survey, YearlyReport, YearlyState


def reports_of(viewer: Viewer) -> QuerySet[YearlyReport]:
    """The organisation's reports, the latest year first; none for who does not read surveys."""
    if not viewer.can("survey.read"):
        return YearlyReport.objects.none()
    return YearlyReport.objects.filter(organisation=viewer.organisation)


def report(viewer: Viewer, pk: UUID) -> YearlyReport:
    """One report of the organisation. Errors: YearlyReport.DoesNotExist."""
    return reports_of(viewer).get(pk=pk)


def closed_surveys(viewer: Viewer) -> QuerySet[Survey]:
    """Closed surveys that a report may tell of, the latest closing first."""
    if not viewer.can("survey.read"):
        return Survey.objects.none()
    closed = Survey.objects.filter(organisation=viewer.organisation, state=State.CLOSED)
    return closed.defer("draft").select_related("earlier").order_by("-closed_at", "id")


def chosen_in(report: YearlyReport) -> list[Survey]:
    """The surveys that a report tells of, in the order of their closing. One query."""
    return list(report.surveys.defer("draft").select_related("earlier").order_by("closed_at", "id"))


def published_report(slug: str, year: int) -> YearlyReport:
    """A published report by its organisation's name and year. Errors: YearlyReport.DoesNotExist."""
    return YearlyReport.objects.select_related("organisation__logo").get(
        organisation__slug=slug, organisation__closed_at=None, year=year, state=YearlyState.PUBLISHED
    )


def is_owed(viewer: Viewer, year: int) -> bool:
    """Whether the report for a year is not published yet, in an organisation that asks. Two queries."""
    done = YearlyReport.objects.filter(
        organisation=viewer.organisation, year=year, state=YearlyState.PUBLISHED
    )
    first, last = date(year, 1, 1), date(year, 12, 31)
    asked = Survey.objects.filter(
        organisation=viewer.organisation, closed_at__date__gte=first, closed_at__date__lte=last
    )
    return asked.exists() and not done.exists()
