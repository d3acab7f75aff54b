"""Pages for everything that went wrong: one function, one template per status."""

from __future__ import annotations

import logging
import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.template import loader
from django.utils.translation import gettext as _

_SECRET = re.compile("password|token|code|once", re.IGNORECASE)
_WRITTEN = re.compile(r"\s|[^\x00-\x7f]")  # what people write has blanks or letters beyond those of keys
logger = logging.getLogger("merilo.web")


def error_page(request: HttpRequest, status: int, sentence: str = "", **context: Any) -> HttpResponse:
    """The page for a status: as JSON for a script, as a fragment for htmx, else whole."""
    words = sentence or _plain_words(status)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"saved": words, "error": words}, status=status)
    name = "web/error_fragment.html" if request.headers.get("HX-Request") else f"{status}.html"
    told = {"sentence": sentence, "words": words, "typed": typed(request), **context}
    return HttpResponse(loader.render_to_string(name, told, request), status=status)


def typed(request: HttpRequest) -> list[str]:
    """The texts of a form that was not taken, so that nobody has to write them again.

    Only for who is signed in: what strangers send is not read for this, and on a tablet that many share, or
    to who answers a survey, nothing is shown again. Nothing that looks like a choice, a key or a secret.
    """
    person = getattr(request, "user", None)
    if request.method != "POST" or person is None or not person.is_authenticated or not _is_ours(request):
        return []
    try:
        fields = request.POST.lists()
    except (OSError, SuspiciousOperation, MultiPartParserError):
        return []
    found = (text.strip() for name, texts in fields if not _SECRET.search(name) for text in texts)
    return [text for text in found if _WRITTEN.search(text)]


def _is_ours(request: HttpRequest) -> bool:
    """Whether a page of ours sent this."""
    try:
        return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()
    except (ValueError, SuspiciousOperation):
        return False


def _plain_words(status: int) -> str:
    return {
        400: _("The request could not be understood."),
        403: _("You may not do this."),
        404: _("There is nothing at this address."),
        409: _("Somebody changed this in the meantime."),
        413: _("This is too large to be sent."),
        429: _("That was too often. Wait a little."),
        503: _("The platform is not available right now. Try again in a minute."),
    }.get(status, _("Something went wrong. Nothing you stored before is lost."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came in makes no sense."""
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not yours."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not here, or not for you."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our mistake; the page is made without the database and names the request's number."""
    number = request.META.get("MERILO_REQUEST_ID", "")
    try:
        return HttpResponseServerError(loader.render_to_string("500.html", {"number": number}))
    except Exception:
        logger.exception("the error page itself failed")
        return HttpResponseServerError(b"<!doctype html><title>500</title><h1>500</h1>")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long, or in a window where somebody else has signed in since."""
    sentence = _("The form was open for too long, or somebody signed in or out in another window meanwhile.")
    return error_page(request, 403, sentence, again=_form_of(request))


def _form_of(request: HttpRequest) -> str:
    """The address of the page that the form stood on; the first page where it is not known."""
    try:
        page = urlsplit(request.headers.get("Referer", ""))
        if page.netloc != request.get_host() or not page.path.startswith("/"):
            return "/"
    except (ValueError, SuspiciousOperation):
        return "/"
    return "/" + urlunsplit(("", "", page.path, page.query, "")).lstrip("/")
