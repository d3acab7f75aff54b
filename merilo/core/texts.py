"""What people type, cleaned in one place: nothing is cut, what cannot be kept is refused with a sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.core.errors import MeriloError

LINE = 300
TEXT = 20_000
# Marks that turn the direction of what follows: they can make a text say something else than it is.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_UNSEEN = frozenset(("Cc", "Cf", "Zl", "Zp", "Zs"))


class BadText(MeriloError):
    """A text that cannot be kept as it is, with the reason."""


def clean_line(text: str, most: int = LINE) -> str:
    """One line: blanks around and doubled ones go; a line in which nothing is seen is empty.

    Raises BadText for control characters and over-length.
    """
    line = " ".join(unicodedata.normalize("NFC", text).split())
    return _checked(line, most, allowed="")


def clean_text(text: str, most: int = TEXT) -> str:
    """Several lines with plain line ends; a text in which nothing is seen is empty.

    Raises BadText for control characters and over-length.
    """
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _checked("\n".join(line.rstrip() for line in plain.split("\n")).strip(), most, allowed="\n\t")


def clean_lines(text: str, most: int = LINE) -> list[str]:
    """One thought per line: each cleaned as a line, empty ones left out."""
    return [line for raw in text.splitlines() if (line := clean_line(raw, most))]


def _checked(text: str, most: int, *, allowed: str) -> str:
    if any(_is_control(character) and character not in allowed for character in text):
        raise BadText(
            _("The text contains characters that cannot be shown. Type it again or paste it as plain text.")
        )
    if len(text) > most:
        raise BadText(_too_long(len(text), most))
    return text if any(_is_seen(character) for character in text) else ""


def _is_seen(character: str) -> bool:
    """Whether the character leaves a mark; blanks and marks of no width do not."""
    return unicodedata.category(character) not in _UNSEEN


def _is_control(character: str) -> bool:
    """Whether XML, and with it every document we make, or a reader could not bear the character."""
    return (
        unicodedata.category(character) in {"Cc", "Cs"}
        or character in _TURNING
        or _is_noncharacter(ord(character))
    )


def _is_noncharacter(code: int) -> bool:
    """Whether Unicode will never give the code a meaning: 32 of them and the last two of each plane."""
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _too_long(length: int, most: int) -> str:
    return ngettext(
        "The text has %(length)s characters; at most %(most)s character is possible.",
        "The text has %(length)s characters; at most %(most)s are possible.",
        most,
    ) % {"length": length, "most": most}


def cleaner(clean: Callable[[str, int], str], most: int) -> Callable[[str], str]:
    """The cleaning function for a form's `clean_…`: what it refuses becomes the field's error."""

    def for_field(text: str) -> str:
        try:
            return clean(text or "", most)
        except BadText as error:
            raise ValidationError(error.sentence) from error

    return for_field
