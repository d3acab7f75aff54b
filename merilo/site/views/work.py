"""“My work”: the first page of a member inside an organisation."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from merilo.assessment.api import CurrentCycle, current_cycle
from merilo.core.navigation import WorkItem, work_of
from merilo.organisations.api import OrgRequest, address
from merilo.site import words

MOST = 5  # tasks shown at once


@require_safe
def work(request: OrgRequest) -> HttpResponse:
    """Where the cycle stands, what is mine to do and until when, whom the coordinator waits for."""
    viewer = request.viewer
    cycle = current_cycle(viewer, on=timezone.localdate())
    items = work_of(viewer)
    if cycle is not None:
        request.page_note = cycle.title  # type: ignore[attr-defined]  # the line below the organisation's name
    shown = items if "all" in request.GET else items[:MOST]
    context = {
        "cycle": cycle,
        "items": [words.task(item) for item in shown],
        "total": len(items),
        "hidden": len(items) - len(shown),
        "lead": _lead(cycle, items),
        "next_date": cycle.coming[0] if cycle and cycle.coming else None,
        "back": {"back": "work"},  # where a reminder leads back to
        "may_plan": viewer.can("assessment.plan"),
        "new_url": address(viewer, "assessment:new"),
    }
    return render(request, "site/work.html", context)


def _lead(cycle: CurrentCycle | None, items: list[WorkItem]) -> str:
    if cycle is None:
        return ""
    if cycle.assessors is None:
        return cycle.sentence
    begun = len(cycle.assessors) - len(cycle.not_begun)
    return words.joined(cycle.sentence, words.at_work(begun, len(cycle.assessors)))
