"""The door of surveys: what rooms above them may ask and do."""

from __future__ import annotations

from merilo.surveys.actions.retention import forget_answers, forget_contacts, warn_of_answers

__all__ = ["forget_answers", "forget_contacts", "warn_of_answers"]
