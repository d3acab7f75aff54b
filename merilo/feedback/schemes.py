"""The schemes that come with the platform: one YAML file each, checked when they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from merilo.feedback.rules.checking import check
from merilo.feedback.rules.scheme import Scheme, build
from merilo.framework.findings import FrameworkInvalid, above
from merilo.framework.folders import read_file

DATA = Path(__file__).parent / "data"


def shipped() -> list[str]:
    """The codes of the schemes, in alphabetical order."""
    return sorted(path.stem for path in DATA.glob("*.yaml"))


@cache
def document(code: str) -> dict[str, Any]:
    """The plain values of a shipped scheme, as a feedback keeps them. Errors: KeyError, FrameworkInvalid."""
    if code not in shipped():
        raise KeyError(code)
    return read(DATA / f"{code}.yaml")


def read(path: Path) -> dict[str, Any]:
    """The plain values of a scheme in a file. Errors: FrameworkInvalid with every mistake."""
    parsed = read_file(path)
    if findings := check(parsed.data):
        lines = parsed.lines
        raise FrameworkInvalid([replace(one, line=_line(one.path, lines)) for one in findings])
    assert isinstance(parsed.data, dict)  # noqa: S101  else it had been found
    return parsed.data


def _line(path: str, lines: dict[str, int]) -> int | None:
    while path and path not in lines:
        path = above(path)
    return lines.get(path)


def scheme(code: str) -> Scheme:
    """A shipped scheme. Errors: KeyError, FrameworkInvalid."""
    return build(document(code))


def mistakes(path: Path, translate: Callable[[str], str] = str) -> list[str]:
    """Everything wrong with a file of a scheme, one sentence each; empty when it can be used."""
    try:
        read(path)
    except FrameworkInvalid as invalid:
        return [finding.described(translate) for finding in invalid.findings]
    return []
