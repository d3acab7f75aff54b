"""The person's own days in their calendar program: the page of the address, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from merilo.accounts.api import Person, service_alone
from merilo.core import calendars, files, limits, requests
from merilo.core.calendars import Day
from merilo.core.limits import Rate
from merilo.organisations import queries
from merilo.organisations.actions import calendars as actions
from merilo.organisations.http import PersonRequest
from merilo.organisations.kept import keep_and_ask_for_proof
from merilo.organisations.linked import LINKS_TRIED
from merilo.organisations.views.base import shown
from merilo.web.calendar_file import CONTENT_TYPE, calendar_file, subscription

FETCHED: Rate = {"most": 120, "seconds": 3600}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest) -> HttpResponse:
    """Whether there is an address; make one, which is shown this one time, or end it."""
    if service_alone(request):  # the address tells of all organisations of the person
        return keep_and_ask_for_proof(request)
    if request.method == "POST" and "withdraw" in request.POST:
        actions.withdraw_calendar(person=request.user, at=timezone.now())
        messages.success(request, _("The address answers no more."))
        return redirect("site:calendar")
    address = _made(request.user) if request.method == "POST" else ""
    context = {
        "link": queries.calendar_link(request.user),
        "address": address,
        "opens": subscription(address) if address else "",
    }
    return shown(request, "calendar", context)


def _made(person: Person) -> str:
    token = actions.make_calendar(person=person, at=timezone.now())
    return f"{settings.BASE_URL}{reverse('site:calendar_feed', args=[token])}"


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The days of whoever the address belongs to, in their language."""
    person = queries.calendar_person(token)
    if person is None:
        # Only what nobody was given is counted: a whole town hall comes from one network.
        limits.hit("calendar-link", requests.origin(), **LINKS_TRIED)
        raise Http404
    limits.hit("calendar", str(person.pk), **FETCHED)
    language = person.language or settings.LANGUAGE_CODE
    with translation.override(language):
        days = list(_days(person, timezone.localdate()))
        content = calendar_file(_("Merilo: my days"), days, language=language, base=settings.BASE_URL)
    answer = files.attachment(content, name="merilo.ics", content_type=CONTENT_TYPE)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _days(person: Person, today: date) -> Iterator[Day]:
    for viewer in queries.viewers_of(person, on=today):
        yield from calendars.days_of(viewer, on=timezone.localdate(timezone=viewer.organisation.zone))
