"""An uploaded questionnaire, whatever program it comes from; and on its way through the page to the start."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from merilo.core import workbooks
from merilo.core.errors import BadFile, MeriloError
from merilo.core.files import safe_name
from merilo.framework.findings import FrameworkInvalid
from merilo.framework.parsing import parse_json
from merilo.surveys.interchange.losses import Imported
from merilo.surveys.interchange.lss_reading import read_lss
from merilo.surveys.interchange.texts import tidy
from merilo.surveys.interchange.xlsform_reading import read_grids

KINDS = (".xlsx", ".lss", ".lsg", ".lsq", ".json")
HOLDS_FOR = timedelta(hours=2)
MOST_CHARACTERS = 2_000_000
_SALT = "merilo.questionnaire"


def read_upload(upload: UploadedFile[bytes]) -> Imported:
    """The questionnaire in an uploaded file. Errors: BadFile with a sentence that says what to do."""
    name = PurePath(safe_name(upload.name or ""))
    ending = name.suffix.lower()
    if ending in {".lss", ".lsg", ".lsq"}:
        return read_lss(upload.read())
    if ending == ".json":
        return read_json(upload.read())
    if ending == ".lsa":
        raise BadFile(
            _("This archive holds answers too. Export only the structure of the survey, as “.lss”.")
        )
    if ending not in {".xlsx", ".xlsm", ".xls", ".ods"}:
        raise BadFile(_("Choose a file of one of these kinds: %(kinds)s.") % {"kinds": ", ".join(KINDS)})
    return read_grids(workbooks.read(upload), name.stem)


def read_json(content: bytes) -> Imported:
    """The questionnaire in a JSON document, as it is. Errors: BadFile."""
    try:
        plain = parse_json(content.decode("utf-8-sig")).data
        json.dumps(plain, ensure_ascii=False).encode()  # halves of characters cannot be kept
    except (UnicodeError, FrameworkInvalid) as error:
        raise BadFile(_("The file is no readable JSON.")) from error
    if not isinstance(plain, dict) or not isinstance(plain.get("pages"), list):
        raise BadFile(_("The file is JSON, but no questionnaire of this platform."))
    return Imported(plain)


def title_of(plain: dict[str, Any]) -> str:
    """The title in the main language, "" where there is none."""
    title, languages = plain.get("title"), plain.get("languages")
    if not isinstance(title, dict) or not title:
        return ""
    main = languages[0] if isinstance(languages, list) and languages else ""
    said = title.get(main) if isinstance(main, str) else None
    return tidy(str(said or next(iter(title.values()))))[:300]


def seal(owner: object, plain: dict[str, Any]) -> str:
    """The questionnaire as a text that only its owner's page takes back. Errors: BadFile when too long."""
    signed = signing.dumps([str(owner), plain], salt=_SALT, compress=True)
    if len(signed) > MOST_CHARACTERS:
        raise BadFile(_("The questionnaire is too long to be taken at once. Split it into two files."))
    return signed


def unseal(owner: object, signed: str) -> dict[str, Any]:
    """The questionnaire again. Errors: MeriloError once it is too old, or was shown to somebody else."""
    try:
        whose, plain = signing.loads(signed, salt=_SALT, max_age=HOLDS_FOR)
    except signing.BadSignature:
        whose, plain = "", {}
    if not plain or whose != str(owner):
        raise MeriloError(
            _("This questionnaire was shown too long ago. Choose the file again."), field="file"
        )
    questionnaire: dict[str, Any] = plain
    return questionnaire
