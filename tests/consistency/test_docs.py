"""Links in the documentation lead somewhere, and files named in it exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.consistency.tree import PACKAGE, ROOT

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


def pages() -> list[Path]:
    """Documents for people, in the root, in docs and in the rooms."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def anchors(text: str) -> set[str]:
    """The addresses of headings inside a page, as forges make them."""
    found = re.findall(r"^#+\s+(.+?)\s*#*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}


def broken(page: Path) -> Iterator[str]:
    for pair in LINK.findall(page.read_text("utf-8")):
        address = pair[0] or pair[1]
        if re.match(r"[a-z]+:", address):
            continue
        place, _, anchor = address.partition("#")
        target = (page.parent / place).resolve() if place else page
        if not target.exists() or (
            anchor and target.suffix == ".md" and anchor not in anchors(target.read_text("utf-8"))
        ):
            yield f"{page.relative_to(ROOT)}: {address}"


def test_links_in_the_documentation_resolve():
    assert [fault for page in pages() for fault in broken(page)] == []
    assert len(pages()) > 8


def test_documents_named_in_the_program_exist():
    named = {
        name
        for path in PACKAGE.rglob("*.py")
        for name in re.findall(r"\bdocs/[\w./-]+\.md\b", path.read_text("utf-8"))
    }
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def doubled() -> list[str]:
    """First cells that stand twice in one table, whichever page it is on."""
    found = []
    for page in pages():
        seen: set[str] = set()
        for line in page.read_text("utf-8").splitlines():
            cell = line.split("|")[1].strip() if line.startswith("| ") else ""
            seen = seen if line.startswith("|") else set()
            if cell and cell in seen:
                found.append(f"{page.relative_to(ROOT)}: {cell}")
            seen.add(cell)
    return found


def test_no_row_of_a_table_stands_twice():
    assert doubled() == []
