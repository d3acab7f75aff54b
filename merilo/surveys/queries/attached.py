"""Files that came with answers in surveys with names, for whoever may read those answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from merilo.core.models import StoredFile
from merilo.organisations.api import Viewer
from merilo.surveys import permissions
from merilo.surveys.catalogue import definition_of
from merilo.surveys.models import Response, Survey, Version
from merilo.surveys.queries.answering import files_of
from merilo.surveys.rules.definition import Question


@dataclass(frozen=True, slots=True)
class Attached:
    """A file, the question it answers, and who sent it."""

    response: UUID
    question: Question
    file: StoredFile
    name: str


def attached(viewer: Viewer, survey: Survey) -> list[Attached]:
    """All of them, question by question, by the names of who sent them; none for who may not read them."""
    if not permissions.may_read_files(viewer, survey):
        return []
    stored = {file.sha256: file for file in files_of(survey).order_by("uploaded_at")}
    return [
        Attached(pk, question, stored[answers[question.code]], own or name or address or "")
        for question in _asked(survey)
        for pk, answers, own, name, address in _answers(survey, question)
        if answers[question.code] in stored
    ]


def file_of(viewer: Viewer, survey: Survey, response: UUID, item: str) -> StoredFile:
    """The file that somebody answered a question with.

    Errors: StoredFile.DoesNotExist, also for who may not read it.
    """
    asked = {question.code for question in _asked(survey)}
    found = Response.objects.filter(survey=survey, pk=response).first()
    may = permissions.may_read_files(viewer, survey) and item in asked
    if not may or found is None or item not in found.answers:
        raise StoredFile.DoesNotExist
    stored = files_of(survey).filter(sha256=found.answers[item]).order_by("uploaded_at").last()
    if stored is None:
        raise StoredFile.DoesNotExist
    return stored


def asks_for_files(survey: Survey) -> bool:
    """Whether answers to the survey may have files with them."""
    return any(True for _question in _asked(survey))


def _asked(survey: Survey) -> Iterator[Question]:
    """The questions for files of all versions, once each; their codes stay."""
    versions = Version.objects.filter(survey=survey).order_by("-number")
    questions = (question for version in versions for question in definition_of(version).questions())
    yield from {one.code: one for one in questions if one.kind == "file"}.values()


def _answers(survey: Survey, question: Question) -> list[tuple[UUID, dict[str, str], str, str, str]]:
    told = ("named__name", "named__invitation__name", "named__invitation__address")
    found = Response.objects.filter(Q(answers__has_key=question.code), survey=survey)
    return list(found.order_by(*told, "pk").values_list("pk", "answers", *told))
