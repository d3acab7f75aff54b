"""“Shared with” of a town, and “Our towns” of a resource centre: the same table on both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core import files, limits
from merilo.core.errors import Refused
from merilo.core.limits import Rate
from merilo.organisations import permissions, queries
from merilo.organisations.actions import sharing as actions
from merilo.organisations.actions.verification import record_download
from merilo.organisations.forms.sharing import AskForm, ShareForm
from merilo.organisations.http import OrgRequest, address
from merilo.organisations.models import Organisation, Sharing
from merilo.organisations.shared import SharedReport, StepState, TownState, states_of
from merilo.organisations.views.base import crumbs, shown, stored
from merilo.web import tables
from merilo.web.tables import Column

BOTH = ["GET", "HEAD", "POST"]
STEPS = range(1, 11)
ASKED: Rate = {"most": 50, "seconds": 24 * 3600}


@dataclass(frozen=True, slots=True)
class Row:
    """One town of the table, with its ten steps; unpublished reports only where they are shared."""

    town: Organisation
    state: TownState
    with_reports: bool

    @property
    def steps(self) -> list[StepState | None]:
        """The steps one to ten, None where the town's model has no such."""
        return [self.state.step(number) for number in STEPS]

    @property
    def reports(self) -> list[SharedReport]:
        """What can be opened."""
        return [one for one in self.state.reports if one.url or (self.with_reports and one.file)]


def _table(rows: Iterable[Row]) -> dict[str, Any]:
    rows = list(rows)
    names = {step.number: step.name for row in rows for step in row.state.steps}
    return {"rows": rows, "names": [(number, names.get(number, "")) for number in STEPS]}


# --- the town -------------------------------------------------------------------------------------------
@require_http_methods(BOTH)
def shared(request: OrgRequest) -> HttpResponse:
    """Who sees the state of the cycle, what exactly they see, and changing both."""
    viewer = request.viewer
    if not permissions.may_share(viewer):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    here = address(viewer, "organisations:shared")
    if request.POST.get("what") == "end":
        return _ended(request, here)
    open_now = list(queries.sharings(viewer))
    asking = [row for row in open_now if row.agreed_at is None]
    centres = list(queries.centres(viewer))
    initial = {"centre": str(asking[0].centre_id)} if asking else {}
    form = ShareForm(request.POST or None, centres=centres, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = stored(
            request,
            form,
            lambda: actions.share(
                viewer=viewer,
                centre=UUID(form.cleaned_data["centre"]),
                with_reports=form.cleaned_data["with_reports"],
                at=timezone.now(),
            ),
            to=here,
            said=_("The resource centre sees the table below from now on."),
        )
        if answer:
            return answer
    agreed = [row for row in open_now if row.agreed_at]
    state = states_of([viewer.organisation], on=timezone.localdate())[viewer.organisation_id]
    with_reports = any(row.with_reports for row in agreed)
    context = {
        "form": form,
        "centres": centres,
        "asking": [(row, _ending(row.pk)) for row in asking],
        "agreed": [(row, _ending(row.pk)) for row in agreed],
        "crumbs": crumbs(viewer),
    }
    table = _table([Row(viewer.organisation, state, with_reports)])
    return shown(request, "shared", context | table, refused=bool(form.errors))


def _ending(pk: UUID) -> dict[str, str]:
    return {"what": "end", "sharing": str(pk)}


def _ended(request: OrgRequest, to: str) -> HttpResponse:
    try:
        pk = UUID(request.POST.get("sharing", ""))
    except ValueError as error:
        raise Http404 from error
    actions.end(viewer=request.viewer, sharing=pk, at=timezone.now())
    messages.success(request, _("Nothing is shared any more."))
    return redirect(to)


# --- the centre -----------------------------------------------------------------------------------------
@require_http_methods(BOTH)
def towns(request: OrgRequest) -> HttpResponse:
    """The towns that agreed, with the state of their ten steps; asking another one."""
    viewer = _centre(request)
    request.section = "towns"  # type: ignore[attr-defined]  # its own entry of the menu
    here = address(viewer, "organisations:towns")
    if request.POST.get("what") == "end":
        return _ended(request, here)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (answer := _asked(request, form, here)):
        return answer
    sharings = list(queries.shared_towns(viewer))
    context = {
        "form": form,
        "may_ask": permissions.may_ask_towns(viewer),
        "formats": tables.FORMATS,
        "endings": [(row, _ending(row.pk)) for row in sharings],
    }
    return shown(request, "towns", context | _table(_rows(sharings)), refused=bool(form.errors))


def _asked(request: OrgRequest, form: AskForm, to: str) -> HttpResponse | None:
    def effect() -> None:
        limits.hit("ask-towns", str(request.viewer.organisation_id), **ASKED)
        number = form.cleaned_data["register_number"]
        actions.ask(viewer=request.viewer, register_number=number, at=timezone.now())

    said = _("If the town works here, its coordinator finds your wish on the page “Shared with”.")
    return stored(request, form, effect, to=to, said=said)


def _centre(request: OrgRequest) -> Any:
    """The viewer, of a resource centre; elsewhere these pages do not exist."""
    if not permissions.may_see_towns(request.viewer):
        raise Http404
    return request.viewer


def _rows(sharings: Sequence[Sharing]) -> list[Row]:
    states = states_of([sharing.town for sharing in sharings], on=timezone.localdate())
    return [Row(sharing.town, states[sharing.town_id], sharing.with_reports) for sharing in sharings]


@require_safe
def towns_export(request: OrgRequest, kind: str) -> HttpResponse:
    """The same table to take away."""
    viewer = _centre(request)
    table = _table(_rows(list(queries.shared_towns(viewer))))
    columns = [Column("town", _("Town")), Column("period", _("Period under review"))]
    for number, name in table["names"]:
        columns.append(Column(f"step_{number}", f"{number}. {name}".strip(" .")))
    columns.append(Column("reports", _("Published reports")))
    rows = [_exported(request, row) for row in table["rows"]]
    answer = tables.export(rows, columns, kind, f"{viewer.organisation.slug}-towns")
    record_download(viewer=viewer, verb="towns.exported", kind=kind, at=timezone.now())
    return answer


def _exported(request: OrgRequest, row: Row) -> list[Any]:
    steps = [_cell(step) if step else "" for step in row.steps]
    reports = " ".join(request.build_absolute_uri(one.url) for one in row.reports if one.url)
    return [row.town.name, row.state.period, *steps, reports]


def _cell(step: StepState) -> str:
    return f"{step.words}, {date_format(step.on, 'SHORT_DATE_FORMAT')}" if step.on else step.words


@require_safe
def town_report(request: OrgRequest, pk: UUID) -> FileResponse:
    """The document of an approved report that a town shares; that it was opened is recorded with both."""
    viewer = _centre(request)
    sharings = list(queries.shared_towns(viewer).filter(with_reports=True))
    states = states_of([sharing.town for sharing in sharings], on=timezone.localdate())
    for sharing in sharings:
        for report in states[sharing.town_id].reports:
            if report.key == pk and report.file is not None:
                actions.record_reading(viewer=viewer, sharing=sharing, report=pk, at=timezone.now())
                return files.response(report.file)
    raise Http404
