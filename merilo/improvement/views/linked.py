"""The page of an owner who comes by the link of a mail: one measure, and the form to report on it once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merilo.core.errors import Conflict, MeriloError
from merilo.core.once import run_once
from merilo.improvement import words
from merilo.improvement.actions import linked as actions
from merilo.improvement.forms.running import CheckInForm, initial_of
from merilo.improvement.models import CheckInLink, Measure
from merilo.improvement.queries import board
from merilo.improvement.queries import reporting as queries
from merilo.improvement.rules.reporting import Standing
from merilo.organisations.api import Difference, differences, opened_by_link, version_of

by_link = opened_by_link(
    queries.by_token, lambda found: found.measure.plan.organisation, limit="check-in-link-tried"
)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def report(request: HttpRequest, found: CheckInLink, token: str) -> HttpResponse:
    """How the measure stands, and the form."""
    now = timezone.now()
    if queries.standing_of(found, at=now) is not Standing.OPEN:
        return _over(request, found)
    form = _form(request, found)
    if request.method != "POST":
        return _page(request, found, token, form)
    actions.count_report(link=found, at=now)
    if not form.is_valid():
        return _page(request, found, token, form, status=422)
    return _sent(request, found, token, form)


def _form(request: HttpRequest, found: CheckInLink) -> CheckInForm:
    measure = found.measure
    data = request.POST if request.method == "POST" else None
    return CheckInForm(data, row=_row(measure), drops=False, initial=initial_of(measure))


def _row(measure: Measure) -> board.Row:
    today = timezone.localdate(timezone=measure.plan.organisation.zone)
    return board.row_of(measure, on=today, rule=board.rule_of(measure.plan))


def _sent(request: HttpRequest, found: CheckInLink, token: str, form: CheckInForm) -> HttpResponse:
    """Keep it once; what was refused stands in the form again."""

    def effect() -> str:
        actions.report_by_link(
            link=found,
            said=form.said(),
            version=version_of(request),  # type: ignore[arg-type]  # it reads what was sent
            at=timezone.now(),
        )
        return "done"  # the address holds the secret: it is not kept

    try:
        run_once(form.cleaned_data["once"], owner=found.pk, effect=effect)
    except actions.Closed:
        return _over(request, _again(token))
    except Conflict as conflict:
        now = _again(token)
        found_now = differences(form, {**initial_of(now.measure), "text": queries.last_said(now.measure)})
        return _page(request, now, token, form, status=409, conflict=conflict.sentence, others=found_now)
    except MeriloError as error:
        field = str(error.details.get("field", ""))
        form.add_error(field if field in form.fields else None, error.sentence)
        return _page(request, found, token, form, status=422)
    return redirect("checkin:by_link", token=token)


def _again(token: str) -> CheckInLink:
    found = queries.by_token(token)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    found: CheckInLink,
    token: str,
    form: CheckInForm,
    *,
    status: int = 200,
    conflict: str = "",
    others: Sequence[Difference] = (),
) -> HttpResponse:
    measure = found.measure
    context: dict[str, Any] = {
        **_about(found),
        "here": reverse("checkin:by_link", args=[token]),
        "form": form,
        "shape": words.shape_of(form.row),
        "standing": words.standing(form.row),
        "until": timezone.localtime(found.until),
        "version": request.POST.get("version") if status == 422 else measure.version,
        "has_errors": status == 422,
        "conflict": conflict,
        "differences": others,
    }
    return render(request, "improvement/linked/report.html", context, status=status)


def _about(found: CheckInLink) -> dict[str, Any]:
    plan = found.measure.plan
    return {"link": found, "measure": found.measure, "plan": plan, "organisation": plan.organisation}


def _over(request: HttpRequest, found: CheckInLink) -> HttpResponse:
    """Thanks for what was sent; else why the link takes nothing any more, with 410."""
    standing = queries.standing_of(found, at=timezone.now())
    is_used = standing is Standing.USED
    sentences = {
        Standing.USED: _("Your report is kept. You may close this page."),
        Standing.EXPIRED: _("The time of this link is over."),
        Standing.OVER: _("The measure is not yours to report on any more, or it is not carried out now."),
        Standing.OPEN: "",
    }
    inside = {"org": found.measure.plan.organisation.slug, "plan": found.measure.plan_id}
    context = {
        **_about(found),
        "unfinished": words.unfinished(_row(found.measure)) if is_used else "",
        "title": _("Thank you") if is_used else _("Nothing can be sent here any more"),
        "sentence": sentences[standing],
        "inside": reverse("improvement:measure", kwargs=inside | {"measure": found.measure_id}),
    }
    status = 200 if is_used and request.method != "POST" else 410
    return render(request, "improvement/linked/over.html", context, status=status)
