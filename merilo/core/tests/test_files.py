from __future__ import annotations

import hashlib
import io
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from merilo.core import files, office
from merilo.core.errors import BadFile
from merilo.core.models import StoredFile

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 order"


def taken(name, content, **more):
    upload = SimpleUploadedFile(name, content)
    return files.receive(upload, organisation="town", by="person", **more)


def a_zip(*entries, parts="[Content_Types].xml"):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (*entries, (parts, b"<Types/>")):
            made.writestr(name, content)
    return archive.getvalue()


def test_a_file_is_kept_under_its_hash_with_its_name_and_kind():
    stored = taken("Заповед № 118.pdf", PDF)
    assert (stored.name, stored.content_type, stored.size) == (
        "Заповед № 118.pdf",
        "application/pdf",
        len(PDF),
    )
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    assert files.read(stored) == PDF


def test_the_same_content_is_kept_once_and_named_twice():
    one, two = taken("one.pdf", PDF), taken("two.pdf", PDF)
    assert files.path_of(one.sha256) == files.path_of(two.sha256)
    assert StoredFile.objects.filter(sha256=one.sha256).count() == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.pdf", b""),
        ("report.pdf", b"MZ\x90\x00 program"),
        ("report.pdf", b"<html><script>1</script>"),
        ("picture.png", b"\xff\xd8\xff jpeg"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("page.html", b"<h1>1</h1>"),
        ("report.pdf.exe", PDF),
        ("list.csv", b"a,b\x00c"),
        ("text.docx", b"PK\x03\x04 broken"),
        (".pdf", b""),
    ],
)
def test_what_is_not_what_it_says_is_refused_with_a_sentence(name, content):
    with pytest.raises(BadFile) as refused:
        taken(name, content)
    assert refused.value.sentence
    assert not StoredFile.objects.exists()


def test_a_file_over_the_limit_is_refused(settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    with pytest.raises(BadFile, match="1 MB"):
        taken("big.pdf", PDF + b"0" * 1024 * 1024)


def test_an_archive_that_would_unpack_to_far_more_is_refused(monkeypatch):
    monkeypatch.setattr(office, "MOST_UNPACKED", 1000)
    assert taken("small.docx", a_zip(("word/document.xml", b"0" * 900))).size > 0
    with pytest.raises(BadFile):
        taken("bomb.docx", a_zip(("word/document.xml", b"0" * 5000)))


VERSION, FLAGS, NAME = 6, 8, 46  # where they stand in the directory's entry of a file


def crafted(changes):
    content = bytearray(a_zip(("a.txt", b"x")))
    entry = content.index(b"PK\x01\x02")
    for place, value in changes.items():
        content[entry + place : entry + place + len(value)] = value
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (crafted({VERSION: b"\x63"}), "damaged"),  # a version of the format that is yet to come
        (crafted({FLAGS: b"\x00\x08", NAME: b"\xff"}), "damaged"),  # a name that is no text
        (crafted({FLAGS: b"\x01"}), "password"),
        (a_zip(("word/document.xml", b"0" * 900))[:-30], "damaged"),
    ],
)
def test_a_crafted_cut_or_locked_archive_is_refused_with_its_reason(content, words):
    with translation.override("en"), pytest.raises(BadFile, match=words):
        taken("text.docx", content)


def test_an_archive_of_something_else_and_one_with_macros_are_no_documents():
    with translation.override("en"):
        with pytest.raises(BadFile, match="ending"):
            taken("text.docx", a_zip(("a.txt", b"x"), parts="b.txt"))
        with pytest.raises(BadFile, match="macros"):
            taken("text.docx", a_zip(("word/vbaProject.bin", b"x")))


@given(st.data())
def test_no_damage_to_an_archive_breaks_more_than_the_file(data):
    content = bytearray(a_zip(("word/document.xml", b"0" * 90), ("б.xml", b"1")))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(4, len(content)) | st.just(len(content)))
    with suppress(BadFile):
        office.check(SimpleUploadedFile("text.docx", bytes(content[:cut])), "docx")


def test_only_allowed_kinds_are_taken():
    with pytest.raises(BadFile, match="pdf, p7m"):
        taken("list.csv", b"a,b", allowed=("pdf", "p7m"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Documents\\order.pdf", "order.pdf"),
        ("order\u202efdp.exe", "orderfdp.exe"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("...", "file"),
        ("", "file"),
        ("д" * 400 + ".pdf", "д" * 150 + ".pdf"),
    ],
)
def test_names_lose_folders_and_tricks(given, kept):
    assert files.safe_name(given) == kept


def test_a_file_goes_out_as_an_attachment_that_can_do_nothing():
    answer = files.response(taken("page.txt", b"<script>1</script>"), inline=True)
    content = b"".join(answer)
    answer.close()
    assert content == b"<script>1</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_picture_may_stand_on_the_page():
    answer = files.response(taken("a.jpg", a_photo()), inline=True)
    answer.close()
    assert answer["Content-Disposition"].startswith("inline")


def a_photo(**save: object) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (40, 30), "#d52b1e").save(file, "JPEG", **save)
    return file.getvalue()


def test_a_photo_keeps_its_pixels_and_nothing_else():
    from PIL import Image

    where = Image.Exif()
    where[0x010F] = "Телефонът на Иванова"  # maker
    where[0x8825] = {1: "N", 2: (42.0, 42.0, 0.0)}  # GPS
    content = a_photo(exif=where) + b"PK\x03\x04 an archive behind the picture"
    stored = files.receive(SimpleUploadedFile("снимка.jpg", content), organisation="o", by="p")
    kept = files.read(stored)
    assert b"PK\x03\x04" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (40, 30))
        assert dict(picture.getexif()) == {}


def test_a_turned_photo_is_stored_upright():
    from PIL import Image

    turned = Image.Exif()
    turned[0x0112] = 6  # a quarter to the right
    stored = files.receive(SimpleUploadedFile("a.jpeg", a_photo(exif=turned)), organisation="o", by="p")
    with Image.open(io.BytesIO(files.read(stored))) as picture:
        assert picture.size == (30, 40)


@pytest.mark.parametrize("content", [b"\xff\xd8\xff" + b"\0" * 50, a_photo()[:200]])
def test_what_only_begins_like_a_picture_is_refused(content):
    with pytest.raises(BadFile):
        files.receive(SimpleUploadedFile("a.jpg", content), organisation="o", by="p")


def test_a_picture_that_unpacks_to_a_wall_is_refused():
    from PIL import Image

    file = io.BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    assert file.tell() < 200_000
    with pytest.raises(BadFile):
        files.receive(SimpleUploadedFile("a.png", file.getvalue()), organisation="o", by="p")


def test_svg_is_no_kind_that_is_taken():
    with pytest.raises(BadFile):
        files.receive(SimpleUploadedFile("a.svg", b"<svg onload='x()'/>"), organisation="o", by="p")


def kept_in_pieces(pieces):
    return files.keep_pieces(pieces, name="a.csv", content_type="text/csv", organisation="town", by="person")


def test_pieces_are_kept_as_one_file_and_the_same_again_as_another_name_of_it():
    stored, again = kept_in_pieces([b"a;b\r\n", b"1;2\r\n"]), kept_in_pieces([b"a;b\r\n1;2\r\n"])
    assert files.read(stored) == b"a;b\r\n1;2\r\n"
    assert (stored.sha256, stored.size) == (hashlib.sha256(b"a;b\r\n1;2\r\n").hexdigest(), 10)
    assert (again.sha256, again.size) == (stored.sha256, 10)


def test_pieces_that_break_off_leave_nothing():
    before = set(files.path_of("0" * 64).parent.glob("*"))

    def broken():
        yield b"a;b"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept_in_pieces(broken())
    assert set(files.path_of("0" * 64).parent.glob("*")) == before
    assert not StoredFile.objects.exists()


def test_pieces_do_not_gather_in_memory():
    tracemalloc.start()
    stored = kept_in_pieces(bytes([number]) * 1_000_000 for number in range(20))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert stored.size == 20_000_000
    assert most < 5_000_000
