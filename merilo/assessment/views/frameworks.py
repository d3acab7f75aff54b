"""The frameworks: what one can assess by, what each asks, and adding one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.assessment import words
from merilo.assessment.actions import frameworks as actions
from merilo.assessment.catalogue import framework_in
from merilo.assessment.forms.frameworks import FrameworkTextForm
from merilo.assessment.models import FrameworkEdition
from merilo.assessment.queries import frameworks as queries
from merilo.assessment.queries import own_wording
from merilo.assessment.rules.own_wording import Worded
from merilo.assessment.views.acting import act, page, sent
from merilo.assessment.views.own_wording import wording_address
from merilo.core.errors import Refused
from merilo.framework.catalogue import Framework, UnknownCode
from merilo.framework.findings import FrameworkInvalid
from merilo.framework.loading import load_shipped
from merilo.framework.loading import shipped as shipped_codes
from merilo.organisations.api import OrgRequest, address
from merilo.web import forms
from merilo.web.items import Link


@require_safe
def frameworks(request: OrgRequest) -> HttpResponse:
    """Shipped frameworks and the organisation's own."""
    _require_reader(request)
    shipped = [(code, _told(load_shipped(code))) for code in shipped_codes()]
    own = [(edition, _told(framework_in(edition))) for edition in queries.own_editions(request.viewer)]
    context = {"shipped": shipped, "own": own, "may_manage": request.viewer.can("framework.manage")}
    return page(request, "frameworks", context)


def _told(framework: Framework) -> dict[str, Any]:
    language = words.language()
    return {
        "title": framework.title.in_language(language),
        "edition": framework.edition.in_language(language),
        "version": framework.version,
        "criteria": len(framework.criteria),
        "items": len(framework.items),
    }


@require_safe
def shipped(request: OrgRequest, code: str) -> HttpResponse:
    """A shipped framework, to read."""
    _require_reader(request)
    try:
        return _framework_page(request, load_shipped(code), None)
    except UnknownCode as error:
        raise Http404 from error


@require_safe
def framework(request: OrgRequest, pk: UUID) -> HttpResponse:
    """A pinned edition, to read."""
    _require_reader(request)
    edition = _edition_or_404(request, pk)
    return _framework_page(request, framework_in(edition), edition)


def _framework_page(
    request: OrgRequest, framework: Framework, edition: FrameworkEdition | None
) -> HttpResponse:
    language = words.language()
    wordings = own_wording.wordings_of(request.viewer, framework, language)
    own = edition is not None and edition.organisation_id == request.viewer.organisation_id
    context = {
        "crumbs": [Link(_("Frameworks"), address(request.viewer, "assessment:frameworks"))],
        "edition": edition,
        "told": _told(framework),
        "source": framework.source.in_language(language),
        "criteria": [
            _criterion(request, framework, criterion.code, wordings, edition)
            for criterion in framework.criteria
        ],
        "adapted": sum(one.is_adapted for one in wordings.values()),
        "may_adapt": request.viewer.can("framework.manage"),
        "may_withdraw": own
        and edition is not None
        and edition.withdrawn_at is None
        and request.viewer.can("framework.manage"),
        **words.methods(framework),
    }
    return page(request, "framework", context)


def _criterion(
    request: OrgRequest,
    framework: Framework,
    code: str,
    wordings: Mapping[str, Worded],
    edition: FrameworkEdition | None,
) -> dict[str, Any]:
    criterion, language = framework.criterion(code), words.language()
    key = str(edition.pk) if edition else framework.code
    shown = own_wording.language_in(framework, language)
    return {
        "code": criterion.code,
        "title": criterion.title.in_language(language),
        "panel": framework.panel(criterion.panel).title.in_language(language),
        "items": [
            {
                "code": item.code,
                "title": item.title.in_language(language),
                "asks": item.asks.in_language(language),
                "wording": wordings[item.code],
                "evidence": item.evidence_hint.in_language(language),
                "url": wording_address(request, key, item.code, shown),
            }
            for item in criterion.items
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest) -> HttpResponse:
    """Add a framework of the organisation; every mistake is named, nothing is kept before it is right."""
    request.viewer.require("framework.manage")
    form = FrameworkTextForm(sent(request), request.FILES or None)
    findings: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            answer = act(request, form, lambda: _add(request, form))
        except FrameworkInvalid as invalid:
            findings = [finding.described(gettext) for finding in invalid.findings]
            form = _with_text(form)
        else:
            if answer is not None:
                return answer
    context = {
        "crumbs": [Link(_("Frameworks"), address(request.viewer, "assessment:frameworks"))],
        "form": form,
        "findings": findings,
        "has_errors": bool(findings or form.errors),
    }
    return page(request, "new_framework_text", context, form, status=422 if findings else 200)


def _with_text(form: FrameworkTextForm) -> FrameworkTextForm:
    """The form again with the refused text in it, so that nothing is lost when it came as a file."""
    source = form.source()
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    return FrameworkTextForm(initial={"text": text})


def _add(request: OrgRequest, form: FrameworkTextForm) -> str:
    edition = actions.add_framework(viewer=request.viewer, text=form.source(), at=timezone.now())
    messages.success(request, _("The framework is added. Self-assessments can begin with it."))
    return address(request.viewer, "assessment:framework", pk=edition.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Ask, and no longer offer an own framework."""
    request.viewer.require("framework.manage")
    edition = _edition_or_404(request, pk)
    here = address(request.viewer, "assessment:framework", pk=pk)
    if request.method != "POST" and (edition.organisation_id is None or edition.withdrawn_at):
        return redirect(here)
    form = forms.Form(sent(request))

    def effect() -> str:
        actions.withdraw_edition(viewer=request.viewer, edition=edition, at=timezone.now())
        messages.success(request, _("The framework is withdrawn."))
        return address(request.viewer, "assessment:frameworks")

    if request.method == "POST" and form.is_valid():
        done = act(request, form, effect)
        if done is not None:
            return done
    context = {
        "crumbs": [Link(_("Frameworks"), address(request.viewer, "assessment:frameworks"))],
        "told": _told(framework_in(edition)),
        "edition": edition,
        "form": form,
        "here": here,
    }
    return page(request, "withdraw_framework", context, form)


def _edition_or_404(request: OrgRequest, pk: UUID) -> FrameworkEdition:
    try:
        return queries.edition(request.viewer, pk)
    except FrameworkEdition.DoesNotExist as error:
        raise Http404 from error


def _require_reader(request: OrgRequest) -> None:
    if not request.viewer.can("organisation.read"):
        raise Refused(_("Frameworks are for the members of the organisation."))
