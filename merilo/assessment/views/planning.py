"""Pages of the plan: the list, a new one, the overview, the plan, the schedule, the opening."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.assessment import permissions, words
from merilo.assessment.actions import planning as actions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.context import known_of
from merilo.assessment.forms.planning import FrameworkForm, OpenForm, PlanForm, ScheduleForm
from merilo.assessment.models import Assessment, State
from merilo.assessment.queries import frameworks, planning
from merilo.assessment.views.acting import act, crumbs, page, retyped, sent
from merilo.assessment.views.base import any_cycle_or_404, assessment_or_404
from merilo.core.errors import Conflict
from merilo.core.periods import years
from merilo.framework.catalogue import Framework
from merilo.organisations.api import OrgRequest, address


@require_safe
def listing(request: OrgRequest) -> HttpResponse:
    """The organisation's self-assessments."""
    found = planning.listed(request.viewer, on=timezone.localdate())
    context = {
        "rows": [words.described(one) for one in found],
        "settled": sum(one.state in permissions.SETTLED for one in found),
        "may_plan": request.viewer.can("assessment.plan"),
    }
    return page(request, "list", context)


# --- starting -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest) -> HttpResponse:
    """Start a self-assessment: first the framework, then the plan."""
    request.viewer.require("assessment.plan")
    key = request.POST.get("framework") or request.GET.get("framework", "")
    try:
        choice = frameworks.choice(request.viewer, key)
    except frameworks.UnknownFramework:
        return _ask_framework(request)
    return _ask_plan(request, choice)


def _ask_framework(request: OrgRequest) -> HttpResponse:
    choices = frameworks.choices(request.viewer)
    data = request.GET if "framework" in request.GET else None
    form = FrameworkForm(data, choices=choices, initial={"framework": choices[0].key})
    return page(request, "new_framework", {"form": form, "choices": choices}, form)


def _ask_plan(request: OrgRequest, choice: frameworks.Choice) -> HttpResponse:
    today = timezone.localdate()
    cycles = list(planning.possible_previous(request.viewer, choice.framework, on=today))
    form = PlanForm(
        sent(request),
        framework=choice.framework,
        cycles=cycles,
        initial=_proposed(choice.framework, cycles, today),
    )
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _start(request, choice, form))
        if done is not None:
            return done
    context = {"form": form, "choice": choice, **words.methods(choice.framework)}
    return page(request, "new", context, form)


def _proposed(framework: Framework, cycles: list[Assessment], today: date) -> dict[str, Any]:
    period = years(today.year - 2, today.year - 1)
    return {
        "title": _("Self-assessment %(year)s") % {"year": today.year},
        "period_from": period.first,
        "period_until": period.last,
        "method": framework.methods[0].code,
        "previous": str(cycles[0].pk) if cycles else "",
    }


def _start(request: OrgRequest, choice: frameworks.Choice, form: PlanForm) -> str:
    facts = form.facts()
    assessment = actions.start_assessment(
        viewer=request.viewer, choice=choice, facts=facts, at=timezone.now()
    )
    messages.success(request, _("The self-assessment has begun. The steps are planned."))
    _warn_of_time(request, choice.framework, facts.report_due)
    return address(request.viewer, "assessment:overview", pk=assessment.pk)


def _warn_of_time(request: OrgRequest, framework: Framework, report_due: date | None) -> None:
    short = report_due and planning.too_little_time(framework, report_due, on=timezone.localdate())
    if short:
        messages.warning(request, words.too_little_time(short))


# --- overview ---------------------------------------------------------------------------------------
@require_safe
def overview(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Where the self-assessment stands and what comes next for this viewer."""
    assessment = any_cycle_or_404(request, pk)
    if assessment.is_entered:
        return redirect(address(request.viewer, "assessment:entered", pk=pk))
    found = planning.overview(request.viewer, assessment, on=timezone.localdate())
    return page(
        request,
        "overview",
        {
            "assessment": assessment,
            "overview": found,
            "lead": words.state_sentence(assessment, found.current),
            "cycle": words.cycle(request.viewer, assessment, found.steps, found.current),
            "steps": [words.step_task(request.viewer, assessment, step) for step in found.steps],
            "next": words.next_actions(request.viewer, assessment, found),
            "facts": words.facts(assessment),
            "known": list(known_of(request.viewer, assessment)),
            "origin": getattr(assessment, "archive_origin", None),
            "may_plan": permissions.may_plan(request.viewer, assessment),
            "may_compose": permissions.may_compose(request.viewer, assessment),
            "may_see_shelf": permissions.may_see_shelf(request.viewer, assessment, on=timezone.localdate()),
            "is_settled": assessment.state in permissions.SETTLED,
            "may_read": request.viewer.can("assessment.read"),
        },
    )


# --- plan -----------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: OrgRequest, pk: UUID) -> HttpResponse:
    """The plan's facts: read by members, changed by those who plan."""
    assessment = assessment_or_404(request, pk)
    if request.method != "POST" and _only_reads(request, assessment):
        return page(request, "plan_read", _plan_context(request, assessment))
    actions.require_plan(request.viewer, assessment)
    framework = framework_of(assessment)
    form = _plan_form(request, assessment, framework, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            done = act(request, form, lambda: _change(request, assessment, framework, form))
        except Conflict as conflict:
            return _plan_conflict(request, assessment, framework, form, conflict)
        if done is not None:
            return done
    return page(request, "plan", {**_plan_context(request, assessment), "form": form}, form)


def _only_reads(request: OrgRequest, assessment: Assessment) -> bool:
    """Whether the viewer does not plan, or nobody does any more."""
    return not permissions.may_compose(request.viewer, assessment)


def _plan_context(request: OrgRequest, assessment: Assessment) -> dict[str, Any]:
    return {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment),
        "facts": words.facts(assessment),
        **words.methods(framework_of(assessment)),
    }


def _plan_form(
    request: OrgRequest, assessment: Assessment, framework: Framework, data: QueryDict | None
) -> PlanForm:
    today = timezone.localdate()
    cycles = list(planning.possible_previous(request.viewer, framework, on=today, besides=assessment))
    names = ("title", "period_from", "period_until", "method", "report_due", "scope", "version")
    initial = {name: getattr(assessment, name) for name in names}
    initial["previous"] = str(assessment.previous_id or "")
    return PlanForm(data, framework=framework, cycles=cycles, fixed=assessment, initial=initial)


def _change(request: OrgRequest, assessment: Assessment, framework: Framework, form: PlanForm) -> str:
    facts = form.facts()
    actions.change_plan(
        viewer=request.viewer,
        assessment=assessment,
        framework=framework,
        facts=facts,
        version=form.cleaned_data["version"] or 0,
        replan=form.cleaned_data["replan"],
        at=timezone.now(),
    )
    messages.success(request, _("The plan is saved."))
    if form.cleaned_data["replan"]:
        _warn_of_time(request, framework, facts.report_due)
    return address(request.viewer, "assessment:overview", pk=assessment.pk)


def _plan_conflict(
    request: OrgRequest, assessment: Assessment, framework: Framework, form: PlanForm, conflict: Conflict
) -> HttpResponse:
    """Both plans beside each other; the form keeps what was typed and names the stored version."""
    stored = assessment_or_404(request, assessment.pk)
    data = retyped(form, version=str(stored.version))
    context = {
        **_plan_context(request, stored),
        "form": _plan_form(request, stored, framework, data),
        "conflict": conflict.sentence,
        "theirs": words.facts(stored),
    }
    return page(request, "plan", context, status=409)


# --- schedule -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Owner, due date and state of each step."""
    assessment = assessment_or_404(request, pk)
    steps = planning.steps_of(assessment, on=timezone.localdate())
    context: dict[str, Any] = {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment),
        "steps": [(step, words.step_tag(step)) for step in steps],
    }
    if request.method != "POST" and not permissions.may_plan(request.viewer, assessment):
        return page(request, "schedule_read", context)
    actions.require_records(request.viewer, assessment)
    form = ScheduleForm(sent(request), steps=steps, people=list(planning.candidates(request.viewer)))
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _plan_steps(request, assessment, form))
        if done is not None:
            return done
    rows = [(step, words.step_tag(step), *fields) for step, *fields in form.rows()]
    return page(request, "schedule", {**context, "form": form, "rows": rows}, form)


def _plan_steps(request: OrgRequest, assessment: Assessment, form: ScheduleForm) -> str:
    actions.plan_steps(viewer=request.viewer, assessment=assessment, rows=form.facts(), at=timezone.now())
    messages.success(request, _("The schedule is saved."))
    return address(request.viewer, "assessment:overview", pk=assessment.pk)


# --- opening --------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Ask before the individual assessment is opened, and open it."""
    assessment = assessment_or_404(request, pk)
    actions.require_plan(request.viewer, assessment)
    if assessment.state != State.PLANNING and request.method != "POST":
        return redirect(address(request.viewer, "assessment:overview", pk=pk))
    form = OpenForm(sent(request), initial={"lock_date": _lock_day(assessment)})
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _open(request, assessment, form))
        if done is not None:
            return done
    context = {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment),
        "opening": planning.opening(assessment),
        "names": words.item_names(framework_of(assessment)),
        "form": form,
    }
    return page(request, "open", context, form)


def _lock_day(assessment: Assessment) -> date | None:
    """A third of the way from the training to the end of step 5 is left for the agreement."""
    dues = {row.number: row.due for row in assessment.steps.all() if row.due}
    today = timezone.localdate()
    begins, ends = max(today, dues.get(4, today)), dues.get(5)
    return begins + (ends - begins) * 2 // 3 if ends and ends > begins else None


def _open(request: OrgRequest, assessment: Assessment, form: OpenForm) -> str:
    zone = request.viewer.organisation.time_zone
    actions.open_assessment(
        viewer=request.viewer, assessment=assessment, lock_at=form.lock_at(zone), at=timezone.now()
    )
    messages.success(request, _("The individual assessment is open. The assessors can begin."))
    return address(request.viewer, "assessment:overview", pk=assessment.pk)
