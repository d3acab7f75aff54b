"""What has outlived its purpose goes, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from merilo.assessment.models import (
    Contribution,
    Evidence,
    Judgement,
    ReportRevision,
    Sheet,
    State,
    Statement,
)
from merilo.core import audit, expiry, files, sweeping
from merilo.core.models import AuditEntry, Limit, OnceKey, OutgoingMail, StoredFile
from tests.people import NOON, a_member, an_assessment, an_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def approved(days_ago: int):
    """An approved assessment with one judgement, one remark and the statement made of it."""
    member = a_member(an_organisation(), "assessor")
    made = an_assessment(member.organisation, member, state=State.APPROVED)
    sheet = Sheet.objects.get(assessment=made)
    Judgement.objects.create(sheet=sheet, code="1.1", values={"score": 40}, saved_at=NOON)
    said = {"assessment": made, "sheet": sheet, "code": "1.1", "kind": "strength", "author": member.name}
    remark = Contribution.objects.create(text="A", **said)
    Contribution.objects.create(text="Никой не я използва", **said)
    Statement.objects.create(assessment=made, code="1.1", kind="strength", text="A").sources.add(remark)
    ReportRevision.objects.create(
        report=made.report,
        number=1,
        language="bg",
        content="{}",
        checksum="",
        state="approved",
        made_at=NOON,
        decided_at=NOON - timedelta(days=days_ago),
    )
    return made


def test_judgements_go_ninety_days_after_the_approval_and_statements_stay(time_machine):
    old, young = approved(91), approved(89)
    time_machine.move_to(NOON)
    call_command("retention")
    assert not Judgement.objects.filter(sheet__assessment=old).exists()
    assert Judgement.objects.filter(sheet__assessment=young).count() == 1
    statement = Statement.objects.get(assessment=old)
    assert [(one.text, one.sheet, one.author) for one in statement.sources.all()] == [("A", None, "")]
    assert [one.text for one in Contribution.objects.filter(assessment=old)] == ["A"]
    assert Contribution.objects.filter(assessment=young).exclude(sheet=None).exclude(author="").count() == 2
    assert AuditEntry.objects.filter(verb="assessment.sheets_forgotten").count() == 1
    assert audit.verify(str(old.organisation_id)) is None


def test_the_heads_of_all_chains_are_noted_in_the_log(caplog):
    caplog.set_level("INFO", "merilo.audit")
    for chain in ("platform", "town"):
        audit.record("x.done", organisation=chain)
    call_command("retention")
    assert [(head.chain, head.number) for head in audit.heads_in(caplog.messages)] == [
        ("platform", 1),
        ("town", 1),
    ]


def test_second_run_finds_nothing(time_machine):
    approved(91)
    time_machine.move_to(NOON)
    call_command("retention")
    call_command("retention")
    assert AuditEntry.objects.filter(verb="assessment.sheets_forgotten").count() == 1


def test_remarks_go_where_the_judgements_have_gone_already(time_machine):
    old = approved(91)
    Judgement.objects.all().delete()
    time_machine.move_to(NOON)
    call_command("retention")
    assert [one.text for one in Contribution.objects.filter(assessment=old)] == ["A"]


def test_expired_rows_go_and_valid_ones_stay():
    for hours in (1, 100):
        OnceKey.objects.create(key=f"k{hours}", owner="o", made_at=NOON - timedelta(hours=hours))
        Limit.objects.create(key=f"l{hours}", expires_at=NOON + timedelta(hours=50 - hours))
    for days, sent in ((29, None), (31, None), (31, NOON)):
        written = NOON - timedelta(days=days)
        OutgoingMail.objects.create(created_at=written, not_before=written, sent_at=sent, subject=f"{days}")
    assert expiry.clear(at=NOON) == {"keys": 1, "limits": 1, "forms": 0, "mail": 2}
    assert OnceKey.objects.get().key == "k1"
    assert Limit.objects.get().key == "l1"
    assert OutgoingMail.objects.get().subject == "29"


def test_the_files_of_what_was_taken_off_a_shelf_go_with_it_and_their_bytes_a_day_later(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    member = a_member(an_organisation(), "assessor")
    made, now = an_assessment(member.organisation, member), timezone.now()
    names = {"gone": now - timedelta(days=31), "young": now - timedelta(days=3), "here": None}
    for name, removed_at in names.items():
        file = files.keep(
            name.encode(), name="a.txt", content_type="text/plain", organisation=made.organisation_id, by=""
        )
        Evidence.objects.create(
            assessment=made, kind="document", title=name, file=file, added_at=now, removed_at=removed_at
        )
    call_command("retention")
    assert [stored.size for stored in StoredFile.objects.order_by("size")] == [4, 5]
    assert len(list(tmp_path.glob("??/??/*"))) == 3
    sweeping.sweep(at=now + timedelta(days=2))
    left = sorted(path.read_text() for path in tmp_path.glob("??/??/*"))
    assert left == ["here", "young"]
