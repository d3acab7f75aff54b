"""A cycle that was done elsewhere: entered by form or workbook, read, corrected with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.assessment import messages as told
from merilo.assessment import permissions, words
from merilo.assessment.actions import entered as actions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.entered import CriterionForm, CycleForm
from merilo.assessment.forms.planning import FrameworkForm
from merilo.assessment.forms.worksheets import WorkbookForm
from merilo.assessment.models import Assessment, EnteredCycle, Source
from merilo.assessment.queries import entered as queries
from merilo.assessment.queries import frameworks, results
from merilo.assessment.queries.entered import Said
from merilo.assessment.views.acting import act, do, retyped, sent
from merilo.assessment.views.base import any_cycle_or_404
from merilo.assessment.views.worksheets import attachment
from merilo.assessment.worksheets import cycles
from merilo.assessment.worksheets.columns import scale_columns, title
from merilo.assessment.worksheets.words import sentence
from merilo.core import files, sealed, workbooks
from merilo.core.errors import Conflict, MeriloError
from merilo.core.workbooks import where
from merilo.framework.catalogue import Criterion, UnknownCode
from merilo.organisations.api import OrgRequest, address
from merilo.web import forms
from merilo.web.items import Link


def _cycle(request: OrgRequest, pk: UUID) -> EnteredCycle:
    assessment = any_cycle_or_404(request, pk)
    if not assessment.is_entered:
        raise Http404
    return queries.cycle_of(assessment)


def _own_cycle(request: OrgRequest, pk: UUID) -> EnteredCycle:
    """The cycle for those who may change it."""
    cycle = _cycle(request, pk)
    actions.require_enter(request.viewer, cycle.assessment)
    return cycle


def _page(
    request: OrgRequest, name: str, cycle: EnteredCycle | None, status: int = 200, **context: Any
) -> HttpResponse:
    crumbs = [Link(_("Self-assessments"), address(request.viewer, "assessment:list"))]
    if cycle is not None:
        here = address(request.viewer, "assessment:entered", pk=cycle.assessment_id)
        crumbs += [Link(cycle.assessment.title, here)] if name not in {"cycle", "waiting"} else []
        context |= {"assessment": cycle.assessment, "cycle": cycle}
    values = {"crumbs": crumbs, "has_errors": status == 422, **context}
    return render(request, f"assessment/entered/{name}.html", values, status=status)


def _url(request: OrgRequest, cycle: EnteredCycle) -> str:
    return address(request.viewer, "assessment:entered", pk=cycle.assessment_id)


# --- beginning ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: OrgRequest) -> HttpResponse:
    """Begin: first the framework, then the facts."""
    request.viewer.require("assessment.plan")
    key = request.POST.get("framework") or request.GET.get("framework", "")
    try:
        choice = frameworks.choice(request.viewer, key)
    except frameworks.UnknownFramework:
        choices = frameworks.choices(request.viewer)
        asked = FrameworkForm(choices=choices, initial={"framework": choices[0].key})
        return _page(request, "framework", None, form=asked)
    form = CycleForm(sent(request), request.FILES or None, framework=choice.framework)
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _enter(request, choice, form))
        if done is not None:
            return done
    title = choice.framework.title.in_language(words.language())
    status = 422 if form.errors else 200
    return _page(request, "new", None, status, form=form, choice=choice, framework_title=title)


def _enter(request: OrgRequest, choice: frameworks.Choice, form: CycleForm) -> str:
    made = actions.enter_cycle(viewer=request.viewer, choice=choice, facts=form.facts(), at=timezone.now())
    messages.success(request, _("The cycle is begun. Enter what was agreed, by form or from a workbook."))
    return address(request.viewer, "assessment:entered", pk=made.pk)


# --- the page of the cycle ----------------------------------------------------------------------------


@require_safe
def entered(request: OrgRequest, pk: UUID) -> HttpResponse:
    """What was entered: facts, the signed report, scores, strengths and areas; and what is left to do."""
    cycle = _cycle(request, pk)
    if not permissions.may_read_report(request.viewer, cycle.assessment):
        return _page(request, "waiting", cycle)
    return _cycle_page(request, cycle, WorkbookForm())


def _cycle_page(
    request: OrgRequest, cycle: EnteredCycle, upload: forms.Form, status: int = 200, **context: Any
) -> HttpResponse:
    assessment = cycle.assessment
    said = queries.said_in(assessment)
    language = get_language() or "bg"
    found = results.results_of(request.viewer, assessment, language=language)
    return _page(
        request,
        "cycle",
        cycle,
        status,
        facts=_facts(cycle),
        mark=words.entered_mark(),
        caf_2013=told.caf_2013() if cycle.source == Source.CAF_2013 else "",
        results=found,
        criteria=_criteria(request, cycle, said),
        scored=sum(bool(one.values) for one in said.values()),
        total=len(said),
        upload=upload,
        may_enter=permissions.may_enter(request.viewer, assessment),
        **context,
    )


def _facts(cycle: EnteredCycle) -> list[tuple[str, str]]:
    assessment = cycle.assessment
    method = framework_of(assessment).method(assessment.method)
    by = cycle.entered_by.name if cycle.entered_by else ""
    entered_on = _("%(day)s, %(who)s") % {"day": words.day(cycle.entered_at), "who": by}
    return [
        (_("Framework"), words.model_of(assessment)),
        (_("Scoring method"), method.title.in_language(words.language())),
        (_("Period under review"), words.period(assessment)),
        (_("Entered"), entered_on),
    ]


def _criteria(request: OrgRequest, cycle: EnteredCycle, said: Mapping[str, Said]) -> list[dict[str, Any]]:
    language = words.language()
    rows = []
    for criterion in framework_of(cycle.assessment).criteria:
        of_items = [said[item.code] for item in criterion.items]
        scored = sum(bool(one.values) for one in of_items)
        begun = any(not one.is_empty for one in of_items)
        rows.append(
            {
                "code": criterion.code,
                "title": f"{criterion.code}. {criterion.title.in_language(language)}",
                "url": address(
                    request.viewer,
                    "assessment:entered_criterion",
                    pk=cycle.assessment_id,
                    code=criterion.code,
                ),
                "status": "done" if scored == len(of_items) else "progress" if begun else "idle",
                "status_text": _("%(count)s of %(total)s scored") % {"count": scored, "total": len(of_items)},
                "items": [
                    {"title": f"{item.code} {item.short.in_language(language)}", "said": said[item.code]}
                    for item in criterion.items
                    if any(said[item.code].lines.values())
                ],
            }
        )
    return rows


# --- changing -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Title, period, model, the signed report."""
    cycle = _own_cycle(request, pk)
    form = _facts_form(request, cycle, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            done = act(request, form, lambda: _change(request, cycle, form))
        except Conflict as conflict:
            form = _facts_form(request, cycle, _newer(form, conflict))
            return _page(request, "facts", cycle, 409, form=form, conflict=conflict.sentence)
        if done is not None:
            return done
    return _page(request, "facts", cycle, 422 if form.errors else 200, form=form)


def _newer(form: forms.Form, conflict: Conflict) -> Any:
    """What was typed, to be saved over the version that is stored now."""
    return retyped(form, version=str(conflict.details["version"]))


def _facts_form(request: OrgRequest, cycle: EnteredCycle, data: Any) -> CycleForm:
    assessment, report = cycle.assessment, cycle.report
    initial = {name: getattr(assessment, name) for name in ("title", "method", "period_from", "period_until")}
    initial |= {"source": cycle.source, "version": cycle.version}
    initial |= {"number": report.number, "date": report.date} if report else {}
    return CycleForm(
        data, request.FILES or None, framework=framework_of(assessment), cycle=cycle, initial=initial
    )


def _change(request: OrgRequest, cycle: EnteredCycle, form: CycleForm) -> str:
    actions.change_entered(
        viewer=request.viewer,
        cycle=cycle,
        facts=form.facts(),
        reason=form.cleaned_data.get("reason", ""),
        version=form.cleaned_data["version"] or 0,
        at=timezone.now(),
    )
    messages.success(request, _("The entry is saved."))
    return _url(request, cycle)


@require_http_methods(["GET", "HEAD", "POST"])
def criterion(request: OrgRequest, pk: UUID, code: str) -> HttpResponse:
    """Scores, strengths and areas of one criterion."""
    cycle = _own_cycle(request, pk)
    try:
        found = framework_of(cycle.assessment).criterion(code)
    except UnknownCode as error:
        raise Http404 from error
    form = _criterion_form(cycle, found, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            done = act(request, form, lambda: _save(request, cycle, found, form))
        except Conflict as conflict:
            form = _criterion_form(cycle, found, _newer(form, conflict))
            return _criterion_page(request, cycle, found, form, 409, conflict=conflict.sentence)
        if done is not None:
            return done
    return _criterion_page(request, cycle, found, form, 422 if form.errors else 200)


def _criterion_form(cycle: EnteredCycle, found: Criterion, data: Any) -> CriterionForm:
    said = queries.said_in(cycle.assessment)
    framework = framework_of(cycle.assessment)
    return CriterionForm(data, framework=framework, criterion=found, cycle=cycle, said=said)


def _criterion_page(
    request: OrgRequest,
    cycle: EnteredCycle,
    found: Criterion,
    form: CriterionForm,
    status: int,
    **context: Any,
) -> HttpResponse:
    language = words.language()
    groups = [
        (item.code, item.title.in_language(language), points, lines) for item, points, lines in form.groups()
    ]
    title = f"{found.code}. {found.title.in_language(language)}"
    return _page(request, "criterion", cycle, status, form=form, groups=groups, title=title, **context)


def _save(request: OrgRequest, cycle: EnteredCycle, found: Criterion, form: CriterionForm) -> str:
    actions.save_entered(
        viewer=request.viewer,
        cycle=cycle,
        rows=form.rows(),
        reason=form.cleaned_data.get("reason", ""),
        version=form.cleaned_data["version"] or 0,
        at=timezone.now(),
    )
    order = list(framework_of(cycle.assessment).criteria)
    following = order[order.index(found) + 1 :]
    messages.success(request, _("Criterion %(code)s is saved.") % {"code": found.code})
    if "next" in request.POST and following:
        return address(
            request.viewer,
            "assessment:entered_criterion",
            pk=cycle.assessment_id,
            code=following[0].code,
        )
    return _url(request, cycle)


# --- by workbook --------------------------------------------------------------------------------------


@require_safe
def workbook(request: OrgRequest, pk: UUID) -> HttpResponse:
    """The template, filled with what is stored."""
    cycle = _own_cycle(request, pk)
    content = cycles.workbook(
        cycle.assessment,
        queries.said_in(cycle.assessment),
        organisation=request.viewer.organisation.name,
        language=get_language() or "bg",
        at=timezone.now(),
    )
    return attachment(content, f"agreed-scores-{cycle.assessment.period_until.year}")


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: OrgRequest, pk: UUID) -> HttpResponse:
    """What a filled-in workbook would change; nothing is stored yet."""
    cycle = _own_cycle(request, pk)
    if request.method != "POST":
        return redirect(_url(request, cycle))
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _cycle_page(request, cycle, form, 422)
    said = queries.said_in(cycle.assessment)
    try:
        reading = cycles.read(cycle.assessment, workbooks.read(form.cleaned_data["file"]), said)
        signed = sealed.seal(str(cycle.pk), [cycle.version, _plain(reading.changes)])
    except MeriloError as error:
        form.add_error("file", error.sentence)
        return _cycle_page(request, cycle, form, 422)
    if reading.problems:
        problems = [(where(one), sentence(one)) for one in reading.problems]
        return _cycle_page(request, cycle, form, 422, problems=problems)
    return _preview(request, cycle, reading, said, signed)


def _plain(changes: Mapping[str, Said]) -> list[Any]:
    return [
        [code, dict(said.values), {kind: list(rows) for kind, rows in said.lines.items()}]
        for code, said in changes.items()
    ]


def _preview(
    request: OrgRequest, cycle: EnteredCycle, reading: cycles.Reading, said: Mapping[str, Said], signed: str
) -> HttpResponse:
    framework, language = framework_of(cycle.assessment), words.language()
    differences = [
        {
            "title": f"{code} {framework.item(code).short.in_language(language)}",
            "rows": _rows(cycle.assessment, code, said[code], now),
        }
        for code, now in reading.changes.items()
    ]
    return _page(
        request,
        "preview",
        cycle,
        differences=differences,
        signed=signed,
        remarks=[(where(one), sentence(one)) for one in reading.remarks],
        missing=", ".join(reading.missing),
    )


def _rows(
    assessment: Assessment, code: str, before: Said, now: Said
) -> list[tuple[str, Sequence[str], Sequence[str]]]:
    pairs = zip(_told(assessment, code, before), _told(assessment, code, now), strict=True)
    return [(name, old, new) for (name, old), (_same, new) in pairs if list(old) != list(new)]


def _told(assessment: Assessment, code: str, said: Said) -> list[tuple[str, Sequence[str]]]:
    scale = framework_of(assessment).scale_for(code, assessment.method)
    columns = scale_columns(scale, words.language())
    score = [f"{name} {said.values[key]}" for key, name in columns if key in said.values]
    if not scale.components:
        score = [str(value) for value in said.values.values()]
    return [
        (_("Score"), [" · ".join(score)] if score else []),
        *((title(kind.value), said.lines[kind.value]) for kind in queries.KINDS),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Store what the preview showed."""
    cycle = _own_cycle(request, pk)
    if request.method != "POST":
        return redirect(_url(request, cycle))
    try:
        version, plain = sealed.unseal(str(cycle.pk), request.POST.get("differences", ""))
        rows = {
            code: Said(values, {kind: tuple(texts) for kind, texts in lines.items()})
            for code, values, lines in plain
        }
        reason = request.POST.get("reason", "").strip()[:1000]
        actions.save_entered(
            viewer=request.viewer, cycle=cycle, rows=rows, reason=reason, version=version, at=timezone.now()
        )
    except (Conflict, MeriloError) as error:
        form = WorkbookForm({})
        form.add_error("file", error.sentence)
        return _cycle_page(request, cycle, form, error.status)
    messages.success(request, _("The entry is saved."))
    return redirect(_url(request, cycle))


# --- finishing, removing, the file -----------------------------------------------------------------------


class OnceForm(forms.Form):
    """One button."""


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Ask, then count the entry as an approved cycle."""
    cycle = _own_cycle(request, pk)
    if cycle.finished_at is not None:
        return redirect(_url(request, cycle))
    form = OnceForm(sent(request))
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _finish(request, cycle))
        if done is not None:
            return done
    said = queries.said_in(cycle.assessment)
    bare = [code for code, one in said.items() if not one.values]
    return _page(request, "finish", cycle, 422 if form.errors else 200, form=form, bare=", ".join(bare))


def _finish(request: OrgRequest, cycle: EnteredCycle) -> str:
    actions.finish_entered(viewer=request.viewer, cycle=cycle, at=timezone.now())
    messages.success(request, _("The cycle is entered. Later self-assessments can be compared with it."))
    return _url(request, cycle)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Ask, then remove an entry that is not finished."""
    cycle = _own_cycle(request, pk)
    if request.method == "POST":
        return do(request, lambda: _discard(request, cycle))
    if cycle.finished_at is not None:
        return redirect(_url(request, cycle))
    return _page(request, "discard", cycle, form=OnceForm())


def _discard(request: OrgRequest, cycle: EnteredCycle) -> str:
    actions.discard_entered(viewer=request.viewer, cycle=cycle, at=timezone.now())
    messages.success(request, _("The entry is removed."))
    return address(request.viewer, "assessment:list")


@require_safe
def file(request: OrgRequest, pk: UUID) -> FileResponse:
    """The signed report."""
    cycle = _cycle(request, pk)
    report = cycle.report
    may_read = permissions.may_read_report(request.viewer, cycle.assessment)
    if not may_read or report is None or report.file is None:
        raise Http404
    return files.response(report.file)
