"""Framework documents into the catalogue and back into the canonical form an edition is pinned in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from merilo.framework.building import build, build_steps
from merilo.framework.catalogue import Framework, Method, Step, Text, UnknownCode
from merilo.framework.checking import check
from merilo.framework.findings import Finding, FrameworkInvalid, above
from merilo.framework.folders import read_file, read_folder
from merilo.framework.parsing import Parsed, parse_json, parse_yaml

DATA = Path(__file__).parent / "data"
STEPS_OF = "caf-2020"  # its ten steps are those of a framework that names none
OPTIONAL = frozenset({"bands", "components", "related"})


def load_text(yaml_text: str | bytes) -> Framework:
    """The framework in one YAML document. Errors: FrameworkInvalid with all findings."""
    return _checked(parse_yaml(yaml_text))


def shipped() -> list[str]:
    """Codes of the frameworks that come with the platform, in alphabetical order."""
    folders = [path.parent.name for path in DATA.glob("*/framework.yaml")]
    return sorted(folders + [path.stem for path in DATA.glob("*.yaml")])


@cache
def load_shipped(code: str) -> Framework:
    """A framework that comes with the platform. Errors: UnknownCode, FrameworkInvalid."""
    if code not in shipped():
        raise UnknownCode(code)
    folder = DATA / code
    return _checked(read_folder(folder) if folder.is_dir() else read_file(DATA / f"{code}.yaml"))


def to_json(framework: Framework) -> str:
    """The whole framework as canonical JSON: the same content always gives the same text."""
    return json.dumps(_plain(framework), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Framework:
    """The framework in a JSON document, as `to_json` writes it. Errors: FrameworkInvalid."""
    return _checked(parse_json(text))


def fingerprint(canonical_json: str) -> str:
    """SHA-256 of a canonical JSON document, in hexadecimal: tells one pinned edition from another."""
    return sha256(canonical_json.encode()).hexdigest()


def check_file(path: str | Path, translate: Callable[[str], str] = str) -> list[str]:
    """Everything wrong with a framework file or folder, one sentence each; empty when it can be used."""
    place = Path(path)
    try:
        _checked(read_folder(place) if place.is_dir() else read_file(place))
    except FrameworkInvalid as invalid:
        return [finding.described(translate) for finding in invalid.findings]
    return []


def _checked(parsed: Parsed) -> Framework:
    if findings := check(parsed.data):
        raise FrameworkInvalid([_with_line(finding, parsed.lines) for finding in findings])
    framework = build(parsed.data)
    return framework if framework.steps else replace(framework, steps=_default_steps(framework.languages))


def _with_line(finding: Finding, lines: Mapping[str, int]) -> Finding:
    path = finding.path
    while path and path not in lines:
        path = above(path)
    return replace(finding, line=lines.get(path))


def _default_steps(languages: tuple[str, ...]) -> tuple[Step, ...]:
    return build_steps(_shipped_steps(), languages)


@cache
def _shipped_steps() -> Any:
    data = read_file(DATA / STEPS_OF / "framework.yaml").data
    return data["steps"] if isinstance(data, dict) else []


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return dict(value.entries)
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Method):
        return _record(value) | {"scales": dict(value.scales)}
    return _record(value) if is_dataclass(value) else value


def _record(value: Any) -> dict[str, Any]:
    parts = {part.name: getattr(value, part.name) for part in fields(value) if part.compare}
    return {name: _plain(part) for name, part in parts.items() if part or name not in OPTIONAL}
