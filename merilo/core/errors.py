"""Errors that carry a sentence for the person; turned into a page in one place (web.middleware)."""

from __future__ import annotations

from typing import Any


class MeriloError(Exception):
    """A refusal with a sentence in the person's language and the HTTP status it is shown with."""

    status = 422

    def __init__(self, sentence: str = "", **details: Any) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.details = details


class Refused(MeriloError):
    """The person may not do this; shown as 403."""

    status = 403


class Conflict(MeriloError):
    """Somebody was faster; carries both values so that nothing is lost; shown as 409."""

    status = 409


class TooMany(MeriloError):
    """A limit was reached; shown as 429 with Retry-After in seconds."""

    status = 429

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class BadFile(MeriloError):
    """A file that is not taken, with the reason."""
