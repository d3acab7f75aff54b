"""The list, a new one, the overview of one, what is ready, what evaluators are told; the application."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.feedback import permissions, schemes, steps, words
from merilo.feedback.actions import preparing as actions
from merilo.feedback.forms.feedback import PreparationForm, StartForm, WithdrawForm
from merilo.feedback.models import Feedback
from merilo.feedback.queries import facts, feedbacks
from merilo.feedback.rules.readiness import Readiness, missing, moment_of, readiness
from merilo.feedback.rules.scheme import Pillar
from merilo.feedback.views.base import (
    Look,
    Question,
    confirmed,
    edited,
    feedback_or_404,
    here,
    page,
    require,
    today,
)
from merilo.organisations.api import OrgRequest, act, address, sent, version_of


@require_safe
def listing(request: OrgRequest) -> HttpResponse:
    """The organisation's, or those an evaluator gives; for the coordinator when one may apply."""
    viewer, on = request.viewer, today()
    may_edit = viewer.can("feedback.edit")
    rows = list(feedbacks.listed(viewer, on=on))
    if not rows and not viewer.can("feedback.read"):
        raise Http404
    found = (feedbacks.chance(viewer, schemes.scheme(code), on=on) for code in schemes.shipped())
    chance = next(filter(None, found), None) if may_edit else None
    context: dict[str, Any] = {
        "rows": [(row, words.STATE_SHAPES[row.state], _label(row)) for row in rows],
        "may_edit": may_edit,
        "chance": chance,
    }
    if chance is not None:
        context |= {"days": words.days(chance.window), "moment": words.MOMENTS[chance.moment]}
    return page(request, "list", context)


def _label(row: Feedback) -> str:
    label = getattr(row, "label", None)
    return _("valid until %(day)s") % {"day": words.day(label.valid_until)} if label else ""


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest) -> HttpResponse:
    """Begin an external feedback."""
    request.viewer.require("feedback.edit")
    found = feedbacks.possible_assessments(request.viewer, on=today())
    plans = feedbacks.possible_plans(request.viewer)
    form = StartForm(sent(request), assessments=found, plans=plans)

    def effect() -> str:
        made = actions.start(viewer=request.viewer, start=form.start(), at=timezone.now())
        messages.success(request, _("Prepare the application now. Nobody outside sees anything yet."))
        return here(request, made)

    if request.method == "POST" and form.is_valid() and (done := act(request, form, effect)):
        return done
    return page(request, "new", {"form": form, "has_assessments": bool(found)}, form)


@require_safe
def overview(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """Where it stands, what is next, when the visit is."""
    found = feedback_or_404(request, feedback)
    viewer, on = request.viewer, today()
    scheme = feedbacks.scheme_of(found)
    window = feedbacks.window(found)
    context = {
        "feedback": found,
        "crumbs": [],
        "title": words.said(scheme.title),
        "shape": words.STATE_SHAPES[found.state],
        "tasks": steps.tasks_of(viewer, found, on=on),
        "window": words.days(window) if window else "",
        "actors": [one for one in feedbacks.actors_of(found) if one.ended_at is None],
        "label": getattr(found, "label", None),
        "award": words.award(scheme, found.award) if found.decided_on else "",
        "may_withdraw": permissions.may_prepare(viewer, found) and found.state != "reported",
    }
    return page(request, "overview", context)


@require_safe
def ready(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """What the platform knows for each step of the scheme, and what is missing."""
    found = feedback_or_404(request, feedback)
    require(request.viewer.can("feedback.read"))
    scheme, known = feedbacks.scheme_of(found), facts.facts_of(request.viewer, found)
    window = feedbacks.window(found)
    applying = words.applying(window, found.applied_on, today()) if window else None
    rows = readiness(scheme, known)
    context = {
        "feedback": found,
        "pillars": [_pillar(request, found, pillar, rows) for pillar in scheme.pillars],
        "missing": [_fact(request, found, fact) for fact in missing(scheme, known)],
        "has_window": scheme.window is not None,
        "window": words.days(window) if window else "",
        "applying": applying,
    }
    return page(request, "ready", context)


def _pillar(request: OrgRequest, feedback: Feedback, pillar: Pillar, rows: list[Readiness]) -> dict[str, Any]:
    return {
        "code": pillar.code,
        "title": words.said(pillar.title),
        "about": words.said(pillar.about),
        "rows": [
            {
                "name": f"{row.item.code}. {words.said(row.item.title)}",
                "facts": [_fact(request, feedback, fact) for fact in row.facts],
            }
            for row in rows
            if row.pillar is pillar
        ],
    }


def _fact(request: OrgRequest, feedback: Feedback, fact: Any) -> dict[str, Any]:
    """A fact as a page shows it; whoever manages is led to where it is done."""
    may = permissions.may_manage(request.viewer, feedback)
    return {
        "name": words.FACTS[fact.code][0],
        "text": words.fact(fact),
        "shape": words.SHAPES[fact.standing],
        "url": words.where(request.viewer, feedback, fact.code) if may else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """What evaluators are told and may read, and the visit."""
    found = feedback_or_404(request, feedback)
    require(permissions.may_prepare(request.viewer, found))
    names = ("note", "released", "visit_on", "agenda")
    form = PreparationForm(sent(request), initial={name: getattr(found, name) for name in names})

    def effect() -> str:
        actions.prepare(
            viewer=request.viewer,
            feedback=found,
            preparation=form.preparation(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return here(request, found)

    def stored() -> tuple[int, dict[str, Any]]:
        now = feedback_or_404(request, feedback)
        return now.version, {name: getattr(now, name) for name in names}

    look = Look(_("Visit and access"), back=here(request, found))
    return edited(request, found, form, look, effect, stored=stored)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """Hand the application in."""
    found = feedback_or_404(request, feedback)
    require(permissions.may_prepare(request.viewer, found) and found.state == "preparing")
    known = facts.facts_of(request.viewer, found)
    lacking = missing(feedbacks.scheme_of(found), known)
    window = feedbacks.window(found)
    notes = [_("Missing: %(name)s") % {"name": words.FACTS[fact.code][0]} for fact in lacking]
    if window and (moment := moment_of(window, today())) != "open":
        told = {"days": words.days(window), "moment": words.MOMENTS[moment]}
        notes.append(_("One may apply: %(days)s (%(moment)s)") % told)

    def effect() -> str:
        actions.hand_in(viewer=request.viewer, feedback=found, at=timezone.now())
        messages.success(request, _("The application is handed in. The evaluators are told."))
        return here(request, found)

    question = Question(
        _("Hand in the application"),
        _("The evaluators can read what you have released from now on, and give points."),
        _("Hand in the application"),
        notes,
    )
    return confirmed(request, found, question, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """Withdraw the application."""
    found = feedback_or_404(request, feedback)
    require(permissions.may_prepare(request.viewer, found) and found.state != "reported")
    form = WithdrawForm(sent(request))

    def effect() -> str:
        reason = form.cleaned_data["reason"]
        actions.withdraw(viewer=request.viewer, feedback=found, reason=reason, at=timezone.now())
        messages.success(request, _("The application is withdrawn."))
        return address(request.viewer, "feedback:list")

    look = Look(
        _("Withdraw the application"),
        back=here(request, found),
        submit=_("Withdraw the application"),
        lead=_("The evaluators read nothing of it any more. It cannot be taken up again."),
    )
    return edited(request, found, form, look, effect)
