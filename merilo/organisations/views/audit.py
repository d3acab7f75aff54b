"""The record of who did what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from merilo.core import verbs
from merilo.organisations import chronicle
from merilo.organisations.actions.verification import record_download, verify_record
from merilo.organisations.chronicle import Line, Wanted
from merilo.organisations.forms.people import RecordFilterForm
from merilo.organisations.http import OrgRequest, address
from merilo.organisations.views.base import crumbs, shown
from merilo.web import tables
from merilo.web.tables import Column

COLUMNS = [
    Column("number", gettext_lazy("No.")),
    Column("at", gettext_lazy("When")),
    Column("who", gettext_lazy("Who")),
    Column("verb", gettext_lazy("Code")),
    Column("what", gettext_lazy("What")),
    Column("about", gettext_lazy("About")),
    Column("from", gettext_lazy("From where")),
    Column("details", gettext_lazy("Details")),
    Column("hash", gettext_lazy("Hash")),
]


@require_safe
def record(request: OrgRequest) -> HttpResponse:
    """The newest rows first, by what and by whom."""
    viewer = request.viewer
    viewer.require("audit.read")
    wanted, form = _wanted(request)
    rows, older = chronicle.lines(viewer, wanted)
    context = {
        "rows": rows,
        "form": form,
        "older": _query(wanted, older) if older else "",
        "newest": _query(wanted, None) if wanted.before else "",
        "filters": _query(wanted, None),
        "length": chronicle.length(viewer),
        "verified": chronicle.last_verification(viewer),
        "formats": tables.FORMATS,
        "crumbs": crumbs(viewer),
    }
    return shown(request, "audit", context)


def _wanted(request: OrgRequest) -> tuple[Wanted, RecordFilterForm]:
    """What the address asks for; whatever is not understood is not asked for."""
    form = RecordFilterForm(request.GET, verbs=verbs.known(), people=chronicle.people(request.viewer))
    form.is_valid()
    person = form.cleaned_data.get("person", "")
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    return Wanted(form.cleaned_data.get("verb", ""), UUID(person) if person else None, number), form


def _query(wanted: Wanted, before: int | None) -> str:
    parts = {"verb": wanted.verb, "person": str(wanted.person or ""), "before": before or ""}
    return urlencode({key: value for key, value in parts.items() if value})


@require_safe
def export(request: OrgRequest, kind: str) -> HttpResponse:
    """The record to take away, oldest first."""
    viewer = request.viewer
    viewer.require("audit.read")
    wanted, _form = _wanted(request)
    rows = [_exported(line) for line in chronicle.all_lines(viewer, wanted)]
    answer = tables.export(rows, COLUMNS, kind, f"{viewer.organisation.slug}-record")
    record_download(viewer=viewer, verb="audit.exported", kind=kind, at=timezone.now())
    return answer


def _exported(line: Line) -> list[Any]:
    details = "; ".join(f"{key}: {value}" for key, value in line.payload.items())
    return [line.number, line.at, line.who, line.verb, line.what, line.about, line.origin, details, line.hash]


@require_POST
def verify(request: OrgRequest) -> HttpResponse:
    """Walk the whole chain now and say what was found."""
    broken = verify_record(viewer=request.viewer, at=timezone.now())
    if broken is None:
        messages.success(request, _("The record is whole: no row was changed, moved or removed."))
    else:
        sentence = _("Row %(number)s of the record does not hold. Tell the operator of the platform.")
        messages.error(request, sentence % {"number": broken.number})
    return redirect(address(request.viewer, "organisations:audit"))
