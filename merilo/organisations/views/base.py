"""What the pages of this room share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from merilo.core import once
from merilo.core.errors import MeriloError
from merilo.organisations import queries
from merilo.organisations.http import OrgRequest, address
from merilo.organisations.models import Membership, Unit
from merilo.organisations.viewers import Viewer
from merilo.web.items import Link


def crumbs(viewer: Viewer, *further: tuple[str, str]) -> list[Link]:
    """The way to a page: the organisation first, then (text, name of address)."""
    first = Link(_("Organisation"), address(viewer, "organisations:settings"))
    return [first, *(Link(text, address(viewer, name)) for text, name in further)]


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], *, refused: bool = False
) -> HttpResponse:
    """The page, with 422 when a form on it was refused."""
    return render(request, f"organisations/{template}.html", context, status=422 if refused else 200)


def stored(
    request: OrgRequest, form: forms.Form, effect: Callable[[], object], *, to: str, said: str
) -> HttpResponse | None:
    """Run the effect of a valid form once and go on; None when refused, the sentence is then in the form."""

    def done() -> str:
        effect()
        messages.success(request, said)
        return to

    try:
        return redirect(
            once.run_once(request.POST.get("once", ""), owner=request.viewer.person_id, effect=done)
        )
    except MeriloError as error:
        if error.status != 422:
            raise
        form.add_error(None, error.sentence)
        return None


def unit_or_404(request: OrgRequest, pk: UUID) -> Unit:
    """A unit of the viewer's organisation."""
    try:
        return queries.unit(request.viewer, pk)
    except Unit.DoesNotExist as error:
        raise Http404 from error


def member_or_404(request: OrgRequest, pk: UUID) -> Membership:
    """A member of the viewer's organisation, present or former."""
    try:
        return queries.member(request.viewer, pk)
    except Membership.DoesNotExist as error:
        raise Http404 from error
