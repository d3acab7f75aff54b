"""Whoever answers a survey is nobody: no cookie is read or set below `/s/`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SPACE = "/s/"


class NobodyMiddleware:
    """Takes the cookies off requests and answers below `/s/`.

    So nobody is signed in there: no session is read, nothing is noted about the person's last visit, and the
    log has no sign of a person beside the route.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(SPACE):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        response = self.get_response(request)
        response.cookies.clear()
        return response
