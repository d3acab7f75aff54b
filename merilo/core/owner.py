"""Whose a form is: a signed mark that a form carries, so that it can be kept when the sign-in expired."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

FIELD = "owner_token"
KEPT_AT = "/kept/"  # where a kept form waits
LOST_FILE = "lost-file"  # in a kept form: the fields whose files were not kept
HOLDS_FOR = timedelta(days=3)
_signer = signing.TimestampSigner(salt="merilo.kept-form")


class LostFile(SimpleUploadedFile):
    """Stands in a form for a file that was chosen but not kept: it has to be chosen again."""

    def __init__(self, field: str) -> None:
        super().__init__(field, b"")


def mark(person: UUID) -> str:
    """The mark of a person, for a form that is shown to them now."""
    return _signer.sign(str(person))


def person_of(token: str) -> UUID | None:
    """The person of a mark no older than three days, or None."""
    try:
        return UUID(_signer.unsign(token, max_age=HOLDS_FOR))
    except (signing.BadSignature, ValueError):
        return None
