"""Pages opened by a link in a mail and by nothing else.

No session is needed, and reading changes nothing. The address holds a secret, so the page is neither kept
nor indexed, and no other page learns where its visitor comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation

from merilo.core import limits
from merilo.core.limits import Rate
from merilo.core.requests import origin
from merilo.organisations.models import Organisation

LINKS_TRIED: Rate = {"most": 60, "seconds": 3600}
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    # Only the host goes along: without even that a browser would not say where a form comes from.
    "Referrer-Policy": "strict-origin",
}
T = TypeVar("T")
View = Callable[[HttpRequest, T, str], HttpResponse]


def speak_for(request: HttpRequest, organisation: Organisation) -> str:
    """The language of a page of an organisation: one chosen on this device, else its first.

    The page is the organisation's, and so are its days.
    """
    request.organisation = organisation  # type: ignore[attr-defined]
    timezone.activate(organisation.zone)
    chosen = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), getattr(request.user, "language", "")]
    known = dict(settings.LANGUAGES)  # anything may stand in a cookie
    otherwise = translation.get_language() or settings.LANGUAGE_CODE
    return next((code for code in [*chosen, *organisation.languages] if code in known), otherwise)


def opened_by_link(
    find: Callable[[str], T | None], organisation_of: Callable[[T], Organisation], *, limit: str
) -> Callable[[View[T]], Callable[[HttpRequest, str], HttpResponse]]:
    """For a view of what a link opens, in its organisation's language; 404 for guesses, which are counted."""

    def decorator(view: View[T]) -> Callable[[HttpRequest, str], HttpResponse]:
        @wraps(view)
        def opened(request: HttpRequest, token: str) -> HttpResponse:
            found = find(token)
            if found is None:
                # Only what nobody was given is counted: a whole town hall comes from one network.
                limits.hit(limit, origin(), **LINKS_TRIED)
                raise Http404
            with translation.override(speak_for(request, organisation_of(found))):
                answer = view(request, found, token)
            for name, value in HEADERS.items():
                answer[name] = value
            return answer

        return opened

    return decorator
