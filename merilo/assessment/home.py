"""The self-assessment that matters now, as a home page shows it to a member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from merilo.assessment import permissions, words
from merilo.assessment.models import Assessment, State
from merilo.assessment.queries import planning, sheets
from merilo.assessment.queries.assessments import assessments_of, most_relevant
from merilo.assessment.queries.planning import Step
from merilo.assessment.queries.sheets import SeatProgress
from merilo.groups.api import Gathering, coming_gatherings
from merilo.organisations.api import Viewer, address
from merilo.web.items import CycleStep

MOST_COMING = 5


@dataclass(frozen=True, slots=True)
class Coming:
    """A day that comes: a meeting, the lock, the end of a step."""

    on: date
    text: str
    meta: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the timeline; `status` and `status_text` as in a task list."""

    number: int
    name: str
    url: str
    owner: str
    status: str
    status_text: str
    now: bool


@dataclass(frozen=True, slots=True)
class CurrentCycle:
    """Where the organisation's self-assessment stands. `assessors` is None for who may not follow it."""

    title: str
    url: str
    sentence: str
    steps: Sequence[CycleStep]
    timeline: Sequence[StepRow]
    coming: Sequence[Coming]
    assessors: Sequence[SeatProgress] | None
    progress_url: str

    @property
    def not_begun(self) -> list[SeatProgress]:
        """Assessors who have not begun."""
        return [row for row in self.assessors or () if not row.begun and row.handed_in_at is None]


def current_cycle(viewer: Viewer, *, on: date) -> CurrentCycle | None:
    """The running self-assessment, else the latest published one, else None. At most six queries."""
    assessment = _current(viewer, on)
    if assessment is None:
        return None
    steps = planning.steps_of(assessment, on=on)
    step = planning.current_step(steps)
    return CurrentCycle(
        title=assessment.title,
        url=address(viewer, "assessment:overview", pk=assessment.pk),
        sentence=words.state_sentence(assessment, step),
        steps=words.cycle(viewer, assessment, steps, step),
        timeline=[_row(viewer, assessment, each, now=each is step) for each in steps],
        coming=_coming(viewer, assessment, steps, on),
        assessors=_assessors(viewer, assessment),
        progress_url=address(viewer, "assessment:progress", pk=assessment.pk),
    )


def _current(viewer: Viewer, on: date) -> Assessment | None:
    return most_relevant(assessments_of(viewer, on=on))


def _row(viewer: Viewer, assessment: Assessment, step: Step, *, now: bool) -> StepRow:
    tag = words.step_tag(step)
    return StepRow(
        number=step.number,
        name=step.model.short.in_language(words.language()),
        url=words.step_address(viewer, assessment, step),
        owner=step.owner.on_record if step.owner else "",
        status=tag["status"],
        status_text=tag["text"],
        now=now,
    )


def _assessors(viewer: Viewer, assessment: Assessment) -> list[SeatProgress] | None:
    if assessment.state != State.ASSESSING or not permissions.may_follow(viewer, assessment):
        return None
    return sheets.progress(viewer, assessment)


# --- what comes -----------------------------------------------------------------------------------
def _coming(viewer: Viewer, assessment: Assessment, steps: Sequence[Step], on: date) -> list[Coming]:
    gatherings = coming_gatherings(viewer, assessment.group, on=on)[:MOST_COMING]
    meetings = [_meeting(viewer, assessment, row) for row in gatherings]
    found = [*meetings, *_lock(assessment, on), *_ends(viewer, assessment, steps, on)]
    return sorted(found, key=lambda row: row.on)[:MOST_COMING]


def _meeting(viewer: Viewer, assessment: Assessment, gathering: Gathering) -> Coming:
    url = address(viewer, "assessment:gathering", pk=assessment.pk, gathering=gathering.pk)
    return Coming(gathering.from_date, gathering.title, gathering.place, url)


def _lock(assessment: Assessment, on: date) -> Iterator[Coming]:
    if assessment.state != State.ASSESSING or assessment.lock_at is None:
        return
    at = timezone.localtime(assessment.lock_at)
    if at.date() >= on:
        time = _("at %(time)s") % {"time": date_format(at, "TIME_FORMAT")}
        yield Coming(at.date(), _("The individual scores are locked"), time)


def _ends(viewer: Viewer, assessment: Assessment, steps: Sequence[Step], on: date) -> Iterator[Coming]:
    """The last days of the next two steps."""
    coming = [step for step in steps if step.state != "done" and step.due is not None and step.due >= on]
    for step in coming[:2]:
        if step.due is not None:
            name = step.model.short.in_language(words.language())
            text = _("Last day of step %(number)s: %(name)s") % {"number": step.number, "name": name}
            yield Coming(step.due, text, step.owner.name if step.owner else "")
