"""The record: verifying each chain, and what operators did."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.ops import record as kept
from merilo.ops.actions import ask_verification, record_reading
from merilo.ops.views.base import PAGE, acted, button, office, shown
from merilo.organisations.api import PersonRequest


@office("POST")
def record(request: PersonRequest) -> HttpResponse:
    """The chains with their last verification, then the actions of operators, the newest first."""
    if request.method == "POST":
        return acted(request, {"verify": lambda: _asked(request)}, to=request.path)
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    page = Paginator(kept.chains(), PAGE).get_page(request.GET.get("page"))
    lines, older = kept.lines(before=before)
    record_reading(person=request.user, verb="platform.record_read", at=timezone.now())
    context = {
        "listing": page,
        "chains": [(chain, button("verify", chain=chain.chain)) for chain in page],
        "lines": lines,
        "older": older,
        "is_older": before is not None,
        "lead": _("That you opened this page is recorded. What organisations did stands in their records."),
    }
    return shown(request, "record", _("Record"), context)


def _asked(request: PersonRequest) -> str:
    ask_verification(person=request.user, chain=request.POST.get("chain", ""))
    return _("The record is being verified. Open this page again in a moment.")
