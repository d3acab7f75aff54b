"""Health, for whoever watches this installation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from merilo.ops import health


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, 503 with what is missing otherwise."""
    found = health.checks()
    answer = {check.name: "ok" if check.ok else "failed" for check in found}
    return JsonResponse(answer, status=200 if all(check.ok for check in found) else 503)
