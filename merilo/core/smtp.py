"""Handing one mail to a mail server so that it is known, as far as it can be, whether the server took it.

A server takes a mail with its answer to the last line, a dot. Whatever ends before the dot was not taken;
only between the dot and the answer nobody can tell.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

_LAST_LINE = b".\r\n"
# A server may look through the whole mail before it answers to the last line (RFC 5321 allows it 10 minutes).
ANSWER_SECONDS = 300


class OutcomeUnknown(Exception):
    """The dialogue ended after the last line was sent and before the server answered."""


class _Careful(smtplib.SMTP):
    """The library's dialogue, with a moment of our own between the text and its last line."""

    before_last_line: Callable[[], None]
    answer_seconds = ANSWER_SECONDS
    answer: tuple[int, bytes] = (0, b"")

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the text; errors: SMTPDataError (not taken), OutcomeUnknown, whatever the moment raises."""
        self.putcmd("data")
        code, answer = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, answer)
        self.send(_stuffed(msg))
        self.before_last_line()
        try:
            self.send(_LAST_LINE)
            if self.sock is not None:
                self.sock.settimeout(self.answer_seconds)
            self.answer = self.getreply()
        except OSError as error:  # the library's own errors are such, too
            raise OutcomeUnknown from error
        return self.answer


class _CarefulTLS(_Careful, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class _Server(EmailBackend):
    """Django's way to connect, encrypt and sign in, with our dialogue."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _CarefulTLS if self.use_ssl else _Careful


def _stuffed(text: bytes) -> bytes:
    """A text as it travels: a dot that begins a line is doubled, and the last line is ended."""
    doubled = re.sub(rb"(?m)^\.", b"..", text)
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"


@contextmanager
def handed(
    message: EmailMessage,
    server: dict[str, Any],
    *,
    before_last_line: Callable[[], None],
    answer_seconds: int = ANSWER_SECONDS,
) -> Iterator[str]:
    """The server has taken the mail, with these words; what is done here is done before the goodbye.

    `before_last_line` is called when everything but the last line has gone. Errors: as in the dialogue.
    """
    sender = sanitize_address(message.from_email, "utf-8")
    recipients = [sanitize_address(address, "utf-8") for address in message.recipients()]
    text = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own
    backend = _Server(**server)
    backend.open()
    dialogue = cast("_Careful", backend.connection)
    dialogue.before_last_line, dialogue.answer_seconds = before_last_line, answer_seconds
    try:
        dialogue.sendmail(sender, recipients, text)
    except BaseException:
        dialogue.close()  # without a goodbye: inside a text it would be waited for in vain
        raise
    try:
        yield words(*dialogue.answer)
    finally:
        with suppress(OSError):
            dialogue.quit()


def words(code: int, answer: bytes | str) -> str:
    """What a server answered, on one line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(f"{code} {text}".split())[:300]


def words_of(error: Exception) -> str:
    """What a failed dialogue says: the server's answer where there is one, else the kind of the error."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return words(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return words(error.smtp_code, error.smtp_error)
    return type(error).__name__


def is_refused_for_good(error: Exception) -> bool:
    """Whether the server said that it will never take a mail for this address."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(code in range(500, 600) for code, _answer in error.recipients.values())
