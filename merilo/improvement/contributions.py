"""What this room puts on pages above it: its menu entry, and the verbs of the audit."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.assessment.api import Assessment, Known
from merilo.improvement import words
from merilo.improvement.models import Measure
from merilo.improvement.queries.following import UNFINISHED, before
from merilo.improvement.rules.progress import measures_done
from merilo.improvement.rules.states import MeasureState
from merilo.organisations.api import Viewer, address
from merilo.web.items import Link

VERBS = {
    "plan.started": gettext_lazy("started a plan of improvement"),
    "plan.changed": gettext_lazy("changed a plan of improvement"),
    "plan.items_taken": gettext_lazy("took areas and ideas of a self-assessment into the plan"),
    "plan.left_taken": gettext_lazy("took what the plan before left into the plan"),
    "plan.cycle_begun": gettext_lazy("began the next self-assessment from a plan of improvement"),
    "plan.closed": gettext_lazy("closed a plan of improvement"),
    "plan.reopened": gettext_lazy("had a closed plan of improvement carried on"),
    "plan.brought_together": gettext_lazy("brought areas and ideas together into a proposal"),
    "plan.proposals_begun": gettext_lazy("made proposals of single areas and ideas"),
    "plan.put_into": gettext_lazy("put areas and ideas into a proposal"),
    "plan.themed": gettext_lazy("gave areas and ideas a theme"),
    "plan.set_aside": gettext_lazy("set areas and ideas aside"),
    "plan.taken_back": gettext_lazy("let areas and ideas wait again"),
    "plan.item_added": gettext_lazy("added an area or idea"),
    "plan.item_changed": gettext_lazy("reworded an area or idea"),
    "plan.item_split": gettext_lazy("split an area or idea"),
    "plan.proposal_changed": gettext_lazy("changed a proposal"),
    "plan.proposals_merged": gettext_lazy("brought a proposal into another one"),
    "plan.proposal_removed": gettext_lazy("removed a proposal"),
    "plan.criteria_changed": gettext_lazy("changed criteria and success factors"),
    "plan.scored_alone": gettext_lazy("gave own points to proposals"),
    "plan.scores_closed": gettext_lazy("closed the members' scores"),
    "plan.scores_opened": gettext_lazy("let members score again"),
    "plan.points_agreed": gettext_lazy("entered the points of the group"),
    "plan.decided": gettext_lazy("decided on proposals"),
    "plan.measures_made": gettext_lazy("made measures out of chosen proposals"),
    "plan.table_taken": gettext_lazy("took measures from a table into the plan"),
    "plan.workbook_taken": gettext_lazy("took changes from an edited workbook of the plan"),
    "measure.added": gettext_lazy("added a measure"),
    "measure.changed": gettext_lazy("changed a measure"),
    "measure.items_chosen": gettext_lazy("chose what a measure answers"),
    "measure.moved": gettext_lazy("gave a measure another number"),
    "measure.removed": gettext_lazy("removed a measure from the draft"),
    "measure.checked_in": gettext_lazy("said how a measure goes"),
    "measure.reported_by_link": gettext_lazy("said by the link of a mail how a measure goes"),
    "measure.handed_over": gettext_lazy("handed a measure over"),
    "measure.indicator_added": gettext_lazy("added an indicator to a measure"),
    "measure.indicator_changed": gettext_lazy("changed the aim of an indicator"),
    "measure.indicator_removed": gettext_lazy("removed an indicator from a measure"),
    "activity.added": gettext_lazy("added an activity"),
    "activity.changed": gettext_lazy("changed an activity"),
    "activity.removed": gettext_lazy("removed an activity"),
    "activity.reported": gettext_lazy("said how far an activity is"),
    "draft.offered": gettext_lazy("offered a measure to a plan"),
    "draft.accepted": gettext_lazy("accepted an offered measure"),
    "draft.declined": gettext_lazy("declined an offered measure"),
    "preparation.added": gettext_lazy("added a row to the plan's own schedule"),
    "preparation.suggested": gettext_lazy("added the usual rows to the plan's own schedule"),
    "preparation.changed": gettext_lazy("changed a row of the plan's own schedule"),
    "preparation.marked": gettext_lazy("marked a row of the plan's own schedule"),
    "preparation.removed": gettext_lazy("removed a row of the plan's own schedule"),
}


def menu(request: HttpRequest, viewer: Viewer) -> Iterator[tuple[int, str, str, str]]:
    """The plans, for everybody who reads what the organisation shares."""
    if viewer.can("plan.read"):
        yield 22, "improvement", _("Improvement plan"), address(viewer, "improvement:list")


def context(viewer: Viewer, assessment: Assessment) -> Iterator[Known]:
    """For assessors: what was done about what the last cycle found, and what is not finished."""
    for plan, measures in before(viewer, assessment):
        open_ = [one for one in measures if one.state in UNFINISHED]
        done = measures_done(MeasureState(one.state) for one in measures)
        told = _("Measures done: %(share)s. Not finished: %(open)s.") % {
            "share": words.share(done),
            "open": len(open_),
        }
        effect = Link(_("Effect"), address(viewer, "improvement:effect", plan=plan.pk))
        yield Known(plan.title, told, [effect, *(_measure(viewer, one) for one in open_)])


def _measure(viewer: Viewer, measure: Measure) -> Link:
    url = address(viewer, "improvement:measure", plan=measure.plan_id, measure=measure.pk)
    codes = f" ({', '.join(measure.codes)})" if measure.codes else ""
    return Link(f"{measure}{codes}", url)
