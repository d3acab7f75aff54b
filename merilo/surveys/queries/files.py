"""What the files of a closed survey are made of, for whoever may take them away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from merilo.organisations.api import Viewer
from merilo.surveys import permissions
from merilo.surveys.analysis.contents import Content
from merilo.surveys.models import Export, OpenText, Response, State, Survey, TextState, Totals
from merilo.surveys.queries import results as queries
from merilo.surveys.queries.results import Results

SMALL = 5_000  # responses; files of more are made by the worker
REPORTS = frozenset({"report-pdf", "report-docx"})
SHORT = 20  # breakdowns; reports with more are made by the worker
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Texts:
    """Open answers of one question that were read, as they may be shown, in random order."""

    item: str
    text: dict[str, str]
    rows: list[tuple[str, str]]  # the text, what it is about


@dataclass(frozen=True, slots=True)
class Person:
    """Who gave a response in a survey with names, and when."""

    name: str
    address: str
    sent_at: str


def has_answers(results: Results) -> bool:
    """Whether there are answers of single people to give: enough of them, and not deleted by their term."""
    return bool(results.snapshot and results.snapshot.file_id) and (
        results.is_shown or not results.survey.is_anonymous
    )


def people_of(survey: Survey) -> list[Person]:
    """Who answered, in the order of the columns."""
    zone = survey.organisation.zone
    told = ("named__name", "named__invitation__name", "named__invitation__address", "named__sent_at")
    rows = Response.objects.filter(survey=survey).order_by("pk").values_list(*told)
    return [
        Person(
            own or name or "",
            address or "",
            timezone.localtime(at, zone).isoformat("T", "minutes") if at else "",
        )
        for own, name, address, at in rows.iterator(chunk_size=SMALL)
    ]


def tables_of(results: Results) -> list[Content]:
    """Every breakdown that may be shown, none once the answers are gone."""
    found = (queries.table(results, item, by) for item, by in _crossed(results))
    return [table for table in found if table is not None]


def _crossed(results: Results) -> list[tuple[str, str]]:
    if not results.is_shown or not (results.snapshot and results.snapshot.file_id):
        return []
    return [(item, by) for item in results.tallies["all"] for by in results.crossings(item)]


def is_long(results: Results, kind: str, *, with_answers: bool) -> bool:
    """Whether a kind of file takes too long to be made while somebody waits."""
    if kind in REPORTS:
        return len(_crossed(results)) > SHORT
    return with_answers and results.responses >= SMALL


def texts_of(results: Results) -> list[Texts]:
    """Open answers that were read, of questions that enough people answered."""
    found = []
    rows = OpenText.objects.filter(survey=results.survey)
    for item in rows.order_by("item").values_list("item", flat=True).distinct():
        mine = rows.filter(item=item)
        ready = mine.filter(state=TextState.READY).exclude(shown="")
        if mine.count() >= results.survey.floor:
            told = [
                (row.shown, ", ".join(tag.name for tag in row.tags.all()))
                for row in ready.order_by("id").prefetch_related("tags")
            ]
            found.append(Texts(item, dict(results.definition.owner(item).text.entries), told))
    return [texts for texts in found if texts.rows]


def wave_before(survey: Survey) -> Results | None:
    """The results of the wave before in the same organisation, once it is closed."""
    if survey.earlier_id is None:
        return None
    before = Survey.objects.filter(
        pk=survey.earlier_id, state=State.CLOSED, organisation=survey.organisation_id
    ).first()
    return queries.stored_results(before) if before else None


def sources_of_weights(results: Results) -> dict[str, str]:
    """Where the known totals come from, by question."""
    return dict(Totals.objects.filter(survey=results.survey).values_list("question", "source"))


def export_of(viewer: Viewer, survey: Survey, pk: UUID) -> Export:
    """A file that was asked for. Errors: Export.DoesNotExist, also for who may not have it."""
    return _exports(viewer, survey).get(pk=pk)


def exports_of(viewer: Viewer, survey: Survey) -> list[Export]:
    """Files of the last day, newest first."""
    return list(_exports(viewer, survey).order_by("-asked_at"))


def _exports(viewer: Viewer, survey: Survey) -> QuerySet[Export]:
    """Files of answers for who may take these away, reports for who may see the results."""
    found = Export.objects.filter(survey=survey).select_related("file")
    if permissions.may_take_answers(viewer, survey):
        return found
    return found.filter(format__in=REPORTS) if permissions.may_see_results(viewer, survey) else found.none()
