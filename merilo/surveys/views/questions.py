"""The whole questionnaire on one page; moving, copying and removing what stands there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merilo.core.errors import Refused
from merilo.core.once import new_key
from merilo.organisations.api import OrgRequest, do
from merilo.surveys import permissions, worded
from merilo.surveys.actions.questions import edit
from merilo.surveys.models import State
from merilo.surveys.outline import outline
from merilo.surveys.rules import editing
from merilo.surveys.rules.editing import Change, Draft
from merilo.surveys.views.base import crumbs, page
from merilo.surveys.views.desk import Desk

_OPERATIONS: Mapping[str, Callable[[Draft, str], Draft]] = {
    "part:up": partial(editing.with_part_moved, by=-1),
    "part:down": partial(editing.with_part_moved, by=1),
    "part:copy": editing.with_part_copied,
    "page:up": partial(editing.with_page_moved, by=-1),
    "page:down": partial(editing.with_page_moved, by=1),
    "page:copy": editing.with_page_copied,
}


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Pages with their questions in order, and what is to be said about each."""
    desk = Desk(request, survey)
    if request.method == "POST":
        return _operate(desk.require())
    if not (permissions.may_read(request.viewer, desk.survey) or desk.may_write):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    context = {
        "survey": desk.survey,
        "crumbs": crumbs(request, desk.survey),
        "outline": outline(desk.draft),
        "whole": _whole(desk.draft),
        "breakdowns": _breakdowns(desk.draft),
        "may_write": desk.may_write,
        "is_open": desk.survey.state == State.OPEN,
        "kinds": list(worded.KINDS.items()),
        "once": new_key(),
    }
    return page(request, "questions/list", context)


def _operate(desk: Desk) -> HttpResponse:
    """One button of the list: "part:up:q3"."""
    name, _colon, code = desk.request.POST.get("do", "").rpartition(":")
    if name not in _OPERATIONS:
        return redirect(desk.url())
    anchor = f"#{name.partition(':')[0]}-{code}"

    def effect() -> str:
        _edit(desk, lambda draft: _OPERATIONS[name](draft, code))
        return desk.url() + anchor

    return do(desk.request, effect)


def _edit(desk: Desk, change: Change) -> None:
    """Change the draft of the revision that the page was drawn from."""
    sent = desk.request.POST.get("revision", "")
    revision = int(sent[:9]) if sent.isascii() and sent.isdecimal() else 0
    edit(viewer=desk.request.viewer, survey=desk.survey, revision=revision, change=change)


def _whole(draft: Draft) -> list[tuple[str, str]]:
    """What holds for the questionnaire as a whole, as terms and words."""
    languages = ", ".join(map(worded.language_name, editing.languages_in(draft)))
    floor, population = draft.get("floor"), draft.get("population")
    return [
        (_("Languages"), languages),
        (_("Anonymous or with names"), str(worded.MODES.get(str(draft.get("mode")), ""))),
        (_("Who is asked"), str(worded.AUDIENCES.get(str(draft.get("audience")), ""))),
        (_("Results are shown from"), str(floor or "")),
        (_("How many people are asked"), str(population or "")),
        (_("How questions are shown"), str(worded.LAYOUTS.get(str(draft.get("layout", "pages")), ""))),
    ]


def _breakdowns(draft: Draft) -> list[str]:
    codes = (str(entry.get("question")) for entry in editing.records(draft, "breakdowns"))
    return [worded.item_in_words(code, draft) for code in codes]


# --- removing -------------------------------------------------------------------------------------
_REMOVALS: Mapping[str, tuple[Callable[[Draft, str], editing.Record], Callable[[Draft, str], Draft]]] = {
    "part": (editing.part_of, editing.without_part),
    "page": (editing.page_of, editing.without_page),
    "quota": (editing.quota_of, editing.without_quota),
}


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OrgRequest, survey: UUID, kind: str, code: str) -> HttpResponse:
    """Ask before something goes with its texts in all languages, and remove it."""
    desk = Desk(request, survey).require()
    find, without = _REMOVALS[kind]
    try:
        record = find(desk.draft, code)
    except KeyError as error:
        raise Http404 from error
    if request.method == "POST":
        return do(request, lambda: _removed(desk, lambda draft: without(draft, code)))
    context = {
        "survey": desk.survey,
        "crumbs": desk.crumbs(),
        "kind": kind,
        "title": worded.titled(record, desk.draft),
        "parts": [worded.titled(part, desk.draft) for part in editing.parts_of(record)],
        "fields": {"revision": desk.survey.revision, "once": new_key()},
        "back": desk.url(),
        "is_open": desk.survey.state == State.OPEN,
    }
    return page(request, "questions/remove", context)


def _removed(desk: Desk, change: Change) -> str:
    _edit(desk, change)
    messages.success(desk.request, _("Removed."))
    return desk.url()
