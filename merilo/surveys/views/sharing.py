"""How people get to a survey: address, code for phones, poster, tablet, a text for a website."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merilo.core import files
from merilo.organisations.api import OrgRequest
from merilo.surveys import permissions
from merilo.surveys.models import Entry, State, Survey
from merilo.surveys.views.base import crumbs, page, survey_or_404
from merilo.web.documents.pdf import png
from merilo.web.qr import qr


def open_address(survey: Survey, name: str = "start") -> str:
    """The whole public address, as it stands on a poster."""
    return str(settings.BASE_URL) + reverse(f"answer:{name}", args=[survey.short])


def _shared(request: OrgRequest, pk: UUID) -> Survey:
    """A survey whose address may be handed out. Surveys for invited people have none."""
    survey = survey_or_404(request, pk)
    if not permissions.may_read(request.viewer, survey) or survey.entry != Entry.OPEN:
        raise Http404
    return survey


def _drawn(survey: Survey) -> str:
    return qr(open_address(survey), _("Opens the survey on a phone"))


def _context(request: OrgRequest, survey: Survey) -> dict[str, Any]:
    return {
        "survey": survey,
        "crumbs": crumbs(request, survey),
        "address": open_address(survey),
        "kiosk": open_address(survey, "kiosk") if survey.kiosk else "",
        "qr": mark_safe(_drawn(survey)),
        "is_closed": survey.state == State.CLOSED,
        "is_draft": survey.state == State.DRAFT,
    }


@require_safe
def share(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Everything to hand out."""
    return page(request, "share/share", _context(request, _shared(request, survey)))


@require_safe
def poster(request: OrgRequest, survey: UUID) -> HttpResponse:
    """A page to print and put up."""
    return page(request, "share/poster", _context(request, _shared(request, survey)))


@require_safe
def code(request: OrgRequest, survey: UUID, kind: str) -> HttpResponse:
    """The code for phones as a picture: for print as SVG, for everything else as PNG."""
    shared = _shared(request, survey)
    drawn = _drawn(shared).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    name = f"{shared.short}.{kind}"
    if kind == "png":
        return files.attachment(png(drawn, fonts=settings.PDF_FONTS_DIR), name=name, content_type="image/png")
    if kind != "svg":
        raise Http404
    return files.attachment(drawn, name=name, content_type="image/svg+xml")
