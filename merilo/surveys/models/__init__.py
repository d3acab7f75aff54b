"""Surveys: the questionnaire with its versions, who is asked, what was answered, what became of it."""

from merilo.surveys.models.answering import (
    NamedResponse,
    QuotaCount,
    Response,
    SavedAnswers,
    Source,
    UsedForm,
)
from merilo.surveys.models.inviting import Invitation, LetterKind, Mailing
from merilo.surveys.models.results import Export, OpenText, Publication, Snapshot, Tag, TextState, Totals
from merilo.surveys.models.survey import Entry, State, Survey, Version
from merilo.surveys.models.yearly import YearlyReport, YearlyState

__all__ = [
    "Entry",
    "Export",
    "Invitation",
    "LetterKind",
    "Mailing",
    "NamedResponse",
    "OpenText",
    "Publication",
    "QuotaCount",
    "Response",
    "SavedAnswers",
    "Snapshot",
    "Source",
    "State",
    "Survey",
    "Tag",
    "TextState",
    "Totals",
    "UsedForm",
    "Version",
    "YearlyReport",
    "YearlyState",
]
