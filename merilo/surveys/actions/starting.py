"""The ways to begin a survey: from a ready questionnaire, as the next wave of an earlier one, or empty."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from merilo.organisations.api import Viewer
from merilo.surveys import library
from merilo.surveys.actions.running import start_survey
from merilo.surveys.models import Survey
from merilo.surveys.queries.standing import put_to_people
from merilo.surveys.rules.definition import Audience
from merilo.surveys.rules.floors import default_floor

AS_BEFORE = ("entry", "kiosk", "challenge", "contact", "notice", "contacts_days", "answers_months")


def start_ready(*, viewer: Viewer, code: str, titles: Mapping[str, str], at: datetime) -> Survey:
    """Begin from a ready questionnaire. Errors: Refused, UnknownQuestionnaire."""
    return _start(viewer, library.plain(code), titles, at)


def start_wave(*, viewer: Viewer, earlier: Survey, titles: Mapping[str, str], at: datetime) -> Survey:
    """Ask again what was asked before, so that the results can be compared. Errors: Refused."""
    columns = {name: getattr(earlier, name) for name in AS_BEFORE}
    plain = json.loads(put_to_people(earlier))
    return _start(viewer, plain, titles, at, earlier=earlier, **columns)


def start_empty(
    *, viewer: Viewer, audience: Audience, mode: str, titles: Mapping[str, str], at: datetime
) -> Survey:
    """Begin with nothing but a title, whom it asks and whether with names. Errors: Refused."""
    plain = {
        "languages": [language for language, title in titles.items() if title],
        "title": {},
        "mode": mode,
        "audience": audience,
        "floor": default_floor(audience),
        "pages": [{"code": "page1", "parts": []}],
    }
    return _start(viewer, plain, titles, at)


def _start(
    viewer: Viewer, plain: dict[str, Any], titles: Mapping[str, str], at: datetime, **columns: Any
) -> Survey:
    """The organisation's own language comes first, if the questionnaire speaks it."""
    own = viewer.organisation.language
    plain["languages"] = sorted(plain["languages"], key=lambda language: language != own)
    plain["title"] |= {language: title for language, title in titles.items() if title}
    title = plain["title"][plain["languages"][0]]
    draft = json.dumps(plain, ensure_ascii=False)
    return start_survey(viewer=viewer, draft=draft, title=title, at=at, **columns)
