"""What "My work" shows of self-assessments, one provider per kind of task."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, Sheet, State
from merilo.assessment.queries import agreement, calibration, requests, sheets, voters
from merilo.core.navigation import WorkItem
from merilo.organisations.api import Viewer, address

VERBS = {
    "judgement.saved": gettext_lazy("saved a sub-criterion of the own sheet"),
    "worksheet.taken": gettext_lazy("took sub-criteria from a filled-in worksheet"),
    "sheet.handed_in": gettext_lazy("handed in the own sheet"),
    "sheet.taken_back": gettext_lazy("took the own sheet back"),
    "sheet.reminded": gettext_lazy("reminded an assessor of the sheet"),
    "sheet.returned": gettext_lazy("sent a handed-in sheet back with a note"),
    "evidence.added": gettext_lazy("put evidence on the shelf"),
    "evidence.renewed": gettext_lazy("took over what the source of evidence says now"),
    "evidence.changed": gettext_lazy("changed evidence on the shelf"),
    "evidence.removed": gettext_lazy("removed evidence from the shelf"),
    "evidence.put_back": gettext_lazy("put removed evidence back on the shelf"),
    "evidence.forgotten": gettext_lazy("deleted evidence that was removed 30 days before"),
    "evidence.used": gettext_lazy("chose the evidence for a sub-criterion"),
}

REQUEST_VERBS = {
    "request.made": gettext_lazy("asked a colleague for evidence"),
    "request.reminded": gettext_lazy("reminded a colleague of a request"),
    "request.lengthened": gettext_lazy("lengthened the deadline of a request"),
    "request.passed_on": gettext_lazy("handed a request to a colleague over"),
    "request.withdrawn": gettext_lazy("withdrew a request to a colleague"),
    "request.answered": gettext_lazy("sent something for a request"),
    "request.answered_none": gettext_lazy("answered a request with “We do not have this”"),
    "request.accepted": gettext_lazy("accepted what a colleague sent"),
    "request.returned": gettext_lazy("returned what a colleague sent"),
}


def sheet_work(viewer: Any) -> Iterator[WorkItem]:
    """An assessor's own sheets that are open: what is left, until when. At most three queries."""
    open_sheets = list(sheets.open_sheets(viewer))
    if not open_sheets:
        return
    ready, notes = sheets.ready_codes(open_sheets), sheets.notes_of(viewer, open_sheets)
    for sheet in open_sheets:
        if note := notes.get(str(sheet.pk)):
            yield _returned_item(viewer, sheet, note)
        else:
            yield _sheet_item(viewer, sheet, ready.get(sheet.pk, set()))


def _returned_item(viewer: Viewer, sheet: Sheet, note: str) -> WorkItem:
    assessment = sheet.assessment
    return WorkItem(
        title=_("Change your assessment and hand it in again"),
        url=address(viewer, "assessment:my", pk=assessment.pk),
        help=f"{assessment.title} · {note}",
        due=assessment.lock_at,
        status="problem",
        status_text=_("sent back"),
        order=15,
    )


def _sheet_item(viewer: Viewer, sheet: Sheet, ready: set[str]) -> WorkItem:
    assessment = sheet.assessment
    mine = set(sheets.assigned_codes(sheet, framework_of(assessment)))
    done, total = len(mine & ready), len(mine)
    if done == total:
        return WorkItem(
            title=_("Check and hand in your assessment"),
            url=address(viewer, "assessment:check", pk=assessment.pk),
            help=assessment.title,
            due=assessment.lock_at,
            status="progress",
            status_text=_("all ready"),
            order=20,
        )
    left = ngettext("Assess %(count)s sub-criterion", "Assess %(count)s sub-criteria", total - done)
    return WorkItem(
        title=left % {"count": total - done},
        url=address(viewer, "assessment:my", pk=assessment.pk),
        help=assessment.title,
        due=assessment.lock_at,
        status="progress" if ready else "idle",
        status_text=_("%(done)s of %(total)s ready") % {"done": done, "total": total},
        order=20,
    )


def request_work(viewer: Any) -> Iterator[WorkItem]:
    """For who asked colleagues and for the coordinator: answers that wait. One query."""
    if not viewer.can("evidence.edit"):
        return
    for assessment, count in requests.waiting(viewer).items():
        title = ngettext(
            "Look at %(count)s answer of a colleague", "Look at %(count)s answers of colleagues", count
        )
        yield WorkItem(
            title=title % {"count": count},
            url=address(viewer, "assessment:requests", pk=assessment.pk),
            help=assessment.title,
            status="progress",
            status_text=_("received"),
            order=25,
        )


def following_work(viewer: Any) -> Iterator[WorkItem]:
    """For the coordinator: assessments in which people write their sheets. One query."""
    if not viewer.can("assessment.plan"):
        return
    for assessment, handed_in, total in sheets.handed_in_counts(viewer, on=timezone.localdate()):
        yield _following_item(viewer, assessment, handed_in, total)


def _following_item(viewer: Viewer, assessment: Assessment, handed_in: int, total: int) -> WorkItem:
    return WorkItem(
        title=_("Follow how far the assessors have come"),
        url=address(viewer, "assessment:progress", pk=assessment.pk),
        help=assessment.title,
        due=assessment.lock_at,
        status="waiting" if handed_in < total else "progress",
        status_text=_("%(done)s of %(total)s handed in") % {"done": handed_in, "total": total},
        order=30,
    )


AGREEMENT_VERBS = {
    "assessment.locked": gettext_lazy("locked the individual scores"),
    "assessment.unlocked": gettext_lazy("opened the individual assessment again"),
    "assessment.agreed": gettext_lazy("finished the agreement"),
    "assessment.resumed": gettext_lazy("took the agreement up again"),
    "agreement.agreed": gettext_lazy("recorded an agreed score"),
    "agreement.postponed": gettext_lazy("postponed a sub-criterion"),
    "agreement.changed": gettext_lazy("changed an agreed score"),
    "agreement.undone": gettext_lazy("undid a decision on a sub-criterion"),
    "meeting.opened": gettext_lazy("began a consensus meeting"),
    "meeting.ended": gettext_lazy("ended a consensus meeting"),
    "meeting.item_taken": gettext_lazy("put a sub-criterion on the wall"),
    "meeting.paused": gettext_lazy("took the sub-criterion off the wall"),
    "meeting.order_set": gettext_lazy("changed the order of a meeting"),
    "meeting.vote_opened": gettext_lazy("opened a new vote"),
    "meeting.vote_closed": gettext_lazy("ended a vote"),
    "meeting.voted": gettext_lazy("voted in a meeting"),
    "meeting.joined": gettext_lazy("took part in a meeting"),
    "meeting.entered": gettext_lazy("came into a meeting by a personal code"),
    "meeting.presence_set": gettext_lazy("said who takes part in a meeting"),
    "meeting.codes_made": gettext_lazy("made personal codes for a meeting"),
    "meeting.wall_opened": gettext_lazy("opened a screen for a meeting"),
    "meeting.walls_revoked": gettext_lazy("turned the screens of a meeting off"),
    "calibration.opened": gettext_lazy("gave the group a written case to practise on"),
    "calibration.handed_in": gettext_lazy("scored a written case for practice"),
    "calibration.shown": gettext_lazy("showed what the group gave a written case"),
    "calibration.repeated": gettext_lazy("let the group score a written case once more"),
    "calibration.closed": gettext_lazy("closed the practice of the group"),
    "dissent.recorded": gettext_lazy("put a differing opinion on record"),
    "dissent.withdrawn": gettext_lazy("took a differing opinion off the record"),
    "statement.made": gettext_lazy("made an agreed statement"),
    "statement.sources_added": gettext_lazy("put remarks under an agreed statement"),
    "statement.source_released": gettext_lazy("took a remark out of an agreed statement"),
    "statement.reworded": gettext_lazy("changed the wording of an agreed statement"),
    "statement.moved": gettext_lazy("changed the order of agreed statements"),
    "statement.removed": gettext_lazy("took an agreed statement apart"),
}


def agreement_work(viewer: Any) -> Iterator[WorkItem]:
    """For those who lead the agreement: lock, agree, finish. One query."""
    now = timezone.now()
    for found in agreement.led(viewer):
        assessment = found.assessment
        if assessment.state == State.AGREEING:
            yield _agreement_item(viewer, found)
        elif assessment.lock_at and assessment.lock_at <= now and viewer.can("assessment.read"):
            yield WorkItem(
                title=_("Lock the individual scores"),
                url=address(viewer, "assessment:lock", pk=assessment.pk),
                help=assessment.title,
                due=assessment.lock_at,
                order=10,
            )


def _agreement_item(viewer: Viewer, found: agreement.Led) -> WorkItem:
    assessment, left, total = found.assessment, found.left, found.total
    if not left:
        return WorkItem(
            title=_("Finish the agreement"),
            url=address(viewer, "assessment:finish", pk=assessment.pk),
            help=assessment.title,
            status="progress",
            status_text=_("everything is agreed"),
            order=15,
        )
    title = ngettext("Agree %(count)s sub-criterion", "Agree %(count)s sub-criteria", left)
    return WorkItem(
        title=title % {"count": left},
        url=address(viewer, "assessment:agree", pk=assessment.pk),
        help=assessment.title,
        status="progress" if left < total else "idle",
        status_text=_("%(done)s of %(total)s agreed") % {"done": total - left, "total": total},
        order=15,
    )


def meeting_work(viewer: Any) -> Iterator[WorkItem]:
    """For who has a voice in a meeting that is going on now. One query."""
    for meeting in voters.meetings_of(viewer, on=timezone.localdate()):
        yield WorkItem(
            title=_("Take part in the consensus meeting"),
            url=reverse("rooms:phone", args=[meeting.pk]),
            help=meeting.assessment.title,
            status="progress",
            status_text=_("is going on"),
            order=5,
        )


def practice_work(viewer: Any) -> Iterator[WorkItem]:
    """For who has a voice in a group that practises now and has not handed in. One query."""
    for found in calibration.to_hand_in(viewer, on=timezone.localdate()):
        yield WorkItem(
            title=_("Practise scoring with the group"),
            url=address(viewer, "assessment:calibration", pk=found.assessment_id, calibration=found.pk),
            help=found.assessment.title,
            status="idle",
            status_text=_("your scores are missing"),
            order=12,
        )
