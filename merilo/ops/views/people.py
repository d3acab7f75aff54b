"""The people who have an account, as the operator sees them: who they are and where, not what they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from merilo.accounts import api as accounts
from merilo.accounts.api import Person
from merilo.core import mail
from merilo.ops.actions import record_reading
from merilo.ops.views.base import PAGE, acted, button, crumb, office, searched, shown
from merilo.organisations.api import ROLES, Membership, PersonRequest, places_of

GUARDED = {"suspend", "operator", "no-operator"}  # asked for once more, like what opens an own account


@office()
def listed(request: PersonRequest) -> HttpResponse:
    """Everybody who has an account; that somebody looked is recorded."""
    text = searched(request)
    page = Paginator(accounts.people(text=text), PAGE).get_page(request.GET.get("page"))
    record_reading(person=request.user, verb="platform.people_listed", at=timezone.now())
    places = places_of(person.pk for person in page)
    context = {
        "listing": page,
        "rows": [(person, _places(places.get(person.pk, ()))) for person in page],
        "text": text,
        "query": urlencode({"q": text}) if text else "",
        "lead": _("That you opened this list is recorded."),
    }
    return shown(request, "people", _("People"), context)


def _places(memberships: Iterable[Membership]) -> list[tuple[str, str]]:
    """Organisations with the person's roles in words."""
    return [
        (
            member.organisation.name,
            ", ".join(str(ROLES[code].name) for code in member.roles if code in ROLES),
        )
        for member in memberships
    ]


@office("POST")
def one(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One person: suspend, reinstate, help with the password, the operator's role."""
    try:
        person = accounts.person(pk)
    except Person.DoesNotExist as error:
        raise Http404 from error
    if request.method == "POST":
        if request.POST.get("what") in GUARDED:
            accounts.ask_once_more(request)
        return acted(request, _effects(request, person), to=request.path)
    record_reading(person=request.user, verb="platform.person_read", target=person, at=timezone.now())
    context = {
        "person": person,
        "places": _places(places_of([person.pk]).get(person.pk, ())),
        "is_me": person.pk == request.user.pk,
        "is_last_operator": list(accounts.operators()) == [person],
        "has_server": mail.has_server(),
        "buttons": {
            "reset": button("reset"),
            "suspend": button("suspend"),
            "reinstate": button("reinstate"),
            "operator": button("operator"),
            "no_operator": button("no-operator"),
        },
        "crumbs": crumb(_("People"), "people"),
    }
    return shown(request, "person", str(person), context)


def _effects(request: PersonRequest, person: Person) -> dict[str, Callable[[], str]]:
    given: dict[str, Any] = {"person": person, "by": request.user, "at": timezone.now()}

    def reset() -> str:
        accounts.send_reset(request, **given)
        return _("A link for a new password goes to %(email)s.") % {"email": person.email}

    def doing(action: Callable[..., None], said: str) -> Callable[[], str]:
        def done() -> str:
            action(**given)
            return said % {"name": person}

        return done

    return {
        "suspend": doing(accounts.suspend, _("%(name)s is suspended and signed out everywhere.")),
        "reinstate": doing(accounts.reinstate, _("%(name)s can sign in again.")),
        "reset": reset,
        "operator": doing(accounts.make_operator, _("%(name)s is an operator now.")),
        "no-operator": doing(accounts.unmake_operator, _("%(name)s is no operator any more.")),
    }
