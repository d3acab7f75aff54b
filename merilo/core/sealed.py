"""What a person was shown, on its way through the page to the confirmation: signed, theirs, not for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from merilo.core.errors import BadFile, MeriloError

HOLDS_FOR = timedelta(hours=2)
MOST_CHARACTERS = 800_000  # more than all sub-criteria with long texts
_SALT = "merilo.table"


def seal(owner: str, content: Any) -> str:
    """The content as a text that only its owner's page takes back. Errors: BadFile when it is too long."""
    signed = signing.dumps([owner, content], salt=_SALT, compress=True)
    if len(signed) > MOST_CHARACTERS:
        raise BadFile(_("The file changes more text than can be taken at once. Upload it in two parts."))
    return signed


def unseal(owner: str, signed: str) -> Any:
    """The content again. Errors: MeriloError once it is too old, or was shown to somebody else."""
    try:
        whose, content = signing.loads(signed, salt=_SALT, max_age=HOLDS_FOR)
    except signing.BadSignature as error:
        raise _too_old() from error
    if whose != owner:
        raise _too_old()
    return content


def _too_old() -> MeriloError:
    return MeriloError(_("These differences were shown too long ago. Choose the file again."), field="file")
