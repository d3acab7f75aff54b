"""The door of external feedback: what the rooms above may ask."""

from __future__ import annotations

from merilo.feedback.actions.retention import forget_marks
from merilo.feedback.queries.feedbacks import published_labels

__all__ = ["forget_marks", "published_labels"]
