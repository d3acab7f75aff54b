"""What this room puts on pages above it: its menu entry, and the verbs of the audit."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.organisations.api import Viewer, address

VERBS = {
    "indicator.added": gettext_lazy("added an indicator"),
    "indicator.changed": gettext_lazy("changed an indicator"),
    "indicator.retired": gettext_lazy("stopped measuring an indicator"),
    "indicator.taken_up": gettext_lazy("took an indicator up again"),
    "indicator.value_entered": gettext_lazy("entered a value of an indicator"),
    "indicator.value_corrected": gettext_lazy("corrected a value of an indicator"),
    "indicator.value_taken_back": gettext_lazy("took a value of an indicator back"),
}


def menu(request: HttpRequest, viewer: Viewer) -> Iterator[tuple[int, str, str, str]]:
    """The indicators, for everybody who reads what the organisation shares."""
    if viewer.can("indicator.read"):
        yield 25, "indicators", _("Indicators"), address(viewer, "indicators:list")
