"""Pages that keep themselves up to date: their changing parts, answered with 304 while nothing is new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from merilo.assessment.models import Meeting, Round


def stamp(meeting: Meeting, running: Round | None, *, over: bool, who: object = "") -> str:
    """What a page of the meeting depends on: it grows with every change and turns when time is up."""
    vote = f"{running.pk.hex[:8]}{'x' if over else ''}" if running else ""
    return f'"{meeting.version}-{vote}-{who}-{get_language()}"'


def answer(
    request: HttpRequest,
    page: str,
    etag: str,
    context: Callable[[], Mapping[str, Any]],
) -> HttpResponse:
    """The whole page `<folder>/<name>.html`; its script gets `<folder>/_<name>.html` or 304."""
    is_live = "live" in request.GET
    known = request.headers.get("If-None-Match", "").removeprefix("W/")  # compression makes it a weak one
    if is_live and known == etag:
        return _private(HttpResponseNotModified(), etag)
    folder, _slash, name = page.rpartition("/")
    template = f"assessment/{folder}/{'_' if is_live else ''}{name}.html"
    return _private(render(request, template, dict(context())), etag)


def _private(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-store"
    return response


def phone_address(meeting: Meeting) -> str:
    """What the QR code of a meeting opens, with the host that people reach this installation by."""
    return f"{settings.BASE_URL}{reverse('rooms:phone', args=[meeting.pk])}"
