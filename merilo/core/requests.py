"""What one request is known by: its number, and the network it came from (for limits and the audit)."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_origin: ContextVar[str] = ContextVar("origin", default="")


def network_of(address: str) -> str:
    """The network that shares a limit: the address for IPv4, its /56 for IPv6, empty if unreadable."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 56), strict=False))
    return str(parsed)


def origin() -> str:
    """The network of the request now served, or empty outside a request."""
    return _origin.get()


class RequestMiddleware:
    """Gives each request a number (`X-Request-ID`) and remembers its network while it is served."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _origin.set(network_of(request.META.get("REMOTE_ADDR", "")))
        number = uuid.uuid4().hex[:12]
        request.META["MERILO_REQUEST_ID"] = number
        try:
            response = self.get_response(request)
        finally:
            _origin.reset(token)
        response["X-Request-ID"] = number
        return response
