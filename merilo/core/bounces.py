"""Mails that came back: what a delivery status notification (RFC 3464) says about a mail of ours.

The Message-ID of a mail is the mark it is known by: it stands in the part of the original that comes back.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import default as policy

from django.db import transaction

from merilo.core import mail

_MESSAGE_ID = re.compile(r"^Message-ID:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_PARTS = {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that will not arrive: its Message-ID and what the mail server said."""

    message_id: str
    words: str


def read(content: bytes) -> Bounce | None:
    """What a mail says about one of ours; None where it says nothing, or only that it is late."""
    message = email.message_from_bytes(content, policy=policy)
    words = next(_failures(message), None)
    found = next(_originals(message), None)
    return Bounce(found, words) if words is not None and found is not None else None


def take(content: bytes) -> bool:
    """Tell the room that wrote the mail that it came back; answers whether it was one of ours."""
    bounce = read(content)
    sent = mail.of_message_id(bounce.message_id) if bounce else None
    if bounce is None or sent is None or not sent.about:
        return False
    with transaction.atomic():
        mail.returned(sent.about, bounce.words)
    return True


def _failures(message: EmailMessage) -> Iterator[str]:
    """What is said of each address that a mail could not be brought to."""
    for part in message.walk():
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            # One block about the mail, then one about each address.
            yield from (_words(block) for block in part.iter_parts() if _has_failed(block))


def _has_failed(block: Message) -> bool:
    return str(block.get("Action", "")).strip().casefold() == "failed"


def _words(block: Message) -> str:
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2] or str(block.get("Status", ""))
    return " ".join(said.split())[:300] or "failed"


def _originals(message: EmailMessage) -> Iterator[str]:
    """The Message-IDs of what came back, whole or only its head."""
    for part in message.walk():
        if part.get_content_type() not in _PARTS:
            continue
        inner = part.get_payload()
        text = str(inner[0]) if isinstance(inner, list) else part.get_content()
        found = _MESSAGE_ID.search(text if isinstance(text, str) else text.decode("utf-8", "replace"))
        if found:
            yield found[1]
