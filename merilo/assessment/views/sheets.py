"""An assessor's own pages: task list, one sub-criterion, check and hand-in; and how far all have come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.assessment import permissions
from merilo.assessment.actions import sheets as actions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.conflict import joined
from merilo.assessment.forms.sheets import JudgementForm
from merilo.assessment.messages import sentence
from merilo.assessment.models import Judgement, Sheet
from merilo.assessment.queries import evidence as shelf
from merilo.assessment.queries import sheets as queries
from merilo.assessment.rules.readiness import high_without_evidence, result_without_figures
from merilo.assessment.views import sheet_pages as pages
from merilo.assessment.views.base import assessment_or_404
from merilo.core import owner
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.framework.catalogue import UnknownCode
from merilo.organisations.api import OrgRequest, address
from merilo.web.templatetags.words import clock

SHOWS = ("mine", "all", "bare")


def own_sheet(request: OrgRequest, pk: UUID) -> Sheet:
    """The viewer's sheet; who has none is told so, strangers get 404."""
    try:
        return queries.own_sheet(request.viewer, pk)
    except Sheet.DoesNotExist:
        raise _no_seat(request, pk) from None


def _own_judgement(request: OrgRequest, pk: UUID, code: str) -> tuple[Sheet, Judgement | None]:
    try:
        sheet, stored = queries.own_judgement(request.viewer, pk, code)
        framework_of(sheet.assessment).item(code)
    except Sheet.DoesNotExist:
        raise _no_seat(request, pk) from None
    except UnknownCode as error:
        raise Http404 from error
    return sheet, stored


def _no_seat(request: OrgRequest, pk: UUID) -> Refused:
    assessment_or_404(request, pk)
    return Refused(_("You have no sheet in this self-assessment: only the members of the group score."))


@require_safe
def my(request: OrgRequest, pk: UUID) -> HttpResponse:
    """The task list: what is mine, how far it is, until when."""
    sheet = own_sheet(request, pk)
    show = request.GET.get("show", "mine")
    show = show if show in SHOWS else "mine"
    support = shelf.support(request.viewer, sheet.assessment)
    desk = queries.desk(sheet, with_evidence=set(support), show=show)
    return render(request, "assessment/sheets/my.html", pages.task_list(request, desk, show))


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: OrgRequest, pk: UUID, code: str) -> HttpResponse:
    """One sub-criterion: read, score, write; saves itself."""
    sheet, stored = _own_judgement(request, pk, code)
    form = _form(sheet, code, stored, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _judge_page(request, sheet, form, stored)
    try:
        saved = actions.save_judgement(
            viewer=request.viewer,
            sheet=sheet,
            stored=stored,
            code=code,
            version=form.version,
            content=form.content,
            opened=form.opened,
            at=timezone.now(),
        )
    except Conflict as conflict:
        return _conflict(request, sheet, form, _form(sheet, code, conflict.details["stored"]))
    if _saves_itself(request):
        return _saved_words(form, saved)
    if form.errors:
        return _judge_page(request, sheet, form, saved, status=422)
    return _onwards(request, sheet, saved)


def _form(sheet: Sheet, code: str, stored: Judgement | None, data: QueryDict | None = None) -> JudgementForm:
    framework = framework_of(sheet.assessment)
    scale = framework.scale_for(code, sheet.assessment.method)
    return JudgementForm(framework.item(code), scale, stored, data)


def _saves_itself(request: OrgRequest) -> bool:
    accepts = request.headers.get("Accept", "")
    return request.headers.get("X-Autosave") == "1" or accepts.startswith("application/json")


def _saved_words(form: JudgementForm, saved: Judgement) -> JsonResponse:
    """What the page says beside the button: saved, or what of it could not be saved yet."""
    time = clock(saved.saved_at)
    if not form.errors:
        return JsonResponse({"version": saved.version, "saved": _("Saved at %(time)s") % {"time": time}})
    words = _("The rest is saved (%(time)s), but not this: %(what)s") % {
        "time": time,
        "what": next(iter(form.errors.values())),
    }
    return JsonResponse({"version": saved.version, "saved": words, "errors": form.errors}, status=422)


def _judge_page(
    request: OrgRequest, sheet: Sheet, form: JudgementForm, stored: Judgement | None, status: int = 200
) -> HttpResponse:
    if not permissions.may_write_sheet(request.viewer, sheet):
        if request.method == "POST":
            actions.require_writable(request.viewer, sheet)
        status, template = 200, "assessment/sheets/read.html"
    else:
        template = "assessment/sheets/judge.html"
    uses = list(shelf.uses_of_item(request.viewer, sheet.assessment, form.item.code))
    context = pages.sub_criterion(request, sheet, form, stored, uses)
    return render(request, template, context, status=status)


def _conflict(request: OrgRequest, sheet: Sheet, mine: JudgementForm, theirs: JudgementForm) -> HttpResponse:
    """Both texts side by side; as a fragment for a page that saves itself."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    hidden = {"csrfmiddlewaretoken", "version", owner.FIELD}
    kept = [pair for pair in sent if pair[0] not in hidden]
    context = {
        **pages.place(request, sheet, mine.item),
        "mine": mine.told,
        "theirs": theirs.told,
        "version": theirs.version,
        "saved_at": theirs.stored.saved_at if theirs.stored else None,
        "fields_mine": kept,
        "fields_joined": joined(kept, theirs),
    }
    name = "_conflict" if _saves_itself(request) else "conflict"
    return render(request, f"assessment/sheets/{name}.html", context, status=409)


def _onwards(request: OrgRequest, sheet: Sheet, saved: Judgement) -> HttpResponseRedirect:
    """To where the pressed button leads; a guard rail says its sentence on the way."""
    where = {"pk": sheet.assessment_id}
    goal = request.POST.get("go", "")
    if goal == "evidence":
        return redirect(address(request.viewer, "assessment:evidence_for", code=saved.code, **where))
    for words in _guard_rails(request, sheet, saved):
        messages.warning(request, f"{saved.code}: {words}")
    if goal == "stay":
        return redirect(address(request.viewer, "assessment:judge", code=saved.code, **where))
    following = pages.next_code(sheet, saved.code)
    if goal == "list" or following is None:
        return redirect(address(request.viewer, "assessment:my", **where))
    return redirect(address(request.viewer, "assessment:judge", code=following, **where))


def _guard_rails(request: OrgRequest, sheet: Sheet, saved: Judgement) -> list[str]:
    """What speaks against the score; said, never forbidden."""
    if not saved.values:
        return []
    uses = shelf.uses_of_item(request.viewer, sheet.assessment, saved.code)
    support = shelf.support_of(uses.values_list("evidence__kind", "evidence__details"))
    framework = framework_of(sheet.assessment)
    state = queries.item_state(framework, sheet.assessment.method, saved.code, saved, support)
    return [sentence(one) for rail in (high_without_evidence, result_without_figures) for one in rail(state)]


@require_safe
def check(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Everything once more before handing in, gaps included."""
    return _check_page(request, own_sheet(request, pk))


def _check_page(request: OrgRequest, sheet: Sheet, error: str = "") -> HttpResponse:
    found = queries.judgements(sheet)
    findings = queries.findings(sheet, found, shelf.support(request.viewer, sheet.assessment))
    context = pages.check(request, sheet, found, findings)
    context |= {"error": error, "has_errors": bool(error)}
    return render(request, "assessment/sheets/check.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Hand the sheet in; with gaps only when that was confirmed."""
    sheet = own_sheet(request, pk)
    if request.method != "POST":
        return redirect(address(request.viewer, "assessment:check", pk=pk))
    ready, total = queries.ready_count(sheet, framework_of(sheet.assessment))
    try:
        actions.hand_in(
            viewer=request.viewer,
            sheet=sheet,
            gaps=total - ready,
            confirmed=request.POST.get("confirm") == "yes",
            at=timezone.now(),
        )
    except Refused:
        raise
    except MeriloError as error:
        return _check_page(request, sheet, error.sentence)
    words = _("Your assessment is handed in. Until the scores are locked you can take it back.")
    messages.success(request, words)
    return redirect(address(request.viewer, "assessment:my", pk=pk))


@require_POST
def take_back(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Open the own sheet again before the lock."""
    actions.take_back(viewer=request.viewer, sheet=own_sheet(request, pk), at=timezone.now())
    messages.success(request, _("You have taken your assessment back and can go on writing."))
    return redirect(address(request.viewer, "assessment:my", pk=pk))


@require_safe
def progress(request: OrgRequest, pk: UUID) -> HttpResponse:
    """How far each has come, never what was written."""
    assessment = assessment_or_404(request, pk)
    rows = queries.progress(request.viewer, assessment)
    context: dict[str, Any] = {
        "assessment": assessment,
        "crumbs": pages.crumbs(request, assessment),
        "rows": rows,
        "handed_in": sum(row.handed_in_at is not None for row in rows),
        "not_begun": sum(not row.begun for row in rows),
        "ready": sum(row.ready for row in rows),
        "total": sum(row.total for row in rows),
        "may_call_in": permissions.may_call_in(request.viewer, assessment),
    }
    return render(request, "assessment/sheets/progress.html", context)
