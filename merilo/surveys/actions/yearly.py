"""Writing, approving and publishing the yearly report on the satisfaction of users."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.organisations.api import Viewer, record
from merilo.surveys import permissions
from merilo.surveys.models import Survey, YearlyReport, YearlyState
from merilo.surveys.queries.yearly import chosen_in
from merilo.surveys.rules.yearly import missing

Frozen = list[dict[str, Any]]


def start_report(*, viewer: Viewer, year: int, language: str, at: datetime) -> YearlyReport:
    """Begin the report for a year. Errors: Refused, MeriloError (there is one)."""
    viewer.require("survey.edit")
    try:
        with transaction.atomic():
            report = YearlyReport.objects.create(
                organisation=viewer.organisation, year=year, language=language, made_at=at
            )
            record(viewer, "yearly.started", report, {"year": year}, at=at)
    except IntegrityError as error:
        raise MeriloError(_("There is a report for this year."), field="year") from error
    return report


def write_part(
    *, viewer: Viewer, report: YearlyReport, key: str, value: Any, version: int, at: datetime
) -> None:
    """Keep one part of what people write. Errors: Refused, Conflict (somebody wrote meanwhile)."""
    _require_draft(viewer, report)
    with transaction.atomic():
        row = _locked(report, version)
        row.parts[key] = value
        row.save(update_fields=["parts", "version"])
        record(viewer, "yearly.changed", report, {"year": report.year, "part": key}, at=at)


def choose_surveys(
    *, viewer: Viewer, report: YearlyReport, surveys: Sequence[Survey], version: int, at: datetime
) -> None:
    """Say of which surveys the report tells. Errors: Refused, Conflict."""
    _require_draft(viewer, report)
    if not all(permissions.may_see_results(viewer, survey) for survey in surveys):
        raise Refused(_("Only closed surveys of your organisation can be told of."))
    with transaction.atomic():
        _locked(report, version).save(update_fields=["version"])
        report.surveys.set(surveys)
        record(viewer, "yearly.changed", report, {"year": report.year, "part": "surveys"}, at=at)


def approve(*, viewer: Viewer, report: YearlyReport, frozen: Frozen, version: int, at: datetime) -> None:
    """Freeze the report with the results as they are. Errors: Refused, Conflict, MeriloError (incomplete)."""
    _require_draft(viewer, report, permission="survey.publish")
    if missing(report.parts, len(chosen_in(report))):
        raise MeriloError(_("The report is not complete yet; what is missing is named on its page."))
    with transaction.atomic():
        row = _locked(report, version)
        row.state, row.approved_at, row.frozen = YearlyState.APPROVED, at, frozen
        row.save(update_fields=["state", "approved_at", "frozen", "version"])
        record(viewer, "yearly.approved", report, {"year": report.year}, at=at)


def publish(*, viewer: Viewer, report: YearlyReport, at: datetime) -> None:
    """Show an approved report to everybody. Errors: Refused, Conflict."""
    _move(viewer, report, YearlyState.APPROVED, "yearly.published", at, state=YearlyState.PUBLISHED, since=at)


def withdraw(*, viewer: Viewer, report: YearlyReport, at: datetime) -> None:
    """Take a published report back. Errors: Refused, Conflict."""
    _move(
        viewer, report, YearlyState.PUBLISHED, "yearly.withdrawn", at, state=YearlyState.APPROVED, since=None
    )


def reopen(*, viewer: Viewer, report: YearlyReport, at: datetime) -> None:
    """Make an approved report a draft again. Errors: Refused, Conflict."""
    _require_publisher(viewer, report)
    with transaction.atomic():
        own = YearlyReport.objects.filter(pk=report.pk, state=YearlyState.APPROVED)
        if not own.update(state=YearlyState.DRAFT, approved_at=None, frozen=[]):
            raise Conflict(_("Somebody else has changed the report in the meantime."))
        record(viewer, "yearly.reopened", report, {"year": report.year}, at=at)


def _move(
    viewer: Viewer,
    report: YearlyReport,
    before: str,
    verb: str,
    at: datetime,
    *,
    state: str,
    since: datetime | None,
) -> None:
    _require_publisher(viewer, report)
    with transaction.atomic():
        own = YearlyReport.objects.filter(pk=report.pk, state=before)
        if not own.update(state=state, published_at=since):
            raise Conflict(_("Somebody else has changed the report in the meantime."))
        record(viewer, verb, report, {"year": report.year}, at=at)


def _require_publisher(viewer: Viewer, report: YearlyReport) -> None:
    if report.organisation_id != viewer.organisation_id:
        raise Refused(_("This report belongs to another organisation."))
    viewer.require("survey.publish")


def _require_draft(viewer: Viewer, report: YearlyReport, *, permission: str = "survey.edit") -> None:
    if report.organisation_id != viewer.organisation_id:
        raise Refused(_("This report belongs to another organisation."))
    viewer.require(permission)
    if report.state != YearlyState.DRAFT:
        raise Refused(_("An approved report is not changed; make it a draft again first."))


def _locked(report: YearlyReport, version: int) -> YearlyReport:
    """The report as it is stored, with its next version. Errors: Conflict."""
    row = YearlyReport.objects.select_for_update().get(pk=report.pk)
    if row.version != version or row.state != YearlyState.DRAFT:
        raise Conflict(_("Somebody else has changed the report in the meantime."))
    row.version += 1
    return row
