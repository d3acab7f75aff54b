"""What plans of improvement take from other rooms: drafts of measures, laid into an inbox."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy

from merilo.core.offers import Receiver, Target
from merilo.improvement import permissions
from merilo.improvement.queries.drafts import open_plans
from merilo.organisations.api import Viewer, address


def targets(viewer: Viewer, kind: str, place: str) -> Iterator[Target]:
    """The plans to which the viewer may offer a measure."""
    query = urlencode({"kind": kind, "place": place})
    for one in open_plans(viewer):
        if permissions.may_offer(viewer, one):
            page = address(viewer, "improvement:offer", plan=one.pk)
            yield Target(str(one.pk), one.title, f"{page}?{query}", meta=str(one.get_state_display()))


RECEIVER = Receiver(
    "improvement",
    gettext_lazy("As a measure offered to a plan of improvement"),
    frozenset({"survey", "indicator", "criterion"}),
    targets,
)
