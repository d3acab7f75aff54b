"""The shield of an organisation."""

from __future__ import annotations

from dataclasses import dataclass

from merilo.web.component import Component

# fmt: off
KINDS = frozenset({
    "община", "администрация", "област", "район", "агенция", "кметство",
    "municipality", "town", "city", "council", "county", "district", "region", "regional",
    "administration", "authority", "agency",
})
# fmt: on


@dataclass(frozen=True, slots=True)
class Shield(Component):
    """The organisation's own picture (`logo`, an address), or its first letter on a shield in the accent."""

    name: str
    logo: str = ""

    @property
    def letter(self) -> str:
        """First letter of the place: the last word that does not only say what kind of organisation it is.

        "Municipality of Primerovo" shows P, "Samplebridge Town Council" S.
        """
        words = [word for word in self.name.replace("„", "").split() if word[:1].isalpha()]
        named = [word for word in words if word.casefold() not in KINDS] or words
        return named[-1][0].upper() if named else "?"
