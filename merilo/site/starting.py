"""What stands between a configuration and a start: words, and an exit code that a supervisor understands."""

from __future__ import annotations

import sys

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import translation

from merilo.ops import doctor

NOT_CONFIGURED = 78  # EX_CONFIG: starting again changes nothing until somebody changes the settings
NOT_YET = 75  # EX_TEMPFAIL: starting again in a while may help


def require_safe() -> None:
    """End with words where the settings are unsafe for others, or the database may lose what it confirmed."""
    with translation.override(settings.LANGUAGE_CODE):
        try:
            found = doctor.refusals()
        except DatabaseError:
            _refuse(doctor.unready(), NOT_YET)
        else:
            _refuse(found, NOT_CONFIGURED)


def require_ready() -> None:
    """The same, and where the tables are not of this version; no connection is kept."""
    require_safe()
    with translation.override(settings.LANGUAGE_CODE):
        _refuse(doctor.unready(), NOT_YET)
    connections.close_all()


def _refuse(found: list[doctor.Finding], code: int) -> None:
    for one in found:
        sys.stderr.write(f"✗ {one.what}: {one.wrong}\n    {one.remedy}\n")
    if found:
        sys.exit(code)
