"""Office documents that people upload: within bounds, whole, without macros and without a password."""

from __future__ import annotations

import re
from zipfile import ZipFile

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from merilo.core import archives
from merilo.core.archives import Bounds
from merilo.core.errors import BadFile

KINDS = {"docx", "xlsx", "pptx", "odt", "ods", "odp"}
OLD = b"\xd0\xcf\x11\xe0"  # how the old binary documents begin, and new ones with a password
MOST_UNPACKED = 300 * 1024 * 1024
MOST_ENTRIES = 5_000
MOST_TYPES = 1024 * 1024  # bytes of the list that says of what kind each part is
_TYPES = "[Content_Types].xml"
_PARTS = {_TYPES, "mimetype"}  # one of which every document holds
_MACRO_PARTS = re.compile(
    r"vbaproject|vbadata|/macrosheets/|^basic/(?!script-l[bc]\.xml)|^scripts/.", re.IGNORECASE
)
_MACRO_TYPES = re.compile(rb"macroenabled|vbaproject|macrosheet", re.IGNORECASE)
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_OLD_LOCKED = "EncryptedPackage".encode("utf-16-le")


def is_locked(upload: UploadedFile[bytes]) -> bool:
    """Whether this is how office programs keep a document with a password."""
    content = upload.read()
    upload.seek(0)
    return content.startswith(OLD) and _OLD_LOCKED in content


def check(upload: UploadedFile[bytes], ending: str) -> None:
    """Refuse what is no document of our days as its ending says. Errors: BadFile."""
    try:
        with archives.opened(upload, Bounds(MOST_ENTRIES, MOST_UNPACKED)) as archive:
            names = set(archive.namelist())
            if not names & _PARTS:
                raise BadFile(not_what_it_says(ending))
            if any(map(_MACRO_PARTS.search, names)) or _tells_of_macros(archive):
                raise BadFile(_with_macros())
            archives.read_through(archive)
    finally:
        upload.seek(0)


def check_old(upload: UploadedFile[bytes]) -> None:
    """Refuse an old binary document that holds macros. Errors: BadFile."""
    content = upload.read()
    upload.seek(0)
    if _OLD_MACROS in content:
        raise BadFile(_with_macros())


def _tells_of_macros(archive: ZipFile) -> bool:
    """Whether the document itself says that it holds macros, wherever they lie."""
    if _TYPES not in archive.namelist():
        return False
    with archive.open(_TYPES) as part:
        told = part.read(MOST_TYPES + 1)
    return len(told) > MOST_TYPES or bool(_MACRO_TYPES.search(told.replace(b"\0", b"")))


def not_what_it_says(ending: str) -> str:
    """What is said of a file whose content is not that of its ending."""
    return _("The content is not what the ending .%(ending)s says.") % {"ending": ending}


def _with_macros() -> str:
    return _("The file holds macros. Save it without them and choose it again.")
