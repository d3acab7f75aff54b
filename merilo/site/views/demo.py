"""Pages of the demo only: whom to sign in as, and the mails that would have been sent."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from merilo.site import cast, queries
from merilo.site.demo.people import PASSWORD


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise Http404


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people of the demo with their one password and what to try."""
    _only_in_demo()
    return render(request, "site/demo.html", {"groups": cast.groups(), "password": PASSWORD})


@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """The outbox, so that links of verification and reset can be followed without a mail server."""
    _only_in_demo()
    return render(request, "site/demo_mail.html", {"mails": queries.outbox()})
