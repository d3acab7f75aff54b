"""What one request is known by: its number, and the network it came from (for limits and the audit)."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_origin: ContextVar[str] = ContextVar("origin", default="")
_number: ContextVar[str] = ContextVar("number", default="")


def network_of(address: str) -> str:
    """The network that shares a limit: the address for IPv4, its /56 for IPv6, empty if unreadable."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 56), strict=False))


def neighbourhood(network: str) -> str:
    """An address that many share, for lists that people see: the last part of IPv4 is 0. Unknown: 0.0.0.0."""
    try:
        parsed = ipaddress.ip_network(network)
    except ValueError:
        return "0.0.0.0"  # noqa: S104  stands for an unknown network, nothing listens there
    shared = parsed.supernet(new_prefix=24) if parsed.version == 4 else parsed
    return str(shared.network_address)


def origin() -> str:
    """The network of the request now served, or empty outside a request."""
    return _origin.get()


def number() -> str:
    """The number of the request now served, or empty outside a request."""
    return _number.get()


def _address(request: HttpRequest) -> str:
    """Who asked: behind a proxy the last address it vouches for, never one that the visitor wrote."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_PROXY and forwarded:
        return str(forwarded.rpartition(",")[2].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


class RequestMiddleware:
    """Gives each request a number (`X-Request-ID`) and remembers its network while it is served."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _origin.set(network_of(_address(request)))
        number = uuid.uuid4().hex[:12]
        numbered = _number.set(number)
        request.META["MERILO_REQUEST_ID"] = number
        try:
            response = self.get_response(request)
        finally:
            _origin.reset(token)
            _number.reset(numbered)
        response["X-Request-ID"] = number
        return response
