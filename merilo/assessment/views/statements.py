"""Pages and forms of agreed statements: make, word, order, take apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from merilo.assessment.actions import statements as actions
from merilo.assessment.forms.agreement import MergeForm, WordingForm, wording_of
from merilo.assessment.models import LineKind, Statement
from merilo.assessment.queries import agreement as queries
from merilo.assessment.views.acting import act, crumbs
from merilo.assessment.views.agreement_item import Place, item_address, item_page, may_write, place_or_404
from merilo.assessment.words import language
from merilo.core.errors import Conflict, MeriloError
from merilo.core.once import run_once
from merilo.organisations.api import OrgRequest
from merilo.web.items import Link


@require_POST
def make(request: OrgRequest, pk: UUID, code: str, kind: str) -> HttpResponse:
    """Take one remark over as it is, put ticked ones under one wording, or under an agreed statement."""
    place = place_or_404(request, pk, code)
    if kind not in LineKind.values:
        raise Http404
    if "take" in request.POST:
        return _take(request, place, kind)
    talks = queries.talks(request.viewer, place.assessment, place.code, on=timezone.localdate())
    form = MergeForm(request.POST, talk=next(talk for talk in talks if talk.kind == kind))
    try:
        done = act(request, form, lambda: _merge(request, place, kind, form)) if form.is_valid() else None
    except Conflict as conflict:
        return _taken(request, place, conflict)
    return done or item_page(request, place, form)


def _merge(request: OrgRequest, place: Place, kind: str, form: MergeForm) -> str:
    into = form.statement_id()
    if into is not None:
        actions.add_sources(
            viewer=request.viewer,
            assessment=place.assessment,
            statement=into,
            sources=form.source_ids(),
            at=timezone.now(),
        )
        return item_address(request, place, f"s-{into}")
    made = actions.make_statement(
        viewer=request.viewer,
        assessment=place.assessment,
        code=place.code,
        kind=kind,
        sources=form.source_ids(),
        text=form.cleaned_data["text"],
        at=timezone.now(),
    )
    return item_address(request, place, f"s-{made.pk}")


def _take(request: OrgRequest, place: Place, kind: str) -> HttpResponse:
    def effect() -> str:
        actions.make_statement(
            viewer=request.viewer,
            assessment=place.assessment,
            code=place.code,
            kind=kind,
            sources=[_uuid(request.POST["take"])],
            text="",
            at=timezone.now(),
        )
        return item_address(request, place, kind)

    # One key stands for all buttons of the list, so each remark uses it up for itself.
    key = f"{request.POST.get('once', '')[:24]}-{request.POST['take'][:36]}"
    try:
        return redirect(run_once(key, owner=request.viewer.person_id, effect=effect))
    except Conflict as conflict:
        return _taken(request, place, conflict)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise MeriloError(_("One of the ticked remarks does not belong here.")) from error


def _taken(request: OrgRequest, place: Place, conflict: Conflict) -> HttpResponse:
    context = {
        "assessment": place.assessment,
        "sentence": conflict.sentence,
        "text": conflict.details["text"],
        "taken": conflict.details["taken"],
        "back": item_address(request, place),
    }
    return render(request, "assessment/agreement/taken.html", context, status=409)


# --- one statement ----------------------------------------------------------------------------------
def _statement_or_404(request: OrgRequest, place: Place, pk: UUID) -> Statement:
    try:
        return queries.statement(request.viewer, place.assessment, place.code, pk, on=timezone.localdate())
    except Statement.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OrgRequest, pk: UUID, code: str, statement: UUID) -> HttpResponse:
    """The wording of a statement beside the remarks it came from."""
    place = place_or_404(request, pk, code)
    found = _statement_or_404(request, place, statement)
    form = WordingForm(request.POST or None, initial=wording_of(found))

    def effect() -> str:
        actions.reword(
            viewer=request.viewer,
            assessment=place.assessment,
            statement=found.pk,
            version=form.cleaned_data["version"],
            text=form.cleaned_data["text"],
            at=timezone.now(),
        )
        return item_address(request, place, f"s-{found.pk}")

    try:
        done = act(request, form, effect) if request.method == "POST" and form.is_valid() else None
    except Conflict as conflict:
        return _wording_conflict(request, place, conflict)
    status = 422 if form.errors else 200
    context = {**_context(request, place, found), "form": form}
    return done or render(request, "assessment/agreement/statement.html", context, status=status)


def _context(request: OrgRequest, place: Place, found: Statement) -> dict[str, object]:
    name = f"{place.code} {place.item.short.in_language(language())}"
    back = item_address(request, place, f"s-{found.pk}")
    return {
        "assessment": place.assessment,
        "item": place.item,
        "statement": found,
        "back": back,
        "version_fields": {"version": str(found.version)},
        "crumbs": crumbs(request, place.assessment, Link(name, back)),
        "may_write": may_write(request, place.assessment),
    }


def _wording_conflict(request: OrgRequest, place: Place, conflict: Conflict) -> HttpResponse:
    stored: Statement = conflict.details["stored"]
    form = WordingForm(initial={"text": conflict.details["text"], "version": stored.version})
    context = {**_context(request, place, stored), "form": form, "mine": conflict.details["text"]}
    return render(request, "assessment/agreement/statement_conflict.html", context, status=409)


@require_POST
def arrange(request: OrgRequest, pk: UUID, code: str, statement: UUID) -> HttpResponse:
    """Move a statement, or put one of its remarks back on the open list."""
    place = place_or_404(request, pk, code)
    found = _statement_or_404(request, place, statement)
    common: dict[str, Any] = {
        "viewer": request.viewer,
        "assessment": place.assessment,
        "statement": found.pk,
    }
    if "release" in request.POST:
        actions.release_source(**common, source=_uuid(request.POST["release"]), at=timezone.now())
    else:
        by = -1 if request.POST.get("move") == "up" else 1
        actions.move(**common, by=by, at=timezone.now())
    return redirect(item_address(request, place, f"s-{found.pk}"))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OrgRequest, pk: UUID, code: str, statement: UUID) -> HttpResponse:
    """Ask, then take a statement apart."""
    place = place_or_404(request, pk, code)
    try:
        found = _statement_or_404(request, place, statement)
    except Http404:
        if request.method == "POST":  # sent twice: it is gone already
            return redirect(item_address(request, place))
        raise
    if request.method == "POST":
        return _remove(request, place, found)
    return render(request, "assessment/agreement/unmerge.html", _context(request, place, found))


def _remove(request: OrgRequest, place: Place, found: Statement) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        actions.remove(
            viewer=request.viewer,
            assessment=place.assessment,
            statement=found.pk,
            version=int(version) if version.isdecimal() else 0,
            at=timezone.now(),
        )
    except Conflict as conflict:
        context = {**_context(request, place, conflict.details["stored"]), "changed": True}
        return render(request, "assessment/agreement/unmerge.html", context, status=409)
    messages.success(request, _("The statement is taken apart; its remarks are on the open list again."))
    return redirect(item_address(request, place, found.kind))
