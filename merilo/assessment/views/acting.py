"""What pages with forms share: a page with 422 for a refused form, and what organisations give all rooms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from merilo.assessment.models import Assessment
from merilo.organisations.api import OrgRequest, act, address, do, sent
from merilo.web import forms
from merilo.web.items import Link

__all__ = ["act", "crumbs", "do", "page", "retyped", "sent"]


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
