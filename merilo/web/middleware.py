"""What happens to every answer: pages are compressed, errors that carry a sentence become a page."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from merilo.core.errors import MeriloError, TooMany
from merilo.web.errors import error_page, logger


class CompressMiddleware(GZipMiddleware):
    """Compresses pages; files go as they are, with their length.

    Django pads each compressed page at random, so that its length tells nothing about what stands in it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


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
