"""Results that others may point at: chosen figures of closed surveys, each at or above the floor."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import F, QuerySet

from merilo.organisations.api import Viewer
from merilo.surveys import permissions
from merilo.surveys.analysis.contents import Content, item_content
from merilo.surveys.models import State, Survey
from merilo.surveys.queries.results import Results, results_of
from merilo.surveys.queries.surveys import surveys_of


def usable(viewer: Viewer) -> QuerySet[Survey]:
    """Closed surveys with enough responses, the latest first; each with `answered`."""
    if not viewer.can("survey.read"):
        return Survey.objects.none()
    counted = surveys_of(viewer).filter(state=State.CLOSED).annotate(answered=F("snapshot__responses"))
    return counted.filter(answered__gte=F("floor")).order_by("-closed_at", "pk")


def results_for(viewer: Viewer, keys: Collection[str]) -> dict[str, Results | None]:
    """The results of surveys by their ids as texts; None where there is no such survey for the viewer.

    Results that are not counted yet, or of too few people, are None too: nothing of them can be pointed at.
    """
    wanted = {key: pk for key in keys if (pk := _uuid(key))}
    surveys = {row.pk: row for row in surveys_of(viewer).filter(pk__in=wanted.values())}
    found: dict[str, Results | None] = dict.fromkeys(keys)
    for key, pk in wanted.items():
        survey = surveys.get(pk)
        if survey is not None and permissions.may_see_results(viewer, survey):
            results = results_of(viewer, survey)
            found[key] = results if results.is_shown else None
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def figures_of(results: Results) -> Iterator[Content]:
    """The contents of all items with a figure that may be pointed at, in their order.

    Answers about the respondent are no results; a question hidden by the floor has none.
    """
    for question in results.definition.questions():
        for item in () if question.attribute else question.items:
            if (content := content_of(results, item)) is not None:
                yield content


def content_of(results: Results, item: str) -> Content | None:
    """The protected content of one item; None where it is hidden or there is no such item."""
    tally = results.tallies.get("all", {}).get(item)
    if tally is None:
        return None
    content = item_content(results.definition, item, tally, results.promise)
    if content["hidden"] or content["base"] - content["unknown"] < results.survey.floor:
        return None
    return content
