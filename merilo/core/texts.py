"""Texts that people write: brought into one form, refused with a sentence when they cannot be kept, never cut."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.core.errors import MeriloError

LINE = 300
TEXT = 20_000


class BadText(MeriloError):
    """A text that is not taken, with the reason."""


def clean_line(text: str, most: int = LINE) -> str:
    """One line without space around it and doubled spaces. Errors: BadText (control characters, too long)."""
    return " ".join(clean_text(text, most).split())


def clean_text(text: str, most: int = TEXT) -> str:
    """Text of several lines in composed form, without space around it. Errors: BadText."""
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(c not in "\n\t" and unicodedata.category(c) in {"Cc", "Cs"} for c in kept):
        raise BadText(_("The text contains invisible control characters. Type it again or paste it as plain text."))
    if len(kept) > most:
        raise BadText(_too_long(len(kept), most))
    return kept


def _too_long(length: int, most: int) -> str:
    return ngettext(
        "The text has %(length)s characters; at most %(most)s character fits here.",
        "The text has %(length)s characters; at most %(most)s characters fit here.",
        most,
    ) % {"length": length, "most": most}
