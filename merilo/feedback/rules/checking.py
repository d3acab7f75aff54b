"""Every mistake in the document of a scheme, named by its path."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from merilo.feedback.rules.readiness import KNOWN
from merilo.framework.checking import NAME, NUMBER, PARAGRAPH, TITLE
from merilo.framework.findings import Finding, below
from merilo.framework.references import check_languages, languages_of, unique_codes
from merilo.framework.shapes import (
    Checks,
    code_text,
    codes_of,
    entries,
    is_whole,
    known_code,
    list_of,
    more_than,
    one_of,
    plain_text,
    record,
    text,
    whole,
)


def check(data: object) -> list[Finding]:
    """All mistakes of a scheme given as plain values; none for a valid one."""
    checks = Checks(languages_of(data))
    _scheme(checks, data, "")
    return checks.findings


def _references(checks: Checks, data: dict[str, Any], path: str) -> None:
    """What the parts of a scheme must be to each other."""
    check_languages(checks, data.get("languages"))
    for part in ("scales", "pillars", "awards"):
        unique_codes(checks, entries(data, part))
    unique_codes(checks, _items(data))
    unique_codes(checks, _questions(data))
    scales = codes_of(data, "scales")
    for place, pillar in entries(data, "pillars"):
        known_code(checks, pillar.get("scale"), below(place, "scale"), finding="unknown_scale", known=scales)
    _rules(checks, data)


def _rules(checks: Checks, data: dict[str, Any]) -> None:
    known = tuple(str(item.get("code")) for _path, item in _items(data))
    for place, award in entries(data, "awards"):
        for where, rule in entries(award, "rules", place):
            codes = rule.get("items")
            for number, code in enumerate(codes if isinstance(codes, list) else []):
                path = below(below(where, "items"), number)
                one_of(checks, code, path, known=known)


def _items(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, pillar in entries(data, "pillars"):
        yield from entries(pillar, "items", path)


def _questions(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in _items(data):
        yield from entries(item, "questions", path)


def _ascending(checks: Checks, scale: dict[str, Any], path: str) -> None:
    """The degrees of a scale go from few points to many."""
    before: int | None = None
    for place, degree in entries(scale, "degrees", path):
        points = degree.get("points")
        if before is not None:
            more_than(checks, points, below(place, "points"), before=before)
        before = points if is_whole(points) else before


def _window(checks: Checks, window: dict[str, Any], path: str) -> None:
    first, last = window.get("first"), window.get("last")
    if is_whole(first) and is_whole(last) and not 0 <= first < last:
        checks.add(path, "limits_reversed", minimum=first, maximum=last)


def _natural(checks: Checks, value: Any, path: str) -> None:
    """A whole number above nothing."""
    whole(checks, value, path)
    more_than(checks, value, path, before=0)


def _anything(checks: Checks, value: Any, path: str) -> None:
    """Checked elsewhere."""


_name = partial(code_text, pattern=NAME, allowed="name")
_number = partial(code_text, pattern=NUMBER, allowed="number")
_title = partial(text, limit=TITLE)
_paragraph = partial(text, limit=PARAGRAPH)
_facts = partial(list_of, of=partial(one_of, known=KNOWN), may_be_empty=True)

_scale = record(
    {
        "code": _name,
        "degrees": partial(list_of, of=record({"points": whole, "title": _title, "meaning": _paragraph})),
    },
    then=_ascending,
)
_item = record(
    {
        "code": _number,
        "title": _title,
        "known": _facts,
        "questions": partial(list_of, of=record({"code": _number, "text": _paragraph})),
    },
    "known",
)
_pillar = record(
    {
        "code": _name,
        "title": _title,
        "about": _paragraph,
        "scale": _anything,
        "items": partial(list_of, of=_item),
    }
)
_rule = record(
    {
        "kind": partial(one_of, known=("sum", "each")),
        "items": partial(list_of, of=_anything),
        "least": whole,
    }
)
_award = record(
    {
        "code": _name,
        "title": _title,
        "years": _natural,
        "remind": _natural,
        "rules": partial(list_of, of=_rule),
    }
)
_scheme = record(
    {
        "code": _name,
        "version": partial(plain_text, limit=20),
        "languages": partial(list_of, of=_anything),
        "title": _title,
        "source": _paragraph,
        "window": record({"first": whole, "last": whole}, then=_window),
        "required": _facts,
        "scales": partial(list_of, of=_scale),
        "pillars": partial(list_of, of=_pillar),
        "awards": partial(list_of, of=_award),
    },
    "window",
    "required",
    then=_references,
)
