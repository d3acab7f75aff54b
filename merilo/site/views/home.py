"""The first page: public for everybody, a way into one's own organisation for people signed in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from merilo.accounts.api import Person, may_sign_up
from merilo.assessment.api import published_reports
from merilo.feedback.api import published_labels
from merilo.improvement.api import published_plans
from merilo.organisations.api import closed_memberships_of, memberships_of
from merilo.site import picture

MOST_REPORTS = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Merilo is, or the organisation to which the person belongs."""
    person: Person | AnonymousUser = request.user
    if isinstance(person, AnonymousUser):
        return _landing(request)
    memberships = list(memberships_of(person, on=timezone.localdate()))
    closed = [] if memberships else list(closed_memberships_of(person, on=timezone.localdate()))
    if len(memberships) == 1 and not person.is_operator:
        return redirect("site:work", org=memberships[0].organisation.slug)
    if not memberships and not closed and not person.is_operator:
        return redirect("site:join")
    context = {"memberships": memberships, "closed": closed, "is_operator": person.is_operator}
    return render(request, "site/choose.html", context)


def _landing(request: HttpRequest) -> HttpResponse:
    context = {
        "reports": list(published_reports()[:MOST_REPORTS]),
        "plans": list(published_plans()[:MOST_REPORTS]),
        "labels": list(published_labels(on=timezone.localdate())[:MOST_REPORTS]),
        "is_open": may_sign_up(),
        "is_demo": settings.DEMO,
        "picture": picture.example(),
    }
    return render(request, "site/landing.html", context)
