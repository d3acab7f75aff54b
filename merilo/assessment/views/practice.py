"""Practising on a written case: read, score, compare with the reasoned reference. Nothing is kept."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.assessment import words
from merilo.assessment.views.acting import sent
from merilo.assessment.views.cases import CasePart
from merilo.framework.cases import Case, load_case, shipped_cases
from merilo.framework.catalogue import UnknownCode
from merilo.framework.loading import load_shipped
from merilo.organisations.api import OrgRequest, address
from merilo.web.items import Link


@require_safe
def cases(request: OrgRequest) -> HttpResponse:
    """The cases to choose from."""
    rows = [listed(load_case(code)) for code in shipped_cases()]
    return render(request, "assessment/practice/cases.html", {"cases": rows})


def listed(case: Case) -> dict[str, Any]:
    """A case for a page: title, setting, its items and ways of scoring."""
    framework, language = load_shipped(case.framework), words.language()
    names = [f"{item.code} {framework.item(item.code).short.in_language(language)}" for item in case.items]
    return {
        "code": case.code,
        "title": case.title.in_language(language),
        "setting": case.setting.in_language(language),
        "items": " · ".join(names),
        "methods": [(method.code, method.title.in_language(language)) for method in framework.methods],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: OrgRequest, code: str, method: str) -> HttpResponse:
    """Read a case and score it; complete scores are answered with the reference."""
    try:
        found = load_case(code)
        framework = load_shipped(found.framework)
        framework.method(method)
    except UnknownCode as error:
        raise Http404 from error
    parts = [CasePart(framework, item, method, sent(request)) for item in found.items]
    valid = [part.form.is_valid() for part in parts]
    told = listed(found)
    context = {
        "case": told,
        "crumbs": [Link(_("Practise scoring"), address(request.viewer, "assessment:practice"))],
        "method": dict(told["methods"])[method],
        "others": [(key, title) for key, title in told["methods"] if key != method],
        "parts": parts,
        "is_scored": all(valid),
        "errors": [error for part in parts for error in part.errors],
    }
    refused = request.method == "POST" and not all(valid)
    return render(request, "assessment/practice/case.html", context, status=422 if refused else 200)
