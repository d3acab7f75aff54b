"""The group practises together on a written case: open it, score alone, see the spread, talk, score again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from merilo.assessment import permissions
from merilo.assessment.actions import calibration as actions
from merilo.assessment.forms.calibration import CaseForm
from merilo.assessment.models import Assessment, Calibration
from merilo.assessment.queries import calibration as queries
from merilo.assessment.queries.calibration import Session
from merilo.assessment.rules.progress import FEWEST_SCORES
from merilo.assessment.scores_in_words import values_in_words
from merilo.assessment.views import live
from merilo.assessment.views.acting import act, crumbs, page, sent
from merilo.assessment.views.base import assessment_or_404
from merilo.assessment.views.group_cases import GroupPart
from merilo.assessment.views.practice import listed
from merilo.core.errors import MeriloError
from merilo.core.once import run_once
from merilo.framework.cases import load_case
from merilo.framework.loading import load_shipped
from merilo.organisations.api import OrgRequest, address
from merilo.web.items import Link

SHOW, AGAIN, CLOSE = "show", "again", "close"


@require_http_methods(["GET", "HEAD", "POST"])
def calibrations(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Practice of the group: what is going on, what was done, and the next case to open."""
    assessment = _seen_or_404(request, pk)
    if request.method == "POST":
        actions.require_leader(request.viewer, assessment)
    form = CaseForm(sent(request), initial={"method": assessment.method})

    def effect() -> str:
        case, method = form.chosen()
        made = actions.open_calibration(
            viewer=request.viewer, assessment=assessment, case=case, method=method, at=timezone.now()
        )
        return _address(request, made)

    if request.method == "POST" and form.is_valid():
        done = act(request, form, effect)
        if done is not None:
            return done
    rows = list(queries.calibrations_of(request.viewer, assessment))
    context = {
        "assessment": assessment,
        "crumbs": _way_to(request, assessment),
        "form": form,
        "may_open": permissions.may_calibrate(request.viewer, assessment),
        "going_on": [_told(request, one) for one in rows if one.closed_at is None],
        "past": [_told(request, one) for one in rows if one.closed_at is not None],
    }
    return page(request, "calibrations", context, form)


def _seen_or_404(request: OrgRequest, pk: UUID) -> Assessment:
    assessment = assessment_or_404(request, pk)
    on = timezone.localdate()
    if not permissions.may_see_calibration(request.viewer, assessment, on=on):
        raise Http404
    return assessment


def _way_to(request: OrgRequest, assessment: Assessment, *more: Link) -> list[Link]:
    trainings = address(request.viewer, "assessment:training", pk=assessment.pk)
    return crumbs(request, assessment, Link(_("Training and meetings"), trainings), *more)


def _address(request: OrgRequest, calibration: Calibration) -> str:
    kwargs = {"pk": calibration.assessment_id, "calibration": calibration.pk}
    return address(request.viewer, "assessment:calibration", **kwargs)


def _told(request: OrgRequest, calibration: Calibration) -> dict[str, Any]:
    return {
        "title": load_case(calibration.case).title.in_language(get_language() or ""),
        "url": _address(request, calibration),
        "opened_at": calibration.opened_at,
        "rounds": len(calibration.spreads),
    }


# --- one calibration --------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def calibration(request: OrgRequest, pk: UUID, calibration: UUID) -> HttpResponse:
    """Score the case; once the round is shown, read its spread and the reference."""
    found = _found_or_404(request, pk, calibration)
    session = queries.session_of(request.viewer, found, on=timezone.localdate())
    if request.method == "POST":
        return _handed_in(request, session)
    own = f"{session.own.pk}-{session.own.round}" if session.own else ""
    told = (found.round, found.is_collecting, found.closed_at, session.handed_in, session.seats, own)
    etag = f'"{"-".join(map(str, told)).replace(" ", "")}-{get_language()}"'
    return live.answer(request, "practice/group", etag, lambda: _context(request, session, _parts(session)))


def _found_or_404(request: OrgRequest, pk: UUID, calibration: UUID) -> Calibration:
    assessment = _seen_or_404(request, pk)
    try:
        found = queries.calibration_in(request.viewer, assessment, calibration)
    except Calibration.DoesNotExist as error:
        raise Http404 from error
    found.assessment = assessment
    return found


def _handed_in(request: OrgRequest, session: Session) -> HttpResponse:
    found = session.calibration
    actions.require_voice(request.viewer, found.assessment, on=timezone.localdate())
    parts = _parts(session, request)
    valid = [part.form.is_valid() for part in parts]
    if not all(valid):
        return render(
            request, "assessment/practice/group.html", _context(request, session, parts), status=422
        )

    def effect() -> str:
        actions.hand_in(
            viewer=request.viewer,
            calibration=found,
            values={part.code: part.form.values() for part in parts},
            reasons={part.code: part.reason() for part in parts},
            at=timezone.now(),
        )
        return _address(request, found)

    try:
        target = run_once(request.POST.get("once", ""), owner=request.viewer.person_id, effect=effect)
    except actions.RoundOver as over:
        messages.warning(request, over.sentence)
        target = address(request.viewer, "assessment:calibrations", pk=found.assessment_id)
    return redirect(target)


@require_POST
def lead(request: OrgRequest, pk: UUID, calibration: UUID) -> HttpResponse:
    """The buttons of who leads: show the round, score again, close."""
    found = _found_or_404(request, pk, calibration)
    viewer, step, at = request.viewer, request.POST.get("step", ""), timezone.now()
    actions.require_leader(viewer, found.assessment)
    stays = True
    try:
        if step == SHOW:
            actions.show(viewer=viewer, calibration=found, at=at)
        elif step == AGAIN:
            actions.score_again(viewer=viewer, calibration=found, at=at)
        elif step == CLOSE:
            stays = actions.close(viewer=viewer, calibration=found, at=at)
    except MeriloError as error:
        if type(error) is not MeriloError:
            raise
        messages.warning(request, error.sentence)
    if not stays:
        return redirect(address(viewer, "assessment:calibrations", pk=pk))
    return redirect(_address(request, found))


def _parts(session: Session, request: OrgRequest | None = None) -> list[GroupPart]:
    found = session.calibration
    case = load_case(found.case)
    framework = load_shipped(case.framework)
    data = request.POST if request is not None else None
    own = session.own
    parts = []
    for item in case.items:
        initial = {} if own is None else _initial(own.values[item.code], own.reasons.get(item.code, ""))
        part = GroupPart(framework, item, found.method, data, initial)
        part.rounds = session.spreads_of(item.code)
        if own is not None:
            part.own = values_in_words(part.scale, own.values[item.code])
            part.own_reason = own.reasons.get(item.code, "")
        parts.append(part)
    return parts


def _initial(values: dict[str, int], reason: str) -> dict[str, Any]:
    return {f"value-{code}": value for code, value in values.items()} | {"justification": reason}


def _context(request: OrgRequest, session: Session, parts: Sequence[GroupPart]) -> dict[str, Any]:
    found = session.calibration
    told = listed(load_case(found.case))
    listing = address(request.viewer, "assessment:calibrations", pk=found.assessment_id)
    errors = [error for part in parts for error in part.errors]
    return {
        "assessment": found.assessment,
        "calibration": found,
        "session": session,
        "case": told,
        "method": dict(told["methods"])[found.method],
        "crumbs": _way_to(request, found.assessment, Link(_("Practice of the group"), listing)),
        "parts": parts,
        "errors": errors,
        "has_errors": bool(errors),
        "too_few": actions.too_few(),
        "may_show": session.handed_in >= FEWEST_SCORES,
    }
