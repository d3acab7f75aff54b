"""The organisation's own page, its names, languages, colours and logo."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core.errors import MeriloError
from merilo.organisations import permissions, queries
from merilo.organisations.actions import details as actions
from merilo.organisations.countries import NAMES
from merilo.organisations.forms import details as forms
from merilo.organisations.http import OrgRequest, address
from merilo.organisations.logos import redrawn
from merilo.organisations.setup import setup_of
from merilo.organisations.views.base import crumbs, shown, stored
from merilo.web import accent

BOTH = ["GET", "HEAD", "POST"]


@require_safe
def overview(request: OrgRequest) -> HttpResponse:
    """What the organisation is, and for those who run it the list of what can be completed."""
    viewer = request.viewer
    viewer.require("organisation.read")
    organisation = viewer.organisation
    languages = dict(settings.LANGUAGES)
    context: dict[str, Any] = {
        "organisation": organisation,
        "country": NAMES.get(organisation.country, organisation.country),
        "languages": ", ".join(str(languages.get(code, code)) for code in organisation.languages),
        "may_edit": viewer.can("organisation.edit"),
        "may_manage": viewer.can("people.manage"),
        "may_share": permissions.may_share(viewer),
        "may_see_towns": permissions.may_see_towns(viewer),
        "may_read_audit": viewer.can("audit.read"),
    }
    return shown(request, "settings", context | _state(request))


def _state(request: OrgRequest) -> dict[str, Any]:
    """How far the setting up has come, in numbers and words."""
    organisation = request.viewer.organisation
    roles = list(queries.members(request.viewer).values_list("roles", flat=True))
    units = queries.units(request.viewer).count()
    held = {code for codes in roles for code in codes}
    people = len(roles)
    setup = setup_of(request.viewer)
    has_basics = bool(organisation.register_number and organisation.logo_id and units and people > 1)
    return {
        "setup": setup,
        "is_complete": has_basics
        and {"deputy", "sponsor"} <= held
        and all(task.status == "done" for task in setup),
        "units": units,
        "units_words": ngettext("%(count)s unit", "%(count)s units", units) % {"count": units},
        "people": people,
        "people_words": ngettext("%(count)s person", "%(count)s people", people) % {"count": people},
        "has_deputy": "deputy" in held,
        "has_sponsor": "sponsor" in held,
    }


@require_http_methods(BOTH)
def names(request: OrgRequest) -> HttpResponse:
    """Names and codes."""
    return _change(request, forms.NameForm, _("Name and codes"), _("Name and codes are saved."))


@require_http_methods(BOTH)
def languages(request: OrgRequest) -> HttpResponse:
    """Languages and time zone."""
    return _change(
        request, forms.LanguagesForm, _("Languages and time zone"), _("Languages and time zone are saved.")
    )


def _change(request: OrgRequest, kind: type[Any], title: str, said: str) -> HttpResponse:
    viewer = request.viewer
    viewer.require("organisation.edit")
    form = kind(request.POST or None, initial=forms.initial_of(viewer.organisation, kind))
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in kind.base_fields}
        answer = stored(
            request,
            form,
            lambda: actions.change_organisation(viewer=viewer, values=values, at=timezone.now()),
            to=address(viewer, "organisations:settings"),
            said=said,
        )
        if answer:
            return answer
    context = {"form": form, "title": title, "crumbs": crumbs(viewer)}
    return shown(request, "change", context, refused=bool(form.errors))


@require_http_methods(BOTH)
def look(request: OrgRequest) -> HttpResponse:
    """Colour and logo; the derived accent is shown beside the colour it was made from."""
    viewer = request.viewer
    viewer.require("organisation.edit")
    colour = forms.ColourForm(initial={"colour": viewer.organisation.colour})
    logo = forms.LogoForm()
    answer = None
    if request.POST.get("what") == "colour":
        colour = forms.ColourForm(request.POST)
        answer = _store_colour(request, colour)
    elif request.method == "POST":
        logo = forms.LogoForm(request.POST, request.FILES)
        answer = _store_logo(request, logo)
    if answer:
        return answer
    context = {
        "colour": colour,
        "logo": logo,
        "organisation": viewer.organisation,
        "crumbs": crumbs(viewer),
        "darkened": accent.is_darkened(viewer.organisation.colour, accent.derive(viewer.organisation.colour)),
        "derived": accent.derive(viewer.organisation.colour),
        "has_errors": bool(colour.errors or logo.errors),
    }
    return shown(request, "look", context, refused=bool(colour.errors or logo.errors))


def _store_colour(request: OrgRequest, form: forms.ColourForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    colour = form.cleaned_data["colour"]
    values = {"colour": colour, "accent": asdict(accent.derive(colour))}
    return stored(
        request,
        form,
        lambda: actions.change_organisation(viewer=request.viewer, values=values, at=timezone.now()),
        to=address(request.viewer, "organisations:look"),
        said=_("The colour is saved."),
    )


def _store_logo(request: OrgRequest, form: forms.LogoForm) -> HttpResponse | None:
    removed = request.POST.get("what") == "no-logo"
    if not removed and not form.is_valid():
        return None
    try:
        picture = None if removed else redrawn(form.cleaned_data["logo"])
    except MeriloError as error:
        form.add_error("logo", error.sentence)
        return None
    return stored(
        request,
        form,
        lambda: actions.change_logo(viewer=request.viewer, picture=picture, at=timezone.now()),
        to=address(request.viewer, "organisations:look"),
        said=_("The logo is removed.") if removed else _("The logo is saved."),
    )
