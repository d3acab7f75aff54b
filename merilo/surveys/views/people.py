"""Who is invited to a survey: the list, more people, letters, taking somebody off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core import files
from merilo.core.errors import Refused
from merilo.organisations.api import OrgRequest, act, address, do, sent
from merilo.surveys import forgetting, letters, permissions
from merilo.surveys.actions import inviting as actions
from merilo.surveys.actions import telling
from merilo.surveys.actions.retention import contacts_go_at
from merilo.surveys.exporting.csv_file import cell
from merilo.surveys.forgetting import Plain
from merilo.surveys.forms.inviting import LettersForm, PeopleForm, initial_letters
from merilo.surveys.messages import PASTED
from merilo.surveys.models import Entry, Invitation, LetterKind, State, Survey
from merilo.surveys.queries import inviting as queries
from merilo.surveys.rules.inviting import MOST_PEOPLE, Asking, Pasted, read
from merilo.surveys.views.base import crumbs, page, survey_or_404
from merilo.web import forms
from merilo.web.items import Link

BOTH = ["GET", "HEAD", "POST"]
PAGE = 50
MOST_SEARCHED = 100
MOST_NAMED = 100  # mistakes on one page; the rest is counted


def _invited_survey(request: OrgRequest, pk: UUID) -> Survey:
    """A survey with a list of people that the viewer may see. Errors: Http404, Refused."""
    survey = survey_or_404(request, pk)
    if not permissions.may_edit(request.viewer, survey):
        raise Refused(_("Only who runs surveys sees who is invited."))
    if survey.entry != Entry.INVITED:
        raise Http404
    return survey


def _to_people(request: OrgRequest, survey: Survey) -> str:
    return address(request.viewer, "surveys:people", survey=survey.pk)


def _crumbs(request: OrgRequest, survey: Survey) -> list[Link]:
    return crumbs(request, survey, Link(_("People"), _to_people(request, survey)))


@require_safe
def listing(request: OrgRequest, survey: UUID) -> HttpResponse:
    """The list in numbers and page by page, what can be done with it, what is promised."""
    found = _invited_survey(request, survey)
    text = request.GET.get("q", "").strip()[:MOST_SEARCHED]
    people = queries.people_of(request.viewer, found, text=text)
    shown = Paginator(people, PAGE).get_page(request.GET.get("page"))
    context = {
        "survey": found,
        "counts": queries.counts_of(request.viewer, found),
        "people": [_row(found, one) for one in shown],
        "listing": shown,
        "text": text,
        "query": urlencode({"q": text}) if text else "",
        "changes": found.state != State.CLOSED,
        "is_open": found.state == State.OPEN,
        "is_sending": queries.is_sending(found),
        "unwritten": queries.not_mailed(found),
        "has_server": actions.can_send(),
        "crumbs": crumbs(request, found),
    }
    return page(request, "people", context)


def _row(survey: Survey, one: Invitation) -> dict[str, Any]:
    status, words = _state(survey, one)
    return {"person": one, "status": status, "words": words}


def _state(survey: Survey, one: Invitation) -> tuple[str, str]:
    """What may be said of one person: in anonymous surveys never whether they have answered."""
    if one.bounced:
        return "problem", _("Came back")
    if one.unwanted:
        return "idle", _("No more letters")
    if not survey.is_anonymous and one.used:
        return "done", _("Has answered")
    return ("waiting", _("Invited")) if one.mailed else ("idle", _("No letter yet"))


@require_http_methods(BOTH)
def add(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Paste a list or send a file; what cannot be understood is named by line and stays in the field."""
    found = _invited_survey(request, survey)
    form = PeopleForm(sent(request), request.FILES or None)
    pasted, text = Pasted(), ""
    if form.is_valid():
        text = form.cleaned_data["people"]
        pasted = read(text, _asking(found))
        if wrong := _what_is_wrong(pasted, leave_out=form.cleaned_data["leave_out"]):
            form.add_error("people", wrong)
        else:
            answer = act(request, form, lambda: _added(request, found, pasted))
            if answer is not None:
                return answer
    if not pasted.mistakes:
        del form.fields["leave_out"]
    context = {
        "survey": found,
        "form": _with_text(form, text),
        "mistakes": [(wrong, _(PASTED[wrong.code])) for wrong in pasted.mistakes[:MOST_NAMED]],
        "unnamed_mistakes": max(0, len(pasted.mistakes) - MOST_NAMED),
        "languages": letters.languages_of(found),
        "crumbs": _crumbs(request, found),
    }
    return page(request, "people_add", context, form)


def _asking(survey: Survey) -> Asking:
    known = queries.addresses_of(survey)
    return Asking(letters.languages_of(survey), with_names=not survey.is_anonymous, known=known)


def _with_text(form: PeopleForm, text: str) -> PeopleForm:
    """The form with the text of its file in the field: a browser does not send a file twice."""
    if text:
        form.data = {**form.data, "people": text, "once": form["once"].value()}
    return form


def _what_is_wrong(pasted: Pasted, *, leave_out: bool) -> str:
    if pasted.too_long:
        return _("A list holds at most %(most)s people.") % {"most": MOST_PEOPLE}
    count = len(pasted.mistakes)
    if count and not (leave_out and pasted.people):
        return ngettext(
            "%(count)s line cannot be taken. Correct it, or leave it out; nobody was put on the list yet.",
            "%(count)s lines cannot be taken. Correct or leave them out; nobody was put on the list yet.",
            count,
        ) % {"count": count}
    return "" if pasted.people else _("The list is empty. Write one address a line.")


def _added(request: OrgRequest, survey: Survey, pasted: Pasted) -> str:
    count = actions.add_people(viewer=request.viewer, survey=survey, people=pasted.people, at=timezone.now())
    said = ngettext("%(count)s person was added.", "%(count)s people were added.", count)
    messages.success(request, said % {"count": count})
    if pasted.unnamed:
        messages.info(request, _("Names were left out: an anonymous survey keeps addresses only."))
    return _to_people(request, survey)


# --- letters --------------------------------------------------------------------------------------
@require_http_methods(BOTH)
def invite(request: OrgRequest, survey: UUID) -> HttpResponse:
    """The first letter, to everybody who has got none."""
    return _letters(request, _invited_survey(request, survey), LetterKind.INVITATION)


@require_http_methods(BOTH)
def remind(request: OrgRequest, survey: UUID) -> HttpResponse:
    """A reminder, to who has not answered and got no letter for 48 hours."""
    return _letters(request, _invited_survey(request, survey), LetterKind.REMINDER)


def _letters(request: OrgRequest, survey: Survey, kind: LetterKind) -> HttpResponse:
    """Write, look, send: the same form carries the words through all three."""
    languages = letters.languages_of(survey)
    form = LettersForm(sent(request), languages=languages, initial=_said_last(survey, kind, languages))
    looks = "look" in request.POST
    if form.is_valid() and not looks:
        answer = act(request, form, lambda: _sent(request, survey, kind, form.texts))
        if answer is not None:
            return answer
    texts = form.texts if form.is_valid() else {}
    context = {
        "survey": survey,
        "form": form,
        "kind": kind,
        "is_reminder": kind == LetterKind.REMINDER,
        "previews": [(language, letters.previewed(survey, texts[language], language)) for language in texts],
        "count": None if kind == LetterKind.REMINDER else queries.not_mailed(survey),
        "is_open": survey.state == State.OPEN,
        "has_server": actions.can_send(),
        "crumbs": _crumbs(request, survey),
    }
    return page(request, "letters", context, form)


def _said_last(survey: Survey, kind: str, languages: tuple[str, ...]) -> dict[str, str]:
    """What the last such letter said, and our proposal where there was none."""
    last = queries.last_mailing(survey, kind)
    texts = last.texts if last else {}
    return initial_letters({one: texts.get(one) or letters.proposed(survey, kind, one) for one in languages})


def _sent(request: OrgRequest, survey: Survey, kind: str, texts: dict[str, dict[str, str]]) -> str:
    actions.start_mailing(viewer=request.viewer, survey=survey, kind=kind, texts=texts, at=timezone.now())
    messages.success(request, _("The letters are on their way."))
    return _to_people(request, survey)


# --- one person -----------------------------------------------------------------------------------
def _person(request: OrgRequest, survey: Survey, pk: UUID) -> Invitation:
    """Somebody on the list. Errors: Http404."""
    people = queries.people_of(request.viewer, survey).select_related("survey__organisation")
    found = people.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def person(request: OrgRequest, survey: UUID, invitation: UUID) -> HttpResponse:
    """What is kept about somebody, what can be handed over to them, and how it is erased."""
    found = _invited_survey(request, survey)
    asked = _person(request, found, invitation)
    kept = forgetting.kept(asked)
    context = {
        "survey": found,
        "person": asked,
        "kept": kept,
        "state": _state(found, asked)[1],
        "answers": sum(len(kept.get(part, {}).get("answers", ())) for part in ("given", "put aside")),
        "list_goes_on": contacts_go_at(found) if found.state == State.CLOSED else None,
        "crumbs": _crumbs(request, found),
    }
    return page(request, "person", context)


@require_safe
def person_file(request: OrgRequest, survey: UUID, invitation: UUID, kind: str) -> HttpResponse:
    """All of it as a file to hand over."""
    found = _invited_survey(request, survey)
    asked = _person(request, found, invitation)
    if kind not in HANDED_OVER:
        raise Http404
    kept = telling.tell(viewer=request.viewer, survey=found, invitation=asked, at=timezone.now())
    content, content_type = HANDED_OVER[kind](kept)
    return files.attachment(content, name=f"{found.short}.{kind}", content_type=content_type)


def _as_json(kept: Plain) -> tuple[str, str]:
    return json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "application/json"


def _as_csv(kept: Plain) -> tuple[str, str]:
    """Two columns, the mark of UTF-8 for spreadsheets before them."""
    lines = (f"{cell(name)},{cell(_told(value))}\r\n" for name, value in _flat(kept))
    return "\ufeff" + "".join(lines), "text/csv"


def _flat(kept: Plain) -> Iterator[tuple[str, object]]:
    """Name and value of everything, answers under their questions."""
    for name, value in kept.items():
        if not isinstance(value, dict):
            yield name, value
            continue
        yield name, value["at"]
        yield from ((answer["question"], "; ".join(answer["answer"])) for answer in value["answers"])


def _told(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


HANDED_OVER: dict[str, Callable[[Plain], tuple[str, str]]] = {"json": _as_json, "csv": _as_csv}


@require_http_methods(BOTH)
def person_erase(request: OrgRequest, survey: UUID, invitation: UUID) -> HttpResponse:
    """Ask, then forget somebody in this survey."""
    found = _invited_survey(request, survey)
    asked = _person(request, found, invitation)
    if request.method == "POST":
        return do(request, lambda: _erased(request, found, asked))
    back = Link(asked.address, address(request.viewer, "surveys:person", survey=survey, invitation=asked.pk))
    context = {"survey": found, "person": asked, "crumbs": [*_crumbs(request, found), back], "back": back.url}
    return page(request, "person_erase", context)


def _erased(request: OrgRequest, survey: Survey, asked: Invitation) -> str:
    telling.erase(viewer=request.viewer, survey=survey, invitation=asked, at=timezone.now())
    messages.success(request, _("What was kept about this person is erased."))
    return _to_people(request, survey)


@require_http_methods(BOTH)
def take_off(request: OrgRequest, survey: UUID, invitation: UUID) -> HttpResponse:
    """Ask, then take somebody off the list, or send them no more letters."""
    found = _invited_survey(request, survey)
    person = _person(request, found, invitation)
    form = forms.Form(sent(request))
    if form.is_valid():
        answer = act(request, form, lambda: _taken_off(request, found, person))
        if answer is not None:
            return answer
    stays = person.mailed > 0 if found.is_anonymous else person.used
    context = {
        "survey": found,
        "person": person,
        "stays": stays,
        "form": form,
        "crumbs": _crumbs(request, found),
    }
    return page(request, "take_off", context, form)


def _taken_off(request: OrgRequest, survey: Survey, person: Invitation) -> str:
    goes = actions.take_off(viewer=request.viewer, survey=survey, invitation=person.pk, at=timezone.now())
    said = _("%(address)s is off the list.") if goes else _("%(address)s gets no more letters.")
    messages.success(request, said % {"address": person.address})
    return _to_people(request, survey)
