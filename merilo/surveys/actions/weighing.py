"""Entering what is known of the population, to which results are weighted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError, Refused
from merilo.organisations.api import Viewer, record
from merilo.surveys import permissions
from merilo.surveys.analysis import storing
from merilo.surveys.analysis.protecting import promise_of
from merilo.surveys.analysis.weights import TooFewTogether, weighted
from merilo.surveys.models import Snapshot, Survey, Totals
from merilo.surveys.queries import results as queries
from merilo.surveys.rules.weighting import CannotWeight


@dataclass(frozen=True, slots=True)
class Known:
    """How many people there are in each group of a question, and who says so."""

    people: Mapping[str, int]
    source: str


def set_totals(*, viewer: Viewer, survey: Survey, known: Mapping[str, Known], at: datetime) -> None:
    """Replace the known totals by question, none for no weighting, and weight the results anew.

    Errors: Refused, MeriloError where they do not fit who answered.
    """
    if not (permissions.may_see_results(viewer, survey) and permissions.may_edit(viewer, survey)):
        raise Refused(_("Results are weighted by who runs surveys, after closing."))
    results = queries.results_of(viewer, survey)
    totals = {question: told.people for question, told in known.items() if question in results.groupings}
    snapshot, columns = results.snapshot, None
    if snapshot is not None:
        columns = storing.load(snapshot)
    if snapshot is None or columns is None:
        raise MeriloError(_("The answers are not there any more, so nothing can be weighted."))
    try:
        told = weighted(columns, results.definition, totals, promise_of(survey)) if totals else None
    except TooFewTogether as error:
        sentence = _(
            "Together, these questions make groups of fewer than %(floor)s people, about whom weighted "
            "figures would tell something. Weight by one of the questions only."
        )
        raise MeriloError(sentence % {"floor": survey.floor}) from error
    except CannotWeight as error:
        sentence = _("One of the groups has people in the population or in the survey only: “%(code)s”.")
        raise MeriloError(sentence % {"code": error.answer}) from error
    with transaction.atomic():
        # Of two who enter totals at once the second waits, and replaces what the first entered.
        snapshot = Snapshot.objects.select_for_update().get(pk=snapshot.pk)
        Totals.objects.filter(survey=survey).delete()
        Totals.objects.bulk_create(
            Totals(survey=survey, question=code, shares=dict(known[code].people), source=known[code].source)
            for code in totals
        )
        tallies = {name: part for name, part in snapshot.tallies.items() if name != "weighted"}
        Snapshot.objects.filter(pk=snapshot.pk).update(tallies=tallies | ({"weighted": told} if told else {}))
        sources = {code: known[code].source for code in totals}
        record(viewer, "survey.weighted", survey, {"totals": totals, "sources": sources}, at=at)
