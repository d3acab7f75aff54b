"""Content that is frozen: the same text for the same content, and the checksum that proves it."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(content: dict[str, Any]) -> str:
    """The content as text that is the same for the same content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checksum(content: str) -> str:
    """SHA-256 of the canonical text: printed on every page of the documents."""
    return hashlib.sha256(content.encode()).hexdigest()
