"""What this room puts on pages above it: its menu entry, and the verbs of the audit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.core.navigation import WorkItem
from merilo.organisations.api import NotificationKind, Viewer, address
from merilo.surveys.actions.retention import ANSWERS_GO
from merilo.surveys.queries import yearly
from merilo.surveys.queries.surveys import SEEING
from merilo.surveys.rules.yearly import due_of

VERBS = {
    "survey.started": gettext_lazy("started a survey"),
    "survey.copied": gettext_lazy("copied a survey"),
    "survey.changed": gettext_lazy("changed the settings of a survey"),
    "survey.opened": gettext_lazy("opened a survey"),
    "survey.reworded": gettext_lazy("put a new version of a questionnaire to people"),
    "survey.closed": gettext_lazy("closed a survey"),
    "survey.published": gettext_lazy("published results of a survey"),
    "survey.withdrawn": gettext_lazy("took published results of a survey back"),
    "survey.weighted": gettext_lazy("changed the known totals to which a survey is weighted"),
    "survey.paper_entered": gettext_lazy("entered a sheet of paper of a survey with names"),
    "survey.texts_read": gettext_lazy("read the open answers of a survey"),
    "survey.text_decided": gettext_lazy("decided what is shown of an open answer"),
    "survey.texts_tagged": gettext_lazy("tagged open answers"),
    "survey.tag_changed": gettext_lazy("changed the tags of open answers"),
    "survey.exported": gettext_lazy("took a file of a survey away"),
    "survey.attached_taken": gettext_lazy("took a file away that came with an answer"),
    "survey.export_asked": gettext_lazy("asked for a file of a survey"),
    "survey.discarded": gettext_lazy("removed the draft of a survey"),
    "yearly.started": gettext_lazy("started a yearly report on satisfaction"),
    "yearly.changed": gettext_lazy("changed a yearly report on satisfaction"),
    "yearly.approved": gettext_lazy("approved a yearly report on satisfaction"),
    "yearly.reopened": gettext_lazy("made a yearly report on satisfaction a draft again"),
    "yearly.published": gettext_lazy("published a yearly report on satisfaction"),
    "yearly.withdrawn": gettext_lazy("took a yearly report on satisfaction back"),
    "survey.people_added": gettext_lazy("put people on the list of a survey"),
    "survey.person_taken_off": gettext_lazy("took somebody off the list of a survey"),
    "survey.person_told": gettext_lazy("took away what is kept about somebody on the list of a survey"),
    "survey.person_erased": gettext_lazy("erased somebody from a survey, because they asked for it"),
    "survey.letters_sent": gettext_lazy("sent letters of a survey"),
    "survey.letters_unwanted": gettext_lazy("wants no more letters about a survey"),
    "survey.shuffled": gettext_lazy("the answers of a survey were shuffled"),
    "survey.contacts_forgotten": gettext_lazy("the invited people of a survey were deleted"),
    "survey.answers_forgotten": gettext_lazy("the answers of a survey were deleted"),
}


def kinds() -> Iterator[NotificationKind]:
    """The kinds of notifications of this room."""
    yield NotificationKind(
        ANSWERS_GO, gettext_lazy("On %(day)s the answers to “%(title)s” are deleted; their counts stay.")
    )


def menu(request: HttpRequest, viewer: Viewer) -> Iterator[tuple[int, str, str, str]]:
    """The surveys, for whoever has something to do with them."""
    if any(viewer.can(permission) for permission in SEEING):
        yield 15, "surveys", _("Surveys"), address(viewer, "surveys:list")


def yearly_work(viewer: Viewer) -> Iterator[WorkItem]:
    """From January on, the report for the year before, where somebody was asked in it."""
    today = timezone.localdate()
    year = today.year - 1
    if not viewer.can("survey.publish") or not yearly.is_owed(viewer, year):
        return
    yield WorkItem(
        title=_("Publish the report on satisfaction for %(year)s") % {"year": year},
        url=address(viewer, "surveys:yearly"),
        due=timezone.make_aware(datetime.combine(due_of(year), time.max)),
        order=45,
    )
