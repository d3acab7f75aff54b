"""The questionnaire on paper, and the clerk's page for what comes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core import files
from merilo.core.errors import Refused
from merilo.core.romanisation import slug
from merilo.organisations.api import OrgRequest, act, address, sent
from merilo.surveys import permissions
from merilo.surveys.actions import entering as actions
from merilo.surveys.catalogue import definition_of
from merilo.surveys.forms.entering import SheetForm
from merilo.surveys.models import Entry, State, Survey, Version
from merilo.surveys.printing import ACCENT, Imprint, sheet_of
from merilo.surveys.queries import surveys
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.plain import DefinitionInvalid
from merilo.surveys.views.base import crumbs, page, survey_or_404
from merilo.web.documents.sheet import sheet_pdf
from merilo.web.items import Link
from merilo.web.qr import qr

SVG = '<svg xmlns="http://www.w3.org/2000/svg" '


# --- paper ------------------------------------------------------------------------------------
def _printable(request: OrgRequest, pk: UUID) -> tuple[Survey, Version | None, Definition | None]:
    """The survey with what is put to people now, or with its draft; None where that has mistakes."""
    survey = survey_or_404(request, pk)
    if not permissions.may_print(request.viewer, survey):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    version = surveys.version_of(survey)
    try:
        definition = definition_of(version) if version else surveys.draft_of(survey)
    except DefinitionInvalid:
        definition = None
    return survey, version, definition


def code_of(survey: Survey, version: Version | None) -> str:
    """What stands on every page of a sheet, so that a clerk knows which questions it holds."""
    number = str(version.number) if version else _("draft")
    return f"{survey.short} – {number}"


@require_safe
def paper(request: OrgRequest, survey: UUID) -> HttpResponse:
    """The sheets to print, one in each language."""
    found, version, definition = _printable(request, survey)
    names = dict(settings.LANGUAGES)
    languages = definition.languages if definition else ()
    context = {
        "survey": found,
        "crumbs": crumbs(request, found),
        "code": code_of(found, version),
        "is_draft": version is None,
        "is_invited": found.entry == Entry.INVITED,
        "may_enter": permissions.may_enter(request.viewer, found),
        "sheets": [
            {
                "name": names.get(code, code),
                "url": address(request.viewer, "surveys:paper_file", survey=found.pk, language=code),
            }
            for code in languages
        ],
    }
    return page(request, "paper", context)


@require_safe
def paper_file(request: OrgRequest, survey: UUID, language: str) -> HttpResponse:
    """One sheet as PDF."""
    found, version, definition = _printable(request, survey)
    if definition is None or language not in definition.languages:
        raise Http404
    with override(language):
        sheet = sheet_of(definition, language, _imprint(found, version))
    content = sheet_pdf(sheet, fonts=settings.PDF_FONTS_DIR, at=timezone.now())
    name = slug(found.title) or found.short
    return files.attachment(content, name=f"{name}-{language}.pdf", content_type="application/pdf")


def _imprint(survey: Survey, version: Version | None) -> Imprint:
    """What stands on paper; where people are invited there is no address, for each has one of their own."""
    link = f"{settings.BASE_URL}/s/{survey.short}/" if survey.entry == Entry.OPEN else ""
    drawn = qr(link, _("Answer online")).replace("<svg ", SVG, 1) if link else ""
    return Imprint(
        author=survey.organisation.name,
        code=code_of(survey, version),
        last_day=date_format(survey.closes_on, "SHORT_DATE_FORMAT") if survey.closes_on else "",
        address=link.partition("://")[2],
        qr=drawn,
        accent=str(survey.organisation.accent.get("accent") or ACCENT),
    )


# --- entering ---------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: OrgRequest, survey: UUID) -> HttpResponse:
    """A sheet to be typed; after saving the next one, empty."""
    found = survey_or_404(request, survey)
    request.viewer.require("survey.enter")
    if request.method == "POST" or not _why_not(found):
        actions.require_entering(request.viewer, found)
        return _enter(request, found)
    context = {"survey": found, "crumbs": crumbs(request, found), "why_not": _why_not(found)}
    return page(request, "enter_not", context)


def _why_not(survey: Survey) -> str:
    """Why nothing can be entered now; "" where it can."""
    if survey.state == State.DRAFT:
        return _("Sheets can be entered once the survey is open.")
    if survey.state == State.CLOSED:
        return _("The survey is closed. Nothing can be entered any more.")
    return actions.invited_only() if survey.entry == Entry.INVITED else ""


def _enter(request: OrgRequest, survey: Survey) -> HttpResponse:
    version = _version(request, survey)
    definition = definition_of(version)
    language = request.GET.get("language", "")
    language = language if language in definition.languages else definition.languages[0]
    form = SheetForm(sent(request), survey=survey, definition=definition, language=language)
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _keep(request, survey, version, form))
        if done is not None:
            return done
    context = {
        "survey": survey,
        "crumbs": crumbs(request, survey),
        "form": form,
        "code": code_of(survey, version),
        "versions": _versions(request, survey, version, language),
        "languages": _languages(request, survey, version, language),
        "count": _told(request.session.get(_counter(survey), 0)),
    }
    return page(request, "enter", context, form)


def _version(request: OrgRequest, survey: Survey) -> Version:
    number = request.GET.get("version", "")
    try:
        found = surveys.version_numbered(survey, int(number)) if number.isdecimal() else None
    except (Version.DoesNotExist, OverflowError) as error:
        raise Http404 from error
    if (version := found or surveys.version_of(survey)) is None:
        raise Http404
    return version


def _keep(request: OrgRequest, survey: Survey, version: Version, form: SheetForm) -> str:
    entered = actions.Entered(form.sheet.answers, form.language, form.cleaned_data.get("name", ""))
    key = form.cleaned_data["once"]
    is_new = actions.enter_answers(
        viewer=request.viewer, survey=survey, version=version, entered=entered, key=key, at=timezone.now()
    )
    if is_new:
        request.session[_counter(survey)] = request.session.get(_counter(survey), 0) + 1
        messages.success(request, _("The sheet is saved. Here is the next one."))
    else:
        messages.success(request, _("This sheet was saved before; it counts once."))
    return _url(request, survey, version.number, form.language)


def _counter(survey: Survey) -> str:
    return f"entered:{survey.pk}"


def _told(count: int) -> str:
    """How many sheets the clerk entered since signing in; nobody else's are counted here."""
    if not count:
        return ""
    words = ngettext(
        "%(count)s sheet entered since you signed in", "%(count)s sheets entered since you signed in", count
    )
    return words % {"count": count}


def _url(request: OrgRequest, survey: Survey, version: int, language: str) -> str:
    here = address(request.viewer, "surveys:enter", survey=survey.pk)
    return f"{here}?version={version}&language={language}"


def _versions(request: OrgRequest, survey: Survey, version: Version, language: str) -> list[Link]:
    """The versions a sheet may be of, where there are several."""
    found = list(surveys.versions_of(survey))
    return [
        Link(code_of(survey, one), _url(request, survey, one.number, language), current=one == version)
        for one in (found if len(found) > 1 else ())
    ]


def _languages(request: OrgRequest, survey: Survey, version: Version, language: str) -> list[Link]:
    names: dict[str, Any] = dict(settings.LANGUAGES)
    known = definition_of(version).languages
    return [
        Link(
            str(names.get(code, code)), _url(request, survey, version.number, code), current=code == language
        )
        for code in (known if len(known) > 1 else ())
    ]
