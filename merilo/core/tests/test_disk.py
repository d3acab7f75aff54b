from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from merilo.core import disk, files


@pytest.fixture
def synced(monkeypatch) -> list[Path]:
    """What was brought to the disk, and under which name it then lay."""
    found: list[Path] = []
    really = os.fsync

    def fsync(descriptor: int) -> None:
        really(descriptor)
        found.append(Path(f"/proc/self/fd/{descriptor}").readlink())

    monkeypatch.setattr(os, "fsync", fsync)
    return found


def test_the_content_comes_to_the_disk_before_its_name_and_its_folder(tmp_path, synced):
    part, target = tmp_path / "a.part", tmp_path / "a"
    target.write_bytes(b"old")
    part.write_bytes(b"new")
    disk.put_in_place(part, target)
    assert synced == [part, tmp_path]
    assert (target.read_bytes(), part.exists()) == (b"new", False)


@pytest.mark.django_db
def test_what_is_uploaded_is_on_the_disk_with_all_its_folders_also_when_it_lay_there_before(
    settings, tmp_path, synced
):
    settings.FILES_DIR = tmp_path
    fields: dict[str, Any] = {"name": "a.txt", "content_type": "text/plain", "organisation": "o", "by": "p"}
    path = files.path_of(files.keep(b"a", **fields).sha256)
    folders = [path.parent, path.parent.parent, tmp_path]
    assert synced[-3:] == folders
    assert synced[-4].parent == path.parent  # the content, under its first name
    synced.clear()
    files.keep(b"a", **fields)
    assert synced == folders
