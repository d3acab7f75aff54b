"""How the surveys of an organisation stand: what people answered, what is still to be put right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from merilo.framework.findings import Finding
from merilo.organisations.api import Viewer
from merilo.surveys.models import OpenText, Response, Snapshot, State, Survey, TextState
from merilo.surveys.queries.surveys import surveys_of, version_of
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.floors import in_steps
from merilo.surveys.rules.plain import DefinitionInvalid, from_json, to_json
from merilo.surveys.rules.remarks import Remark, remarks
from merilo.surveys.rules.rewording import Altered, altered


@dataclass(frozen=True, slots=True)
class Listed:
    """A survey with what may be told of the number of its answers: see `told`."""

    survey: Survey
    answered: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft, read: the questionnaire if it is one, its mistakes, and remarks, those that block first."""

    plain: Any
    definition: Definition | None
    mistakes: tuple[Finding, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def blocking(self) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if remark.blocks)

    @property
    def advice(self) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if not remark.blocks)

    @property
    def is_ready(self) -> bool:
        return self.definition is not None and not self.blocking


def told(survey: Survey, count: int) -> int | None:
    """The number of responses as it is told: in steps while open, afterwards exactly if enough answered."""
    if survey.state == State.DRAFT:
        return None
    if survey.state == State.OPEN:
        return in_steps(count, survey.floor)
    return count if count >= survey.floor else None


def listed(viewer: Viewer) -> list[Listed]:
    """The organisation's surveys, newest first."""
    found = surveys_of(viewer).annotate(count=Count("responses")).order_by("-made_at", "id")
    return [Listed(survey, told(survey, survey.count)) for survey in found]


def answered(survey: Survey) -> int | None:
    """How many have answered, as far as it is told."""
    return told(survey, Response.objects.filter(survey=survey).count())


def earlier_ones(viewer: Viewer) -> QuerySet[Survey]:
    """The last waves of what was put to people, to be asked again."""
    return surveys_of(viewer).filter(later=None).exclude(state=State.DRAFT)


def put_to_people(survey: Survey) -> str:
    """The questionnaire that people answered last, as JSON; of a draft what is written so far."""
    version = version_of(survey)
    return version.definition if version else survey.draft


def titles_of(survey: Survey) -> dict[str, str]:
    """The title of what people answered last, by the languages of the questionnaire."""
    plain = json.loads(put_to_people(survey))
    return {language: plain["title"].get(language, "") for language in plain["languages"]}


def languages_of(survey: Survey) -> list[str]:
    """The languages of the draft, the main one first."""
    return [str(language) for language in json.loads(survey.draft).get("languages") or ["bg"]]


def checked(survey: Survey) -> Checked:
    """The draft with everything there is to say about it."""
    plain = json.loads(survey.draft)
    try:
        definition = from_json(survey.draft)
    except DefinitionInvalid as error:
        return Checked(plain, None, error.findings)
    return Checked(plain, definition, (), tuple(remarks(definition)))


def is_reworded(survey: Survey, draft: Checked) -> bool:
    """Whether the draft of an open survey says something else than what people answer now."""
    version = version_of(survey)
    return draft.definition is None or version is None or to_json(draft.definition) != version.definition


def altered_in(survey: Survey, draft: Checked) -> list[Altered]:
    """What the draft would change besides wording, though people have answered."""
    version = version_of(survey)
    if draft.definition is None or version is None or not Response.objects.filter(survey=survey).exists():
        return []
    return altered(from_json(version.definition), draft.definition)


def unread(viewer: Viewer) -> list[tuple[Survey, int]]:
    """Closed surveys with open answers that nobody has read, and how many; empty for who may not."""
    if not viewer.can("survey.texts"):
        return []
    new = Count("texts", filter=Q(texts__state=TextState.NEW))
    found = (
        surveys_of(viewer)
        .filter(state=State.CLOSED, copier=None)
        .annotate(new=new)
        .filter(new__gt=0)
        .order_by("closed_at", "pk")
    )
    return [(survey, survey.new) for survey in found]


def texts_waiting(survey: Survey) -> int | None:
    """Open answers of one survey that nobody has read yet; None before its results are prepared."""
    if not Snapshot.objects.filter(survey=survey).exists():
        return None
    return OpenText.objects.filter(survey=survey, state=TextState.NEW).count()


def running(viewer: Viewer) -> Iterator[Survey]:
    """Drafts with a first day and open surveys, for those who run them; the soonest first."""
    if viewer.can("survey.edit"):
        due = Q(state=State.OPEN) | Q(state=State.DRAFT, opens_on__isnull=False)
        yield from surveys_of(viewer).filter(due).order_by("closes_on", "pk")
