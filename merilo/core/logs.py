"""Lines of the log without personal data: what broke and where, never what it was about (R24)."""

from __future__ import annotations

import copy
import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from merilo.core import requests


class Discreet(logging.Formatter):
    """Names the page instead of its address, and the kind of an error instead of its message.

    An address may hold the secret of an invitation, the message of an error the values of a row.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line = copy.copy(record)
        line.exc_text = None  # another handler may have written it out in full
        request = getattr(record, "request", None)
        if request is not None:
            line.msg, line.args = _without_address(record.getMessage(), request), ()
        return super().format(line)

    def formatException(self, ei: Any) -> str:  # noqa: N802  the standard library's name
        """Where an error came from, and its kind."""
        return "\n".join(_told(ei[1])) if ei[1] is not None else ""


class Json(Discreet):
    """The same as one JSON object a line, in UTC, for whatever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record: at, level, logger, request, message, its facts, where an error came from."""
        request = getattr(record, "request", None)
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": requests.number(),
            "message": _without_address(record.getMessage(), request) if request else record.getMessage(),
        }
        told |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1] is not None:
            told["trace"] = "\n".join(_told(record.exc_info[1]))
        return json.dumps(told, ensure_ascii=False)


def _without_address(message: str, request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    page = f"/{match.route}" if match is not None else "(no such page)"
    number = request.META.get("MERILO_REQUEST_ID", "")
    return f"{message.replace(request.get_full_path(), page).replace(request.path, page)} [{number}]"


def _told(error: BaseException) -> list[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = _told(earlier) if earlier is not None else []
    lines += [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
    return [*lines, f"{type(error).__module__}.{type(error).__qualname__}"]
