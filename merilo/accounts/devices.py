"""What a browser says of itself, in words, and the neighbourhood of a network."""

from __future__ import annotations

import ipaddress

from django.utils.translation import gettext as _

# The first mark found names it: browsers call themselves by the names of others too.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "Chrome/": "Chrome",
    "CriOS": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def device(user_agent: str) -> str:
    """The browser and what it runs on: “Firefox, Windows”."""
    found = [_named(marks, user_agent) for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or _("Unknown device")


def _named(marks: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in marks.items() if mark in user_agent), "")


def network(address: str) -> str:
    """A kept address without the part that points at one household (198.51.100.*)."""
    parsed = ipaddress.ip_address(address)
    if parsed.is_unspecified:
        return _("unknown network")
    known = address.rpartition(".")[0] if parsed.version == 4 else address.rstrip(":")
    return f"{known}{'.' if parsed.version == 4 else ':'}*"
