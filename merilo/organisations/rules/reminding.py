"""How often a person may be reminded, whatever the reasons."""

from __future__ import annotations

from datetime import datetime, timedelta

PAUSE = timedelta(hours=48)


def may_remind(last: datetime | None, at: datetime) -> bool:
    """Whether a reminder may go now to somebody who was last reminded then, or never."""
    return last is None or at - last >= PAUSE
