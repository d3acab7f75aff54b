"""The surveys of an organisation and their versions."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from merilo.organisations.api import Viewer
from merilo.surveys.models import Survey, Version
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.plain import from_json

SEEING = ("survey.read", "survey.edit", "survey.enter")  # any of them


def surveys_of(viewer: Viewer) -> QuerySet[Survey]:
    """The organisation's surveys, newest first; none for whoever has nothing to do with them."""
    if not any(viewer.can(permission) for permission in SEEING):
        return Survey.objects.none()
    return Survey.objects.filter(organisation=viewer.organisation).defer("draft")


def survey(viewer: Viewer, pk: UUID) -> Survey:
    """One survey of the organisation. Errors: Survey.DoesNotExist."""
    return surveys_of(viewer).get(pk=pk)


def version_of(survey: Survey) -> Version | None:
    """What is put to people now: the newest version, None before the first opening."""
    return Version.objects.filter(survey=survey).order_by("-number").first()


def versions_of(survey: Survey) -> QuerySet[Version]:
    """All versions, the newest first."""
    return Version.objects.filter(survey=survey).order_by("-number")


def version_numbered(survey: Survey, number: int) -> Version:
    """One version. Errors: Version.DoesNotExist."""
    return Version.objects.get(survey=survey, number=number)


def draft_of(survey: Survey) -> Definition:
    """The questionnaire that is being written. Errors: DefinitionInvalid."""
    return from_json(survey.draft)
