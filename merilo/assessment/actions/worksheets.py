"""Taking what a worksheet says: all of it or nothing, each judgement saved like one that was typed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from merilo.assessment.actions.sheets import Content, require_writable, save_judgement
from merilo.assessment.models import Sheet
from merilo.assessment.queries import sheets as queries
from merilo.organisations.api import Viewer, record


def take_worksheet(
    *, viewer: Viewer, sheet: Sheet, rows: Collection[tuple[str, int, Content]], at: datetime
) -> None:
    """Save the content of several items over the versions it was compared with.

    Errors: Refused for somebody else's or a closed sheet, Conflict where one was changed since; nothing is
    taken then.
    """
    require_writable(viewer, sheet)
    with transaction.atomic():
        found = queries.judgements(sheet)
        for code, version, content in rows:
            save_judgement(
                viewer=viewer,
                sheet=sheet,
                stored=found.get(code),
                code=code,
                version=version,
                content=content,
                opened=at,  # written elsewhere: the time it took is not known
                at=at,
            )
        record(viewer, "worksheet.taken", sheet, {"count": len(rows)}, at=at)
