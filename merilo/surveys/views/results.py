"""How many answer while a survey is open; its results once it is closed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merilo.organisations.api import OrgRequest, address
from merilo.surveys import permissions, showing
from merilo.surveys.analysis.contents import answer_text, said
from merilo.surveys.analysis.protecting import MOST_FILTERS, Filter, TellsTooMuch
from merilo.surveys.analysis.variables import codes_of
from merilo.surveys.analysis.waves import compared
from merilo.surveys.models import Source, Survey
from merilo.surveys.queries import results as queries
from merilo.surveys.queries.results import NoTable, Participation, Results
from merilo.surveys.views.base import crumbs, page, survey_or_404
from merilo.web import drawings
from merilo.web.charts import Drawing, Line, Year, line
from merilo.web.items import Link

MOST_POINTS = 12  # of the line of days, so that its figures do not stand on each other


# --- while it is open -------------------------------------------------------------------------
@require_safe
def participation(request: OrgRequest, survey: UUID) -> HttpResponse:
    """How many have answered, in steps, by days and sources."""
    found = survey_or_404(request, survey)
    told = queries.participation(request.viewer, found)
    return page(request, "results/participation", participation_context(request, found, told))


def participation_context(request: OrgRequest, survey: Survey, told: Participation) -> dict[str, Any]:
    """What the page and its part on the overview show."""
    return {
        "survey": survey,
        "crumbs": crumbs(request, survey),
        "participation": told,
        "rate": showing.percent(told.rate),
        "few": f"< {survey.floor}",
        "drawing": _days(told),
        "sources": [(Source(source).label, count) for source, count in told.sources.items()],
    }


def _days(told: Participation) -> Drawing | None:
    """The number of responses over the days, a dozen of them at most."""
    if len(told.days) < 2 or not told.answered:
        return None
    step = -(-len(told.days) // MOST_POINTS)
    days = told.days[::-1][::step][::-1]
    years = [Year(date_format(day, "j.n."), count) for day, count in days]
    return line(Line(_("Responses so far, by day"), years, unit=_("responses")), words=drawings.words())


# --- after closing ----------------------------------------------------------------------------
@require_safe
def overall(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Every question with its chart, table and figures."""
    found = survey_or_404(request, survey)
    results = queries.results_of(request.viewer, found)
    filters = _filters(request, results)
    context = {
        "survey": found,
        "crumbs": crumbs(request, found),
        "results": results,
        "is_unmarked": "unmarked" in request.GET and not filters,
        "may_compare": bool(queries.comparable(request.viewer, found)),
        "may_weigh": permissions.may_edit(request.viewer, found) and bool(results.groupings),
        "weighted_people": round(results.tallies.get("weighted", {}).get("effective", 0)),
        "weighted": results.tallies.get("weighted"),
        "may_publish": permissions.may_publish(request.viewer, found),
        "may_use": permissions.may_use(request.viewer, found),
        "filters": _choices(results, filters) if not found.is_anonymous else [],
        "is_filtered": bool(filters),
        "rate": showing.percent(min(results.responses / results.invited, 1.0)) if results.invited else "",
    }
    try:
        contents = queries.contents(results, unmarked="unmarked" in request.GET, filters=filters)
    except (TellsTooMuch, NoTable):
        return page(request, "results/results", context | {"tells_too_much": True, "questions": []})
    shown = showing.questions(contents)
    if not filters:  # breakdowns are of all responses
        _link(request, results, shown)
    return page(request, "results/results", context | {"questions": shown})


def _link(request: OrgRequest, results: Results, shown: list[showing.Shown]) -> None:
    """Give the questions links to their breakdowns."""
    for question in shown:
        items = results.definition.question(question.code).items
        if question.hidden or not results.snapshot or not results.snapshot.file_id:
            continue
        for by in results.crossings(items[0]):
            name = said(dict(results.definition.question(by).text.entries), get_language() or "")
            place = {"survey": results.survey.pk, "about": items[0], "by": by}
            question.links.append(Link(name, address(request.viewer, "surveys:results_by", **place)))


def _filters(request: OrgRequest, results: Results) -> list[Filter]:
    """Conditions asked for, in surveys with names only; anonymous ones have no free filter."""
    if results.survey.is_anonymous:
        return []
    asked = [(item, request.GET.get(f"f-{item}", "")) for item in results.groupings]
    return [(item, code) for item, code in asked if code][:MOST_FILTERS]


def _choices(results: Results, filters: list[Filter]) -> list[dict[str, Any]]:
    chosen, language = dict(filters), get_language() or ""
    told = []
    for item in results.groupings:
        question = results.definition.question(item)
        codes = [
            (code, showing.code_words(code, answer_text(question, code)), chosen.get(item) == code)
            for code in codes_of(question)
        ]
        told.append({"item": item, "text": said(dict(question.text.entries), language), "codes": codes})
    return told


@require_safe
def broken_down(request: OrgRequest, survey: UUID, about: str, by: str) -> HttpResponse:
    """One question, or one row of a matrix, by the groups of another."""
    found = survey_or_404(request, survey)
    results = queries.results_of(request.viewer, found)
    try:
        content = queries.table(results, about, by)
    except NoTable as error:
        raise Http404 from error
    owner = results.definition.owner(about)
    context = {
        "survey": found,
        "crumbs": crumbs(request, found, _to_results(request, found)),
        "title": said(dict(owner.text.entries), get_language() or ""),
        "shown": showing.breakdown(content) if content else None,
        "rows": _beside(request, results, about, by, owner.items),
        "others": _beside_by(request, results, about, by),
    }
    return page(request, "results/broken_down", context)


# --- beside another survey --------------------------------------------------------------------
@require_safe
def compare(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Questions that were asked alike in two surveys, and what cannot be compared."""
    found = survey_or_404(request, survey)
    results = queries.results_of(request.viewer, found)
    others = queries.comparable(request.viewer, found)
    asked = request.GET.get("with")
    other = next((one for one in others if str(one.pk) == asked), others[0] if others else None)
    context: dict[str, Any] = {
        "survey": found,
        "crumbs": crumbs(request, found, _to_results(request, found)),
        "others": others,
        "other": other,
    }
    if other is not None:
        before = queries.results_of(request.viewer, other)
        pairs = compared(queries.contents(results), queries.contents(before))
        context |= {"shown": showing.comparison(pairs), "left_out": showing.left_out(pairs)}
    return page(request, "results/compare", context)


def _to_results(request: OrgRequest, survey: Survey) -> Link:
    return Link(_("Results"), address(request.viewer, "surveys:results", survey=survey.pk))


# --- links ------------------------------------------------------------------------------------
def _beside(request: OrgRequest, results: Results, item: str, by: str, items: tuple[str, ...]) -> list[Link]:
    """The other rows of the same matrix."""
    if len(items) < 2:
        return []
    asked = results.definition.owner(item).asked
    texts = {row.code: dict(row.text.entries) for row in getattr(asked, "rows", ())}
    return [
        Link(
            said(texts[one.partition(".")[2]], get_language() or ""),
            address(request.viewer, "surveys:results_by", survey=results.survey.pk, about=one, by=by),
            current=one == item,
        )
        for one in items
    ]


def _beside_by(request: OrgRequest, results: Results, item: str, by: str) -> list[Link]:
    """The same item by each of the questions it may be broken down by."""
    language = get_language() or ""
    return [
        Link(
            said(dict(results.definition.question(one).text.entries), language),
            address(request.viewer, "surveys:results_by", survey=results.survey.pk, about=item, by=one),
            current=one == by,
        )
        for one in results.crossings(item)
    ]
