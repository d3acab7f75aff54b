"""Verifying the organisation's record on somebody's wish, and taking it away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from merilo.core import audit
from merilo.organisations.recording import record
from merilo.organisations.viewers import Viewer


def verify_record(*, viewer: Viewer, at: datetime) -> audit.Broken | None:
    """Walk the chain from its first row and record what was found: None when it holds."""
    viewer.require("audit.read")
    broken = audit.verify(str(viewer.organisation_id))
    found = {
        "holds": broken is None,
        "row": broken.number if broken else 0,
        "reason": broken.code if broken else "",
    }
    with transaction.atomic():
        record(
            viewer,
            "audit.verified",
            None,
            payload=found,
            at=at,
        )
    return broken


def record_download(*, viewer: Viewer, verb: str, kind: str, at: datetime) -> None:
    """Record that a list was taken away, and in which format."""
    with transaction.atomic():
        record(viewer, verb, None, payload={"format": kind}, at=at)
