"""Ask before something is done that is hard to take back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Confirm(Component):
    """The whole of a confirmation page below its title: the body says what will happen, one button does it.

    `fields` are hidden values to send along (the form's one-time key among them).
    """

    submit: str
    cancel_url: str
    action: str = ""
    cancel: str = ""
    fields: Mapping[str, str] | None = None

    body: ClassVar[Body] = "required"
