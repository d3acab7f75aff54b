"""The group of a plan: its seats, its tasks, the order it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.core import files
from merilo.groups.api import Function, Seat, seat_in, seats_of
from merilo.improvement import permissions
from merilo.improvement.actions import group as actions
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.forms.group import MandateForm, OrderForm, SeatForm
from merilo.improvement.models import Plan
from merilo.improvement.views.base import crumbs, page, plan_or_404
from merilo.organisations.api import (
    OrgRequest,
    act,
    address,
    do,
    edited_form,
    members,
    sent,
    version_of,
)
from merilo.web import forms
from merilo.web.items import Link


@require_http_methods(["GET", "HEAD", "POST"])
def group(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Who sits in the group; a seat is added at the foot."""
    found = plan_or_404(request, plan)
    seats = list(seats_of(found.group))
    may_edit = permissions.may_edit(request.viewer, found)
    form = None
    if request.method == "POST":
        require_edit(request.viewer, found)
    if may_edit:
        taken = {seat.holder_id for seat in seats}
        people = [one for one in members(request.viewer) if one.pk not in taken]
        first = Function.MEMBER if seats else Function.CHAIR
        form = SeatForm(sent(request), people=people, initial={"function": first})
        if request.method == "POST" and form.is_valid():
            chosen = form

            def effect() -> str:
                return _add(request, found, chosen)

            if done := act(request, form, effect):
                return done
    context = {
        "plan": found,
        "crumbs": crumbs(request, found),
        "seats": seats,
        "form": form,
        "may_edit": may_edit,
    }
    return page(request, "group/group", context, *([form] if form else []))


def _add(request: OrgRequest, plan: Plan, form: SeatForm) -> str:
    seat = actions.add_seat(
        viewer=request.viewer, plan=plan, holder=form.chosen(), change=form.change(), at=timezone.now()
    )
    messages.success(request, _("%(name)s is in the group.") % {"name": seat.holder.name})
    return _here(request, plan)


def _here(request: OrgRequest, plan: Plan) -> str:
    return address(request.viewer, "improvement:group", plan=plan.pk)


def _way(request: OrgRequest, plan: Plan) -> list[Link]:
    return crumbs(request, plan, Link(_("Group"), _here(request, plan)))


def _seat_or_404(plan: Plan, pk: UUID) -> Seat:
    try:
        return seat_in(plan.group, pk)
    except Seat.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: OrgRequest, plan: UUID, seat: UUID) -> HttpResponse:
    """Change what a seat is, or take it out of the group."""
    found = plan_or_404(request, plan)
    require_edit(request.viewer, found)
    row = _seat_or_404(found, seat)
    form = SeatForm(sent(request), seat=row, initial={"function": row.function})

    def effect() -> str:
        actions.change_seat(
            viewer=request.viewer, plan=found, seat=row, change=form.change(), at=timezone.now()
        )
        messages.success(request, _("The seat is saved."))
        return _here(request, found)

    return _edited(request, found, "seat", form, effect, seat=row)


@require_POST
def remove(request: OrgRequest, plan: UUID, seat: UUID) -> HttpResponse:
    """Take a seat out of the group."""
    found = plan_or_404(request, plan)
    require_edit(request.viewer, found)
    row = _seat_or_404(found, seat)
    name = row.holder.name

    def effect() -> str:
        actions.remove_seat(viewer=request.viewer, plan=found, seat=row, at=timezone.now())
        messages.success(request, _("%(name)s is no longer in the group.") % {"name": name})
        return _here(request, found)

    return do(request, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def mandate(request: OrgRequest, plan: UUID) -> HttpResponse:
    """What the group is there for."""
    found = plan_or_404(request, plan)
    require_edit(request.viewer, found)
    form = MandateForm(sent(request), initial={"mandate": found.group.mandate})

    def effect() -> str:
        actions.set_mandate(
            viewer=request.viewer,
            plan=found,
            mandate=form.cleaned_data["mandate"],
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The tasks of the group are saved."))
        return _here(request, found)

    def show(more: Mapping[str, Any], status: int) -> HttpResponse:
        context = {"plan": found, "crumbs": _way(request, found), "form": form, **more}
        return page(request, "group/mandate", context, form, status=status)

    def stored() -> tuple[int, dict[str, Any]]:
        now = plan_or_404(request, plan).group
        return now.version, {"mandate": now.mandate}

    return edited_form(request, form, effect, show, stored=stored)


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Record or correct the order of the group."""
    found = plan_or_404(request, plan)
    require_edit(request.viewer, found)
    stored = found.order
    initial = (
        {name: getattr(stored, name) for name in ("number", "date", "title")}
        if stored
        else {"title": _("Composing a group for the improvement plan")}
    )
    form = OrderForm(sent(request), request.FILES or None, initial=initial)

    def effect() -> str:
        actions.record_order(viewer=request.viewer, plan=found, facts=form.facts(), at=timezone.now())
        messages.success(request, _("The order is recorded."))
        return _here(request, found)

    return _edited(request, found, "order", form, effect, stored=stored)


def _edited(
    request: OrgRequest, plan: Plan, name: str, form: forms.Form, effect: Any, **more: Any
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and (done := act(request, form, effect)):
        return done
    context = {"plan": plan, "crumbs": _way(request, plan), "form": form, **more}
    return page(request, f"group/{name}", context, form)


@require_safe
def order_file(request: OrgRequest, plan: UUID) -> HttpResponseBase:
    """The signed file of the order."""
    found = plan_or_404(request, plan)
    if found.order is None or found.order.file is None:
        raise Http404
    return files.response(found.order.file)
