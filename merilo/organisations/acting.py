"""What pages with forms share: one effect per form, refusals beside the field."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from merilo.core.errors import Conflict, MeriloError, Refused, TooMany
from merilo.core.once import run_once
from merilo.organisations.http import OrgRequest
from merilo.web import forms


def sent(request: OrgRequest) -> QueryDict | None:
    """What a form was sent with, an empty one too; None when the page is only read."""
    return request.POST if request.method == "POST" else None


def act(request: OrgRequest, form: forms.Form, effect: Callable[[], str]) -> HttpResponse | None:
    """Run the effect once and go to the address it answers with; None when it was refused on the form."""
    try:
        target = run_once(request.POST.get("once", ""), owner=request.viewer.person_id, effect=effect)
    except (Refused, Conflict, TooMany):
        raise
    except MeriloError as error:
        field = str(error.details.get("field", ""))
        form.add_error(field if field in form.fields else None, error.sentence)
        return None
    return redirect(target)


def do(request: OrgRequest, effect: Callable[[], str]) -> HttpResponse:
    """Run the effect of a form of one button once and go on; a refusal is raised."""
    return redirect(run_once(request.POST.get("once", ""), owner=request.viewer.person_id, effect=effect))
