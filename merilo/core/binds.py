"""Where a process listens: `HOST:PORT`, `[IPv6]:PORT`, or a port alone for this machine only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = "127.0.0.1"
LOCAL = {"localhost", LOOPBACK, "[::1]", "::1"}
_FORM = re.compile(r"(?:(?P<host>[\w.-]+|\[[0-9a-fA-F:.]+\]):)?(?P<port>\d{1,5})")
_NEAR = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104  what listens everywhere is also reached here


@dataclass(frozen=True, slots=True)
class Bind:
    """A host, without brackets, and a port."""

    host: str
    port: int

    @property
    def is_local(self) -> bool:
        """Whether only programs on this machine reach it."""
        return self.host in LOCAL

    @property
    def near(self) -> str:
        """The host by which a program on this machine reaches it."""
        return _NEAR.get(self.host, self.host)

    @property
    def address(self) -> str:
        """Its address for a program on this machine."""
        return f"http://{f'[{self.near}]' if ':' in self.near else self.near}:{self.port}/"


def bind_of(text: str, *, name: str) -> Bind:
    """Read the setting `name`. Errors: ImproperlyConfigured."""
    found = _FORM.fullmatch(text.strip())
    if found is None or int(found["port"]) > 65_535:
        raise ImproperlyConfigured(f"{name}: {text!r} is neither HOST:PORT nor a port")
    return Bind((found["host"] or LOOPBACK).strip("[]"), int(found["port"]))
