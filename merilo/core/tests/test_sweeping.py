"""Bytes that no row names go after a day, and never those that somebody keeps at the same moment."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from merilo.core import files, sweeping
from merilo.core.models import StoredFile
from tests.people import an_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
NOW = timezone.now()


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path


def kept(content: bytes = b"an order", *, days_ago: int = 2) -> StoredFile:
    stored = files.keep(content, name="a.txt", content_type="text/plain", organisation="o", by="p")
    aged(stored, days_ago)
    return stored


def aged(stored: StoredFile, days_ago: int) -> None:
    then = (NOW - timedelta(days=days_ago)).timestamp()
    os.utime(files.path_of(stored.sha256), (then, then))


def lying() -> list[bytes]:
    return sorted(path.read_bytes() for path in Path(settings.FILES_DIR).glob("??/??/*"))


def test_bytes_without_a_row_go_after_a_day_and_others_stay():
    named, young, old = kept(b"named"), kept(b"young", days_ago=0), kept(b"old")
    StoredFile.objects.filter(pk__in=[young.pk, old.pk]).delete()
    files.path_of(named.sha256).with_name("tmp-of-a-killed-process").write_bytes(b"half")
    assert sweeping.sweep(at=NOW) == 1
    assert lying() == [b"half", b"named", b"young"]
    assert sweeping.sweep(at=NOW + timedelta(days=2)) == 2
    assert lying() == [b"named"]


def test_bytes_that_two_rows_name_stay_until_the_last_is_gone():
    one, two = kept(), kept()
    assert sweeping.forget([one]) == 1
    assert sweeping.sweep(at=NOW + timedelta(days=2)) == 0
    assert files.read(two) == b"an order"
    sweeping.forget([two])
    assert sweeping.sweep(at=NOW) == 0  # a backup at work may still copy them
    assert sweeping.sweep(at=NOW + timedelta(days=2)) == 1


def test_a_row_that_something_refers_to_is_not_forgotten():
    logo = kept()
    an_organisation(logo=logo)
    assert sweeping.forget([logo]) == 0
    assert StoredFile.objects.filter(pk=logo.pk).exists()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_the_same_bytes_uploaded_at_that_moment_are_kept(monkeypatch: pytest.MonkeyPatch, moment: str):
    """Just before or after they are moved aside; the row of the upload is not committed yet."""
    StoredFile.objects.filter(pk=kept().pk).delete()
    rename, uploads, is_aside = Path.rename, [0], moment == "after"

    def renamed(self: Path, target: Path) -> Path:
        if is_aside:
            rename(self, target)
        if uploads:
            uploads.pop()
            StoredFile.objects.filter(pk=kept(days_ago=0).pk).delete()
        return target if is_aside else rename(self, target)

    monkeypatch.setattr(Path, "rename", renamed)
    sweeping.sweep(at=NOW)
    assert lying() == [b"an order"]


def test_what_a_killed_sweep_left_aside_is_put_back():
    stored = kept()
    path = files.path_of(stored.sha256)
    path.rename(path.with_name(path.name + ".aside"))
    assert sweeping.sweep(at=NOW) == 0
    assert files.read(stored) == b"an order"
