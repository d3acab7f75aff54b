"""A self-assessment leaves as an archive and comes out of another organisation byte for byte the same."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from merilo.assessment.actions import archives
from merilo.assessment.archive import writing
from merilo.assessment.models import (
    ArchiveOrigin,
    Assessment,
    Contribution,
    Dissent,
    Evidence,
    EvidenceUse,
    Sheet,
    Statement,
)
from merilo.assessment.tests.written import Written, build
from merilo.core import files
from merilo.core.errors import BadFile, MeriloError, Refused
from merilo.core.models import StoredFile
from merilo.organisations.models import Membership
from merilo.organisations.viewers import Viewer
from tests.people import NOON, a_member, an_assessment, an_organisation, as_viewer

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)


def made(viewer: Viewer, assessment: Assessment) -> bytes:
    sink = io.BytesIO()
    fresh = Assessment.objects.select_related("group", "edition").get(pk=assessment.pk)
    archives.export(viewer=viewer, assessment=fresh, sink=sink, at=NOON)
    return sink.getvalue()


def taken(viewer: Viewer, content: bytes) -> Assessment:
    return archives.take_over(viewer=viewer, source=io.BytesIO(content), at=NOON)


def a_stranger() -> Viewer:
    return as_viewer(a_member(an_organisation(), "coordinator", name="Друга Координаторка"))


def filled() -> Written:
    """With remarks, statements, a dissent and evidence with a file."""
    case = Written()
    one = case.assessment
    remarks = [
        Contribution.objects.create(
            assessment=one, code="1.1", kind="strength", text="Ясна визия", author=name
        )
        for name in ("Иван Иванов", "")
    ]
    for position in range(2):
        said = Statement.objects.create(
            assessment=one, code="1.1", kind="strength", text="Визията е ясна", position=position
        )
        said.sources.set(remarks[position:])
    first = one.agreements.all()[0]
    Dissent.objects.create(agreement=first, text="Не съм съгласен", at=NOON)
    stored = files.receive(
        SimpleUploadedFile("Стратегия.pdf", b"%PDF-1.7 strategy"),
        organisation=case.town.pk,
        by=case.viewer.person_id,
        at=NOON,
    )
    proof = Evidence.objects.create(
        assessment=one,
        kind="document",
        title="Стратегия",
        file=stored,
        added_by=case.coordinator,
        added_at=NOON,
    )
    EvidenceUse.objects.create(evidence=proof, code="1.1", page="12")
    return case


def test_an_archive_taken_over_is_written_out_the_same():
    case = filled()
    build(case.approved())
    first = made(case.viewer, case.assessment)
    assert first == made(case.viewer, case.assessment)
    stranger = a_stranger()
    copy = taken(stranger, first)
    assert made(stranger, copy) == first
    origin = ArchiveOrigin.objects.get(assessment=copy)
    assert (origin.organisation, copy.state) == (case.town.name, "approved")
    assert copy.report.revisions.get().files.count() == 3


def test_nobodys_own_scores_and_no_address_leave():
    case = filled()
    content = made(case.viewer, case.assessment)
    assert Sheet.objects.filter(assessment=case.assessment).exists()
    told = json.loads(zipfile.ZipFile(io.BytesIO(content)).read("record.json"))
    assert "Иван Иванов" not in json.dumps(told, ensure_ascii=False)
    assert all(row.keys() == {"name", "position"} for row in told["people"])
    copy = taken(a_stranger(), content)
    assert not Sheet.objects.filter(assessment=copy).exists()
    people = Membership.objects.filter(seats__group=copy.group_id)
    assert [(one.person, one.email, one.roles, one.left_at) for one in people] == [(None, "", [], NOON)]


def test_only_who_plans_and_only_what_is_agreed():
    case = filled()
    with pytest.raises(Refused):
        made(a_stranger(), case.assessment)
    with pytest.raises(Refused):
        made(case.head, case.assessment)
    with pytest.raises(Refused):
        taken(case.head, b"")
    with pytest.raises(MeriloError):
        made(case.viewer, an_assessment(case.town, a_member(case.town, "assessor")))
    files.path_of(StoredFile.objects.get(name="Стратегия.pdf").sha256).unlink()
    with pytest.raises(MeriloError):
        made(case.viewer, case.assessment)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.tuples(TEXT, st.sampled_from(["strength", "area", "idea"]), st.booleans()), max_size=6)
)
def test_whatever_is_written_comes_out_the_same(rows: list[tuple[str, str, bool]]):
    case = Written()
    for position, (text, kind, sourced) in enumerate(rows):
        said = Statement.objects.create(
            assessment=case.assessment, code="2.1", kind=kind, text=text, position=position
        )
        remark = Contribution.objects.create(assessment=case.assessment, code="2.1", kind=kind, text=text)
        if sourced:
            said.sources.add(remark)
    first, stranger = made(case.viewer, case.assessment), a_stranger()
    assert made(stranger, taken(stranger, first)) == first


# --- archives that somebody made with ill will -----------------------------------------------------------
Parts = dict[str, bytes]


def parts(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(found: Parts, how: int = zipfile.ZIP_STORED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", how) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return sink.getvalue()


def sealed(found: Parts, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> bytes:
    """Record and manifest changed, with checksums that fit again."""
    record, manifest = json.loads(found["record.json"]), json.loads(found["manifest.json"])
    change(record, manifest)
    raw = writing.canonical(record)
    manifest["record"] = hashlib.sha256(raw).hexdigest()
    return packed(found | {"record.json": raw, "manifest.json": writing.canonical(manifest)})


def setting(table: str, column: str, value: Any) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    return lambda record, _manifest: record[table][0].update({column: value})


HOSTILE: dict[str, Callable[[Parts], bytes]] = {
    "no archive": lambda _found: b"PK but not really",
    "cut off": lambda found: packed(found)[:-200],
    "packed": lambda found: packed(found, zipfile.ZIP_DEFLATED),
    "a bomb": lambda found: packed(found | {"files/" + "0" * 64: bytes(10**7)}, zipfile.ZIP_DEFLATED),
    "a name that climbs": lambda found: packed(found | {"../../etc/passwd": b"x"}),
    "another record": lambda found: packed(found | {"record.json": b"{}"}),
    "other bytes": lambda found: packed(
        {name: b"%PDF-1.7 strategX" if name.startswith("files/") else part for name, part in found.items()}
    ),
    "a file less": lambda found: packed({n: part for n, part in found.items() if "files/" not in n}),
    "a newer format": lambda found: sealed(found, lambda _record, manifest: manifest.update(format=2)),
    "another kind": lambda found: sealed(found, lambda _record, manifest: manifest.update(kind="x")),
    "no such row": lambda found: sealed(found, setting("seats", "holder", 99)),
    "nobody": lambda found: sealed(found, setting("seats", "holder", None)),
    "a further column": lambda found: sealed(found, setting("people", "roles", ["coordinator"])),
    "another text": lambda found: sealed(found, setting("framework", "content", "{}")),
    "another edition": lambda found: sealed(found, setting("framework", "fingerprint", "0" * 64)),
    "a state": lambda found: sealed(found, setting("assessment", "state", "published")),
    "a method": lambda found: sealed(found, setting("assessment", "method", "guess")),
    "a score": lambda found: sealed(found, setting("agreements", "values", {"score": 101})),
    "a code": lambda found: sealed(found, setting("agreements", "code", "99.9")),
    "a date": lambda found: sealed(found, setting("assessment", "period_from", "2024-02-31")),
    "too long": lambda found: sealed(found, setting("people", "name", "x" * 151)),
    "nothing": lambda found: sealed(found, setting("assessment", "title", None)),
    "NUL": lambda found: sealed(found, setting("assessment", "title", "a\0b")),
    "a script": lambda found: sealed(found, setting("files", "name", "page.html")),
    "a folder": lambda found: sealed(found, setting("files", "name", "../page.pdf")),
    "an address": lambda found: sealed(found, setting("evidence", "url", "javascript:alert(1)")),
}


@pytest.mark.parametrize("way", HOSTILE)
def test_a_bad_archive_is_refused_and_nothing_is_kept(way: str):
    case = filled()
    bad = HOSTILE[way](parts(made(case.viewer, case.assessment)))
    stranger = a_stranger()
    before = (Assessment.objects.count(), Membership.objects.count(), StoredFile.objects.count())
    with pytest.raises(BadFile) as caught:
        taken(stranger, bad)
    assert caught.value.sentence
    assert (Assessment.objects.count(), Membership.objects.count(), StoredFile.objects.count()) == before


def test_the_command_writes_and_takes_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    case, stranger = filled(), a_stranger()
    first, second = tmp_path / "one.zip", tmp_path / "two.zip"
    run(case.viewer, "export", first, assessment=str(case.assessment.pk))
    run(stranger, "import", first)
    copy = ArchiveOrigin.objects.get().assessment
    assert str(copy.pk) in capsys.readouterr().out
    run(stranger, "export", second, assessment=str(copy.pk))
    assert first.read_bytes() == second.read_bytes()
    with pytest.raises(CommandError):
        run(stranger, "export", second, assessment=str(case.assessment.pk))
    with pytest.raises(CommandError):
        run(stranger, "import", tmp_path / "none.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.zip", "two.zip"]


def run(viewer: Viewer, what: str, path: Path, **options: str) -> None:
    who = {"organisation": viewer.organisation.slug, "coordinator": viewer.person.email}
    call_command("archive", what, str(path), **who, **options)
