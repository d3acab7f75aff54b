"""Time zones that can be chosen."""

from __future__ import annotations

import zoneinfo

_PARTS = ("Europe/", "Asia/", "America/", "Africa/", "Atlantic/", "Australia/", "Pacific/")
ZONES = [
    (zone, zone.replace("_", " "))
    for zone in sorted(zoneinfo.available_timezones())
    if zone.startswith(_PARTS)
]
