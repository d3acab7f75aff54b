"""Checks across a framework document: codes used once, references that lead somewhere, steps in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from merilo.framework.findings import below
from merilo.framework.shapes import Checks, codes_of, entries, is_whole, known_code

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
MOST_LANGUAGES = 40


def check_references(checks: Checks, data: dict[str, Any], path: str) -> None:
    """What parts of the document must be to each other."""
    check_languages(checks, data.get("languages"))
    for part in ("methods", "scales", "panels", "criteria"):
        unique_codes(checks, entries(data, part))
    unique_codes(checks, _items(data))
    _method_scales(checks, data)
    _criteria_panels(checks, data)
    _related(checks, data)
    _step_numbers(checks, data)


def languages_of(data: Any) -> tuple[str, ...]:
    """The valid language codes of a document that may be malformed."""
    listed = data.get("languages") if isinstance(data, dict) else None
    valid = [code for code in listed if _is_language(code)] if isinstance(listed, list) else []
    return tuple(dict.fromkeys(valid))[:MOST_LANGUAGES]


def unique_codes(checks: Checks, coded: Iterator[tuple[str, dict[str, Any]]]) -> None:
    """Name each entry whose code an earlier one has."""
    first: dict[str, str] = {}
    for path, entry in coded:
        code = entry.get("code")
        if isinstance(code, str) and first.setdefault(code, path) != path:
            checks.add(below(path, "code"), "duplicate_code", code=code, first=first[code])


def _items(data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, criterion in entries(data, "criteria"):
        yield from entries(criterion, "items", path)


def _is_language(code: object) -> bool:
    return isinstance(code, str) and bool(LANGUAGE.fullmatch(code))


def check_languages(checks: Checks, value: Any) -> None:
    """Name what is no language, stands twice, or is too much."""
    if not isinstance(value, list):
        return
    if len(value) > MOST_LANGUAGES:
        checks.add("languages", "too_many_languages", limit=MOST_LANGUAGES)
    seen: set[str] = set()
    for place, code in enumerate(value):
        if not _is_language(code):
            checks.add(below("languages", place), "bad_language", code=code)
        elif code in seen:
            checks.add(below("languages", place), "duplicate_language", code=code)
        else:
            seen.add(code)


def _method_scales(checks: Checks, data: dict[str, Any]) -> None:
    panels, scales = codes_of(data, "panels"), codes_of(data, "scales")
    for path, method in entries(data, "methods"):
        chosen = method.get("scales")
        if not isinstance(chosen, dict):
            continue
        where = below(path, "scales")
        for panel, scale in chosen.items():
            place = below(where, str(panel))
            known_code(checks, panel, place, finding="unknown_panel", known=panels)
            known_code(checks, scale, place, finding="unknown_scale", known=scales)
        for panel in panels:
            if panel not in chosen:
                checks.add(where, "panel_without_scale", code=panel)


def _criteria_panels(checks: Checks, data: dict[str, Any]) -> None:
    panels = codes_of(data, "panels")
    for path, criterion in entries(data, "criteria"):
        if isinstance(criterion.get("panel"), str):
            where = below(path, "panel")
            known_code(checks, criterion["panel"], where, finding="unknown_panel", known=panels)


def _related(checks: Checks, data: dict[str, Any]) -> None:
    codes = (item.get("code") for _, item in _items(data))
    known = {code for code in codes if isinstance(code, str)}
    for path, item in _items(data):
        related = item.get("related")
        for place, code in enumerate(related if isinstance(related, list) else []):
            where = below(below(path, "related"), place)
            if isinstance(code, str) and code == item.get("code"):
                checks.add(where, "related_to_itself")
            elif isinstance(code, str) and code not in known:
                checks.add(where, "unknown_related", code=code)


def _step_numbers(checks: Checks, data: dict[str, Any]) -> None:
    for expected, (path, step) in enumerate(entries(data, "steps"), start=1):
        number = step.get("number")
        if is_whole(number) and number != expected:
            checks.add(below(path, "number"), "step_number", found=number, expected=expected)
