"""Puts the viewer on every request below `/o/<org>/`, and refuses everything else there."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from merilo.organisations import queries
from merilo.organisations.kept import keep_and_ask_for_proof, keep_and_ask_to_sign_in
from merilo.organisations.services import is_open_to


class ViewerMiddleware:
    """`request.viewer` for addresses with an `org`; strangers get 404, the unknown are asked to sign in.

    The layer fails closed: no view with an `org` in its address runs without a viewer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = None  # type: ignore[attr-defined]
        timezone.activate(zoneinfo.ZoneInfo(settings.DEFAULT_TIME_ZONE))
        response = self.get_response(request)
        if request.viewer is not None or request.path.startswith("/accounts/"):  # type: ignore[attr-defined]
            response.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        return put_viewer(request, kwargs)


def put_viewer(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
    """Take `org` out of the address' parts and put the viewer on the request; an answer means: not further.

    Raises Http404 for a stranger. Who came in through another organisation's service is asked for more.
    """
    slug = kwargs.pop("org", None)
    if slug is None:
        return None
    if not request.user.is_authenticated:
        return keep_and_ask_to_sign_in(request)
    viewer = queries.viewer_in(request.user, slug, on=timezone.localdate())
    if viewer is None:
        raise Http404
    if not is_open_to(request, viewer.organisation_id):
        return keep_and_ask_for_proof(request)
    request.viewer = viewer  # type: ignore[attr-defined]
    timezone.activate(viewer.organisation.zone)
    return None
