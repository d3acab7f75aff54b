"""The shield of an organisation."""

from __future__ import annotations

from dataclasses import dataclass

from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class Shield(Component):
    """The organisation's own picture (`logo`, an address), or its first letter on a shield in the accent."""

    name: str
    logo: str = ""

    @property
    def letter(self) -> str:
        """First letter of the last word: "Municipality of Primerovo" shows P, not M."""
        words = [word for word in self.name.replace("„", "").split() if word[:1].isalpha()]
        return words[-1][0].upper() if words else "?"
