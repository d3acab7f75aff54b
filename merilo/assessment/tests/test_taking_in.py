"""Files are checked, drawn anew and kept before the transaction that names them begins."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from merilo.assessment.models import Evidence, Received
from merilo.assessment.tests.asking import Asking
from merilo.core import files, pictures
from merilo.core.errors import BadFile
from merilo.core.models import StoredFile

pytestmark = pytest.mark.django_db


def a_picture(name: str, color: str = "red") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (4, 4), color).save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue())


@pytest.fixture
def depths(monkeypatch) -> list[int]:
    """How many transactions deep each picture was drawn, beyond the one of the test."""
    found: list[int] = []
    outside, really = len(connection.atomic_blocks), pictures.redrawn

    def redrawn(content: bytes, **options: Any) -> bytes:
        found.append(len(connection.atomic_blocks) - outside)
        return really(content, **options)

    monkeypatch.setattr(pictures, "redrawn", redrawn)
    return found


def test_what_comes_by_a_link(depths):
    answer = Asking().sends(uploads=[a_picture("a.png"), a_picture("b.png", "blue")], once="k")
    assert answer.status_code == 302
    assert depths == [0, 0]
    assert [thing.file.name for thing in Received.objects.all() if thing.file] == ["a.png", "b.png"]


def test_what_goes_on_the_shelf_and_is_exchanged_there(depths):
    town = Asking()
    client, fields = town.client(town.ana), {"title": "A board", "only_coordinator": "no"}
    where = town.url("evidence/new/?kind=document")
    client.post(where, fields | {"file": a_picture("a.png"), "once": "k"})
    row = Evidence.objects.get()
    again = fields | {"file": a_picture("b.png", "blue"), "version": 1}
    assert client.post(town.url(f"evidence/{row.pk}/"), again).status_code == 302
    row.refresh_from_db()
    assert row.file
    assert (row.file.name, depths) == ("b.png", [0, 0])


def test_a_signed_document(depths):
    town = Asking()
    fields = {"number": "1", "date": "01.06.2026", "title": "Order", "file": a_picture("a.png"), "once": "k"}
    assert town.client(town.coordinator).post(town.url("documents/order/"), fields).status_code == 302
    assert depths == [0]


def test_what_was_taken_in_is_received_as_a_row_and_only_where_its_kind_is_allowed(depths):
    (taken,) = files.take_in([a_picture("a.png")])
    assert StoredFile.objects.count() == 0
    stored = files.receive(taken, organisation="o", by="p")
    assert (stored.name, stored.content_type, len(files.read(stored))) == ("a.png", "image/png", stored.size)
    with pytest.raises(BadFile):
        files.receive(taken, organisation="o", by="p", allowed=("pdf",))
    assert len(depths) == StoredFile.objects.count() == 1
