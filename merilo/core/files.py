"""Files under content hashes, outside the database: checked when they come, sandboxed when they go."""

from __future__ import annotations

import hashlib
import io
import os
import re
import struct
import tempfile
import unicodedata
import uuid
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.core import pictures
from merilo.core.errors import BadFile
from merilo.core.models import StoredFile

ZIP_DOCUMENTS = {"docx", "xlsx", "pptx", "odt", "ods", "odp"}
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (b"PK\x03\x04",)),
    "odt": ("application/vnd.oasis.opendocument.text", (b"PK\x03\x04",)),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", (b"PK\x03\x04",)),
    "odp": ("application/vnd.oasis.opendocument.presentation", (b"PK\x03\x04",)),
    "doc": ("application/msword", (b"\xd0\xcf\x11\xe0",)),
    "xls": ("application/vnd.ms-excel", (b"\xd0\xcf\x11\xe0",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "p7m": ("application/pkcs7-mime", (b"\x30",)),
    "p7s": ("application/pkcs7-signature", (b"\x30",)),
    "csv": ("text/csv", ()),
    "txt": ("text/plain", ()),
}
DOCUMENTS = tuple(KINDS)
PICTURES = {"png", "jpg", "jpeg"}
SIGNED = ("pdf", "p7m", "p7s", "docx", "odt", "png", "jpg", "jpeg")
MOST_UNPACKED = 500 * 1024 * 1024
# What the library raises at a damaged or crafted archive: also names that are no text, versions yet to come.
DAMAGED = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, struct.error)
_ENCRYPTED = 0x1
_PARTS = {"[Content_Types].xml", "mimetype"}  # one of which every office document holds


def safe_name(name: str) -> str:
    """The file's own name without folders, control characters and tricks of direction; never empty."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return (f"{stem[:150]}{dot}{ending[:20]}" if stem else kept[:150]) or "file"


def receive(
    upload: UploadedFile[bytes],
    *,
    organisation: object,
    by: object,
    allowed: Iterable[str] = DOCUMENTS,
    at: datetime | None = None,
) -> StoredFile:
    """Check an uploaded file and keep it; raise BadFile with a sentence that says what is wrong."""
    name = safe_name(upload.name or "")
    ending = check(upload, allowed)
    content = upload.read()
    if ending in PICTURES:
        content = pictures.redrawn(content, ending=ending)
    return keep(content, name=name, content_type=KINDS[ending][0], organisation=organisation, by=by, at=at)


def check(upload: UploadedFile[bytes], allowed: Iterable[str] = DOCUMENTS) -> str:
    """The file's ending, once its content is what that says; raise BadFile with a sentence otherwise."""
    ending = safe_name(upload.name or "").rpartition(".")[2].lower()
    if ending not in allowed:
        raise BadFile(_("Choose a file of one of these kinds: %(kinds)s.") % {"kinds": ", ".join(allowed)})
    if not upload.size:
        raise BadFile(_("The file is empty."))
    if upload.size > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        raise BadFile(_("The file is larger than %(limit)s MB.") % {"limit": limit})
    start = upload.read(4096)
    upload.seek(0)
    marks = KINDS[ending][1]
    if marks and not any(start.startswith(mark) for mark in marks):
        raise BadFile(_("The content is not what the ending .%(ending)s says.") % {"ending": ending})
    if not marks and b"\0" in start:
        raise BadFile(_("The content is not what the ending .%(ending)s says.") % {"ending": ending})
    if ending in ZIP_DOCUMENTS:
        _check_archive(upload, ending)
    return ending


def _check_archive(upload: UploadedFile[bytes], ending: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(upload.read())) as archive:
            entries = archive.infolist()
    except DAMAGED as error:
        raise BadFile(_("The file is damaged and cannot be opened.")) from error
    finally:
        upload.seek(0)
    names = {entry.filename for entry in entries}
    if not names & _PARTS:
        raise BadFile(_("The content is not what the ending .%(ending)s says.") % {"ending": ending})
    if any(name.endswith("vbaProject.bin") for name in names):
        raise BadFile(_("The file holds macros. Save it without them and choose it again."))
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise BadFile(_("The file is protected with a password. Save it without one and choose it again."))
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise BadFile(_("The file would unpack to far more than its size and is not taken."))


def path_of(sha256: str) -> Path:
    """Where the bytes of a hash lie."""
    return Path(settings.FILES_DIR) / sha256[:2] / sha256[2:4] / sha256


def keep(
    content: bytes,
    *,
    name: str,
    content_type: str,
    organisation: object,
    by: object,
    at: datetime | None = None,
    key: uuid.UUID | None = None,
) -> StoredFile:
    """Write bytes under their hash (flushed to disk) and make the row that names them."""
    digest = hashlib.sha256(content).hexdigest()
    _write(path_of(digest), content)
    return StoredFile.objects.create(
        pk=key or uuid.uuid4(),
        organisation=str(organisation),
        sha256=digest,
        size=len(content),
        name=safe_name(name),
        content_type=content_type,
        uploaded_by=str(by),
        uploaded_at=at or timezone.now(),
    )


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)


def read(stored: StoredFile) -> bytes:
    """The bytes of a kept file."""
    return path_of(stored.sha256).read_bytes()


def response(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """Answer with a kept file: an attachment, never sniffed, sandboxed. The caller has checked the rights."""
    answer = FileResponse(
        path_of(stored.sha256).open("rb"),
        as_attachment=not (inline and stored.content_type.startswith("image/")),
        filename=stored.name,
        content_type=stored.content_type,
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
