"""Who of the viewers is an evaluator."""

from __future__ import annotations

from merilo.feedback.models import Actor, Feedback
from merilo.organisations.api import Viewer


def actor_held(viewer: Viewer, feedback: Feedback) -> Actor | None:
    """The viewer's access as evaluator that was not ended, or None. One query, remembered on the feedback."""
    known: dict[object, Actor | None] = feedback.__dict__.setdefault("_actors", {})
    key = viewer.membership.pk
    if key not in known:
        known[key] = Actor.objects.filter(feedback=feedback, membership=key, ended_at=None).first()
    return known[key]
