"""Explanations and examples of a framework, adapted by an organisation for its own people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merilo.assessment import words
from merilo.assessment.actions.own_wording import adapt
from merilo.assessment.catalogue import framework_in
from merilo.assessment.forms.own_wording import OwnWordingForm
from merilo.assessment.models import FrameworkEdition
from merilo.assessment.queries import frameworks
from merilo.assessment.queries import own_wording as queries
from merilo.assessment.rules.own_wording import Worded, worded
from merilo.assessment.views.acting import act, page, retyped
from merilo.core.errors import Conflict
from merilo.framework.catalogue import Framework, Item, UnknownCode
from merilo.framework.loading import load_shipped
from merilo.organisations.api import OrgRequest, address
from merilo.web.items import Link

PARTS = ("explanation", "examples")


class _Place:
    """One sub-criterion of one framework in one language, and what is stored for it."""

    def __init__(self, request: OrgRequest, key: str, code: str, language: str) -> None:
        self.request, self.key, self.language = request, key, language
        try:
            self.framework = framework_by(request, key)
            self.item = self.framework.item(code)
        except (UnknownCode, FrameworkEdition.DoesNotExist) as error:
            raise Http404 from error
        if language not in self.framework.languages:
            raise Http404
        self.row = queries.own_wording(request.viewer, self.framework, code, language)

    @property
    def shown(self) -> Worded:
        return worded(self.item, self.language, queries.texts_of(self.row))

    @property
    def url(self) -> str:
        return self.address_of(self.item, self.language)

    @property
    def framework_url(self) -> str:
        return framework_address(self.request, self.key)

    def address_of(self, item: Item, language: str) -> str:
        return wording_address(self.request, self.key, item.code, language)


def framework_by(request: OrgRequest, key: str) -> Framework:
    """A shipped framework by its code, or an edition by its id. Errors: UnknownCode, DoesNotExist."""
    try:
        edition = frameworks.edition(request.viewer, UUID(key))
    except ValueError:
        return load_shipped(key)
    return framework_in(edition)


def framework_address(request: OrgRequest, key: str) -> str:
    """The page on which the framework is read."""
    try:
        return address(request.viewer, "assessment:framework", pk=UUID(key))
    except ValueError:
        return address(request.viewer, "assessment:shipped_framework", code=key)


def wording_address(request: OrgRequest, key: str, code: str, language: str) -> str:
    """The page on which one sub-criterion is adapted."""
    return address(request.viewer, "assessment:own_wording", key=key, code=code, language=language)


@require_http_methods(["GET", "HEAD", "POST"])
def own_wording(request: OrgRequest, key: str, code: str, language: str) -> HttpResponse:
    """Explanation and examples to adapt, the originals beside them."""
    request.viewer.require("framework.manage")
    place = _Place(request, key, code, language)
    if request.method != "POST":
        return _page(place, _form(place, None))
    form = _form(place, _without_what_is_taken_back(request.POST))
    if form.is_valid():
        try:
            done = act(request, form, lambda: _adapt(place, form))
        except Conflict as conflict:
            return _conflict(place, form, conflict)
        if done is not None:
            return done
    return _page(place, form)


def _without_what_is_taken_back(data: QueryDict) -> QueryDict:
    """An empty text is the original: so is the one whose button was pressed."""
    back = data.get("back", "")
    if back not in PARTS:
        return data
    kept = data.copy()
    kept.setlist(back, [""])
    return kept


def _form(place: _Place, data: Any) -> OwnWordingForm:
    shown = place.shown
    initial = {
        "explanation": shown.explanation,
        "examples": [example.text for example in shown.examples],
        "version": place.row.version if place.row else 0,
    }
    return OwnWordingForm(data, initial=initial)


def _adapt(place: _Place, form: OwnWordingForm) -> str:
    adapt(
        viewer=place.request.viewer,
        framework=place.framework,
        code=place.item.code,
        language=place.language,
        texts=form.texts(),
        version=form.cleaned_data["version"],
        at=timezone.now(),
    )
    messages.success(place.request, _("The texts are saved. The assessors see them from now on."))
    return place.url


def _page(place: _Place, form: OwnWordingForm) -> HttpResponse:
    before, after = place.framework.neighbours(place.item.code)
    context = {
        **_context(place),
        "form": form,
        "row": place.row,
        "wording": place.shown,
        "languages": _languages(place),
        "previous": _neighbour(place, before),
        "next": _neighbour(place, after),
    }
    return page(place.request, "own_wording", context, form)


def _context(place: _Place) -> dict[str, Any]:
    crumbs = [
        Link(_("Frameworks"), address(place.request.viewer, "assessment:frameworks")),
        Link(place.framework.title.in_language(words.language()), place.framework_url),
    ]
    title = f"{place.item.code} {place.item.title.in_language(words.language())}"
    return {"crumbs": crumbs, "title": title, "here": place.url}


def _languages(place: _Place) -> list[Link]:
    names = dict(settings.LANGUAGES)
    return [
        Link(str(names.get(code, code)), place.address_of(place.item, code), current=code == place.language)
        for code in place.framework.languages
    ]


def _neighbour(place: _Place, item: Item | None) -> Link | None:
    if item is None:
        return None
    title = f"{item.code} {item.short.in_language(words.language())}"
    return Link(title, place.address_of(item, place.language))


def _conflict(place: _Place, form: OwnWordingForm, conflict: Conflict) -> HttpResponse:
    """Both texts beside each other; the form below holds one's own, to be saved over the stored ones."""
    again = _form(place, retyped(form, version=str(conflict.details["version"])))
    context = {
        **_context(place),
        "form": again,
        "sentence": conflict.sentence,
        "mine": worded(place.item, place.language, conflict.details["mine"]),
        "theirs": worded(place.item, place.language, conflict.details["theirs"]),
    }
    return render(place.request, "assessment/planning/own_wording_conflict.html", context, status=409)
