"""Pages of the agreement: the list, one item, close ones together, the end, the minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.assessment import permissions
from merilo.assessment.actions import agreement as actions
from merilo.assessment.actions import locking
from merilo.assessment.forms.agreement import (
    AGREE,
    LEAVE,
    POSTPONE,
    AgreeForm,
    CloseForm,
    DissentForm,
    ReasonForm,
    initial_of,
)
from merilo.assessment.models import Agreement, Assessment, LineKind, State
from merilo.assessment.queries import agreement as queries
from merilo.assessment.queries import sittings
from merilo.assessment.scores_in_words import values_in_words
from merilo.assessment.views.acting import act, crumbs
from merilo.assessment.views.agreement_item import (
    STATUS,
    Place,
    axis_of,
    item_address,
    item_page,
    may_write,
    place_or_404,
    speaker_of,
)
from merilo.assessment.views.base import assessment_or_404
from merilo.assessment.words import language
from merilo.core.errors import Conflict
from merilo.core.numbers import coefficient
from merilo.groups.api import seats_of
from merilo.organisations.api import OrgRequest, address
from merilo.web import charts, drawings
from merilo.web.items import Link


# --- the list ---------------------------------------------------------------------------------------
@require_safe
def listing(request: OrgRequest, pk: UUID) -> HttpResponse:
    """All items, most disputed first or in the model's order."""
    assessment = assessment_or_404(request, pk)
    overview = queries.overview(request.viewer, assessment, on=timezone.localdate())
    by_number = request.GET.get("order") == "model"
    here = address(request.viewer, "assessment:agree", pk=assessment.pk)
    context = {
        "assessment": assessment,
        "overview": overview,
        "by_number": by_number,
        "sections": _sections(overview, by_number=by_number),
        "close": [_shown(row) for row in overview.close] if not by_number else [],
        "alpha": _alpha(overview),
        "alpha_shown": _alpha_shown(overview),
        "finish_url": address(request.viewer, "assessment:finish", pk=assessment.pk),
        "close_url": address(request.viewer, "assessment:agree_close", pk=assessment.pk),
        "orders": [
            Link(_("Most disputed first"), here, current=not by_number),
            Link(_("In the model's order"), f"{here}?order=model", current=by_number),
        ],
        "crumbs": crumbs(request, assessment),
        "may_write": may_write(request, assessment),
        "may_finish": may_write(request, assessment) and len(overview.agreed) == len(overview.by_number),
        "may_reopen": _may_reopen(request, assessment),
        "has_voice": permissions.may_dissent(request.viewer, assessment),
        "leads": permissions.may_moderate(request.viewer, assessment),
        "meeting": sittings.running_in(assessment) if assessment.state == State.AGREEING else None,
        "may_resume": _may_resume(request, assessment),
    }
    return render(request, "assessment/agreement/list.html", context)


def _sections(overview: queries.Overview, *, by_number: bool) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Heading, anchor and rows of the parts of the list."""
    if by_number:
        return [(_("All sub-criteria"), "all", [_shown(row) for row in overview.by_number])]
    return [
        (_("To discuss"), "discuss", [_shown(row) for row in overview.to_discuss]),
        (_("Agreed"), "agreed", [_shown(row) for row in overview.agreed]),
    ]


def _shown(row: queries.Row) -> dict[str, Any]:
    return {
        "row": row,
        "code": row.item.code,
        "name": row.item.short.in_language(language()),
        "spread": row.voices.spread,
        "strip": _strip(row),
        "status": STATUS[row.agreement.state],
        "status_text": _status_text(row),
        "unanimous": bool(row.voices.unanimous),
        "values": values_in_words(row.voices.scale, row.agreement.values),
    }


def _status_text(row: queries.Row) -> str:
    if row.is_open:
        return str(row.agreement.get_state_display())
    if row.score is None:
        return _("Agreed without a score")
    return _("Agreed: %(score)s") % {"score": drawings.words().number(row.score)}


def _strip(row: queries.Row) -> SafeString:
    drawing = charts.strip(row.voices.scores, scale=axis_of(row.voices.scale)) if row.voices.scores else ""
    return mark_safe(drawing)


def _alpha(overview: queries.Overview) -> dict[str, Any] | None:
    """The coefficient with the sentence that says what it means."""
    if overview.alpha is None:
        return None
    steps = (
        (0.8, _("The assessors see the organisation in the same way.")),
        (0.667, _("The assessors largely agree; some sub-criteria deserve a talk.")),
        (0, _("The assessors see many things differently: take time for the first ones on the list.")),
    )
    fallback = _("The scores agree no better than by chance: talk first about how the scale is understood.")
    return {
        "value": overview.alpha,
        "sentence": next((words for least, words in steps if overview.alpha >= least), fallback),
    }


def _alpha_shown(overview: queries.Overview) -> str:
    """The coefficient with two decimals, as it is usually given."""
    if overview.alpha is None:
        return ""
    return coefficient(overview.alpha, mark=get_format("DECIMAL_SEPARATOR"))


def _may_reopen(request: OrgRequest, assessment: Assessment) -> bool:
    """Reopening is offered while it can still be done."""
    own = assessment.state == State.AGREEING and permissions.may_plan(request.viewer, assessment)
    return own and not locking.is_begun(assessment)


def _may_resume(request: OrgRequest, assessment: Assessment) -> bool:
    return assessment.state == State.REPORTING and permissions.may_moderate(request.viewer, assessment)


# --- one item ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: OrgRequest, pk: UUID, code: str) -> HttpResponse:
    """One item: its scores, its remarks, and what the group decides."""
    place = place_or_404(request, pk, code)
    if request.method != "POST":
        return item_page(request, place)
    form = AgreeForm(request.POST, scale=place.scale, decision=request.POST.get("decision", AGREE))
    try:
        done = act(request, form, lambda: _agree(request, place, form)) if form.is_valid() else None
    except Conflict as conflict:
        return score_conflict(request, place, form, conflict)
    return done or item_page(request, place, form)


def _agree(request: OrgRequest, place: Place, form: AgreeForm) -> str:
    row = queries.row_of(request.viewer, place.assessment, place.code, on=timezone.localdate())
    actions.agree(
        viewer=request.viewer,
        assessment=place.assessment,
        proposal=actions.Proposal(place.code, form.cleaned_data["version"], form.outcome(), row.basis),
        at=timezone.now(),
    )
    messages.success(request, _said(form))
    return item_address(request, place, "score")


def _said(form: AgreeForm) -> str:
    return {
        AGREE: _("The agreed score is recorded."),
        POSTPONE: _("The sub-criterion is postponed. It stays on the list."),
        LEAVE: _("It is recorded that the group gives no score, and why."),
    }[form.decision]


def score_conflict(request: OrgRequest, place: Place, form: AgreeForm, conflict: Conflict) -> HttpResponse:
    """Both values side by side, and the ways out; nothing was overwritten."""
    stored: Agreement = conflict.details["stored"]
    mine = form.outcome()
    context = {
        "assessment": place.assessment,
        "item": place.item,
        "sentence": conflict.sentence,
        "stored": stored,
        "stored_values": values_in_words(place.scale, stored.values),
        "mine": mine,
        "mine_values": values_in_words(place.scale, dict(mine.values)),
        "mine_state": str(dict(type(stored)._meta.get_field("state").flatchoices)[mine.state]),
        "decision": form.decision,
        "fields": {f"value-{part}": value for part, value in mine.values.items()},
        "initial": initial_of(stored),
    }
    return render(request, "assessment/agreement/conflict.html", context, status=409)


# --- differing opinions -----------------------------------------------------------------------------
@require_POST
def dissent(request: OrgRequest, pk: UUID, code: str) -> HttpResponse:
    """Put a differing opinion on record: one's own, or for somebody by who leads."""
    place = place_or_404(request, pk, code, actions.require_voice)
    form = DissentForm(request.POST, speaker=speaker_of(request, place.assessment))

    def effect() -> str:
        actions.record_dissent(
            viewer=request.viewer,
            assessment=place.assessment,
            code=place.code,
            text=form.cleaned_data["text"],
            name=form.cleaned_data["name"],
            at=timezone.now(),
        )
        messages.success(request, _("The differing opinion is on record."))
        return item_address(request, place, "dissent")

    done = act(request, form, effect) if form.is_valid() else None
    return done or item_page(request, place, form)


@require_POST
def dissent_withdraw(request: OrgRequest, pk: UUID, code: str, dissent: int) -> HttpResponse:
    """Take a differing opinion off the record."""
    place = place_or_404(request, pk, code)
    actions.withdraw_dissent(
        viewer=request.viewer,
        assessment=place.assessment,
        code=place.code,
        pk=dissent,
        reason=request.POST.get("reason", ""),
        at=timezone.now(),
    )
    return redirect(item_address(request, place, "dissent"))


# --- close ones together ----------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Confirm close items together, each with a value of its own."""
    assessment = assessment_or_404(request, pk)
    overview = queries.overview(request.viewer, assessment, on=timezone.localdate())
    posted = request.method == "POST"
    if posted:
        actions.require_leader(request.viewer, assessment)
    rows = [row for row in overview.by_number if row.is_close or (posted and row.voices.is_close)]
    form = CloseForm(request.POST if posted else None, rows=rows)
    if posted and form.is_valid():
        try:
            return redirect(_agree_close(request, assessment, form))
        except Conflict as conflict:
            return _close_conflict(request, assessment, form, conflict)
    context = {
        "assessment": assessment,
        "form": form,
        "rows": [(_shown(found.row), found) for found in form.rows if not posted or _is_sent(request, found)],
        "shown": [_shown(found.row) for found in form.rows],
        "errors": form.error_links if posted else [],
        "has_errors": posted,
        "crumbs": _close_crumbs(request, assessment),
        "may_write": may_write(request, assessment),
    }
    return render(request, "assessment/agreement/close.html", context, status=422 if posted else 200)


def _is_sent(request: OrgRequest, found: Any) -> bool:
    return found.form.add_prefix("version") in request.POST


def _close_crumbs(request: OrgRequest, assessment: Assessment) -> list[Link]:
    listing = address(request.viewer, "assessment:agree", pk=assessment.pk)
    return crumbs(request, assessment, Link(_("Agreement on scores"), listing))


def _agree_close(request: OrgRequest, assessment: Assessment, form: CloseForm) -> str:
    done = actions.agree_together(
        viewer=request.viewer,
        assessment=assessment,
        proposals=[row.proposal() for row in form.filled],
        at=timezone.now(),
    )
    words = ngettext("%(count)s score is agreed.", "%(count)s scores are agreed.", len(done)) % {
        "count": len(done)
    }
    messages.success(request, words)
    page = "assessment:meeting" if sittings.running_in(assessment) else "assessment:agree"
    return address(request.viewer, page, pk=assessment.pk)


def _close_conflict(
    request: OrgRequest, assessment: Assessment, form: CloseForm, conflict: Conflict
) -> HttpResponse:
    stale = {stored.code: (stored, proposal) for stored, proposal in conflict.details["stale"]}
    rows = [row for row in form.filled if row.row.item.code in stale]
    context = {
        "assessment": assessment,
        "sentence": conflict.sentence,
        "stale": [
            {
                "code": row.row.item.code,
                "name": row.row.item.short.in_language(language()),
                "mine": values_in_words(row.form.scale, row.form.values()),
                "stored": values_in_words(row.form.scale, stale[row.row.item.code][0].values),
            }
            for row in rows
        ],
        "rest": [row for row in form.filled if row.row.item.code not in stale],
    }
    return render(request, "assessment/agreement/close_conflict.html", context, status=409)


# --- the end ----------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Say what is still open, or end the agreement."""
    assessment = assessment_or_404(request, pk)
    if request.method == "POST":
        actions.finish(viewer=request.viewer, assessment=assessment, at=timezone.now())
        messages.success(request, _("The agreement is finished. The report can be written now."))
        return redirect(address(request.viewer, "assessment:overview", pk=assessment.pk))
    overview, rows = queries.minutes(request.viewer, assessment, on=timezone.localdate())
    context = {
        "assessment": assessment,
        "overview": overview,
        "waiting": [_shown(row) for row in overview.by_disagreement if row.is_open],
        "without": [_shown(row) for row in overview.by_number if not row.is_open and row.score is None],
        "unused": sum(row.unused for row in rows),
        "bare": [_named(row) for row in rows if not row.statements],
        "crumbs": _close_crumbs(request, assessment),
        "may_write": may_write(request, assessment),
    }
    return render(request, "assessment/agreement/finish.html", context)


def _named(found: queries.Minute) -> dict[str, Any]:
    return {"row": found.row, "name": found.row.item.short.in_language(language())}


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Take the agreement up again while the report is being written."""
    assessment = assessment_or_404(request, pk)
    queries.require_readable(request.viewer, assessment, on=timezone.localdate())
    if request.method == "POST":
        actions.require_leader(request.viewer, assessment)
    form = ReasonForm(request.POST or None)

    def effect() -> str:
        reason = form.cleaned_data["reason"]
        actions.resume(viewer=request.viewer, assessment=assessment, reason=reason, at=timezone.now())
        messages.success(request, _("The agreement is going on again."))
        return address(request.viewer, "assessment:agree", pk=assessment.pk)

    done = act(request, form, effect) if request.method == "POST" and form.is_valid() else None
    context = {
        "assessment": assessment,
        "form": form,
        "crumbs": _close_crumbs(request, assessment),
        "may_resume": _may_resume(request, assessment),
    }
    status = 422 if form.errors else 200
    return done or render(request, "assessment/agreement/resume.html", context, status=status)


# --- the minutes ------------------------------------------------------------------------------------
@require_safe
def minutes(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Everything that was agreed, to print and sign."""
    assessment = assessment_or_404(request, pk)
    overview, rows = queries.minutes(request.viewer, assessment, on=timezone.localdate())
    context = {
        "assessment": assessment,
        "overview": overview,
        "items": [_minute(found) for found in rows],
        "alpha": _alpha(overview),
        "alpha_shown": _alpha_shown(overview),
        "seats": list(seats_of(assessment.group)),
        "crumbs": _close_crumbs(request, assessment),
    }
    return render(request, "assessment/agreement/minutes.html", context)


def _minute(found: queries.Minute) -> dict[str, Any]:
    return {
        **_shown(found.row),
        "title": found.row.item.title.in_language(language()),
        "scores": found.row.voices.scores,
        "kinds": [
            (str(LineKind(kind).label), found.statements[kind])
            for kind in LineKind.values
            if kind in found.statements
        ],
        "unused": found.unused,
        "dissents": found.dissents,
    }
