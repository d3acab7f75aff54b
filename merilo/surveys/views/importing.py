"""Questionnaires from files of other programs, and as files for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core import files
from merilo.core.errors import MeriloError
from merilo.organisations.api import OrgRequest, act, address, sent
from merilo.surveys import messages as told
from merilo.surveys import permissions, worded
from merilo.surveys.actions import running
from merilo.surveys.forms.importing import DefinitionForm
from merilo.surveys.interchange import messages as words
from merilo.surveys.interchange import uploads
from merilo.surveys.interchange.losses import Imported
from merilo.surveys.interchange.xlsform_writing import write_xlsform
from merilo.surveys.models import Survey
from merilo.surveys.queries.surveys import version_of
from merilo.surveys.rules.checking import check
from merilo.surveys.rules.plain import DefinitionInvalid, from_json
from merilo.surveys.views.base import page, survey_or_404
from merilo.web import forms
from merilo.web.items import Link

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_MISTAKES = 100


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: OrgRequest) -> HttpResponse:
    """Choose a file; then see what would come of it. Nothing is stored yet."""
    request.viewer.require("survey.edit")
    form = DefinitionForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = uploads.read_upload(form.cleaned_data["file"])
            return _preview(request, found, uploads.seal(request.viewer.person_id, found.plain))
        except MeriloError as error:
            form.add_error("file", error.sentence)
    return _choosing(request, form)


def _choosing(request: OrgRequest, form: DefinitionForm) -> HttpResponse:
    return page(request, "import", {"form": form, "crumbs": _crumbs(request)}, form)


def _crumbs(request: OrgRequest) -> list[Link]:
    return [Link(_("Surveys"), address(request.viewer, "surveys:list"))]


def _preview(request: OrgRequest, found: Imported, signed: str) -> HttpResponse:
    plain = found.plain
    findings = check(plain)
    here = address(request.viewer, "surveys:import")
    context: dict[str, Any] = {
        "title": uploads.title_of(plain) or _("Questionnaire without a title"),
        "languages": ", ".join(worded.language_name(str(code)) for code in plain.get("languages") or ()),
        "pages": list(_pages(plain)),
        "losses": [(words.where(loss.place, _), words.sentence(loss, _)) for loss in found.losses],
        "mistakes": [(finding.path, told.mistake(finding, _)) for finding in findings[:_MOST_MISTAKES]],
        "signed": signed,
        "form": forms.Form(),
        "crumbs": [*_crumbs(request), Link(_("Questionnaire from a file"), here)],
    }
    context["questions"] = sum(
        not is_text for one in context["pages"] for _name, _kind, is_text in one["parts"]
    )
    return page(request, "import_preview", context)


def _pages(plain: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Titles of pages with text and kind of what is on them, as far as a draft with mistakes has them."""
    for one in plain["pages"]:
        if isinstance(one, dict) and isinstance(one.get("parts"), list):
            parts = [part for part in one["parts"] if isinstance(part, dict)]
            yield {
                "title": _said(one.get("title")),
                "parts": [
                    (_said(part.get("text")), words.kind(part.get("kind"), _), part.get("kind") == "text")
                    for part in parts
                ],
            }


def _said(text: object) -> str:
    """A text in the reader's language, or in the first it has."""
    if not isinstance(text, dict) or not text:
        return ""
    return str(text.get(get_language() or "bg") or next(iter(text.values())))


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: OrgRequest) -> HttpResponse:
    """Start a survey from the questionnaire that was shown."""
    request.viewer.require("survey.edit")
    if request.method != "POST":
        return redirect(address(request.viewer, "surveys:import"))
    form = DefinitionForm({})
    done = act(request, form, lambda: _start(request))
    return done if done is not None else _choosing(request, form)


def _start(request: OrgRequest) -> str:
    plain = uploads.unseal(request.viewer.person_id, request.POST.get("questionnaire", ""))
    draft = json.dumps(plain, ensure_ascii=False)
    title = uploads.title_of(plain) or _("Questionnaire without a title")
    survey = running.start_survey(viewer=request.viewer, draft=draft, title=title, at=timezone.now())
    messages.success(request, _("The survey is started with the questionnaire from the file."))
    return address(request.viewer, "surveys:overview", survey=survey.pk)


# --- out ----------------------------------------------------------------------------------------------
@require_safe
def export_xlsform(request: OrgRequest, survey: UUID) -> HttpResponse:
    """The questionnaire as XLSForm."""
    found = _readable(request, survey)
    try:
        definition = from_json(found.draft)
    except DefinitionInvalid as error:
        raise MeriloError(
            _("The questionnaire still has mistakes. Mend them first, or take the JSON file.")
        ) from error
    version = version_of(found)
    content = write_xlsform(
        definition, form_id=f"survey_{found.short}", version=str(version.number) if version else ""
    )
    return files.attachment(content, name=f"{files.safe_name(found.title)}.xlsx", content_type=_EXCEL)


@require_safe
def export_json(request: OrgRequest, survey: UUID) -> HttpResponse:
    """The questionnaire as this platform keeps it, with whatever mistakes it has."""
    found = _readable(request, survey)
    content = json.dumps(json.loads(found.draft), ensure_ascii=False, indent=1) + "\n"
    name = f"{files.safe_name(found.title)}.json"
    return files.attachment(content, name=name, content_type="application/json")


def _readable(request: OrgRequest, pk: UUID) -> Survey:
    survey = survey_or_404(request, pk)
    permissions.require_reading(request.viewer, survey)
    return survey
