"""What a report of external feedback is frozen from: points, remarks and texts as they are handed over.

Evaluators are kept by the ids of their memberships and told by their names when it is read, so that a
frozen report holds nobody's name.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from merilo.feedback.models import Feedback
from merilo.feedback.queries.feedbacks import actors_of, scheme_of
from merilo.feedback.queries.marks import Given, joints, points_in
from merilo.feedback.rules.scheme import Item, Scheme
from merilo.feedback.rules.scoring import all_points, awarded

Content = dict[str, Any]


def collect(feedback: Feedback, *, language: str, on: date) -> Content:
    """The content of a report on a day. Four queries."""
    scheme, given = scheme_of(feedback), joints(feedback)
    proposed = awarded(scheme, all_points(scheme, points_in(given)))
    return {
        "format": 1,
        "language": language,
        "on": on.isoformat(),
        "organisation": feedback.organisation.name,
        "assessment": feedback.assessment.title,
        "plan": feedback.plan.title if feedback.plan else "",
        "scheme": {"code": scheme.code, "version": scheme.version},
        "applied_on": feedback.applied_on.isoformat() if feedback.applied_on else None,
        "visit_on": feedback.visit_on.isoformat() if feedback.visit_on else None,
        "actors": [str(actor.membership_id) for actor in actors_of(feedback) if actor.ended_at is None],
        "items": {item.code: _item(item, given) for _pillar, item in scheme.items()},
        "proposed": proposed.code if proposed else "",
        "texts": {key: text for key, text in feedback.texts.items() if key in text_keys(scheme)},
    }


def _item(item: Item, given: dict[str, Given]) -> Content:
    marks = ((question.code, given.get(question.code, Given())) for question in item.questions)
    return {code: {"points": mark.points, "remark": mark.remark} for code, mark in marks}


def text_keys(scheme: Scheme) -> list[str]:
    """The keys of the texts that evaluators write, in the order of the report."""
    pillars = [f"{kind}-{pillar.code}" for pillar in scheme.pillars for kind in ("strengths", "ideas")]
    return ["summary", *pillars]


def points_of(content: Content) -> dict[str, int]:
    """The points in a frozen content, by question."""
    marks = (pair for item in content["items"].values() for pair in item.items())
    return {code: mark["points"] for code, mark in marks if mark["points"] is not None}
