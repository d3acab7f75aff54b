"""Recording what somebody did in the organisation they act in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from merilo.core import audit
from merilo.organisations.viewers import Viewer


def record(
    viewer: Viewer, verb: str, target: object, payload: Mapping[str, Any] | None = None, *, at: datetime
) -> None:
    """One row of the organisation's audit, in the transaction of the change it tells of."""
    audit.record(
        verb,
        organisation=viewer.organisation_id,
        actor=viewer.person_id,
        target=target,
        payload=payload,
        at=at,
    )
