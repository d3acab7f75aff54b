"""The state of an organisation's cycle for a resource centre: steps, days, approved reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from merilo.assessment import words
from merilo.assessment.models import ReportRevision
from merilo.assessment.queries import planning, revisions
from merilo.assessment.queries.assessments import most_relevant_of
from merilo.assessment.queries.planning import Step
from merilo.organisations.api import Organisation, SharedReport, StepState, TownState

STATES = {
    "done": pgettext_lazy("step", "done"),
    "late": pgettext_lazy("step", "late"),
    "progress": pgettext_lazy("step", "begun"),
    "idle": pgettext_lazy("step", "to come"),
}


def states_of_cycles(organisations: Collection[Organisation], on: date) -> dict[UUID, TownState]:
    """The running self-assessment of each, else the latest published one, and all approved reports.

    Four queries, however many there are.
    """
    reports = _reports(organisations)
    return {
        organisation: TownState(
            period=words.period(running),
            steps=tuple(_step(step) for step in planning.steps_with(running, running.steps.all(), on=on)),
            reports=tuple(reports.get(organisation, ())),
        )
        for organisation, running in most_relevant_of(organisations).items()
    }


def _step(step: Step) -> StepState:
    done = step.plan.done_at if step.plan else None
    name = step.model.short.in_language(words.language())
    on = timezone.localdate(done) if done else step.due
    return StepState(step.number, name, step.state, str(STATES[step.state]), on)


def _reports(organisations: Collection[Organisation]) -> dict[UUID, list[SharedReport]]:
    """The newest approved revision of each report, by organisation."""
    newest: dict[UUID, ReportRevision] = {}
    for revision in revisions.approved_of(organisations):
        newest.setdefault(revision.report_id, revision)
    found: defaultdict[UUID, list[SharedReport]] = defaultdict(list)
    for revision in newest.values():
        found[revision.report.assessment.organisation_id].append(_report(revision))
    return found


def _report(revision: ReportRevision) -> SharedReport:
    slug = revision.report.public_slug
    is_public = bool(revision.published_at and slug)
    decided = timezone.localdate(revision.decided_at) if revision.decided_at else None
    return SharedReport(
        key=revision.pk,
        title=_("Report %(period)s") % {"period": words.period(revision.report.assessment)},
        approved_on=decided,
        url=reverse("reports:report", kwargs={"slug": slug}) if is_public else "",
        file=next((made.file for made in revision.files.all()), None),
    )
