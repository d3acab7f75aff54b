"""Open answers: the list of a question, one of them, and their tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merilo.core.errors import Conflict, MeriloError
from merilo.core.stems import wanted
from merilo.organisations.api import OrgRequest, act, address, do, sent
from merilo.surveys.actions import texts as actions
from merilo.surveys.catalogue import definition_of
from merilo.surveys.forms.texts import (
    FilterForm,
    MergeForm,
    TagForm,
    TaggingForm,
    TextForm,
    kind_words,
    without,
)
from merilo.surveys.models import OpenText, Survey, Tag, TextState
from merilo.surveys.queries import surveys
from merilo.surveys.queries import texts as queries
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.finding import hits
from merilo.surveys.rules.redacting import Span, pieces
from merilo.surveys.views.base import crumbs, page, survey_or_404
from merilo.web.items import Link

PER_PAGE = 50
STATUS = {TextState.NEW: "waiting", TextState.READY: "done", TextState.WITHHELD: "idle"}


def _survey(request: OrgRequest, pk: UUID) -> Survey:
    """The closed survey, for those who read open answers; the visit is recorded."""
    survey = survey_or_404(request, pk)
    queries.require_reading(request.viewer, survey)
    _note_visit(request, survey)
    return survey


def _note_visit(request: OrgRequest, survey: Survey) -> None:
    """One row in the audit for a day on which a person reads, however many pages that takes."""
    today, mark = timezone.localdate().isoformat(), f"texts_read:{survey.pk}"
    if request.session.get(mark) != today:
        actions.note_reading(viewer=request.viewer, survey=survey, at=timezone.now())
        request.session[mark] = today


def _definition(survey: Survey) -> Definition:
    version = surveys.version_of(survey)
    if version is None:
        raise Http404
    return definition_of(version)


def _asked(definition: Definition, item: str) -> str:
    """The wording of what an item asks; its code where the newest version does not ask it any more."""
    language = get_language() or definition.languages[0]
    try:
        question = definition.owner(item)
    except KeyError:
        return item
    text = question.text.in_language(language)
    options = {f"{question.code}.{option.code}": option for option in question.options}
    return f"{text} – {options[item].text.in_language(language)}" if item in options else text


# --- the list ---------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: OrgRequest, survey: UUID) -> HttpResponse:
    """The open answers to one question; a form puts a tag on those that are ticked."""
    found = _survey(request, survey)
    counts = dict(queries.counts_of(request.viewer, found))
    item = request.GET.get("item", "") or next(iter(counts), "")
    if counts and item not in counts:
        raise Http404
    tags = list(queries.tags_of(request.viewer, found))
    tagging = TaggingForm(sent(request), tags=tags)
    if request.method == "POST" and tagging.is_valid():
        done = act(request, tagging, lambda: _tag_many(request, found, item, tagging))
        if done is not None:
            return done
    filters = _filters(request, tags)
    shown = queries.texts_of(request.viewer, found, item, filters)
    listed = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "survey": found,
        "crumbs": crumbs(request, found),
        "item": item,
        "questions": _questions(request, found, counts, item),
        "filter": FilterForm(request.GET, tags=tags),
        "tagging": tagging,
        "listed": listed,
        "query": _query(item, filters),
        "rows": [_row(text, filters, request) for text in listed],
        "total": sum(counts.get(item, {}).values()),
        "tags": queries.tag_counts(request.viewer, found, item) if item else [],
        "chosen": set(request.POST.getlist("texts")),
    }
    return page(request, "texts", context, tagging)


def _filters(request: OrgRequest, tags: list[Tag]) -> queries.Filters:
    form = FilterForm(request.GET, tags=tags)
    form.is_valid()
    said = form.cleaned_data
    return queries.Filters(said.get("q", ""), said.get("state", ""), said.get("tag", ""))


def _query(item: str, filters: queries.Filters, page: Page[OpenText] | None = None) -> str:
    named = {"item": item, "q": filters.text, "state": filters.state, "tag": filters.tag}
    named |= {"page": str(page.number)} if page else {}
    return urlencode({key: value for key, value in named.items() if value})


def _questions(
    request: OrgRequest, survey: Survey, counts: Mapping[str, Mapping[str, int]], item: str
) -> list[Link]:
    """The questions with open answers, and how many of each are not read yet."""
    if not counts:
        return []
    definition, here = _definition(survey), address(request.viewer, "surveys:texts", survey=survey.pk)
    order = {key: place for place, q in enumerate(definition.questions()) for key in q.keys}
    ordered = sorted(counts, key=lambda key: (order.get(key, len(order)), key))
    return [
        Link(
            _("%(question)s (%(new)s not read)")
            % {"question": _asked(definition, key), "new": counts[key].get(TextState.NEW, 0)},
            f"{here}?{urlencode({'item': key})}",
            current=key == item,
        )
        for key in ordered
    ]


def _row(text: OpenText, filters: queries.Filters, request: OrgRequest) -> dict[str, Any]:
    told = text.text or text.shown
    found = list(hits(told, wanted(filters.text))) if filters.text else []
    here = address(request.viewer, "surveys:text", survey=text.survey_id, text=text.pk)
    return {
        "text": text,
        "pieces": list(pieces(told, found)),
        "status": STATUS[TextState(text.state)],
        "url": f"{here}?{_query('', filters)}" if _query("", filters) else here,
        "is_changed": bool(text.shown and text.shown != text.text),
    }


def _tag_many(request: OrgRequest, survey: Survey, item: str, form: TaggingForm) -> str:
    viewer, at = request.viewer, timezone.now()
    chosen = [pk for pk in map(queries.as_id, request.POST.getlist("texts")) if pk is not None]
    if not chosen:
        raise MeriloError(_("Tick the answers first."))
    if form.cleaned_data["name"]:
        tag = actions.add_tag(viewer=viewer, survey=survey, name=form.cleaned_data["name"], at=at)
    else:
        tag = queries.tag_of(viewer, survey, UUID(form.cleaned_data["tag"]))
    on = "off" not in request.POST
    count = actions.tag_texts(viewer=viewer, survey=survey, texts=chosen, tag=tag, on=on, at=at)
    told = (
        ngettext("%(count)s answer is tagged.", "%(count)s answers are tagged.", count)
        if on
        else ngettext("The tag is off %(count)s answer.", "The tag is off %(count)s answers.", count)
    )
    messages.success(request, told % {"count": count})
    back = address(viewer, "surveys:texts", survey=survey.pk)
    query = request.GET.copy()
    query["item"] = item
    return f"{back}?{query.urlencode()}"


# --- one of them ------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: OrgRequest, survey: UUID, text: UUID) -> HttpResponse:
    """Read one open answer and decide what is shown of it."""
    try:
        told = queries.text_of(request.viewer, survey_or_404(request, survey), text)
    except OpenText.DoesNotExist as error:
        raise Http404 from error
    _note_visit(request, told.survey)
    form = TextForm(sent(request), text=told)
    if request.method != "POST":
        return _text_page(request, told, form)
    if "take" in request.POST and form.is_valid():
        return _text_page(request, told, _taken_out(form, told), form.ticked())
    if form.is_valid():
        try:
            done = act(request, form, lambda: _decide(request, told, form))
        except Conflict as conflict:
            return _conflict(request, told, form, conflict)
        if done is not None:
            return done
    return _text_page(request, told, form)


def _taken_out(form: TextForm, told: OpenText) -> TextForm:
    """The form with the ticked parts replaced; nothing is kept yet."""
    again = TextForm(None, text=told)
    again.initial["shown"] = without(told, form.ticked())
    again.initial["version"] = form.cleaned_data["version"]
    return again


def _decide(request: OrgRequest, told: OpenText, form: TextForm) -> str:
    state = next((value for value in TextState.values if f"to_{value}" in request.POST), TextState.READY)
    actions.decide_text(
        viewer=request.viewer,
        text=told,
        shown=form.cleaned_data["shown"],
        state=state,
        version=form.cleaned_data["version"],
        at=timezone.now(),
    )
    messages.success(request, _decided(state))
    after = queries.next_new(request.viewer, told) if state != TextState.NEW else None
    if after is not None:
        return address(request.viewer, "surveys:text", survey=told.survey_id, text=after.pk)
    return _list_url(request, told)


def _decided(state: str) -> str:
    if state == TextState.WITHHELD:
        return _("The answer is withheld.")
    return _("The answer may be shown.") if state == TextState.READY else _("The answer waits to be read.")


def _list_url(request: OrgRequest, told: OpenText) -> str:
    here = address(request.viewer, "surveys:texts", survey=told.survey_id)
    return f"{here}?{urlencode({'item': told.item})}"


def _text_page(
    request: OrgRequest, told: OpenText, form: TextForm, ticked: list[Span] | None = None
) -> HttpResponse:
    after = queries.next_new(request.viewer, told)
    context = {
        **_about(request, told),
        "form": form,
        "pieces": [(part, kind_words().get(kind, "")) for part, kind in pieces(told.text, form.spans)],
        "spans": list(_ticks(form, told, ticked)),
        "status": STATUS[TextState(told.state)],
        "next": address(request.viewer, "surveys:text", survey=told.survey_id, text=after.pk)
        if after
        else "",
    }
    return page(request, "text", context, form)


def _about(request: OrgRequest, told: OpenText) -> dict[str, Any]:
    back = Link(_("Open answers"), _list_url(request, told))
    return {
        "survey": told.survey,
        "crumbs": crumbs(request, told.survey, back),
        "told": told,
        "question": _asked(_definition(told.survey), told.item),
        "back": back.url,
    }


def _ticks(form: TextForm, told: OpenText, ticked: list[Span] | None) -> Iterator[dict[str, Any]]:
    """The proposed parts, ticked unless somebody took the tick away."""
    words = kind_words()
    kept = form.ticked() if ticked is None and form.is_bound else form.spans if ticked is None else ticked
    for span in form.spans:
        yield {
            "start": span.start,
            "text": _cut(told.text, span),
            "kind": words[span.kind],
            "is_ticked": span in kept,
        }


def _cut(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _conflict(request: OrgRequest, told: OpenText, form: TextForm, conflict: Conflict) -> HttpResponse:
    """Both versions; the form holds one's own, to be saved over the stored one."""
    stored = conflict.details["text"]
    again = TextForm(None, text=stored)
    again.initial["shown"] = form.cleaned_data["shown"]
    context = {**_about(request, told), "stored": stored, "mine": form.cleaned_data["shown"], "form": again}
    return render(request, "surveys/text_conflict.html", context, status=409)


# --- tags -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def tags(request: OrgRequest, survey: UUID) -> HttpResponse:
    """All tags; a form adds one."""
    found = _survey(request, survey)
    form = TagForm(sent(request))
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _add(request, found, form))
        if done is not None:
            return done
    context = {
        "survey": found,
        "crumbs": crumbs(request, found, _texts_link(request, found)),
        "tags": list(queries.tags_of(request.viewer, found)),
        "form": form,
    }
    return page(request, "tags", context, form)


def _texts_link(request: OrgRequest, survey: Survey) -> Link:
    return Link(_("Open answers"), address(request.viewer, "surveys:texts", survey=survey.pk))


def _tags_url(request: OrgRequest, survey: Survey) -> str:
    return address(request.viewer, "surveys:tags", survey=survey.pk)


def _add(request: OrgRequest, survey: Survey, form: TagForm) -> str:
    name = form.cleaned_data["name"]
    actions.add_tag(viewer=request.viewer, survey=survey, name=name, at=timezone.now())
    messages.success(request, _("The tag “%(name)s” is there.") % {"name": name})
    return _tags_url(request, survey)


@require_http_methods(["GET", "HEAD", "POST"])
def tag(request: OrgRequest, survey: UUID, tag: UUID) -> HttpResponse:
    """Rename a tag, merge it into another, or remove it."""
    try:
        found = survey_or_404(request, survey)
        own = queries.tag_of(request.viewer, found, tag)
    except Tag.DoesNotExist as error:
        raise Http404 from error
    _note_visit(request, found)
    if request.method == "POST" and "remove" in request.POST:
        return do(request, lambda: _remove(request, found, own))
    others = queries.tags_of(request.viewer, found).exclude(pk=own.pk)
    is_merge = "into" in request.POST
    name = TagForm(None if is_merge else sent(request), initial={"name": own.name})
    merge = MergeForm(sent(request) if is_merge else None, tags=others)
    form = merge if is_merge else name
    if request.method == "POST" and form.is_valid():
        effect = _merge if is_merge else _rename
        done = act(request, form, lambda: effect(request, found, own, form))
        if done is not None:
            return done
    back = Link(_("Tags"), _tags_url(request, found))
    context = {
        "survey": found,
        "crumbs": crumbs(request, found, _texts_link(request, found), back),
        "tag": own,
        "name_form": name,
        "merge_form": merge if others else None,
    }
    return page(request, "tag", context, name, merge)


def _rename(request: OrgRequest, survey: Survey, own: Tag, form: Any) -> str:
    actions.rename_tag(viewer=request.viewer, tag=own, name=form.cleaned_data["name"], at=timezone.now())
    messages.success(request, _("The tag has its new name."))
    return _tags_url(request, survey)


def _merge(request: OrgRequest, survey: Survey, own: Tag, form: Any) -> str:
    into = queries.tag_of(request.viewer, survey, UUID(form.cleaned_data["into"]))
    actions.merge_tag(viewer=request.viewer, tag=own, into=into, at=timezone.now())
    messages.success(request, _("The tags are merged."))
    return _tags_url(request, survey)


def _remove(request: OrgRequest, survey: Survey, own: Tag) -> str:
    actions.remove_tag(viewer=request.viewer, tag=own, at=timezone.now())
    messages.success(request, _("The tag is removed. The answers stay."))
    return _tags_url(request, survey)
