"""Every request as a number and a line: which route, how it ended, how long it took; never whose address."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

access = logging.getLogger("merilo.access")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class WatchMiddleware:
    """Counts requests where metrics are read, and writes one line each where the log is JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.METRICS_BIND is None and not access.isEnabledFor(logging.INFO):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - begun
        route, method = route_of(request), method_of(request)
        if settings.METRICS_BIND is not None:
            from merilo.ops import counters

            counters.count_request(route, method, response.status_code, seconds)
        facts = {
            "route": route,
            "method": method,
            "status": response.status_code,
            "milliseconds": round(1000 * seconds, 1),
            "person": person_of(request),
        }
        access.info("%s %s %s", method, route, response.status_code, extra={"facts": facts})
        return response


def count_failed_sign_in(**_: object) -> None:
    """Somebody gave a wrong password or an unknown address."""
    if settings.METRICS_BIND is not None:
        from merilo.ops import counters

        counters.FAILED_SIGN_INS.inc()


def route_of(request: HttpRequest) -> str:
    """The name of the route, never the path: a path may hold a secret, and anybody may invent paths."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def method_of(request: HttpRequest) -> str:
    """The method, if it is a known one."""
    return request.method if request.method in METHODS else "other"


def person_of(request: HttpRequest) -> str:
    """The same sign for all requests of one person, and nothing that leads back; empty where nobody asked."""
    user = getattr(request, "_cached_user", None)  # as the session told it: nothing more is asked for a log
    if user is None or user.pk is None:
        return ""
    return salted_hmac("merilo.access", str(user.pk), algorithm="sha256").hexdigest()[:16]
