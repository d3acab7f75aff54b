"""The source tree as the consistency tests see it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "merilo"


def rooms() -> list[str]:
    """Names of the rooms: the packages directly in `merilo`."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def modules(*, with_tests: bool = False) -> Iterator[Path]:
    """Source files of all rooms, without migrations and, unless asked for, without tests."""
    left_out = {"migrations"} if with_tests else {"migrations", "tests"}
    for path in sorted(PACKAGE.rglob("*.py")):
        if not left_out & set(path.relative_to(PACKAGE).parts):
            yield path


def room_of(path: Path) -> str:
    """The room a file belongs to; empty for the files of `merilo` itself."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every import in a file; `from a import b` gives `a.b`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{base_of(node, path)}.{name.name}") for name in node.names)


def base_of(node: ast.ImportFrom, path: Path) -> str:
    if not node.level:
        return node.module or ""
    package = path.relative_to(ROOT).with_suffix("").parts[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])
