"""Whether everything is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.web.component import Component

_WORDS: dict[str, Any] = {
    "unsaved": _("Not saved yet"),
    "saving": _("Saving…"),
    "offline": _("Not saved: no connection. Your text stays here, the page keeps trying."),
    "refused": _("Not saved: correct what is marked, then save"),
    "signed_out": _("Not saved: you are signed out. Press the save button and sign in; your text is kept."),
    "conflict": _("Not saved: this was changed elsewhere in the meantime"),
}


@dataclass(frozen=True, slots=True)
class Saved(Component):
    """A polite live region in a form with data-autosave; `text` is the last state ("Saved at 14:05")."""

    text: str = ""

    @property
    def words(self) -> dict[str, Any]:
        """What the script says in each state."""
        return _WORDS
