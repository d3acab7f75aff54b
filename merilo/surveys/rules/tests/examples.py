"""A small questionnaire with every kind of question, and what tests bend of it."""

from __future__ import annotations

from functools import cache
from typing import Any

from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.plain import from_plain

Data = dict[str, Any]


def words(text: str) -> dict[str, str]:
    return {"en": text, "bg": f"{text} (bg)"}


def options(*codes: str, **roles: str) -> list[Data]:
    return [
        {"code": code, "text": words(code)} | ({"role": roles[code]} if code in roles else {})
        for code in (*codes, *roles)
    ]


def scored(*codes: str) -> list[Data]:
    return [{"code": code, "text": words(code), "value": place} for place, code in enumerate(codes, start=1)]


def asked(kind: str, code: str, **more: Any) -> Data:
    return {"kind": kind, "code": code, "text": words(code.capitalize()), **more}


def page(code: str, *parts: Data, **more: Any) -> Data:
    return {"code": code, **more, "parts": list(parts)}


def survey(*pages: Data, **more: Any) -> Data:
    return {
        "languages": ["en", "bg"],
        "title": words("Services"),
        "mode": "named",
        "audience": "citizens",
        "floor": 5,
        **more,
        "pages": list(pages),
    }


def one_page(*parts: Data, **more: Any) -> Definition:
    return from_plain(survey(page("first", *parts), **more))


def everything() -> Data:
    """All kinds of question, conditions, piping, quota and breakdowns."""
    visits = asked("multiple", "reasons", options=options("permit", "tax", nothing="none"), least=1, most=2)
    return survey(
        page(
            "about",
            {"kind": "text", "code": "welcome", "text": words("Welcome")},
            asked("single", "service", options=options("desk", "post", else_="other"), required=True),
            asked("yesno", "visited", attribute=True, required=True),
            title=words("About you"),
        ),
        page(
            "visit",
            visits,
            asked(
                "matrix",
                "staff",
                rows=[{"code": "polite", "text": words("Polite")}, {"code": "fast", "text": words("Fast")}],
                options=[
                    *scored("bad", "fair", "good"),
                    {"code": "dk", "text": words("?"), "role": "unknown"},
                ],
                required=True,
            ),
            asked("number", "wait", least=0, most="240.5", decimals=1, unit=words("minutes")),
            asked("date", "when", least="2026-01-01", most="2026-12-31", show_if=[">", "wait", 60]),
            asked("ranking", "order", options=options("speed", "price", "place"), most=2, shuffle=True),
            show_if=["and", ["=", "visited", True], ["not", ["=", "service", "post"]]],
            shuffle=True,
        ),
        page(
            "end",
            asked("rating", "overall", least=1, most=5, most_text=words("Very good"), unknown=words("?")),
            asked("nps", "recommend"),
            asked("short", "town", most=40, attribute=True),
            asked("long", "say", hint=words("About {service} in {town}?"), show_if=["<=", "overall", 2]),
            asked("file", "proof", megabytes=5, show_if=["contains", "reasons", "permit"]),
        ),
        population=2_400,
        description=words("A survey"),
        thanks=words("Thank you"),
        quotas=[{"code": "full", "most": 500, "when": ["answered", "town"], "text": words("Enough")}],
        breakdowns=[{"question": "visited"}, {"question": "overall", "ordered": True}],
    )


@cache
def complete() -> Definition:
    return from_plain(everything())
