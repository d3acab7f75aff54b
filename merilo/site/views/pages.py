"""Pages that explain: help, accessibility, personal data, about. Their texts lie in `pages/` per language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merilo.core.version import version
from merilo.web.markdown import to_html

FOLDER = Path(__file__).resolve().parent.parent / "pages"


@cache
def _text(name: str, language: str) -> SafeString:
    path = FOLDER / f"{name}.{language}.md"
    if not path.exists():
        path = FOLDER / f"{name}.en.md"
    return to_html(path.read_text(encoding="utf-8"))


def _page(request: HttpRequest, name: str, title: str, lead: str, **more: str) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    context = {"title": title, "lead": lead, "text": _text(name, language), **more}
    return render(request, "site/page.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What each role does, step by step."""
    return _page(request, "help", _("Help"), _("What each person does in a self-assessment, and where."))


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return _page(request, "accessibility", _("Accessibility"), _("Everybody should be able to work here."))


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of people, why and how long."""
    return _page(request, "privacy", _("Personal data"), _("What is kept, who sees it, and for how long."))


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What Merilo is, its licence and its sources."""
    lead = _("Open software for the self-assessment of administrations.")
    return _page(request, "about", _("About Merilo"), lead, version=version())
