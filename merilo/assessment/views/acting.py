"""What pages with forms share: one effect per form, refusals beside the field, 422 for a refused form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from merilo.assessment.models import Assessment
from merilo.core.errors import Conflict, MeriloError, Refused, TooMany
from merilo.core.once import run_once
from merilo.organisations.api import OrgRequest, address
from merilo.web import forms
from merilo.web.items import Link


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


def retyped(form: forms.Form, **values: str) -> QueryDict:
    """What was typed, with some values in place of those sent."""
    data = cast("QueryDict", form.data).copy()
    for name, value in values.items():
        data[name] = value
    return data


def page(
    request: OrgRequest,
    name: str,
    context: Mapping[str, Any],
    *refused: forms.Form,
    status: int = 200,
) -> HttpResponse:
    """The page; 422 when one of the forms was refused."""
    wrong = any(form.is_bound and form.errors for form in refused)
    values = {"has_errors": wrong, **context}
    return render(request, f"assessment/planning/{name}.html", values, status=422 if wrong else status)


def crumbs(request: OrgRequest, assessment: Assessment, *more: Link) -> list[Link]:
    """The way to a page of one self-assessment."""
    overview = address(request.viewer, "assessment:overview", pk=assessment.pk)
    return [Link(assessment.title, overview), *more]
