"""The plan's own schedule: who prepares what of it by when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.improvement import permissions
from merilo.improvement.actions import schedule as actions
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.forms.schedule import PreparationForm, initial_of
from merilo.improvement.models import Plan, Preparation
from merilo.improvement.queries import measures as queries
from merilo.improvement.views.base import crumbs, page, plan_or_404
from merilo.improvement.views.editing import Look, Question, confirmed, edited, people_for
from merilo.organisations.api import OrgRequest, address, do, sent, version_of
from merilo.web.items import Link


def _where(request: OrgRequest, plan: Plan) -> str:
    return address(request.viewer, "improvement:preparations", plan=plan.pk)


def _way(request: OrgRequest, plan: Plan) -> list[Link]:
    return crumbs(request, plan, Link(_("Plan's own schedule"), _where(request, plan)))


def _plan_to_edit(request: OrgRequest, pk: UUID) -> Plan:
    found = plan_or_404(request, pk)
    require_edit(request.viewer, found)
    return found


def _row_or_404(plan: Plan, pk: UUID) -> Preparation:
    try:
        return queries.preparation(plan, pk)
    except Preparation.DoesNotExist as error:
        raise Http404 from error


@require_safe
def listing(request: OrgRequest, plan: UUID) -> HttpResponse:
    """All rows by date, what is done and what is late."""
    found = plan_or_404(request, plan)
    rows = list(queries.preparations_of(found))
    context = {
        "plan": found,
        "crumbs": crumbs(request, found),
        "rows": rows,
        "done": sum(row.done_on is not None for row in rows),
        "today": timezone.localdate(timezone=request.viewer.organisation.zone),
        "may_edit": permissions.may_edit(request.viewer, found),
    }
    return page(request, "schedule/list", context)


@require_POST
def usual(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Add the usual rows."""
    found = _plan_to_edit(request, plan)

    def effect() -> str:
        count = actions.suggest(viewer=request.viewer, plan=found, at=timezone.now())
        words = ngettext("%(count)s row is added.", "%(count)s rows are added.", count)
        messages.success(request, words % {"count": count})
        return _where(request, found)

    return do(request, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Add a row."""
    found = _plan_to_edit(request, plan)
    form = PreparationForm(sent(request), people=people_for(request.viewer))
    look = Look(_("Add a row"), _where(request, found), _way(request, found), submit=_("Add the row"))

    def effect() -> str:
        actions.add_preparation(viewer=request.viewer, plan=found, facts=form.facts(), at=timezone.now())
        messages.success(request, _("The row is added."))
        return _where(request, found)

    return edited(request, found, form, look, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OrgRequest, plan: UUID, preparation: UUID) -> HttpResponse:
    """Change a row."""
    found = _plan_to_edit(request, plan)
    row = _row_or_404(found, preparation)
    form = PreparationForm(
        sent(request), people=people_for(request.viewer, row.owner), initial=initial_of(row)
    )
    remove_url = address(request.viewer, "improvement:preparation_remove", plan=found.pk, preparation=row.pk)
    look = Look(
        _("Change the row"),
        _where(request, found),
        _way(request, found),
        more={"further_link": Link(_("Remove the row"), remove_url)},
    )

    def effect() -> str:
        actions.change_preparation(
            viewer=request.viewer,
            plan=found,
            row=row,
            facts=form.facts(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The row is saved."))
        return _where(request, found)

    def stored() -> tuple[int, dict[str, Any]]:
        now = _row_or_404(found, preparation)
        return now.version, initial_of(now)

    return edited(request, found, form, look, effect, stored=stored)


@require_POST
def done(request: OrgRequest, plan: UUID, preparation: UUID) -> HttpResponse:
    """Mark a row as done today, or as not done yet."""
    found = _plan_to_edit(request, plan)
    row = _row_or_404(found, preparation)
    today = timezone.localdate(timezone=request.viewer.organisation.zone)

    def effect() -> str:
        on = None if request.POST.get("done") == "no" else today
        actions.mark_done(viewer=request.viewer, plan=found, row=row, on=on, at=timezone.now())
        return _where(request, found)

    return do(request, effect)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OrgRequest, plan: UUID, preparation: UUID) -> HttpResponse:
    """Remove a row."""
    found = _plan_to_edit(request, plan)
    row = _row_or_404(found, preparation)
    question = Question(
        title=_("Remove the row"),
        text=_("“%(text)s” goes from the plan's own schedule.") % {"text": row.text},
        submit=_("Remove the row"),
        back=_where(request, found),
        crumbs=_way(request, found),
    )

    def effect() -> str:
        actions.remove_preparation(viewer=request.viewer, plan=found, row=row, at=timezone.now())
        messages.success(request, _("The row is removed."))
        return _where(request, found)

    return confirmed(request, found, question, effect)
