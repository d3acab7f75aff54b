"""Pages of indicators: the list, one with its values, forms, the table to take away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.core import references
from merilo.core.errors import Conflict
from merilo.core.periods import years
from merilo.core.references import Reference, Snapshot
from merilo.indicators import actions, permissions, pointing, queries, words
from merilo.indicators.forms import IndicatorForm, ValueForm, initial_of
from merilo.indicators.models import Indicator, Value
from merilo.indicators.rules.change import plain, reached
from merilo.organisations.api import OrgRequest, act, address, do, sent, units
from merilo.web import forms, tables
from merilo.web.items import Link
from merilo.web.referring import ways_on


def indicator_or_404(request: OrgRequest, pk: UUID) -> Indicator:
    """The indicator if the viewer may see it; strangers get 404."""
    try:
        return queries.indicator(request.viewer, pk)
    except Indicator.DoesNotExist as error:
        raise Http404 from error


def page(
    request: OrgRequest, name: str, context: Mapping[str, Any], *refused: forms.Form, status: int = 200
) -> HttpResponse:
    """The page; 422 when one of the forms was refused."""
    wrong = any(form.is_bound and form.errors for form in refused)
    values = {"has_errors": wrong, **context}
    return render(request, f"indicators/{name}.html", values, status=422 if wrong else status)


def crumbs(request: OrgRequest, *more: Link) -> list[Link]:
    """The way to a page of this room."""
    return [Link(_("Indicators"), address(request.viewer, "indicators:list")), *more]


def way_to(request: OrgRequest, indicator: Indicator) -> list[Link]:
    """The way to a page of one indicator."""
    return crumbs(
        request, Link(indicator.name, address(request.viewer, "indicators:indicator", indicator=indicator.pk))
    )


@require_safe
def listing(request: OrgRequest) -> HttpResponse:
    """All indicators in use with their latest values; `?format=` gives every value to take away."""
    request.viewer.require("indicator.read")
    found = list(queries.indicators_of(request.viewer))
    if "format" in request.GET:
        return _export(found, request.GET["format"])
    context = {
        "rows": words.rows_of(found),
        "retired": list(queries.indicators_of(request.viewer, retired=True)),
        "formats": tables.FORMATS,
        "may_edit": request.viewer.can("indicator.edit"),
    }
    return page(request, "list", context)


def _export(found: list[Indicator], kind: str) -> HttpResponse:
    columns = [
        tables.Column("code", _("Code")),
        tables.Column("name", _("Name")),
        tables.Column("unit", _("Unit of measure")),
        tables.Column("from", _("Period from")),
        tables.Column("until", _("Period until")),
        tables.Column("value", _("Value")),
        tables.Column("status", _("Status")),
        tables.Column("n", _("Number of cases")),
        tables.Column("note", _("Note")),
        tables.Column("source", _("Source")),
    ]
    rows = [
        (
            indicator.code,
            indicator.name,
            indicator.unit,
            value.first,
            value.last,
            value.value,
            value.get_status_display(),
            value.n,
            value.note,
            value.reference.get("snapshot", {}).get("title", "") or indicator.source,
        )
        for indicator in found
        for value in indicator.current  # type: ignore[attr-defined]
    ]
    return tables.export(rows, columns, kind, "indicators")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest) -> HttpResponse:
    """Begin to measure something."""
    request.viewer.require("indicator.edit")
    form = IndicatorForm(sent(request), units=units(request.viewer), initial={"direction": "up"})

    def effect() -> str:
        made = actions.add_indicator(viewer=request.viewer, facts=form.facts(), at=timezone.now())
        return address(request.viewer, "indicators:indicator", indicator=made.pk)

    if request.method == "POST" and form.is_valid() and (done := act(request, form, effect)):
        return done
    return page(request, "form", {"form": form, "crumbs": crumbs(request)}, form)


@require_safe
def indicator(request: OrgRequest, indicator: UUID) -> HttpResponse:
    """One indicator: its line, its values, what was corrected."""
    found = indicator_or_404(request, indicator)
    values = queries.values_of(found)
    context = {
        "indicator": found,
        "crumbs": crumbs(request),
        "drawing": words.drawing_of(found, values),
        "rows": words.value_rows(found, values[::-1]),
        "replaced": words.value_rows(found, queries.replaced_values(found)),
        "ways": _ways(request, found, values),
        "is_off": bool(values) and reached(values[-1].value, found.target, found.direction) is False,
        "target": words.with_unit(found.target, found.unit) if found.target is not None else "",
        "may_edit": permissions.may_edit(request.viewer, found),
    }
    return page(request, "indicator", context)


def _ways(request: OrgRequest, found: Indicator, values: list[Value]) -> list[tuple[str, list[Link]]]:
    """Where the last value may go."""
    last = [pointing.key_of(found, values[-1])] if values else []
    return ways_on(request.viewer, pointing.CODE, str(found.pk), last) if last else []


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OrgRequest, indicator: UUID) -> HttpResponse:
    """Change what is said of an indicator."""
    found = indicator_or_404(request, indicator)
    request.viewer.require("indicator.edit")
    form = IndicatorForm(sent(request), units=units(request.viewer), initial=initial_of(found))
    conflict = ""

    def effect() -> str:
        version = request.POST.get("version", "")
        actions.change_indicator(
            viewer=request.viewer,
            indicator=found,
            facts=form.facts(),
            version=int(version) if version.isdecimal() and len(version) < 9 else 0,
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return address(request.viewer, "indicators:indicator", indicator=found.pk)

    if request.method == "POST" and form.is_valid():
        try:
            if done := act(request, form, effect):
                return done
        except Conflict as error:
            conflict = error.sentence
            found.refresh_from_db()
    context = {"form": form, "indicator": found, "crumbs": way_to(request, found), "conflict": conflict}
    return page(request, "form", context, form, status=409 if conflict else 200)


@require_POST
def retire(request: OrgRequest, indicator: UUID) -> HttpResponse:
    """Stop measuring, or take up again what was stopped."""
    found = indicator_or_404(request, indicator)
    request.viewer.require("indicator.edit")

    def effect() -> str:
        act_ = actions.retire if found.retired_at is None else actions.take_up
        act_(viewer=request.viewer, indicator=found, at=timezone.now())
        return address(request.viewer, "indicators:indicator", indicator=found.pk)

    return do(request, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def new_value(request: OrgRequest, indicator: UUID) -> HttpResponse:
    """Enter the value of a period, by hand or as another room offers it (`kind`, `place`, `take`)."""
    found = indicator_or_404(request, indicator)
    request.viewer.require("indicator.edit")
    if found.retired_at is not None:
        raise Http404
    source = _offered(request)
    initial = _seen(source.snapshot) if source else _next_period(queries.values_of(found))
    return _value_page(request, found, None, initial, source)


def _offered(request: OrgRequest) -> Reference | None:
    """The figure of another room that the address names, if the viewer may point at it."""
    kind = references.kind_of(request.GET.get("kind", ""))
    if kind is None or kind.code not in pointing.RECEIVER.kinds:
        return None
    place, ids = request.GET.get("place", ""), request.GET.getlist("take")[:1]
    return next(iter(references.chosen(request.viewer, kind, place, ids)), None)


def _seen(seen: Snapshot) -> dict[str, Any]:
    """The form as another room's figure fills it in: the value of the year in which it was measured."""
    year = seen.last.year if seen.last else timezone.localdate().year
    period = years(year, year)
    return {"first": period.first, "last": period.last, "value": seen.figure, "n": seen.n}


def _next_period(values: list[Value]) -> dict[str, date]:
    """The year after the last one, or last year."""
    last = values[-1] if values else None
    year = last.last.year + 1 if last is not None else timezone.localdate().year - 1
    period = years(year, year)
    return {"first": period.first, "last": period.last}


@require_http_methods(["GET", "HEAD", "POST"])
def value(request: OrgRequest, indicator: UUID, value: UUID) -> HttpResponse:
    """Correct a value; the earlier one stays on record."""
    found = indicator_or_404(request, indicator)
    request.viewer.require("indicator.edit")
    kept = _value_or_404(found, value)
    initial: dict[str, Any] = {name: getattr(kept, name) for name in ("first", "last", "status", "n", "note")}
    initial["value"] = plain(kept.value)
    return _value_page(request, found, kept, initial, references.reference_in(kept.reference))


def _value_page(
    request: OrgRequest,
    indicator: Indicator,
    kept: Value | None,
    initial: dict[str, Any],
    source: Reference | None,
) -> HttpResponse:
    form = ValueForm(sent(request), initial=initial)
    origin: tuple[Mapping[str, Any], Decimal | None] = ({}, None)
    if kept is not None:
        origin = kept.reference, kept.value
    elif source is not None:
        origin = source.plain(), source.snapshot.figure

    def effect() -> str:
        actions.enter_value(
            viewer=request.viewer,
            indicator=indicator,
            measured=form.measured(*origin),
            instead=kept,
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return address(request.viewer, "indicators:indicator", indicator=indicator.pk)

    if request.method == "POST" and form.is_valid() and (done := act(request, form, effect)):
        return done
    context = {
        "form": form,
        "indicator": indicator,
        "value": kept,
        "crumbs": way_to(request, indicator),
        "source": words.source_facts(source) if source else (),
        "units_differ": source is not None and source.snapshot.unit != indicator.unit,
    }
    return page(request, "value", context, form)


@require_POST
def take_back(request: OrgRequest, indicator: UUID, value: UUID) -> HttpResponse:
    """Take a value back; it stays on record."""
    found = indicator_or_404(request, indicator)
    request.viewer.require("indicator.edit")
    kept = _value_or_404(found, value)

    def effect() -> str:
        actions.take_back(viewer=request.viewer, indicator=found, value=kept, at=timezone.now())
        messages.success(request, _("The value is taken back; it stays on record."))
        return address(request.viewer, "indicators:indicator", indicator=found.pk)

    return do(request, effect)


def _value_or_404(indicator: Indicator, pk: UUID) -> Value:
    try:
        return queries.value_in(indicator, pk)
    except Value.DoesNotExist as error:
        raise Http404 from error
