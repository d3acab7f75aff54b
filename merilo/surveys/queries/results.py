"""Results of closed surveys, for whoever may see them: always protected, never a response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from merilo.core.errors import Refused
from merilo.organisations.api import Viewer
from merilo.surveys import permissions
from merilo.surveys.analysis import protecting, storing
from merilo.surveys.analysis.columns import Columns
from merilo.surveys.analysis.contents import Content, item_content, table_content
from merilo.surveys.analysis.protecting import Filter, Promise, promise_of
from merilo.surveys.catalogue import definition_of
from merilo.surveys.models import Invitation, Response, Snapshot, State, Survey, Totals
from merilo.surveys.queries.surveys import surveys_of, version_of
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.floors import in_steps


class NoTable(LookupError):
    """There is no such breakdown in this survey, or it would tell too much."""


@dataclass(frozen=True, slots=True)
class Results:
    """What is known of a closed survey; no snapshot yet while the worker makes it."""

    survey: Survey
    definition: Definition
    snapshot: Snapshot | None

    @property
    def promise(self) -> Promise:
        return promise_of(self.survey)

    @property
    def tallies(self) -> dict[str, Any]:
        return self.snapshot.tallies if self.snapshot else {}

    @property
    def responses(self) -> int:
        return self.snapshot.responses if self.snapshot else 0

    @property
    def is_shown(self) -> bool:
        """Whether enough people answered for anything to be shown."""
        return self.responses >= self.survey.floor

    @property
    def marked(self) -> int:
        """Responses in bursts, in steps of the floor."""
        return in_steps(self.tallies.get("marked", 0), self.survey.floor)

    @property
    def invited(self) -> int:
        return int(self.tallies.get("invited", 0))

    @property
    def groupings(self) -> list[str]:
        return protecting.groupings(self.definition, anonymous=self.survey.is_anonymous)

    def crossings(self, item: str) -> list[str]:
        """The questions an item may be broken down by."""
        if item not in self.tallies.get("all", {}):
            return []
        anonymous = self.survey.is_anonymous
        return [
            by
            for by in self.groupings
            if protecting.may_cross(self.definition, item, by, anonymous=anonymous)
        ]


def results_of(viewer: Viewer, survey: Survey) -> Results:
    """The results of a closed survey. Errors: Refused."""
    if not permissions.may_see_results(viewer, survey):
        raise Refused(_("Results can be seen after closing, by who may read surveys."))
    return stored_results(survey)


def stored_results(survey: Survey) -> Results:
    """The same for the worker, which makes files for who was allowed to ask for them. Errors: LookupError."""
    version = version_of(survey)
    if version is None:
        raise LookupError(survey.pk)
    snapshot = Snapshot.objects.filter(survey=survey).select_related("file").first()
    return Results(survey, definition_of(version), snapshot)


def contents(results: Results, *, unmarked: bool = False, filters: Sequence[Filter] = ()) -> list[Content]:
    """The contents of all items in their order; nothing while too few people answered at all.

    "weighted" has the weighted shares and mean where results are weighted and that may be shown.

    Errors: protecting.TellsTooMuch, NoTable where the answers a filter needs are gone.
    """
    if not results.is_shown:
        return []
    tallies, weighted = results.tallies["all"], results.tallies.get("weighted", {}).get("items", {})
    if filters:
        tallies = protecting.filtered(columns_of(results), results.tallies, filters, results.promise)
    elif unmarked:
        tallies = protecting.unmarked(results.tallies, results.promise)
    found = [
        item_content(results.definition, item, tallies.get(item, {"base": 0}), results.promise)
        for question in results.definition.questions()
        for item in question.items
        if item in results.tallies["all"]
    ]
    if filters or unmarked:
        return found
    return [
        content if content["hidden"] else content | {"weighted": weighted.get(content["item"])}
        for content in found
    ]


def table(results: Results, item: str, by: str) -> Content | None:
    """A breakdown as it may be shown; None where too few answered. Errors: NoTable."""
    if not results.is_shown or by not in results.crossings(item):
        raise NoTable(item)
    if protecting.result(results.tallies["all"][item], results.promise) is None:
        return None
    found = protecting.table(columns_of(results), results.definition, item, by, results.promise)
    return table_content(results.definition, found) if found else None


def columns_of(results: Results) -> Columns:
    """Errors: NoTable once the answers are gone."""
    found = storing.load(results.snapshot) if results.snapshot else None
    if found is None:
        raise NoTable
    return found


def totals_of(viewer: Viewer, survey: Survey) -> list[Totals]:
    """The known totals that results are weighted to."""
    if not permissions.may_see_results(viewer, survey):
        return []
    return list(Totals.objects.filter(survey=survey))


# --- beside another survey --------------------------------------------------------------------
def comparable(viewer: Viewer, survey: Survey) -> list[Survey]:
    """Closed surveys of the organisation to set beside this one, the wave before first."""
    if not permissions.may_see_results(viewer, survey):
        return []
    closed = surveys_of(viewer).filter(state=State.CLOSED).exclude(pk=survey.pk)
    return sorted(closed, key=lambda other: other.pk != survey.earlier_id)


# --- while it is open -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Participation:
    """How many answered, in steps of the floor, so that two looks never tell one person's answering.

    `days` are numbers of responses until the end of each day; `sources` those with enough people.
    """

    answered: int
    invited: int
    days: list[tuple[date, int]]
    sources: dict[str, int]

    @property
    def rate(self) -> float | None:
        """Which part of the invited answered, from 0 to 1; None where nobody was invited."""
        return min(self.answered / self.invited, 1.0) if self.invited else None


def participation(viewer: Viewer, survey: Survey) -> Participation:
    """How many have answered so far. Errors: Refused."""
    if not permissions.may_read(viewer, survey):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    mine = Response.objects.filter(survey=survey).order_by()
    total, days = 0, []
    for day, count in mine.values_list("day").annotate(count=Count("pk")).order_by("day"):
        total += count
        days.append((day, in_steps(total, survey.floor)))
    sources = dict(mine.values_list("source").annotate(count=Count("pk")).order_by("source"))
    told = {source: in_steps(count, survey.floor) for source, count in sources.items()}
    invited = Invitation.objects.filter(survey=survey).count() if survey.entry == "invited" else 0
    return Participation(
        in_steps(total, survey.floor),
        invited,
        days,
        {source: count for source, count in told.items() if count},
    )
