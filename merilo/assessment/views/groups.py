"""The group: its seats, the external consultant, who scores what, the annex to the order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from merilo.assessment import permissions, words
from merilo.assessment.actions import groups as actions
from merilo.assessment.actions.planning import require_plan
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.groups import AssignmentForm, ConsultantForm, MandateForm, SeatForm
from merilo.assessment.models import Assessment
from merilo.assessment.queries import planning
from merilo.assessment.views.acting import act, crumbs, page, sent
from merilo.assessment.views.base import assessment_or_404
from merilo.groups.api import Function, Seat, seat_in, seats_of
from merilo.organisations.api import (
    Guest,
    InvitationLink,
    Membership,
    OrgRequest,
    address,
    edited_form,
    version_of,
)
from merilo.web import forms, tables
from merilo.web.items import Link


@require_http_methods(["GET", "HEAD", "POST"])
def group(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Who sits in the group; a seat is added at the foot. `?format=` gives the list to take away."""
    assessment = assessment_or_404(request, pk)
    seats = list(seats_of(assessment.group))
    if request.method != "POST" and "format" in request.GET:
        return _export(seats, request.GET["format"])
    may_plan = permissions.may_compose(request.viewer, assessment)
    form = None
    if may_plan:
        people = list(planning.candidates(request.viewer))
        first = Function.MEMBER if seats else Function.CHAIR
        form = SeatForm(sent(request), people=people, initial={"function": first})
    if request.method == "POST":
        require_plan(request.viewer, assessment)
        if form is not None and form.is_valid():
            done = act(request, form, lambda: _add(request, assessment, form))
            if done is not None:
                return done
    context = {
        **_group_context(request, assessment, seats),
        "form": form,
        "may_plan": may_plan,
    }
    return page(request, "group", context, *([form] if form else []))


def _group_context(request: OrgRequest, assessment: Assessment, seats: list[Seat]) -> dict[str, Any]:
    rows = planning.assignment(assessment)
    framework = framework_of(assessment)
    names = words.item_names(framework)
    thin = planning.thin_items(framework, rows) if rows else []
    return {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment),
        "seats": seats,
        "scorers": len(rows),
        "assigned": {row.seat.pk: len(row.assigned) for row in rows if row.assigned is not None},
        "total": len(framework.items),
        "thin": [(code, names[code]) for code in thin] if len(rows) >= 3 else [],
        "viewer_membership": request.viewer.membership.pk,
        "before_lock": assessment.state in actions.BEFORE_LOCK,
        "formats": tables.FORMATS,
    }


def _export(seats: list[Seat], kind: str) -> HttpResponse:
    columns = [
        tables.Column("function", _("Function")),
        tables.Column("name", pgettext("person", "Name")),
        tables.Column("position", _("Position")),
        tables.Column("unit", _("Unit")),
        tables.Column("substitute", _("Substitute")),
        tables.Column("until", _("Until")),
    ]
    rows = [
        (
            seat.get_function_display(),
            seat.holder.on_record,
            seat.holder.position,
            seat.holder.unit.name if seat.holder.unit else "",
            seat.substitute.on_record if seat.substitute else "",
            seat.until,
        )
        for seat in seats
    ]
    return tables.export(rows, columns, kind, "group")


def _add(request: OrgRequest, assessment: Assessment, form: SeatForm) -> str:
    seat = actions.add_seat(
        viewer=request.viewer,
        assessment=assessment,
        holder=form.chosen(),
        change=form.change(),
        at=timezone.now(),
    )
    messages.success(request, _("%(name)s is in the group.") % {"name": seat.holder.name})
    return address(request.viewer, "assessment:group", pk=assessment.pk)


# --- one seat ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: OrgRequest, pk: UUID, seat: UUID) -> HttpResponse:
    """Change function and substitute of a seat."""
    assessment = assessment_or_404(request, pk)
    require_plan(request.viewer, assessment)
    found = _seat_or_404(assessment, seat)
    people = [member for member in planning.candidates(request.viewer) if member.pk != found.holder_id]
    initial = {"function": found.function, "substitute": str(found.substitute_id or "")}
    form = SeatForm(sent(request), people=people, seat=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _change(request, assessment, found, form))
        if done is not None:
            return done
    context = {**_seat_context(request, assessment, found), "form": form}
    return page(request, "seat", context, form)


def _change(request: OrgRequest, assessment: Assessment, found: Seat, form: SeatForm) -> str:
    actions.change_seat(
        viewer=request.viewer, assessment=assessment, seat=found, change=form.change(), at=timezone.now()
    )
    messages.success(request, _("The seat is saved."))
    return address(request.viewer, "assessment:group", pk=assessment.pk)


def _seat_context(request: OrgRequest, assessment: Assessment, found: Seat) -> dict[str, Any]:
    group_link = Link(_("Group"), address(request.viewer, "assessment:group", pk=assessment.pk))
    return {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment, group_link),
        "seat": found,
        "before_lock": assessment.state in actions.BEFORE_LOCK,
        "group_url": group_link.url,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OrgRequest, pk: UUID, seat: UUID) -> HttpResponse:
    """Ask, and take a seat out of the group."""
    assessment = assessment_or_404(request, pk)
    require_plan(request.viewer, assessment)
    found = _seat_or_404(assessment, seat)

    def effect() -> str:
        name = found.holder.name
        actions.remove_seat(viewer=request.viewer, assessment=assessment, seat=found, at=timezone.now())
        messages.success(request, _("%(name)s is no longer in the group.") % {"name": name})
        return address(request.viewer, "assessment:group", pk=pk)

    context = {**_seat_context(request, assessment, found), "holds_work": planning.holds_work(found)}
    return _confirmed(request, "remove_seat", context, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request: OrgRequest, pk: UUID, seat: UUID) -> HttpResponse:
    """Ask, and let the substitute take over the seat with its sheet."""
    assessment = assessment_or_404(request, pk)
    found = _seat_or_404(assessment, seat)
    if found.substitute is None:
        raise Http404
    if found.substitute_id != request.viewer.membership.pk:
        require_plan(request.viewer, assessment)

    def effect() -> str:
        actions.take_over(viewer=request.viewer, assessment=assessment, seat=found, at=timezone.now())
        messages.success(request, _("The seat and its sheet are taken over."))
        return address(request.viewer, "assessment:group", pk=pk)

    return _confirmed(request, "take_over", _seat_context(request, assessment, found), effect)


def _confirmed(request: OrgRequest, name: str, context: dict[str, Any], effect: Any) -> HttpResponse:
    form = forms.Form(sent(request))
    if request.method == "POST" and form.is_valid():
        done = act(request, form, effect)
        if done is not None:
            return done
    return page(request, name, {**context, "form": form}, form)


def _seat_or_404(assessment: Assessment, pk: UUID) -> Seat:
    try:
        return seat_in(assessment.group, pk)
    except Seat.DoesNotExist as error:
        raise Http404 from error


# --- mandate, consultant, assignment, annex -----------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def mandate(request: OrgRequest, pk: UUID) -> HttpResponse:
    """What the group is there for."""
    assessment = assessment_or_404(request, pk)
    require_plan(request.viewer, assessment)
    form = MandateForm(sent(request), initial={"mandate": assessment.group.mandate})

    def effect() -> str:
        actions.set_mandate(
            viewer=request.viewer,
            assessment=assessment,
            mandate=form.cleaned_data["mandate"],
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The tasks of the group are saved."))
        return address(request.viewer, "assessment:group", pk=pk)

    def show(more: Mapping[str, Any], status: int) -> HttpResponse:
        way = crumbs(
            request, assessment, Link(_("Group"), address(request.viewer, "assessment:group", pk=pk))
        )
        context = {"assessment": assessment, "crumbs": way, "form": form, **more}
        return page(request, "mandate", context, form, status=status)

    def stored() -> tuple[int, dict[str, Any]]:
        now = assessment_or_404(request, pk).group
        return now.version, {"mandate": now.mandate}

    return edited_form(request, form, effect, show, stored=stored)


@require_http_methods(["GET", "HEAD", "POST"])
def consultant(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Invite an external consultant; where no mail brings the one-time link, it is shown once."""
    assessment = assessment_or_404(request, pk)
    require_plan(request.viewer, assessment)
    request.viewer.require("people.manage")
    form = ConsultantForm(sent(request))
    made: list[tuple[Membership, InvitationLink | None]] = []

    def effect() -> str:
        guest = Guest(
            **{name: form.cleaned_data[name] for name in ("name", "email", "position", "valid_until")}
        )
        made.append(
            actions.invite_consultant(
                viewer=request.viewer, assessment=assessment, guest=guest, at=timezone.now()
            )
        )
        return address(request.viewer, "assessment:group", pk=pk)

    group_link = Link(_("Group"), address(request.viewer, "assessment:group", pk=pk))
    context = {"assessment": assessment, "crumbs": crumbs(request, assessment, group_link), "form": form}
    if request.method == "POST" and form.is_valid():
        done = act(request, form, effect)
        if made:
            return _invited(request, context, *made[0])
        if done is not None:
            return done
    return page(request, "consultant", context, form)


def _invited(
    request: OrgRequest, context: dict[str, Any], guest: Membership, link: InvitationLink | None
) -> HttpResponse:
    invitation = {
        "invitation": link and link.invitation,
        "guest": guest,
        "url": link.to_show() if link else "",
    }
    return page(request, "consultant_invited", {**context, **invitation})


@require_http_methods(["GET", "HEAD", "POST"])
def assignment(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Who scores what: a table of checkboxes."""
    assessment = assessment_or_404(request, pk)
    require_plan(request.viewer, assessment)
    framework = framework_of(assessment)
    rows = planning.assignment(assessment)
    form = AssignmentForm(sent(request), framework=framework, rows=rows)
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _assign(request, assessment, form))
        if done is not None:
            return done
    group_link = Link(_("Group"), address(request.viewer, "assessment:group", pk=pk))
    context = {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment, group_link),
        "form": form,
        "rows": rows,
        "matrix": _matrix(form, words.item_names(framework)),
    }
    return page(request, "assignment", context, form)


def _matrix(form: AssignmentForm, names: dict[str, str]) -> list[dict[str, Any]]:
    ticked = [(row, form.name_of(row), form.ticked(row)) for row in form.rows]
    return [
        {
            "code": code,
            "name": name,
            "count": sum(code in codes for _row, _name, codes in ticked),
            "cells": [
                {"name": field, "holder": row.seat.holder.name, "checked": code in codes}
                for row, field, codes in ticked
            ],
        }
        for code, name in names.items()
    ]


def _assign(request: OrgRequest, assessment: Assessment, form: AssignmentForm) -> str:
    actions.assign_items(
        viewer=request.viewer,
        assessment=assessment,
        assigned=dict(form.assigned()),
        known=form.known,
        at=timezone.now(),
    )
    messages.success(request, _("It is saved who scores what."))
    return address(request.viewer, "assessment:group", pk=assessment.pk)


@require_safe
def annex(request: OrgRequest, pk: UUID) -> HttpResponse:
    """The composition of the group as an annex to the order, to print."""
    assessment = assessment_or_404(request, pk)
    context = {
        "assessment": assessment,
        "crumbs": crumbs(
            request, assessment, Link(_("Group"), address(request.viewer, "assessment:group", pk=pk))
        ),
        "seats": seats_of(assessment.group),
        "order": planning.documents_of(assessment)["order"],
        "organisation": request.viewer.organisation,
        "may_read": request.viewer.can("assessment.read"),
    }
    return page(request, "annex", context)
