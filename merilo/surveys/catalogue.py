"""The questionnaire of a version, parsed and compiled once per process: a version never changes."""

from __future__ import annotations

from uuid import UUID

from merilo.surveys.models import Version
from merilo.surveys.rules.answers import Form
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.plain import from_json

_MOST_KEPT = 64
_kept: dict[tuple[UUID, int], Form] = {}


def form_of(version: Version) -> Form:
    """What reads the answers to a version; the questionnaire itself is `form.paths.definition`.

    The text is only read the first time: queries may leave it out (`defer("definition")`).
    """
    key = (version.survey_id, version.number)
    found = _kept.pop(key, None) or Form(from_json(version.definition))
    _kept[key] = found
    if len(_kept) > _MOST_KEPT:
        _kept.pop(next(iter(_kept)), None)
    return found


def definition_of(version: Version) -> Definition:
    """The questionnaire of a version."""
    return form_of(version).paths.definition


def form_for(survey: UUID, number: int) -> Form:
    """The same by survey and number: the database is asked once. Errors: Version.DoesNotExist."""
    found = _kept.get((survey, number))
    return found or form_of(Version.objects.get(survey=survey, number=number))
