"""Writes: an interim report is published for everybody, and withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError, Refused
from merilo.core.frozen import canonical, checksum
from merilo.core.texts import clean_text
from merilo.improvement import permissions
from merilo.improvement.models import Plan, PlanReport, ReportFile
from merilo.improvement.reporting import reports
from merilo.improvement.reporting.content import Content
from merilo.improvement.reporting.interim import Asked
from merilo.organisations.api import Viewer, record

LONGEST_FOREWORD = 2000


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be published: of which days, with what owners reported or without, after a foreword."""

    asked: Asked
    with_reports: bool = False
    foreword: str = ""


def print_of(content: Content) -> str:
    """What tells a report that was looked at from one that has changed since."""
    return checksum(canonical(content))


@transaction.atomic
def publish(*, viewer: Viewer, plan: Plan, wish: Wish, seen: str, at: datetime) -> PlanReport:
    """Freeze the report that was looked at and show it to everybody; an older one of the same days goes.

    `seen` is the print of what was looked at. Errors: Refused, MeriloError (the plan is not public, nothing
    to show, something has changed since).
    """
    _require(viewer, plan)
    held = Plan.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=plan.pk)
    content = reports.to_publish(held, wish.asked, with_reports=wish.with_reports)
    if not content["lines"]:
        raise MeriloError(_("There is no measure that everybody may read."))
    if print_of(content) != seen:
        raise MeriloError(
            _("The report has changed since you looked at it. Read it again below, then publish.")
        )
    if foreword := clean_text(wish.foreword, LONGEST_FOREWORD):
        content["foreword"] = foreword
    period = wish.asked.period
    for older in reports.standing(held).filter(first=period.first, last=period.last):
        _withdraw(viewer, older, "plan.report_replaced", at)
    row = _kept(viewer, held, content, wish, at)
    _record(viewer, "plan.report_published", row, at)
    _build(row)
    return row


def _kept(viewer: Viewer, plan: Plan, content: Content, wish: Wish, at: datetime) -> PlanReport:
    text = canonical(content)
    last = plan.reports.order_by("-number").values_list("number", flat=True).first()
    return PlanReport.objects.create(
        plan=plan,
        number=(last or 0) + 1,
        first=wish.asked.period.first,
        last=wish.asked.period.last,
        language=content["language"],
        content=text,
        checksum=checksum(text),
        published_at=at,
        published_by=viewer.membership,
    )


@transaction.atomic
def withdraw(*, viewer: Viewer, report: PlanReport, at: datetime) -> None:
    """Take a report away from everybody; doing so again changes nothing. Errors: Refused."""
    _require(viewer, report.plan)
    row = PlanReport.objects.select_for_update(of=("self",)).select_related("plan").get(pk=report.pk)
    if row.withdrawn_at is None:
        _withdraw(viewer, row, "plan.report_withdrawn", at)


def _withdraw(viewer: Viewer, row: PlanReport, verb: str, at: datetime) -> None:
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    _record(viewer, verb, row, at)


@transaction.atomic
def make_documents_again(*, viewer: Viewer, report: PlanReport, at: datetime) -> None:
    """Have the documents that failed made again; without such there is nothing to do. Errors: Refused."""
    _require(viewer, report.plan)
    failed = ReportFile.objects.filter(report=report).exclude(error="")
    if failed.exists():
        failed.delete()
        _record(viewer, "plan.report_documents_asked", report, at)
        _build(report)


def _require(viewer: Viewer, plan: Plan) -> None:
    if not permissions.may_publish(viewer, plan):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))


def _record(viewer: Viewer, verb: str, row: PlanReport, at: datetime) -> None:
    days = {"first": row.first.isoformat(), "last": row.last.isoformat()}
    record(viewer, verb, row.plan, payload={"number": row.number, "checksum": row.checksum, **days}, at=at)


def _build(row: PlanReport) -> None:
    """Have the documents made by the worker, once the transaction is on disk."""
    from merilo.improvement.tasks import build_report_documents

    transaction.on_commit(lambda: build_report_documents.enqueue(str(row.pk)))
