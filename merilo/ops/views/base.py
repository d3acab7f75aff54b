"""What the pages of the operator's room share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merilo.accounts.api import is_operator, service_alone
from merilo.core.errors import MeriloError
from merilo.organisations.api import PersonRequest, asks_to_sign_in, keep_and_ask_for_proof
from merilo.web.items import Link

View = Callable[..., HttpResponse]
PAGE = 50
MOST_SEARCHED = 100
# Which list a page belongs to.
BELOW = {
    "organisation": "organisations",
    "organisation_new": "organisations",
    "coordinator": "organisations",
    "person": "people",
}


def office(*methods: str) -> Callable[[View], View]:
    """A page for operators only, never kept by a browser; to anybody else it does not exist."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_operator(request.user):
                raise Http404
            if service_alone(request):
                return keep_and_ask_for_proof(request)
            answer = view(request, *args, **kwargs)
            answer["Cache-Control"] = "private, no-store"
            return answer

        return require_http_methods(["GET", "HEAD", *methods])(asks_to_sign_in(guarded))

    return guard


def shown(
    request: PersonRequest, template: str, title: str, context: Mapping[str, Any], *, refused: bool = False
) -> HttpResponse:
    """A page of the room; `lead`, `crumbs` and whatever the template needs stand in the context."""
    frame = {"title": title, "sections": _sections(request), "lead": "", "crumbs": ()}
    return render(request, f"ops/{template}.html", {**frame, **context}, status=422 if refused else 200)


def _sections(request: PersonRequest) -> list[Link]:
    """The pages of the room, the one that is open marked."""
    pages = (
        ("overview", _("Overview")),
        ("organisations", _("Organisations")),
        ("people", _("People")),
        ("frameworks", _("Assessment models")),
        ("mail", _("Mail")),
        ("tasks", _("Tasks")),
        ("storage", _("Storage")),
        ("record", _("Record")),
    )
    here = request.resolver_match.url_name if request.resolver_match else ""
    here = BELOW.get(here or "", here)
    addresses = [(reverse(f"operator:{name}"), name, words) for name, words in pages]
    return [Link(words, url, current=name == here) for url, name, words in addresses]


def acted(request: PersonRequest, effects: Mapping[str, Callable[[], str]], *, to: str) -> HttpResponse:
    """Do what the pressed button names, say what came of it and open the page again."""
    effect = effects.get(request.POST.get("what", ""))
    if effect is None:
        raise MeriloError(_("This page has changed in the meantime. Open it again."))
    try:
        messages.success(request, effect())
    except MeriloError as error:
        if error.status != 422:
            raise
        messages.error(request, error.sentence)
    return redirect(to)


def button(what: str, **more: object) -> dict[str, str]:
    """The hidden fields of a button that `acted` understands."""
    return {"what": what} | {name: str(value) for name, value in more.items()}


def crumb(text: str, name: str) -> tuple[Link, ...]:
    """The way back from a page to the list it belongs to."""
    return (Link(text, reverse(f"operator:{name}")),)


def searched(request: PersonRequest) -> str:
    """What was typed into the search of a list."""
    return request.GET.get("q", "").strip()[:MOST_SEARCHED]
