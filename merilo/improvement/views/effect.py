"""What came of a plan: its indicators before and after, and what changed since the last self-assessment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from merilo.assessment.api import comparison_cautions, comparison_refusal, points_drawn
from merilo.core.periods import Period
from merilo.improvement import effect_words as told
from merilo.improvement import permissions, words
from merilo.improvement.models import Measure, MeasureState
from merilo.improvement.queries import effect as queries
from merilo.improvement.queries.effect import Aimed, Since
from merilo.improvement.queries.measures import gaps_of
from merilo.improvement.rules.effect import Outcome, Touched, tally
from merilo.improvement.views.base import carried_out_or_404, crumbs, page
from merilo.improvement.views.board import Figure
from merilo.organisations.api import OrgRequest, address
from merilo.web.items import Link
from merilo.web.referring import period_in_words


@require_safe
def effect(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Indicators, and the points of the next cycle; `?show=` and `?turn=` leave the rows of one figure."""
    found = carried_out_or_404(request, plan)
    today = timezone.localdate(timezone=request.viewer.organisation.zone)
    rows = queries.aimed_in(found, on=today)
    show, turn = request.GET.get("show", ""), request.GET.get("turn", "")
    context = {
        "plan": found,
        "crumbs": crumbs(request, found),
        "figures": list(_figures(rows)),
        "rows": [_row(request, one) for one in rows if show in {"", one.outcome.value}],
        "narrowed": bool(show),
        "drawing": told.ways_drawn(rows),
        "without": [_link(request, one) for one in gaps_of(found).indicators],
        "sources": [
            _source(request, one, turn) for one in queries.since_sources(request.viewer, found, on=today)
        ],
        "turned": bool(turn),
        "caution": told.caution(),
        "may_edit": permissions.may_edit(request.viewer, found),
    }
    return page(request, "effect/effect", context)


# --- indicators -------------------------------------------------------------------------------
def _figures(rows: Sequence[Aimed]) -> Iterator[Figure]:
    found = [one.outcome for one in rows]
    for outcome in Outcome:
        if count := found.count(outcome):
            label, shape = str(told.OUTCOMES[outcome]), told.OUTCOME_SHAPES[outcome]
            yield Figure(count, label, f"?show={outcome.value}#indicators", shape)


def _row(request: OrgRequest, one: Aimed) -> dict[str, Any]:
    unit, latest, baseline_on = one.indicator.unit, one.latest, one.row.baseline_on
    return {
        "measure": _link(request, one.measure),
        "indicator": Link(
            one.indicator.name,
            address(request.viewer, "indicators:indicator", indicator=one.indicator.pk),
        ),
        "baseline": told.figure(one.row.baseline, unit),
        "baseline_on": words.day(baseline_on) if baseline_on else "",
        "latest": told.figure(latest.value, unit) if latest else "",
        "latest_on": period_in_words(Period(latest.first, latest.last)) if latest else "",
        "target": told.figure(one.target, unit),
        "change": told.change(one),
        "text": told.OUTCOMES[one.outcome],
        "shape": told.OUTCOME_SHAPES[one.outcome],
    }


def _link(request: OrgRequest, measure: Measure) -> Link:
    url = address(request.viewer, "improvement:measure", plan=measure.plan_id, measure=measure.pk)
    return Link(str(measure), url)


# --- since the last self-assessment -----------------------------------------------------------
def _source(request: OrgRequest, since: Since, turn: str) -> dict[str, Any]:
    """A source of the plan with what followed it; without a follower only its name."""
    found = since.found
    if found is None:
        return {"title": since.source.title}
    query = urlencode({"before": found.before.pk, "after": found.after.pk})
    url = f"{address(request.viewer, 'assessment:compare')}?{query}"
    codes = {row.code for row in since.aimed}
    aimed = [row for row in since.aimed if turn in {"", row.turn.value}]
    return {
        "title": since.source.title,
        "after": found.after.title,
        "url": url,
        "refusal": comparison_refusal(found),
        "cautions": list(comparison_cautions(found)),
        "figures": list(_turns(since.aimed)),
        "means": list(told.means(since)),
        "drawing": points_drawn(found, codes) if codes else None,
        "rows": [_touched(request, since, row, url) for row in aimed],
        "others": [_touched(request, since, row, url) for row in since.others],
    }


def _turns(rows: Sequence[Touched[Measure]]) -> Iterator[Figure]:
    for turn, count in tally(rows).items():
        if count:
            yield Figure(count, str(told.TURNS[turn]), f"?turn={turn.value}#points", told.TURN_SHAPES[turn])


def _touched(request: OrgRequest, since: Since, row: Touched[Measure], url: str) -> dict[str, Any]:
    return {
        "url": f"{url}#item-{row.code}",
        "code": row.code,
        "name": told.name_of(since, row.code),
        "measures": [_measure(request, one) for one in row.measures],
        "before": told.points(row.before),
        "after": told.points(row.after),
        "difference": told.difference(row.difference),
    }


def _measure(request: OrgRequest, measure: Measure) -> dict[str, Any]:
    state = MeasureState(measure.state)
    shape = words.STATE_SHAPES[state]
    return {"link": _link(request, measure), "state": str(state.label), "shape": shape}
