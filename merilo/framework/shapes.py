"""Checkers for the parts of a foreign document: each names what is wrong by its path and goes on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeAlias, TypeGuard

from merilo.framework.findings import Finding, below, excerpt

NAMED = 20  # possible codes listed in one sentence
LARGEST = 1_000  # points; no scale in use is longer

Checker: TypeAlias = "Callable[[Checks, Any, str], None]"


class Checks:
    """The findings so far and the languages every text must have."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.findings: list[Finding] = []

    def add(self, path: str, code: str, /, **params: object) -> None:
        shown = {key: value if isinstance(value, int) else excerpt(value) for key, value in params.items()}
        self.findings.append(Finding(path, code, shown))


def found_kind(value: object) -> str:
    """Key of `messages.FOUND` for what stands where something else should."""
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (type(None), "nothing"),
        (bool, "truth"),
        (str, "text"),
        ((int, float), "number"),
        (list, "list"),
        (dict, "mapping"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "other")


def plain_text(checks: Checks, value: Any, path: str, *, limit: int) -> None:
    if not isinstance(value, str):
        checks.add(path, "not_text", found=found_kind(value))
    elif not value.strip():
        checks.add(path, "blank")
    elif len(value) > limit:
        checks.add(path, "too_long", length=len(value), limit=limit)
    elif odd := next((letter for letter in value if _is_control(letter)), None):
        checks.add(path, "control_character", character=f"U+{ord(odd):04X}")


def _is_control(letter: str) -> bool:
    return letter not in "\n\t" and unicodedata.category(letter) in {"Cc", "Cs"}


def whole(checks: Checks, value: Any, path: str) -> None:
    if not is_whole(value):
        checks.add(path, "not_whole_number", found=found_kind(value))
    elif abs(value) > LARGEST:
        checks.add(path, "too_large", limit=LARGEST)


def more_than(checks: Checks, value: Any, path: str, *, before: int) -> None:
    """Name a whole number that does not go up from the one before; anything else is named elsewhere."""
    if is_whole(value) and value <= before:
        checks.add(path, "not_ascending", found=value, before=before)


def is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def code_text(checks: Checks, value: Any, path: str, *, pattern: re.Pattern[str], allowed: str) -> None:
    if not isinstance(value, str):
        checks.add(path, "not_text", found=found_kind(value))
    elif not pattern.fullmatch(value):
        checks.add(path, "bad_code", code=value, allowed=allowed)


def one_of(checks: Checks, value: Any, path: str, *, known: tuple[str, ...]) -> None:
    if value not in known:
        checks.add(path, "not_one_of", value=value, known=", ".join(known))


def text(checks: Checks, value: Any, path: str, *, limit: int) -> None:
    if not isinstance(value, dict):
        checks.add(path, "not_mapping", found=found_kind(value))
        return
    for language, wording in value.items():
        if checks.languages and language not in checks.languages:
            known = ", ".join(checks.languages)
            checks.add(below(path, str(language)), "unknown_language", language=language, known=known)
        else:
            plain_text(checks, wording, below(path, str(language)), limit=limit)
    for language in checks.languages:
        if language not in value:
            checks.add(below(path, language), "missing_language", language=language)


def list_of(checks: Checks, value: Any, path: str, *, of: Checker, may_be_empty: bool = False) -> None:
    if not isinstance(value, list):
        checks.add(path, "not_list", found=found_kind(value))
        return
    if not value and not may_be_empty:
        checks.add(path, "empty_list")
    for place, entry in enumerate(value):
        of(checks, entry, below(path, place))


def mapping(
    checks: Checks, value: Any, path: str, *, fields: Mapping[str, Checker], optional: frozenset[str]
) -> None:
    if not isinstance(value, dict):
        checks.add(path, "not_mapping", found=found_kind(value))
        return
    for key in value:
        if key not in fields:
            checks.add(below(path, str(key)), "unknown_key", key=key, known=", ".join(fields))
    for key, checker in fields.items():
        if key in value:
            checker(checks, value[key], below(path, key))
        elif key not in optional:
            checks.add(below(path, key), "missing", key=key)


def record(fields: Mapping[str, Checker], *optional: str, then: Checker | None = None) -> Checker:
    """A checker for a mapping with these fields, and for what they must be together."""

    def checker(checks: Checks, value: Any, path: str) -> None:
        mapping(checks, value, path, fields=fields, optional=frozenset(optional))
        if then is not None and isinstance(value, dict):
            then(checks, value, path)

    return checker


def known_code(checks: Checks, code: Any, path: str, *, finding: str, known: dict[str, None]) -> None:
    if not isinstance(code, str) or code not in known:
        checks.add(path, finding, code=code, known=", ".join(islice(known, NAMED)))


# --- reading what may be malformed ------------------------------------------------------------


def entries(parent: Any, key: str, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and value of each mapping in the list `parent[key]`; nothing where it is malformed."""
    values = parent.get(key) if isinstance(parent, dict) else None
    for place, value in enumerate(values if isinstance(values, list) else []):
        if isinstance(value, dict):
            yield below(below(path, key), place), value


def codes_of(parent: Any, key: str) -> dict[str, None]:
    """The codes in the list `parent[key]`, in order, each once."""
    codes = (entry.get("code") for _, entry in entries(parent, key))
    return dict.fromkeys(code for code in codes if isinstance(code, str))
