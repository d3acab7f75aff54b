"""External feedback in progress, as the page of the hand-over lists it: it goes with the role."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from merilo.feedback.queries.feedbacks import in_progress
from merilo.organisations.api import Handing, HandingKind, Thing, address, permissions_of


def _held(handing: Handing) -> Iterator[Thing]:
    if "feedback.edit" not in permissions_of(handing.member.roles):
        return
    for row in in_progress(handing.viewer):
        url = address(handing.viewer, "feedback:overview", feedback=row.pk)
        yield Thing(row.assessment.title, str(row.get_state_display()), url)


KIND = HandingKind("feedback", gettext_lazy("External feedback in progress"), _held)
