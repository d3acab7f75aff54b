"""Practising on a written case: read, score, compare with the reasoned reference. Nothing is kept."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.assessment import words
from merilo.assessment.forms.practice import PracticeForm
from merilo.assessment.rules import calibration, scoring
from merilo.assessment.views.acting import sent
from merilo.core.numbers import display
from merilo.framework.cases import Case, CaseItem, load_case, shipped_cases
from merilo.framework.catalogue import Framework, Scale, Text, UnknownCode
from merilo.framework.loading import load_shipped
from merilo.organisations.api import OrgRequest, address
from merilo.web import drawings
from merilo.web.items import Link


@require_safe
def cases(request: OrgRequest) -> HttpResponse:
    """The cases to choose from."""
    rows = [_listed(load_case(code)) for code in shipped_cases()]
    return render(request, "assessment/practice/cases.html", {"cases": rows})


def _listed(case: Case) -> dict[str, Any]:
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
    parts = [_Part(request, framework, item, method) for item in found.items]
    valid = [part.form.is_valid() for part in parts]
    told = _listed(found)
    context = {
        "case": told,
        "crumbs": [Link(_("Practise scoring"), address(request.viewer, "assessment:practice"))],
        "method": dict(told["methods"])[method],
        "others": [(key, title) for key, title in told["methods"] if key != method],
        "parts": parts,
        "is_scored": all(valid),
        "errors": [error for part in parts for error in part.form.error_links],
    }
    refused = request.method == "POST" and not all(valid)
    return render(request, "assessment/practice/case.html", context, status=422 if refused else 200)


class _Part:
    """One item of a case for the page: its facts, the form, and once scored the reference beside it."""

    def __init__(self, request: OrgRequest, framework: Framework, item: CaseItem, method: str) -> None:
        self._item, self._method = item, method
        self.scale: Scale = framework.scale_for(item.code, method)
        self.form = PracticeForm(
            sent(request), scale=self.scale, prefix=f"item-{item.code.replace('.', '-')}"
        )
        self.code = item.code
        self.title = _said(framework.item(item.code).title)
        self.asks = _said(framework.item(item.code).asks)
        self.facts = [_said(fact) for fact in item.facts]
        self.years = item.years
        self.rows = [(_said(row.measure), row.values, row.target, row.others) for row in item.rows]
        self.mistakes = [_said(text) for text in item.mistakes]
        self.questions = [_said(text) for text in item.questions]

    def bands(self) -> list[dict[str, Any]]:
        """The wordings of the scale, under the name of the part they stand for where parts differ."""
        own = [part for part in self.scale.components if part.bands]
        groups = [("", self.scale.bands)] if self.scale.bands else []
        groups += [(_said(part.title), part.bands) for part in own]
        return [
            {"title": title, "rows": [(f"{b.low}–{b.high}", _said(b.phase), _said(b.text)) for b in bands]}
            for title, bands in groups
        ]

    def compared(self) -> list[dict[str, Any]]:
        """Own points, the reference and its reasons, value by value."""
        given = self.form.values()
        return [
            {
                "title": self._name(part.component),
                "own": given[part.component],
                "points": part.points,
                "why": _said(part.why),
            }
            for part in self._item.references[self._method]
        ]

    def verdict(self) -> dict[str, str]:
        """Both scores and the distance between them in words."""
        reference = {part.component: part.points for part in self._item.references[self._method]}
        own, right = scoring.score_of(self.scale, self.form.values()), scoring.score_of(self.scale, reference)
        mark = drawings.words().mark
        return {
            "own": display(own, mark=mark),
            "reference": display(right, mark=mark),
            "words": _far(calibration.distance(self.scale, own, right)),
        }

    def reason(self) -> str:
        """What the reader gave as the reason."""
        return str(self.form.cleaned_data["justification"])

    def _name(self, component: str) -> str:
        return _("Score") if component == scoring.SINGLE else _said(self.scale.component(component).title)


def _said(text: Text) -> str:
    return text.in_language(words.language())


def _far(distance: calibration.Distance) -> str:
    return {
        "close": _("Your score is close to the reference: differences of this size are usual."),
        "above": _("Your score is somewhat higher than the reference. Which fact counted for more with you?"),
        "below": _("Your score is somewhat lower than the reference. Which fact counted for less with you?"),
        "far_above": _("Your score is much higher than the reference. Look first at what is not proved."),
        "far_below": _("Your score is much lower than the reference. Look first at what is proved."),
    }[distance]
