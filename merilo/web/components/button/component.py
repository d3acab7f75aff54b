"""A button, or a link that looks like one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.forms.utils import flatatt
from django.utils.safestring import SafeString

from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class Button(Component):
    """One main button a page, others `kind="quiet"`; with `url` it is a link.

    `hidden_text` completes the name for a screen reader ("Remind" + who); `attrs` maps further attributes.
    """

    text: str
    kind: Literal["main", "quiet", "plain"] = "main"
    small: bool = False
    url: str = ""
    type: Literal["submit", "button"] = "submit"
    name: str = ""
    value: str = ""
    form: str = ""
    formaction: str = ""
    hidden_text: str = ""
    attrs: Mapping[str, Any] | None = None

    @property
    def classes(self) -> str:
        """Class names."""
        return f"btn{' ' + self.kind if self.kind != 'main' else ''}{' small' if self.small else ''}"

    @property
    def further(self) -> SafeString:
        """Everything beyond text and class, escaped."""
        own = {name: getattr(self, name) for name in ("name", "value", "form", "formaction")}
        return flatatt({**{name: value for name, value in own.items() if value}, **(self.attrs or {})})
