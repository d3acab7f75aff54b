"""Files under content hashes, outside the database: checked when they come, sandboxed when they go."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from merilo.core import archives, disk, office, pictures
from merilo.core.errors import BadFile
from merilo.core.models import StoredFile

# A sequence of more than 127 bytes, as long as it says or open-ended.
SIGNATURES = (b"\x30\x80", b"\x30\x81", b"\x30\x82", b"\x30\x83", b"\x30\x84")
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (b"PK\x03\x04",)),
    "odt": ("application/vnd.oasis.opendocument.text", (b"PK\x03\x04",)),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", (b"PK\x03\x04",)),
    "odp": ("application/vnd.oasis.opendocument.presentation", (b"PK\x03\x04",)),
    "doc": ("application/msword", (office.OLD,)),
    "xls": ("application/vnd.ms-excel", (office.OLD,)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "webp": ("image/webp", (b"RIFF",)),
    "p7m": ("application/pkcs7-mime", SIGNATURES),
    "p7s": ("application/pkcs7-signature", SIGNATURES),
    "csv": ("text/csv", ()),
    "txt": ("text/plain", ()),
}
DOCUMENTS = tuple(KINDS)
PICTURES = {"png", "jpg", "jpeg", "webp"}
SIGNED = ("pdf", "p7m", "p7s", "docx", "odt", "png", "jpg", "jpeg", "webp")
_HASH = re.compile(r"[0-9a-f]{64}")

Answer = TypeVar("Answer", bound=HttpResponseBase)


def safe_name(name: str) -> str:
    """The file's own name without folders, control characters and tricks of direction; never empty."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return (f"{stem[:150]}{dot}{ending[:20]}" if stem else kept[:150]) or "file"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An upload that was checked and whose bytes are kept; no row names them until it is received."""

    name: str
    ending: str
    sha256: str
    size: int


Upload = UploadedFile[bytes] | TakenIn


def take_in(uploads: Sequence[UploadedFile[bytes]], allowed: Collection[str] = DOCUMENTS) -> list[TakenIn]:
    """Check uploads and keep their bytes before the transaction that names them: pictures take their time.

    None is kept unless all are right; BadFile says what is wrong and of which file (details: name). What is
    not received within a day goes with a sweep.
    """
    contents = [_checked(upload, allowed) for upload in uploads]
    return [_taken_in(upload, content) for upload, content in zip(uploads, contents, strict=True)]


def _checked(upload: UploadedFile[bytes], allowed: Iterable[str]) -> bytes:
    """What is kept of an upload, a picture drawn anew."""
    upload.seek(0)
    try:
        ending = check(upload, allowed)
        content = upload.read()
        return pictures.redrawn(content, ending=ending) if ending in PICTURES else content
    except BadFile as error:
        raise BadFile(error.sentence, name=safe_name(upload.name or "")) from error


def _taken_in(upload: UploadedFile[bytes], content: bytes) -> TakenIn:
    name = safe_name(upload.name or "")
    return TakenIn(name, _ending(name), _kept(content), len(content))


def receive(
    upload: Upload,
    *,
    organisation: object,
    by: object,
    allowed: Collection[str] = DOCUMENTS,
    at: datetime | None = None,
) -> StoredFile:
    """Make the row that names an upload, which is taken in now unless it was before; raise BadFile."""
    taken = upload if isinstance(upload, TakenIn) else take_in([upload], allowed)[0]
    if taken.ending not in allowed:
        raise BadFile(_not_one_of(allowed), name=taken.name)
    return _named(
        taken.sha256,
        size=taken.size,
        name=taken.name,
        content_type=KINDS[taken.ending][0],
        organisation=organisation,
        by=by,
        at=at,
    )


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _not_one_of(allowed: Iterable[str]) -> str:
    return _("Choose a file of one of these kinds: %(kinds)s.") % {"kinds": ", ".join(allowed)}


def check(upload: UploadedFile[bytes], allowed: Iterable[str] = DOCUMENTS) -> str:
    """The file's ending, once its content is what that says; raise BadFile with a sentence otherwise."""
    ending = _ending(safe_name(upload.name or ""))
    if ending not in allowed:
        raise BadFile(_not_one_of(allowed))
    if not upload.size:
        raise BadFile(_("The file is empty."))
    if upload.size > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        raise BadFile(_("The file is larger than %(limit)s MB.") % {"limit": limit})
    start = upload.read(4096)
    upload.seek(0)
    if ending in office.KINDS and office.is_locked(upload):
        raise BadFile(archives.locked())
    marks = KINDS[ending][1]
    if not start.startswith(marks) if marks else b"\0" in start:
        raise BadFile(office.not_what_it_says(ending))
    if ending in office.KINDS:
        office.check(upload, ending)
    elif office.OLD in marks:
        office.check_old(upload)
    return ending


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
    """Write bytes under their hash (on disk, see `core.disk`) and make the row that names them."""
    return _named(
        _kept(content),
        size=len(content),
        name=safe_name(name),
        content_type=content_type,
        organisation=organisation,
        by=by,
        at=at,
        key=key,
    )


def keep_pieces(
    pieces: Iterable[bytes],
    *,
    name: str,
    content_type: str,
    organisation: object,
    by: object,
    at: datetime | None = None,
) -> StoredFile:
    """The same for a file that is being made: one piece after the other goes to the disk, none stays."""
    digest, size = _kept_in_pieces(pieces)
    return _named(
        digest,
        size=size,
        name=safe_name(name),
        content_type=content_type,
        organisation=organisation,
        by=by,
        at=at,
    )


def _kept_in_pieces(pieces: Iterable[bytes]) -> tuple[str, int]:
    """The hash under which they now lie, and how many bytes they are."""
    top, total = Path(settings.FILES_DIR), hashlib.sha256()
    aside = path_of("0" * 64).parent  # where a sweep finds what a killed process left
    aside.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=aside, delete=False) as file:
        part = Path(file.name)
        try:
            for piece in pieces:
                total.update(piece)
                file.write(piece)
        except BaseException:
            part.unlink()
            raise
        size = file.tell()
    path = path_of(total.hexdigest())
    if is_there(path):
        part.unlink()
        disk.settle(path, top=top)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        disk.put_in_place(part, path, top=top)
    return total.hexdigest(), size


def _kept(content: bytes) -> str:
    """The hash under which the bytes now lie."""
    digest = hashlib.sha256(content).hexdigest()
    _write(path_of(digest), content)
    return digest


def _named(
    sha256: str,
    *,
    size: int,
    name: str,
    content_type: str,
    organisation: object,
    by: object,
    at: datetime | None,
    key: uuid.UUID | None = None,
) -> StoredFile:
    return StoredFile.objects.create(
        pk=key or uuid.uuid4(),
        organisation=str(organisation),
        sha256=sha256,
        size=size,
        name=name,
        content_type=content_type,
        uploaded_by=str(by),
        uploaded_at=at or timezone.now(),
    )


def is_there(path: Path) -> bool:
    """Whether bytes lie there already; if so, they stay for a day at least (see `core.sweeping`)."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _write(path: Path, content: bytes) -> None:
    top = Path(settings.FILES_DIR)
    if is_there(path):
        disk.settle(path, top=top)  # whoever wrote it may not have come so far
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    disk.put_in_place(Path(temporary), path, top=top)


def read(stored: StoredFile) -> bytes:
    """The bytes of a kept file."""
    return path_of(stored.sha256).read_bytes()


def response(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """Answer with a kept file. The caller has checked the rights. Only pictures may stand on a page."""
    answer = FileResponse(
        path_of(stored.sha256).open("rb"),
        as_attachment=not (inline and stored.content_type.startswith("image/")),
        filename=stored.name,
        content_type=stored.content_type,
    )
    return _harmless(answer)


def attachment(content: bytes | str, *, name: str, content_type: str) -> HttpResponse:
    """Answer with a file that was made just now. The caller has checked the rights."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return _harmless(answer)


def _harmless(answer: Answer) -> Answer:
    """What every file is sent with: never sniffed, sandboxed, for this site alone, kept nowhere."""
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


# --- what lies on the disk ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept: files and bytes by their names in the database, and what does not match the disk."""

    files: int
    size: int
    orphans: int
    missing: int


def kept() -> Kept:
    """Count what is kept. Reads the names of all files on the disk, never what is in them."""
    named = dict(StoredFile.objects.values_list("sha256", "size").distinct())
    there = {path.name for path in Path(settings.FILES_DIR).glob("??/??/*") if _HASH.fullmatch(path.name)}
    return Kept(
        files=len(named),
        size=sum(named.values()),
        orphans=len(there - named.keys()),
        missing=len(named.keys() - there),
    )
