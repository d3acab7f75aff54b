"""Secrets: those that people and devices carry are kept as keyed digests, those to be read again sealed."""

from __future__ import annotations

import base64
import secrets
import zlib
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict

DIGITS = 8  # of a code that is typed: one in a hundred million, and guesses are limited


def digest_of(purpose: str, secret: str) -> str:
    """What is kept in place of a secret; other purposes give other digests. 64 hexadecimal digits."""
    return salted_hmac(f"merilo.{purpose}", secret, algorithm="sha256").hexdigest()


def new_token() -> str:
    """A secret for an address or a device, 256 bits."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A secret to be typed: digits only, which every keyboard has."""
    return "".join(secrets.choice("0123456789") for _digit in range(DIGITS))


def typed(code: str) -> str:
    """A code as it was typed, without the spaces and hyphens people put in."""
    return "".join(letter for letter in code if letter.isdecimal() and letter.isascii())


def spaced(code: str) -> str:
    """A code as it is written, in two halves: 4827 1936."""
    return f"{code[: DIGITS // 2]} {code[DIGITS // 2 :]}"


def seal(purpose: str, secret: str) -> str:
    """A secret that has to be read again, encrypted with a key drawn from the installation's own."""
    return _box(purpose).encrypt(secret.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """What was sealed with the present key or an earlier one (`MERILO_SECRET_KEY_FALLBACKS`).

    Errors: Conflict (sealed with a key that is gone).
    """
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Conflict(
            _("This was kept under an earlier key. Tell the operator of this platform.")
        ) from error


def pack(purpose: str, content: bytes) -> str:
    """Content to travel through a browser: compressed, then encrypted, so that nobody reads or changes it."""
    return _box(purpose).encrypt(zlib.compress(content, 6)).decode()


def unpack(purpose: str, packed: str, *, most: int) -> bytes | None:
    """What was packed for this purpose; None where it was not, or where it would be longer than `most`."""
    try:
        opened = zlib.decompressobj()
        content = opened.decompress(_box(purpose).decrypt(packed.encode()), most)
    except (InvalidToken, zlib.error):
        return None
    return content if opened.eof else None


def _box(purpose: str) -> MultiFernet:
    return _boxes(purpose, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@cache
def _boxes(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([_key(purpose, key) for key in keys])


def _key(purpose: str, secret_key: str) -> Fernet:
    drawn = salted_hmac(f"merilo.seal.{purpose}", "", secret=secret_key, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(drawn))
