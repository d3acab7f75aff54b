"""No upload made with ill will is more than refused in words, or kept and handed out harmlessly (G14, V5)."""

from __future__ import annotations

import resource
import time
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from merilo.core import files, workbooks
from merilo.core.errors import BadFile
from merilo.core.models import StoredFile
from tests.requirements.hostile import HTML, PROGRAM, Upload, corpus, document, laughs, zeros

pytestmark = pytest.mark.django_db
MOST_SECONDS = 5  # of the processor, so that a busy machine decides nothing
MOST_MEMORY = 200 * 1024  # kilobytes above what the process had taken before


@pytest.fixture(scope="module")
def uploads() -> list[Upload]:
    return corpus()


def received(upload: Upload) -> StoredFile | None:
    """What is kept of an upload."""
    with suppress(BadFile):
        return files.receive(SimpleUploadedFile(upload.name, upload.content), organisation="o", by="p")
    return None


def kept_of(uploads: list[Upload]) -> list[StoredFile]:
    return [stored for stored in map(received, uploads) if stored is not None]


def test_each_is_refused_in_words_or_kept_as_the_list_says_quickly_and_in_little_memory(
    uploads: list[Upload],
):
    before, wrong = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, []
    for upload in uploads:
        began = time.process_time()
        kept = received(upload) is not None
        if kept != upload.kept or time.process_time() - began > MOST_SECONDS:
            wrong.append(f"{upload.about} ({upload.name!r:.60}): kept={kept}")
    assert wrong == []
    assert len(uploads) > 140
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY


def test_a_refusal_says_why(uploads: list[Upload]):
    for upload in (upload for upload in uploads if not upload.kept):
        with pytest.raises(BadFile) as refused:
            files.receive(SimpleUploadedFile(upload.name, upload.content), organisation="o", by="p")
        assert refused.value.sentence, upload.about


def test_what_is_kept_goes_out_as_an_attachment_in_a_sandbox(uploads: list[Upload]):
    for stored in kept_of(uploads):
        answer = files.response(stored)
        answer.close()
        assert answer["Content-Disposition"].startswith("attachment"), stored.name
        assert "\n" not in answer["Content-Disposition"]
        assert "\r" not in answer["Content-Disposition"]
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "html" not in answer["Content-Type"]
        assert "svg" not in answer["Content-Type"]


def test_nothing_lies_outside_the_folder_of_files_and_names_say_nothing_else_than_they_show(
    uploads: list[Upload],
):
    root = Path(settings.FILES_DIR).resolve()
    for stored in kept_of(uploads):
        assert files.path_of(stored.sha256).resolve().is_relative_to(root)
        assert not set(stored.name) & set("/\\")
        assert [sign for sign in stored.name if unicodedata.category(sign)[0] == "C"] == []
        assert len(stored.name) <= 200
        assert stored.name.rpartition(".")[2].lower() in files.KINDS


def test_pictures_keep_their_pixels_and_nothing_hidden_in_them(uploads: list[Upload]):
    seen = 0
    for upload in uploads:
        stored = received(upload) if upload.kept and upload.name.endswith(("png", "jpg", "webp")) else None
        if stored is not None:
            content = files.read(stored)
            assert HTML not in content, upload.about
            assert b"PK\x03\x04" not in content, upload.about
            assert b"acTL" not in content, upload.about
            assert b"ANIM" not in content, upload.about
            seen += 1
    assert seen > 10


@pytest.mark.parametrize(
    ("part", "content"), [("laughs", laughs()), ("zeros", bytes(30 << 20)), ("program", PROGRAM)]
)
def test_a_workbook_that_would_grow_when_it_is_read_is_refused(part: str, content: bytes):
    book = document({"xl/workbook.xml": content, "xl/_rels/workbook.xml.rels": content})
    with translation.override("en"), pytest.raises(BadFile, match=r"damaged|unpack"):
        workbooks.read(SimpleUploadedFile(f"{part}.xlsx", book))


def test_the_zeros_of_the_corpus_are_what_they_say():
    import zlib

    assert zlib.decompress(zeros(2), -15) == bytes(2 << 20)
