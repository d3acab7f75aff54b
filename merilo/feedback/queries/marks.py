"""Points: one's own, those of all once they are closed, and what is agreed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from merilo.core.errors import Refused
from merilo.feedback import permissions
from merilo.feedback.models import Actor, Feedback, Joint, Mark
from merilo.organisations.api import Viewer


@dataclass(frozen=True, slots=True)
class Given:
    """Points (None: not yet) with a remark."""

    points: int | None = None
    remark: str = ""


def own_marks(actor: Actor) -> dict[str, Given]:
    """What an evaluator gave, by question; for the evaluator alone. One query."""
    return {row.code: Given(row.points, row.remark) for row in Mark.objects.filter(actor=actor)}


def without_points(feedback: Feedback, questions: Collection[str], *, on: date) -> list[tuple[str, int]]:
    """The evaluators with access whose points are not complete: name, how many are missing. One query."""
    given = Count("marks", filter=Q(marks__code__in=questions, marks__points__isnull=False))
    rows = feedback.actors.filter(ended_at=None, until__gte=on).annotate(given=given)
    return [
        (row.membership.on_record, len(questions) - row.given)
        for row in rows.select_related("membership__person")
        if row.given < len(questions)
    ]


@dataclass(frozen=True, slots=True)
class OwnMark:
    """What one of the evaluators gave for a question."""

    who: str
    given: Given


def all_marks(viewer: Viewer, feedback: Feedback, *, on: date) -> dict[str, list[OwnMark]]:
    """What each evaluator gave, by question. Errors: Refused until all are closed. One query."""
    if not permissions.may_see_joint(viewer, feedback, on=on):
        raise Refused(_("Evaluators see each other’s points once all have given theirs."))
    rows = Mark.objects.filter(actor__feedback=feedback).select_related("actor__membership")
    found: defaultdict[str, list[OwnMark]] = defaultdict(list)
    for row in rows.order_by("-actor__is_lead", "actor__membership__name", "id"):
        found[row.code].append(OwnMark(row.actor.membership.on_record, Given(row.points, row.remark)))
    return found


def joints(feedback: Feedback) -> dict[str, Given]:
    """What is agreed, by question, for those who write the report. One query."""
    return {row.code: Given(row.points, row.remark) for row in Joint.objects.filter(feedback=feedback)}


def points_in(given: dict[str, Given]) -> dict[str, int]:
    """The points alone, without questions that have none."""
    return {code: one.points for code, one in given.items() if one.points is not None}


def progress_of(feedback: Feedback) -> dict[object, int]:
    """How many questions each evaluator has given points for, by evaluator; no points are told. One query."""
    rows = Mark.objects.filter(actor__feedback=feedback).exclude(points=None).order_by("id")
    found: defaultdict[object, int] = defaultdict(int)
    for actor in rows.values_list("actor", flat=True):
        found[actor] += 1
    return found
