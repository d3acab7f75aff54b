"""Publishing chosen results, frozen as they may be shown, and taking them back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError, Refused
from merilo.core.romanisation import slug
from merilo.organisations.api import Viewer, record
from merilo.surveys import permissions
from merilo.surveys.analysis.contents import Content, said
from merilo.surveys.models import OpenText, Publication, Survey, TextState, Totals
from merilo.surveys.queries import results as queries
from merilo.surveys.queries.results import Results

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """What everybody may see: questions, what they are broken down by, open answers that were read."""

    questions: Collection[str]
    by: Collection[str] = ()
    texts: Collection[str] = ()
    open_data: bool = False


def publish(*, viewer: Viewer, survey: Survey, chosen: Chosen, at: datetime) -> str:
    """Show the chosen results to everybody; answers with the public slug. What was shown before is replaced.

    Errors: Refused, MeriloError where nothing can be shown.
    """
    if not permissions.may_publish(viewer, survey):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    results = queries.results_of(viewer, survey)
    if not results.is_shown:
        raise MeriloError(_("There is no result that may be shown."))
    content = content_of(results, chosen)
    if not content["items"] and not content["texts"]:
        raise MeriloError(_("Choose at least one question."), field="questions")
    with transaction.atomic():
        row, _made = Publication.objects.update_or_create(
            survey=survey,
            defaults={
                "content": content,
                "open_data": chosen.open_data,
                "published_at": at,
                "withdrawn_at": None,
            },
            create_defaults={
                "slug": _slug(results),
                "content": content,
                "open_data": chosen.open_data,
                "published_at": at,
            },
        )
        told = {"questions": sorted(chosen.questions), "by": sorted(chosen.by), "texts": sorted(chosen.texts)}
        record(viewer, "survey.published", survey, told | {"open_data": chosen.open_data}, at=at)
    return row.slug


def _slug(results: Results) -> str:
    """The title in Latin letters with the short name, which nothing else has."""
    title = said(dict(results.definition.title.entries), results.definition.languages[0])
    return f"{slug(title)}-{results.survey.short}".strip("-")


def withdraw(*, viewer: Viewer, survey: Survey, at: datetime) -> None:
    """Take the public page away. Doing so again changes nothing. Errors: Refused."""
    if not permissions.may_publish(viewer, survey):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    with transaction.atomic():
        if Publication.objects.filter(survey=survey, withdrawn_at=None).update(withdrawn_at=at):
            record(viewer, "survey.withdrawn", survey, {}, at=at)


def content_of(results: Results, chosen: Chosen) -> Content:
    """What is frozen: texts in all languages, items, tables and open answers as everybody may see them."""
    survey, definition = results.survey, results.definition
    days = [day for day, _count in results.tallies["days"]]
    items = [item for item in queries.contents(results) if item["question"] in set(chosen.questions)]
    return {
        "format": FORMAT,
        "title": dict(definition.title.entries),
        "languages": list(definition.languages),
        "organisation": survey.organisation.name,
        "audience": definition.audience,
        "mode": definition.mode,
        "entry": survey.entry,
        "floor": survey.floor,
        "responses": results.responses,
        "invited": results.invited,
        "population": definition.population,
        "period": [days[0], days[-1]],
        "weighted": _weighting(results),
        "items": items,
        "tables": [table for item in items for table in _tables(results, item, chosen.by)],
        "texts": [found for code in chosen.texts if (found := _texts(results, code))],
    }


def _weighting(results: Results) -> Content | None:
    """By what the weighted figures are weighted, and how many unweighted responses they are worth."""
    told = results.tallies.get("weighted")
    if told is None:
        return None
    sources = dict(Totals.objects.filter(survey=results.survey).values_list("question", "source"))
    by = [
        {"text": dict(results.definition.question(code).text.entries), "source": sources.get(code, "")}
        for code in told["by"]
    ]
    return {"by": by, "effective": round(told["effective"])}


def _tables(results: Results, item: Content, chosen: Collection[str]) -> list[Content]:
    if item["hidden"]:
        return []
    wanted = [by for by in results.crossings(item["item"]) if by in chosen]
    tables = (queries.table(results, item["item"], by) for by in wanted)
    return [table for table in tables if table is not None]


def _texts(results: Results, code: str) -> Content | None:
    """Open answers of a question that were read and freed of names; nothing while there are too few."""
    read = OpenText.objects.filter(survey=results.survey, item=code, state=TextState.READY).order_by("pk")
    texts = [shown for shown in read.values_list("shown", flat=True) if shown]
    if len(texts) < results.survey.floor:
        return None
    return {"item": code, "text": dict(results.definition.owner(code).text.entries), "texts": texts}
