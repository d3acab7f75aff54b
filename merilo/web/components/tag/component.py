"""Status of a thing: a shape and a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merilo.web.component import Component

Status = Literal["idle", "progress", "done", "waiting", "problem", "late", "risk", "ontime"]

_WORDS = {
    "idle": pgettext_lazy("state", "Not started"),
    "progress": _("In progress"),
    "done": pgettext_lazy("state", "Done"),
    "waiting": _("Waiting for others"),
    "problem": _("Has a problem"),
    "late": _("Late"),
    "risk": _("At risk"),
    "ontime": _("On time"),
}
_SQUARE = '<rect x="2" y="2" width="14" height="14" fill="currentColor"/>'
_SHAPES = {
    "idle": '<circle cx="9" cy="9" r="6.4" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "progress": (
        '<circle cx="9" cy="9" r="6.6" fill="none" stroke="currentColor" stroke-width="2.2"/>'
        '<path d="M9 2.4a6.6 6.6 0 0 1 0 13.2z" fill="currentColor"/>'
    ),
    "done": '<path d="M3 9.5 7 13.5 15 4.5" fill="none" stroke="currentColor" stroke-width="2.6"/>',
    "waiting": '<path d="M4 2.5h3.4v13H4zM10.6 2.5H14v13h-3.4z" fill="currentColor"/>',
    "problem": _SQUARE,
    "late": _SQUARE,
    "risk": '<path d="M9 1.5 17 16.5H1z" fill="currentColor"/>',
    "ontime": '<circle cx="9" cy="9" r="7" fill="currentColor"/>',
}

_TAG = '<span class="tag {}"><svg viewBox="0 0 18 18" aria-hidden="true">{}</svg>{}</span>'


@dataclass(frozen=True, slots=True)
class Tag(Component):
    """Shape + word; only the shape is coloured. Without `text` the usual word of the status."""

    status: Status
    text: str = ""

    @property
    def words(self) -> str:
        """The given text or the usual word."""
        return self.text or str(_WORDS[self.status])

    @property
    def drawn(self) -> SafeString:
        """The whole tag, without a template: some pages show hundreds of them."""
        return format_html(_TAG, self.status, mark_safe(_SHAPES[self.status]), self.words)
