"""Short-lived secrets that people and devices carry: only keyed digests of them are kept."""

from __future__ import annotations

import secrets

from django.utils.crypto import salted_hmac

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
