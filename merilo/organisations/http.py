"""Types of requests as views see them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from merilo.accounts.api import Person
from merilo.organisations.viewers import Viewer


class PersonRequest(HttpRequest):
    """A request of somebody signed in."""

    user: Person
    htmx: HtmxDetails


class OrgRequest(PersonRequest):
    """A request below `/o/<org>/`: the middleware has put the viewer there."""

    viewer: Viewer


def address(viewer: Viewer, name: str, **kwargs: Any) -> str:
    """The address of a page inside the viewer's organisation."""
    return reverse(name, kwargs={"org": viewer.organisation.slug, **kwargs})
