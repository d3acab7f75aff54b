"""Weighting results by what is known of the population."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merilo.core.errors import Refused
from merilo.organisations.api import OrgRequest, act, address, sent
from merilo.surveys import permissions, showing
from merilo.surveys.actions import weighing as actions
from merilo.surveys.analysis.contents import answer_text, said
from merilo.surveys.analysis.variables import codes_of, unknown_codes
from merilo.surveys.forms.weighing import Asked, TotalsForm
from merilo.surveys.models import Survey
from merilo.surveys.queries import results as queries
from merilo.surveys.queries.results import Results
from merilo.surveys.views.base import crumbs, page, survey_or_404
from merilo.web.items import Link


@require_http_methods(["GET", "HEAD", "POST"])
def weights(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Enter known totals with their source."""
    found = survey_or_404(request, survey)
    if not permissions.may_edit(request.viewer, found):
        raise Refused(_("Results are weighted by who runs surveys, after closing."))
    results = queries.results_of(request.viewer, found)
    initial: dict[str, object] = {}
    for totals in queries.totals_of(request.viewer, found):
        initial |= {f"{totals.question}-{code}": people for code, people in totals.shares.items()}
        initial[f"{totals.question}-source"] = totals.source
    form = TotalsForm(sent(request), asked=_asked(results), initial=initial)
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _weigh(request, found, form))
        if done is not None:
            return done
    overview = Link(_("Results"), address(request.viewer, "surveys:results", survey=found.pk))
    context = {
        "survey": found,
        "crumbs": crumbs(request, found, overview),
        "form": form,
        "results": results,
        "weighted": results.tallies.get("weighted"),
    }
    return page(request, "results/weights", context, form)


def _asked(results: Results) -> list[Asked]:
    asked, language = [], get_language() or ""
    for code in results.groupings:
        question = results.definition.question(code)
        silent = unknown_codes(question)
        answers = [
            (one, showing.code_words(one, answer_text(question, one)))
            for one in codes_of(question)
            if one not in silent
        ]
        asked.append(Asked(code, said(dict(question.text.entries), language), answers))
    return asked


def _weigh(request: OrgRequest, survey: Survey, form: TotalsForm) -> str:
    actions.set_totals(viewer=request.viewer, survey=survey, known=form.known(), at=timezone.now())
    messages.success(
        request, _("The results are weighted.") if form.known() else _("The results are not weighted.")
    )
    return address(request.viewer, "surveys:results", survey=survey.pk)
