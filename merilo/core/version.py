"""The version of this program, as it stands in pyproject.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path


@cache
def version() -> str:
    """For example "0.1.0": of the checkout, else of the installed package."""
    project = Path(__file__).resolve().parent.parent.parent / "pyproject.toml"
    if project.exists():
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    return metadata.version("merilo")
