"""Writing what holds for the questionnaire as a whole: languages and texts, limits, breakdowns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merilo.core.errors import Conflict
from merilo.organisations.api import OrgRequest
from merilo.surveys.forms.questions_whole import BreakdownsForm, QuotaForm, WholeForm
from merilo.surveys.rules import editing
from merilo.surveys.rules.editing import Draft, Record
from merilo.surveys.views.base import page
from merilo.surveys.views.desk import Desk

_Form = TypeVar("_Form", WholeForm, BreakdownsForm, QuotaForm)


@require_http_methods(["GET", "HEAD", "POST"])
def whole(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Languages, title, introduction, thanks, whom it asks and how."""
    desk = Desk(request, survey).require()

    def form_of(data: QueryDict | None) -> WholeForm:
        return WholeForm(data, draft=desk.draft, opened=desk.is_answered)

    def change(form: WholeForm, draft: Draft) -> Draft:
        languages, drop = form.languages_chosen(), form.cleaned_data["drop"]
        return editing.in_languages(editing.with_values(draft, form.values()), languages, drop=drop)

    return _page(desk, form_of, change, "whole", desk.draft, title=_("The whole questionnaire"))


@require_http_methods(["GET", "HEAD", "POST"])
def breakdowns(request: OrgRequest, survey: UUID) -> HttpResponse:
    """By which questions results may be broken down."""
    desk = Desk(request, survey).require()

    def form_of(data: QueryDict | None) -> BreakdownsForm:
        return BreakdownsForm(data, draft=desk.draft)

    def change(form: BreakdownsForm, draft: Draft) -> Draft:
        return editing.with_values(draft, form.values())

    return _page(desk, form_of, change, "breakdowns", {}, title=_("Breakdowns of the results"))


@require_http_methods(["GET", "HEAD", "POST"])
def quota(request: OrgRequest, survey: UUID, code: str) -> HttpResponse:
    """Change a limit of answers."""
    desk = Desk(request, survey).require()
    try:
        record = editing.quota_of(desk.draft, code)
    except KeyError as error:
        raise Http404 from error
    return _quota(desk, record, code)


@require_http_methods(["GET", "HEAD", "POST"])
def quota_new(request: OrgRequest, survey: UUID) -> HttpResponse:
    """A further limit of answers."""
    return _quota(Desk(request, survey).require(), {}, "")


def _quota(desk: Desk, record: Record, code: str) -> HttpResponse:
    def form_of(data: QueryDict | None) -> QuotaForm:
        return QuotaForm(data, draft=desk.draft, record=record, items=desk.items())

    def change(form: QuotaForm, draft: Draft) -> Draft:
        return editing.with_quota(draft, form.values(), code=code)

    title = _("A limit of answers") if code else _("New limit of answers")
    return _page(desk, form_of, change, "quota", record, title=title, code=code)


def _page(
    desk: Desk,
    form_of: Callable[[QueryDict | None], _Form],
    change: Callable[[_Form, Draft], Draft],
    name: str,
    record: Record,
    **more: Any,
) -> HttpResponse:
    """The page of a form over the whole; in a conflict with both versions beside each other."""
    form = form_of(desk.sent)
    form.initial["revision"] = desk.survey.revision
    context: dict[str, Any] = {"survey": desk.survey, "crumbs": desk.crumbs(), "back": desk.url(), **more}
    try:
        done = desk.save(form, lambda: partial(change, form), desk.url)
    except Conflict as conflict:
        again = form_of(desk.retyped())
        again.hold_back()
        context |= desk.both(form, again, record, conflict)
        return page(desk.request, f"questions/{name}", {**context, "form": again}, status=409)
    return done or page(desk.request, f"questions/{name}", {**context, "form": form}, form)
