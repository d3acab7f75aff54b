"""Writing one question, text or page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core.errors import Conflict
from merilo.organisations.api import OrgRequest
from merilo.surveys import worded
from merilo.surveys.forms.questions import PageForm, QuestionForm, TextForm
from merilo.surveys.models import State
from merilo.surveys.outline import outline
from merilo.surveys.rules import editing
from merilo.surveys.rules.editing import Change, Record
from merilo.surveys.rules.referring import Item
from merilo.surveys.views.base import page
from merilo.surveys.views.desk import Desk

_Form = QuestionForm | TextForm


# --- a question or a text -------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: OrgRequest, survey: UUID, code: str) -> HttpResponse:
    """Change a question or a text."""
    desk = Desk(request, survey).require()
    try:
        record = editing.part_of(desk.draft, code)
    except KeyError as error:
        raise Http404 from error
    return _part(_Place(desk, record, str(record.get("kind", ""))))


@require_safe
def part_add(request: OrgRequest, survey: UUID, page_code: str) -> HttpResponse:
    """The way from the choice of a kind to the form of a new question."""
    desk = Desk(request, survey).require()
    kind = request.GET.get("kind", "")
    if kind not in worded.KINDS:
        return redirect(desk.url())
    return redirect(desk.url("question_new", page_code=page_code, kind=kind))


@require_http_methods(["GET", "HEAD", "POST"])
def part_new(request: OrgRequest, survey: UUID, page_code: str, kind: str) -> HttpResponse:
    """A further question or text at the end of a page."""
    desk = Desk(request, survey).require()
    try:
        editing.page_of(desk.draft, page_code)
    except KeyError as error:
        raise Http404 from error
    if kind not in worded.KINDS:
        raise Http404
    return _part(_Place(desk, {}, kind, page_code))


@dataclass(frozen=True, slots=True)
class _Place:
    """The question or text being written; a new one has an empty record and a page it will stand on."""

    desk: Desk
    record: Record
    kind: str
    home: str = ""

    @property
    def code(self) -> str:
        return str(self.record.get("code", ""))

    @property
    def title(self) -> str:
        if self.code:
            return worded.titled(self.record, self.desk.draft)
        return _("New: %(kind)s") % {"kind": worded.KINDS[self.kind]}

    @property
    def back(self) -> str:
        return f"{self.desk.url()}#{f'part-{self.code}' if self.code else f'page-{self.home}'}"

    def form(self, data: QueryDict | None) -> _Form:
        """The form, filled with what was sent or with what is stored."""
        items = self.desk.items(part=self.code) if self.code else self._items_until()
        given: dict[str, Any] = {"draft": self.desk.draft, "items": items, "record": self.record}
        form: _Form
        if self.kind == "text":
            form = TextForm(data, **given)
        else:
            form = QuestionForm(data, kind=self.kind, fixed=self.desk.is_answered, **given)
        form.initial["revision"] = self.desk.survey.revision
        return form

    def _items_until(self) -> Mapping[str, Item]:
        """What is asked up to the end of a page, where something new will stand."""
        codes = [str(page["code"]) for page in editing.pages_of(self.desk.draft)]
        following = codes[codes.index(self.home) + 1 :]
        return self.desk.items(page=following[0]) if following else self.desk.items()

    def change(self, form: _Form) -> Change:
        values = form.values()
        if self.code:
            return partial(editing.with_part_changed, code=self.code, part=values, renaming=form.renaming())
        kept = {key: value for key, value in values.items() if value is not None}
        return partial(editing.with_part, page=self.home, part={"kind": self.kind} | kept)

    def target(self, form: _Form) -> str:
        """Back to its place in the list; or to the next new question, if that was asked for."""
        if self.home and self.desk.request.POST.get("then") == "another":
            return self.desk.url("question_new", page_code=self.home, kind=self.kind)
        code = str(form.cleaned_data.get("code") or self.code)
        return f"{self.desk.url()}#part-{code}" if code else self.back


def _part(place: _Place) -> HttpResponse:
    form = place.form(place.desk.sent)
    try:
        done = place.desk.save(form, lambda: place.change(form), lambda: place.target(form))
    except Conflict as conflict:
        again = place.form(place.desk.retyped())
        again.hold_back()
        return _part_page(place, again, **place.desk.both(form, again, place.record, conflict))
    return done or _part_page(place, form)


def _part_page(place: _Place, form: _Form, **more: Any) -> HttpResponse:
    desk = place.desk
    context = {
        "survey": desk.survey,
        "crumbs": desk.crumbs(),
        "form": form,
        "meta": worded.KINDS.get(place.kind, place.kind) if place.code else "",
        "title": place.title,
        "code": place.code,
        "home": place.home,
        "notes": outline(desk.draft).notes_of(f"part-{place.code}") if desk.sent is None else None,
        "back": place.back,
        "is_open": desk.survey.state == State.OPEN,
        **more,
    }
    return page(desk.request, "questions/part", context, form, status=409 if "conflict" in more else 200)


# --- a page ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def page_edit(request: OrgRequest, survey: UUID, code: str) -> HttpResponse:
    """Change title, order and condition of a page."""
    desk = Desk(request, survey).require()
    try:
        record = editing.page_of(desk.draft, code)
    except KeyError as error:
        raise Http404 from error
    return _page(desk, record)


@require_http_methods(["GET", "HEAD", "POST"])
def page_new(request: OrgRequest, survey: UUID) -> HttpResponse:
    """A further page at the end."""
    return _page(Desk(request, survey).require(), {})


def _page(desk: Desk, record: Record) -> HttpResponse:
    form = _page_form(desk, record, desk.sent)
    code = str(record.get("code", ""))
    try:
        done = desk.save(
            form, lambda: _change_page(form, code), lambda: desk.url() + (f"#page-{code}" if code else "")
        )
    except Conflict as conflict:
        again = _page_form(desk, record, desk.retyped())
        again.hold_back()
        return _page_page(desk, record, again, **desk.both(form, again, record, conflict))
    return done or _page_page(desk, record, form)


def _page_form(desk: Desk, record: Record, data: QueryDict | None) -> PageForm:
    code = str(record.get("code", ""))
    form = PageForm(data, draft=desk.draft, record=record, items=desk.items(page=code))
    form.initial["revision"] = desk.survey.revision
    return form


def _change_page(form: PageForm, code: str) -> Change:
    values = form.values()
    if code:
        return partial(editing.with_page_changed, code=code, page=values)
    return partial(editing.with_page, page={key: value for key, value in values.items() if value is not None})


def _named(record: Record, draft: Record) -> str:
    """What a page is called: its title, or its number where it has none."""
    codes = [str(one["code"]) for one in editing.pages_of(draft)]
    number = {"number": codes.index(str(record["code"])) + 1}
    return worded.in_reader(record.get("title"), draft) or _("Page %(number)s") % number


def _page_page(desk: Desk, record: Record, form: PageForm, **more: Any) -> HttpResponse:
    code = str(record.get("code", ""))
    context = {
        "survey": desk.survey,
        "crumbs": desk.crumbs(),
        "form": form,
        "title": _named(record, desk.draft) if code else _("New page"),
        "code": code,
        "back": f"{desk.url()}#page-{code}" if code else desk.url(),
        **more,
    }
    return page(desk.request, "questions/page", context, form, status=409 if "conflict" in more else 200)
