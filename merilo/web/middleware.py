"""What happens to every request and answer.

What no page of ours sends is turned away, pages are compressed, errors that carry a sentence become a page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError, TooMany
from merilo.web.errors import error_page, logger


class HeadersMiddleware:
    """Headers that every answer carries, files and errors too: what the browser need not allow."""

    EVERYWHERE = {
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.EVERYWHERE.items():
            response.setdefault(name, value)
        if request.method == "POST" and request.path == reverse("account_logout"):
            response["Clear-Site-Data"] = '"storage"'  # pages are never kept; the language stays chosen
        return response


class CompressMiddleware(GZipMiddleware):
    """Compresses pages; files go as they are, with their length.

    Django pads each compressed page at random, so that its length tells nothing about what stands in it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class DoorMiddleware:
    """Turns away, before anything of it is read, a body above all limits and an address with a NUL in it.

    Without it whoever is signed out could have files of any size written to the disk; and PostgreSQL
    takes no NUL.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return error_page(request, 400)
        if _length(request) > _most():
            limit = settings.UPLOAD_LIMIT_BYTES // 2**20
            sentence = _("A file may have at most %(limit)s MB.") % {"limit": limit}
            return error_page(request, 413, sentence)
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or ""
    return int(told) if told.isascii() and told.isdigit() else 0  # without a length nothing is read


def _most() -> int:
    """The largest file with the longest fields beside it, in bytes."""
    return int(settings.UPLOAD_LIMIT_BYTES) + int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


class ErrorsMiddleware:
    """Refusals show their sentence with their status; a busy database answers 503 and asks to try again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for an error of ours; anything else is left to Django."""
        if isinstance(exception, MeriloError):
            return _refusal(request, exception)
        if isinstance(exception, OperationalError):
            logger.error("the database did not answer: %s", type(exception).__name__)
            response = error_page(request, 503)
            response["Retry-After"] = "5"
            return response
        return None


def _refusal(request: HttpRequest, error: MeriloError) -> HttpResponse:
    response = error_page(request, error.status, error.sentence, error=error)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    return response
