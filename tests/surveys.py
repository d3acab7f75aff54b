"""Surveys of the tests: a small questionnaire of every common kind, opened and answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from merilo.organisations.models import Organisation
from merilo.surveys.models import Response, State, Survey, Version
from merilo.surveys.rules.plain import from_plain, to_json
from tests.people import today

SCALE = [
    {"code": f"s{points}", "text": {"bg": f"Степен {points}", "en": f"Degree {points}"}, "value": points}
    for points in range(1, 6)
]


def a_questionnaire(**changed: Any) -> dict[str, Any]:
    """Plain values of a questionnaire in bg and en: age, a matrix, a rating, several choices, open text."""
    return {
        "languages": ["bg", "en"],
        "title": {"bg": "Удовлетвореност от услугите", "en": "Satisfaction with services"},
        "mode": "anonymous",
        "audience": "citizens",
        "floor": 5,
        "pages": [
            {
                "code": "about",
                "title": {"bg": "За Вас", "en": "About you"},
                "parts": [
                    {
                        "kind": "single",
                        "code": "age",
                        "text": {"bg": "На колко години сте?", "en": "How old are you?"},
                        "required": True,
                        "attribute": True,
                        "options": [
                            {"code": "young", "text": {"bg": "до 35", "en": "up to 35"}},
                            {"code": "middle", "text": {"bg": "36–60", "en": "36–60"}},
                            {"code": "old", "text": {"bg": "над 60", "en": "over 60"}},
                        ],
                    },
                    {
                        "kind": "yesno",
                        "code": "visited",
                        "text": {"bg": "Посетихте ли ни?", "en": "Did you visit us?"},
                    },
                ],
            },
            {
                "code": "service",
                "parts": [
                    {
                        "kind": "matrix",
                        "code": "quality",
                        "text": {"bg": "Доволни ли сте от …", "en": "Are you satisfied with …"},
                        "rows": [
                            {"code": "speed", "text": {"bg": "бързината", "en": "the speed"}},
                            {"code": "staff", "text": {"bg": "служителите", "en": "the staff"}},
                        ],
                        "options": [
                            *SCALE,
                            {
                                "code": "dk",
                                "text": {"bg": "не зная", "en": "don't know"},
                                "role": "unknown",
                            },
                        ],
                        "show_if": ["=", "visited", True],
                    },
                    {
                        "kind": "rating",
                        "code": "overall",
                        "text": {"bg": "Обща оценка", "en": "Overall"},
                        "least": 1,
                        "most": 5,
                    },
                    {
                        "kind": "multiple",
                        "code": "channels",
                        "text": {"bg": "Как ползвате услугите?", "en": "How do you use the services?"},
                        "options": [
                            {"code": "desk", "text": {"bg": "на гише", "en": "at the desk"}},
                            {"code": "web", "text": {"bg": "по интернет", "en": "on the internet"}},
                            {"code": "other", "text": {"bg": "друго", "en": "other"}, "role": "other"},
                        ],
                    },
                    {
                        "kind": "long",
                        "code": "wishes",
                        "text": {"bg": "Какво да подобрим?", "en": "What should we improve?"},
                    },
                ],
            },
        ],
        "breakdowns": [{"question": "age", "ordered": True}],
    } | changed


def a_survey(
    organisation: Organisation,
    *,
    state: str = State.OPEN,
    plain: dict[str, Any] | None = None,
    **fields: Any,
) -> Survey:
    """A survey in a state; opened and closed ones have one version."""
    definition = from_plain(plain or a_questionnaire())
    at = timezone.now()
    times: dict[str, Any] = {} if state == State.DRAFT else {"opened_at": at}
    if state == State.CLOSED:
        times["closed_at"] = at
    values = {
        "title": definition.title.in_language("bg"),
        "mode": definition.mode,
        "audience": definition.audience,
        "floor": definition.floor,
        "draft": to_json(definition),
        "made_at": at,
        **times,
    }
    survey = Survey.objects.create(organisation=organisation, state=state, **(values | fields))
    if state != State.DRAFT:
        Version.objects.create(survey=survey, number=1, definition=survey.draft, made_at=at)
    return survey


def answered(survey: Survey, *rows: dict[str, Any], on: date | None = None, **fields: Any) -> list[Response]:
    """Responses with these answers in plain form, all of one day."""
    values = {"version": 1, "day": on or today(), "source": "link", "language": "bg"} | fields
    return Response.objects.bulk_create(Response(survey=survey, answers=row, **values) for row in rows)
