"""ZIP archives that anybody may have made, opened safely: bounded before anything in them is believed.

Office documents, workbooks and archives of self-assessments all come through here. What an archive says of
itself is checked against the bounds first; what is read afterwards can never be more than it says.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from merilo.core.errors import BadFile

# What the library raises at a damaged or crafted archive: also names that are no text, versions yet to come.
DAMAGED = (
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    OSError,
    EOFError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
BLOCK = 1 << 16
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others unpack without bounds
_ENCRYPTED = 0x1
_IN_DIRECTORY = 512  # bytes that an entry takes in the list, far more than any office program writes
_LOCAL_HEADER = 30  # bytes before the name of an entry
DATED = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP file knows: no clock in the bytes
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_END_LENGTH, _END_64_LENGTH, _LONGEST_COMMENT = 22, 20, 0xFFFF


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many entries an archive may have, and how many bytes they may unpack to, all together."""

    entries: int
    unpacked: int


@contextmanager
def opened(source: IO[bytes], bounds: Bounds) -> Iterator[zipfile.ZipFile]:
    """An archive within the bounds; errors that the library raises inside the block are BadFile too."""
    try:
        _check_directory(source, bounds)
        with zipfile.ZipFile(source) as archive:
            _check(archive, bounds)
            yield archive
    except DAMAGED as error:
        raise _damaged() from error


def read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """All parts by name, each with its checksum compared."""
    return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def read_through(archive: zipfile.ZipFile) -> None:
    """Unpack everything once without keeping it: each part is there, as long as it says, undamaged."""
    for entry in archive.infolist():
        with archive.open(entry) as part:
            while part.read(BLOCK):
                pass


def _check_directory(source: IO[bytes], bounds: Bounds) -> None:
    """Refuse a list of entries too long to be read at all. Its length stands at the end of the file."""
    length = source.seek(0, io.SEEK_END)
    source.seek(max(0, length - _END_LENGTH - _END_64_LENGTH - _LONGEST_COMMENT))
    tail = source.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + _END_LENGTH:
        raise _damaged()
    is_long = tail[max(0, end - _END_64_LENGTH) : end].startswith(_END_64)
    if is_long or int.from_bytes(tail[end + 12 : end + 16], "little") > bounds.entries * _IN_DIRECTORY:
        raise _too_large()
    source.seek(0)


def _check(archive: zipfile.ZipFile, bounds: Bounds) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > bounds.entries:
        raise _too_large()
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise BadFile(locked())
    if len(names) < len(entries) or any(map(_climbs, names)) or _overlap(entries, archive.start_dir):
        raise _damaged()
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise BadFile(_("The file is packed in a way that office programs do not use. Save it once more."))
    if sum(entry.file_size for entry in entries) > bounds.unpacked:
        raise _too_large()


def _climbs(name: str) -> bool:
    """Whether a name leads out of the folder in which somebody might unpack it."""
    return ".." in name.replace("\\", "/").split("/")


def _overlap(entries: list[zipfile.ZipInfo], end: int) -> bool:
    """Whether two entries share bytes: a way to unpack one small piece a thousand times."""
    for entry in sorted(entries, key=lambda one: one.header_offset, reverse=True):
        if entry.header_offset + _LOCAL_HEADER + len(entry.orig_filename) + entry.compress_size > end:
            return True
        end = entry.header_offset
    return False


def locked() -> str:
    """What is said of a document with a password."""
    return _("The file is protected with a password. Save it without one and choose it again.")


def _damaged() -> BadFile:
    return BadFile(_("The file is damaged and cannot be opened."))


def _too_large() -> BadFile:
    return BadFile(_("The file would unpack to far more than its size and is not taken."))


def undated(archive: bytes) -> bytes:
    """The same entries without the time of their writing: what is made anew from the same is the same."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(buffer, "w") as sink:
        for entry in source.infolist():
            data = source.read(entry)
            entry.date_time = DATED
            sink.writestr(entry, data)
    return buffer.getvalue()
