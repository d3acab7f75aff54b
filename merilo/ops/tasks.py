"""Work for the worker process: walking a chain of the record from its first row."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

from merilo.core import audit
from merilo.core.models import PLATFORM


@task()
def verify_chain(chain: str, by: str) -> bool:
    """Whether the chain holds; the organisation and the platform both read it in their records."""
    broken = audit.verify(chain)
    found: dict[str, object] = {"holds": broken is None}
    if broken is not None:
        found |= {"row": broken.number, "reason": broken.code}
    with transaction.atomic():
        for where in dict.fromkeys((chain, PLATFORM)):
            audit.record(
                "audit.verified",
                organisation=where,
                actor=by,
                target=("core.audithead", chain),
                payload=found,
            )
    return broken is None
