"""Every setting that the program reads is explained, and nothing is explained that it does not read."""

from __future__ import annotations

import re

from tests.consistency.tree import PACKAGE, ROOT

PAGE = ROOT / "docs" / "reference" / "settings.md"
READ = re.compile(r"""(?:env(?:\.\w+)?|environ(?:\.get)?)[(\[]\s*["']([A-Z][A-Z0-9_]+)["']""")


def read_by_the_program() -> set[str]:
    return {
        name
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.parts
        for name in READ.findall(path.read_text("utf-8"))
        if name.startswith("MERILO_") or name == "DATABASE_URL"
    }


def test_every_setting_is_explained_and_every_explained_setting_is_read():
    explained = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))
    assert explained == read_by_the_program()
    assert "MERILO_SECRET_KEY" in explained
