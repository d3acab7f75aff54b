"""A backup of a running system is restored identical, and an interrupted restore leaves the old state."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
import pytest

from merilo.ops.backup.writing import rotate
from tests import databases
from tests.journeys import group
from tests.journeys.platform import ROOT
from tests.requirements import killing

KEYS = {"MERILO_AUDIT_KEY": "an audit key of the tests", "MERILO_SECRET_KEY": "a secret key of the tests"}


@dataclass
class Installation:
    """A folder and a database of its own, and the command `merilo` for it."""

    folder: Path
    database: str

    @property
    def environment(self) -> dict[str, str]:
        own = {"MERILO_VAR": str(self.folder), "DATABASE_URL": self.database, "PYTHONUNBUFFERED": "1"}
        return os.environ | KEYS | own

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "merilo", *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, text=True, **pipes)  # type: ignore[call-overload,no-any-return]

    def run(self, *arguments: object, code: int = 0) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=600)
        assert process.returncode == code, out + err
        return str(out + err)

    def backup(self, *arguments: object) -> Path:
        return Path(self.run("backup", *arguments).split(" (")[0])


@pytest.fixture(scope="module")
def old(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a group that has locked its sheets."""
    folder = tmp_path_factory.mktemp("old")
    with databases.with_tables(folder) as address:
        place = Installation(folder, address)
        a_group(place)
        yield place


@pytest.fixture(scope="module")
def made(old: Installation) -> Path:
    """A backup of it."""
    return old.backup()


@pytest.fixture
def new(django_db_setup: None, tmp_path: Path) -> Iterator[Installation]:
    """An installation without tables."""
    with databases.empty(tmp_path) as address:
        yield Installation(tmp_path, address)


@pytest.fixture
def used(django_db_setup: None, tmp_path: Path) -> Iterator[tuple[Installation, dict[str, Any]]]:
    """An installation with a group that still scores, and what its people need."""
    with databases.with_tables(tmp_path) as address:
        place = Installation(tmp_path, address)
        yield place, a_group(place, locked=False)


def a_group(place: Installation, *, locked: bool = True) -> dict[str, Any]:
    os.environ |= KEYS
    try:
        return group.write(place.folder, ROOT, database=place.database, locked=locked)
    finally:
        for key in KEYS:
            del os.environ[key]


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def manifest(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        told: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return told


def test_a_restored_backup_holds_what_the_old_installation_held(made: Path, new: Installation):
    assert manifest(made)["tables"]["assessment.judgement"]["rows"] > 100
    assert "checksums are identical" in new.run("restore", made)
    before, after = contents(made), contents(new.backup())
    assert before.keys() == after.keys()
    assert [name for name in before if lines(before[name]) != lines(after[name])] == []
    assert new.run("audit", "verify")
    assert "--replace" in new.run("restore", made, code=1)  # there are people now


def lines(content: bytes) -> list[bytes]:
    """Rows in an order that no database decides."""
    return sorted(content.splitlines())


@pytest.mark.every_database
def test_a_backup_of_a_system_at_work_is_one_moment_of_it(used: tuple[Installation, dict[str, Any]]):
    """Nobody has to wait for it, and rows and record are of the same moment: read from the archive itself."""
    place, told = used
    journal, web = killing.Journal(), killing.Web(place.environment)
    writers = [killing.Writer(web.server.port, told, f"member{n}", journal) for n in range(3)]
    try:
        with killing.at_work(writers):
            killing.wait_for([journal.saved], [10])
            acknowledged = len(journal.saved)
            made = place.backup()
            meanwhile = len(journal.saved) - acknowledged
    finally:
        web.stop()
    assert meanwhile > 0
    sheets, seats, members = (
        keyed(made, f"{name}") for name in ("assessment.sheet", "groups.seat", "organisations.membership")
    )
    last = {}
    for row in rows(made, "assessment.judgement"):
        holder = seats[sheets[row["sheet_id"]]["seat_id"]]["holder_id"]
        last[members[holder]["email"], row["code"]] = row["version"]
    assert all(last[saved.who, saved.code] >= saved.version for saved in journal.saved[:acknowledged])
    entries = rows(made, "core.auditentry")
    assert sum(last.values()) == len([one for one in entries if one["verb"] == "judgement.saved"])
    ends = {
        one["chain"]: (one["number"], one["hash"]) for one in sorted(entries, key=lambda one: one["number"])
    }
    assert ends == {one["chain"]: (one["number"], one["hash"]) for one in rows(made, "core.audithead")}


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in contents(path)[f"tables/{table}.jsonl"].splitlines()]


def keyed(path: Path, table: str) -> dict[Any, dict[str, Any]]:
    return {row["id"]: row for row in rows(path, table)}


@pytest.mark.sqlite
def test_an_encrypted_backup_opens_with_its_key_only(old: Installation, tmp_path: Path):
    identity, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(f"# made for the test\n{identity}\n")
    (tmp_path / "wrong").write_text(str(other))
    made = old.backup("--to", tmp_path / "backups", "--recipient", identity.to_public())
    assert made.suffix == ".age"
    assert b"PK\x03\x04" not in made.read_bytes()[:200]
    assert "--identity" in old.run("restore", made, "--verify", code=1)
    assert "does not open" in old.run("restore", made, "--verify", "--identity", tmp_path / "wrong", code=1)
    assert "what it says" in old.run("restore", made, "--verify", "--identity", tmp_path / "key")
    assert [path.name for path in made.parent.iterdir()] == [made.name]  # nothing readable is left


@pytest.mark.sqlite
def test_a_damaged_backup_is_told_and_changes_nothing(made: Path, new: Installation, tmp_path: Path):
    parts = contents(made) | {"manifest.json": json.dumps(manifest(made)).encode()}
    table = "tables/assessment.judgement.jsonl"
    parts[table] = parts[table].replace(b"45", b"46", 1)
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(damaged, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert "assessment.judgement is not what" in new.run("restore", damaged, code=1)
    torn = tmp_path / "torn.zip"
    torn.write_bytes(made.read_bytes()[:-5000])
    assert "Nothing was changed" in new.run("restore", torn, code=1)


def test_an_interrupted_restore_leaves_the_old_state(
    made: Path, used: tuple[Installation, dict[str, Any]], tmp_path: Path
):
    place, _told = used
    before = contents(place.backup("--to", tmp_path / "before"))
    process = place.start("restore", made, "--replace")
    assert process.stdout is not None
    process.stdout.readline()  # the archive is open; from here on it is checked, built and put in place
    time.sleep(random.uniform(1, 3))
    assert process.poll() is None
    process.kill()
    process.communicate()
    assert contents(place.backup("--to", tmp_path / "after")) == before
    place.run("restore", made, "--replace")
    people = "tables/accounts.person.jsonl"
    assert lines(contents(place.backup())[people]) == lines(contents(made)[people])


@pytest.mark.sqlite
def test_a_backup_of_the_release_before_is_restored_and_brought_up(new: Installation, tmp_path: Path):
    """The self-assessments' tables are those of 0.1.0; the archive is written by the program of today."""
    folder = tmp_path / "release"
    folder.mkdir()
    with databases.empty(folder) as address:
        release = Installation(folder, address)
        release.run("shell", "--no-imports", "-c", RELEASE_BEFORE)
        made = release.backup()
    assert "assessment.meeting" not in manifest(made)["tables"]
    new.run("restore", made)
    assert "Община Стара 1 0" in new.run("shell", "--no-imports", "-c", PRESENT)


RELEASE_BEFORE = """
from django.core.management import call_command
for app in ("core", "organisations", "groups", "account", "sessions", "django_tasks_database"):
    call_command("migrate", app, verbosity=0)
call_command("migrate", "assessment", "0001_initial", verbosity=0)
from tests.people import a_member, an_organisation
a_member(an_organisation("stara", name="Община Стара"), "coordinator", name="Координатор")
"""
PRESENT = """
from merilo.assessment.models import Meeting
from merilo.organisations.models import Organisation
town = Organisation.objects.get()
print(town.name, town.memberships.count(), Meeting.objects.count())
"""


def test_old_backups_go_when_newer_ones_are_kept(tmp_path: Path):
    names = [f"merilo-2026112{day}T030000Z.zip" for day in range(4)] + ["merilo-20261124T030000Z.zip.age"]
    for name in [*names, "merilo-notes.txt"]:
        (tmp_path / name).touch()
    assert [path.name for path in rotate(tmp_path, keep=2)] == names[:3]
    assert rotate(tmp_path, keep=0) == []
    assert (tmp_path / "merilo-notes.txt").exists()
