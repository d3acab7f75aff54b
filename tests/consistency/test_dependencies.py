"""Each library has its reason, its lock and a licence that fits; no lock names an address (R03)."""

from __future__ import annotations

import json
import re
from importlib.metadata import Distribution, PackagePath, distributions

import pytest

from tests.consistency.tree import ROOT

REQUIREMENTS = ROOT / "requirements"
PAGE = ROOT / "docs" / "reference" / "dependencies.md"
FREE = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla|LGPL|GPL-[23]\.0|GPLv[23]|CC0|"
    r"Public Domain|CNRI-Python|HPND|Zlib|Unlicense|EUPL"
)


def names(text: str) -> set[str]:
    """Names of a wish list or a lock, without extras, versions, comments and references to other lists."""
    found = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def wished() -> set[str]:
    listed = {name for path in REQUIREMENTS.glob("*.in") for name in names(path.read_text("utf-8"))}
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    return listed | set(package["dependencies"]) | set(package["devDependencies"])


def pins(lock: str) -> dict[str, str]:
    text = (REQUIREMENTS / f"{lock}.txt").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9-]*)==(\S+)", text, re.MULTILINE))


def test_every_library_has_a_reason_and_every_reason_a_library():
    explained = set(re.findall(r"^\| ([@a-z0-9][^ |]*) \|", PAGE.read_text("utf-8"), re.MULTILINE)) - {
        "library"
    }
    assert explained == wished()


@pytest.mark.parametrize("lock", ["base", "dev", "node"])
def test_lock_holds_what_its_list_wishes_with_checksums(lock):
    text = (REQUIREMENTS / f"{lock}.txt").read_text("utf-8")
    assert names((REQUIREMENTS / f"{lock}.in").read_text("utf-8")) <= pins(lock).keys()
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if re.match(r"[a-z0-9]", entry)]
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_tools_are_locked_on_top_of_the_same_versions():
    base, dev = pins("base"), pins("dev")
    assert {name: dev.get(name) for name in base} == base


@pytest.mark.parametrize("path", ["requirements/base.txt", "requirements/dev.txt", "requirements/node.txt"])
def test_no_lock_names_an_address(path):
    assert not re.search(r"https?:|file:|--index-url|--find-links|@ ", (ROOT / path).read_text("utf-8"))


def test_front_end_lock_names_no_address():
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def licence_of(distribution: Distribution) -> str:
    facts = distribution.metadata
    said = [*facts.get_all("License-Expression", []), *(text[:80] for text in facts.get_all("License", []))]
    said += [line for line in facts.get_all("Classifier", []) if line.startswith("License")]
    return " ".join(said) or "".join(path.read_text()[:80] for path in licence_files(distribution))


def licence_files(distribution: Distribution) -> list[PackagePath]:
    """The texts of a library whose description names no licence."""
    return [path for path in distribution.files or [] if path.name.startswith("LICENSE")]


def test_installed_libraries_are_free_software():
    locked = pins("dev").keys()
    here = [d for d in distributions() if re.sub(r"[-_.]+", "-", d.name).lower() in locked]
    assert len(here) > 50
    assert [d.name for d in here if not FREE.search(licence_of(d))] == []
