"""Every mistake in the plain values of a questionnaire, named by its path."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from merilo.framework.findings import Finding, below
from merilo.framework.references import languages_of
from merilo.framework.shapes import (
    Checker,
    Checks,
    code_text,
    found_kind,
    is_whole,
    list_of,
    mapping,
    one_of,
    plain_text,
    record,
)
from merilo.surveys.rules.piping import places
from merilo.surveys.rules.referring import SurveyChecks, check_breakdown, check_condition, check_together
from merilo.surveys.rules.values import is_day, is_exact

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
OPTION = re.compile(r"[A-Za-z0-9_]{1,40}")

# Characters.
LINE = 500
PARAGRAPH = 5_000
MOST = {"pages": 200, "parts": 300, "options": 300, "rows": 100, "quotas": 100, "breakdowns": 20}
LEAST_FLOOR, MOST_FLOOR = 3, 1_000  # no installation goes lower


def check(data: object) -> list[Finding]:
    """All mistakes of a questionnaire given as plain values; none for a valid one."""
    checks = SurveyChecks(languages_of(data), data)
    _definition(checks, data, "")
    return checks.findings


def wording(checks: Checks, value: Any, path: str, *, limit: int) -> None:
    """A text, at least in the main language; what else is missing is said by `remarks`."""
    if not isinstance(value, dict):
        checks.add(path, "not_mapping", found=found_kind(value))
        return
    for language, text in value.items():
        where = below(path, str(language))
        if checks.languages and language not in checks.languages:
            known = ", ".join(checks.languages)
            checks.add(where, "unknown_language", language=language, known=known)
        else:
            plain_text(checks, text, where, limit=limit)
            _places(checks, text, where)
    for language in checks.languages[:1]:
        if language not in value:
            checks.add(below(path, language), "missing_language", language=language)


def amount(checks: Checks, value: Any, path: str, *, least: int = 0, most: int = 1_000_000_000) -> None:
    """A whole number between limits."""
    if not is_whole(value):
        checks.add(path, "not_whole_number", found=found_kind(value))
    elif not least <= value <= most:
        checks.add(path, "outside", least=least, most=most)


def exact(checks: Checks, value: Any, path: str) -> None:
    """A whole number, or a decimal written as text so that nothing of it is lost."""
    if not is_exact(value):
        checks.add(path, "not_exact_number", found=found_kind(value))


def day(checks: Checks, value: Any, path: str) -> None:
    """A date as YYYY-MM-DD."""
    if not is_day(value):
        checks.add(path, "not_date", found=found_kind(value))


def truth(checks: Checks, value: Any, path: str) -> None:
    if not isinstance(value, bool):
        checks.add(path, "not_truth", found=found_kind(value))


def many(
    checks: Checks, value: Any, path: str, *, of: Checker, name: str, may_be_empty: bool = False
) -> None:
    """A list that is not too long."""
    list_of(checks, value, path, of=of, may_be_empty=may_be_empty)
    if isinstance(value, list) and len(value) > MOST[name]:
        checks.add(path, "too_many", limit=MOST[name])


def _places(checks: Checks, text: Any, path: str) -> None:
    """Earlier answers that the text repeats must be answers of this questionnaire."""
    if isinstance(text, str) and isinstance(checks, SurveyChecks):
        for place in places(text):
            if place not in checks.items:
                checks.add(path, "unknown_place", code=place)


_code = partial(code_text, pattern=CODE, allowed="question_code")
_option_code = partial(code_text, pattern=OPTION, allowed="option_code")
_line = partial(wording, limit=LINE)
_paragraph = partial(wording, limit=PARAGRAPH)
_small = partial(amount, most=100)


def _options(*roles: str) -> Checker:
    option = {
        "code": _option_code,
        "text": _line,
        "role": partial(one_of, known=("", *roles)),
        "value": partial(amount, least=-1_000, most=1_000),
    }
    return partial(many, of=record(option, "role", "value"), name="options")


_rows = partial(many, of=record({"code": _option_code, "text": _line}), name="rows")
_scale_texts: dict[str, Checker] = {"least_text": _line, "most_text": _line, "unknown": _line}
_choice_roles = _options("other", "none", "unknown")

# The keys of each kind of question; those in brackets must be there.
KINDS: dict[str, tuple[dict[str, Checker], tuple[str, ...]]] = {
    "text": ({}, ()),
    "single": ({"options": _options("other", "unknown"), "shuffle": truth}, ("options",)),
    "multiple": (
        {"options": _choice_roles, "least": _small, "most": partial(amount, least=1), "shuffle": truth},
        ("options",),
    ),
    "matrix": ({"rows": _rows, "options": _options("unknown"), "shuffle": truth}, ("rows", "options")),
    "rating": ({"least": _small, "most": _small, **_scale_texts}, ("least", "most")),
    "nps": (_scale_texts, ()),
    "number": ({"least": exact, "most": exact, "decimals": partial(amount, most=6), "unit": _line}, ()),
    "date": ({"least": day, "most": day}, ()),
    "short": ({"most": partial(amount, least=1, most=1_000)}, ()),
    "long": ({"most": partial(amount, least=1, most=20_000)}, ()),
    "ranking": (
        {"options": _options(), "most": partial(amount, least=1), "shuffle": truth},
        ("options",),
    ),
    "yesno": ({}, ()),
    "file": ({"megabytes": partial(amount, least=1, most=100)}, ()),
}
_question_keys: dict[str, Checker] = {"hint": _paragraph, "required": truth, "attribute": truth}


def _part(checks: Checks, value: Any, path: str) -> None:
    """A question or a text: its kind says which keys belong to it."""
    if not isinstance(value, dict):
        checks.add(path, "not_mapping", found=found_kind(value))
        return
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        checks.add(below(path, "kind"), "not_one_of", value=kind, known=", ".join(KINDS))
        return
    own, needed = KINDS[kind]
    text = _paragraph if kind == "text" else partial(wording, limit=2_000)
    fields: dict[str, Checker] = {
        "kind": _anything,
        "code": _code,
        "text": text,
        "show_if": check_condition,
        **own,
    }
    if kind != "text":
        fields |= _question_keys
    mapping(checks, value, path, fields=fields, optional=frozenset(fields) - {"code", "text", *needed})


def _anything(checks: Checks, value: Any, path: str) -> None:
    """Checked elsewhere."""


_page = record(
    {
        "code": _code,
        "title": _line,
        "shuffle": truth,
        "show_if": check_condition,
        "parts": partial(many, of=_part, name="parts"),
    },
    "title",
    "shuffle",
    "show_if",
)
_quota = record(
    {"code": _code, "most": partial(amount, least=1), "when": check_condition, "text": _paragraph}
)
_breakdown = record({"question": check_breakdown, "ordered": truth}, "ordered")
_definition = record(
    {
        "languages": partial(list_of, of=_anything),
        "title": _line,
        "mode": partial(one_of, known=("anonymous", "named")),
        "audience": partial(one_of, known=("citizens", "businesses", "employees", "councillors")),
        "floor": partial(amount, least=LEAST_FLOOR, most=MOST_FLOOR),
        "layout": partial(one_of, known=("pages", "questions")),
        "population": partial(amount, least=1),
        "description": _paragraph,
        "thanks": _paragraph,
        "pages": partial(many, of=_page, name="pages"),
        "quotas": partial(many, of=_quota, name="quotas", may_be_empty=True),
        "breakdowns": partial(many, of=_breakdown, name="breakdowns", may_be_empty=True),
    },
    "layout",
    "population",
    "description",
    "thanks",
    "quotas",
    "breakdowns",
    then=check_together,
)
