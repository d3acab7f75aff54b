"""Framework documents on disk: one file, or a folder whose texts stand in a file for each criterion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from merilo.framework.findings import Finding, FrameworkInvalid, below
from merilo.framework.parsing import SIZE_LIMIT, Parsed, parse_yaml
from merilo.framework.shapes import found_kind


def read_file(path: Path) -> Parsed:
    """The document in one file. Errors: FrameworkInvalid, also when the file cannot be read."""
    try:
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
        size = path.stat().st_size
    except FileNotFoundError:
        raise FrameworkInvalid([Finding("", "file_missing")]) from None
    except OSError as error:
        problem = {"problem": error.strerror or type(error).__name__}
        raise FrameworkInvalid([Finding("", "file_unreadable", problem)]) from None
    if len(raw) > SIZE_LIMIT:
        raise FrameworkInvalid([Finding("", "too_big", {"size": max(size, len(raw)), "limit": SIZE_LIMIT})])
    return parse_yaml(raw)


def read_folder(folder: Path) -> Parsed:
    """`framework.yaml` with the texts of each `criterion-*.yaml` put into its items.

    Lines are not kept, because the document comes from several files. Errors: FrameworkInvalid.
    """
    data = _read_named(folder / "framework.yaml").data
    items = _items(data)
    findings: list[Finding] = []
    for path in sorted(folder.glob("criterion-*.yaml")):
        _merge(items, _read_named(path).data, path.name, findings)
    if findings:
        raise FrameworkInvalid(findings)
    return Parsed(data)


def _read_named(path: Path) -> Parsed:
    """The document, with the file's name before each finding's path."""
    try:
        return read_file(path)
    except FrameworkInvalid as invalid:
        named = [replace(finding, path=_in_file(path.name, finding.path)) for finding in invalid.findings]
        raise FrameworkInvalid(named) from None


def _in_file(name: str, path: str) -> str:
    return f"{name}: {path}" if path else name


def _items(data: Any) -> dict[str, dict[str, Any]]:
    """The items by code; a malformed document gives none and is named by the check that follows."""
    try:
        return {item["code"]: item for criterion in data["criteria"] for item in criterion["items"]}
    except (KeyError, TypeError):
        return {}


def _merge(items: dict[str, dict[str, Any]], texts: Any, name: str, findings: list[Finding]) -> None:
    if not isinstance(texts, dict):
        findings.append(Finding(name, "not_mapping", {"found": found_kind(texts)}))
        return
    for code, added in texts.items():
        where = _in_file(name, below("", code))
        if code not in items:
            findings.append(Finding(where, "unknown_item", {"code": code}))
        elif not isinstance(added, dict):
            findings.append(Finding(where, "not_mapping", {"found": found_kind(added)}))
        else:
            twice = items[code].keys() & added.keys()
            findings += [Finding(below(where, key), "given_twice", {"key": key}) for key in sorted(twice)]
            items[code].update(added)
