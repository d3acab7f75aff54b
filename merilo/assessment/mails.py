"""Whom this room tells what has happened, in the application and by mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from merilo.assessment.messages import PRACTICE, REMINDED, RETURNED
from merilo.assessment.models import Assessment, Calibration, EvidenceRequest, ReportRevision, Sheet, State
from merilo.core import mail
from merilo.groups.api import scoring_seats
from merilo.organisations.api import (
    Event,
    Membership,
    Notification,
    NotificationKind,
    Viewer,
    address,
    members_who_may,
    notify,
    remind,
)


def seat_taken_over(
    viewer: Viewer, assessment: Assessment, *, former: Membership, now: Membership, at: datetime
) -> None:
    """Tell the former holder of a seat who reads the sheet now."""
    facts = {"who": str(now.pk), "title": assessment.title}
    path = address(viewer, "assessment:overview", pk=assessment.pk)
    notify(
        viewer=viewer,
        event=Event("seat.taken_over", path, at, facts),
        to=[former],
        letter=lambda to: _seat_taken_over(viewer, assessment, to, now),
    )


def _seat_taken_over(
    viewer: Viewer, assessment: Assessment, former: Membership, now: Membership
) -> tuple[str, str]:
    with translation.override(viewer.organisation.language):
        return (
            _("Your seat in “%(title)s” was taken over") % {"title": assessment.title},
            render_to_string(
                "assessment/email/seat_taken_over.txt",
                {"assessment": assessment, "former": former, "now": now},
            ),
        )


# --- requests of evidence -----------------------------------------------------------------------------
def request_address(token: str) -> str:
    """What a colleague opens a request with, with the host that people reach this installation by."""
    return f"{settings.BASE_URL}{reverse('rooms:request', args=[token])}"


def request_written(request: EvidenceRequest, *, link: str, why: str) -> None:
    """Ask a colleague: for the first time, again, with more time, or after what came was returned."""
    subjects = {
        "new": gettext_noop("Please send evidence: %(what)s"),
        "reminder": gettext_noop("Reminder: %(what)s"),
        "longer": gettext_noop("More time: %(what)s"),
        "returned": gettext_noop("Something is still missing: %(what)s"),
    }
    _tell(request, request.email, subjects[why], "request_written", {"link": link, "why": why})


def request_withdrawn(request: EvidenceRequest) -> None:
    """Tell a colleague that nothing is needed any more."""
    _tell(request, request.email, gettext_noop("No longer needed: %(what)s"), "request_withdrawn", {})


def request_answered(request: EvidenceRequest, *, at: datetime) -> None:
    """Tell the asker, as long as they are here, that something came."""
    asker, organisation = request.asked_by, request.assessment.organisation
    if asker is None or not asker.is_here(timezone.localdate(timezone=organisation.zone)):
        return
    where = {"org": organisation.slug, "pk": request.assessment_id, "ask": request.pk}
    path, facts = reverse("assessment:request", kwargs=where), {"what": request.what}
    subject, more = gettext_noop("An answer has come: %(what)s"), {"link": f"{settings.BASE_URL}{path}"}
    notify(
        viewer=None,
        event=Event("request.answered", path, at, facts),
        to=[asker],
        letter=lambda _asker: _request_letter(request, subject, "request_answered", more),
    )


def _tell(request: EvidenceRequest, to: str, subject: str, template: str, more: dict[str, str]) -> None:
    if not to or not mail.has_server():
        return
    title, text = _request_letter(request, subject, template, more)
    send_mail(title, text, None, [to])


def _request_letter(
    request: EvidenceRequest, subject: str, template: str, more: dict[str, str]
) -> tuple[str, str]:
    """Subject and text of a mail about a request, in the language of the organisation."""
    organisation = request.assessment.organisation
    context = {"request": request, "organisation": organisation, "assessment": request.assessment, **more}
    with translation.override(organisation.language):
        text = render_to_string(f"assessment/email/{template}.txt", context)
        return _(subject) % {"what": request.what}, text


# --- what is told in one sentence -----------------------------------------------------------------
NOTIFICATIONS = {
    "seat.taken_over": gettext_lazy("%(who)s has taken over your seat in “%(title)s” with its sheet."),
    "assessment.opened": gettext_lazy("You can begin to score in “%(title)s”, until %(day)s."),
    "assessment.unlocked": gettext_lazy(
        "The individual assessment of “%(title)s” is open again, you can change your sheet: %(note)s"
    ),
    RETURNED: gettext_lazy("%(who)s has sent your sheet in “%(title)s” back: %(note)s"),
    PRACTICE: gettext_lazy("The group practises on a written case in “%(title)s”: please score it."),
    "request.answered": gettext_lazy("A colleague has answered your request: %(what)s"),
    "report.submitted": gettext_lazy("The report of “%(title)s” waits for your approval."),
    "report.returned": gettext_lazy("%(who)s has sent the report of “%(title)s” back: %(note)s"),
    "report.approved": gettext_lazy("The report of “%(title)s” is approved."),
}
REMINDER = gettext_lazy("Please hand in your sheet in “%(title)s”.")


def kinds() -> Iterator[NotificationKind]:
    """The kinds of notifications of this room."""
    yield from (NotificationKind(code, sentence) for code, sentence in NOTIFICATIONS.items())
    yield NotificationKind(REMINDED, REMINDER, still=_is_awaited)


def _is_awaited(row: Notification) -> bool:
    """Whether the person reminded still has to hand in that sheet."""
    sheets = Sheet.objects.filter(pk=row.facts["sheet"], handed_in_at=None)
    return sheets.filter(assessment__state=State.ASSESSING, seat__holder__person=row.person_id).exists()


def assessors_may_score(
    viewer: Viewer, assessment: Assessment, verb: str, *, note: str = "", at: datetime
) -> None:
    """Tell those who score that their sheets are open, for the first time or again."""
    lock_at = timezone.localtime(assessment.lock_at, viewer.organisation.zone) if assessment.lock_at else at
    facts = {"title": assessment.title, "note": note, "day": lock_at.date().isoformat()}
    path = address(viewer, "assessment:my", pk=assessment.pk)
    seats = scoring_seats(assessment.group).select_related("holder")
    notify(viewer=viewer, event=Event(verb, path, at, facts), to=[seat.holder for seat in seats])


def practice_opened(viewer: Viewer, calibration: Calibration, *, at: datetime) -> None:
    """Tell those who score that a written case waits for them."""
    assessment = calibration.assessment
    path = address(viewer, "assessment:calibration", pk=assessment.pk, calibration=calibration.pk)
    event = Event(PRACTICE, path, at, {"title": assessment.title})
    seats = scoring_seats(assessment.group).select_related("holder")
    notify(viewer=viewer, event=event, to=[seat.holder for seat in seats])


def remind_of_sheet(viewer: Viewer, sheet: Sheet, *, at: datetime) -> None:
    """Remind the holder of a sheet that is not handed in."""
    remind(event=_about_sheet(viewer, sheet, REMINDED, at), to=sheet.seat.holder)


def sheet_returned(viewer: Viewer, sheet: Sheet, *, note: str, at: datetime) -> None:
    """Tell the holder of a sheet why it is open again."""
    event = _about_sheet(viewer, sheet, RETURNED, at, who=str(viewer.membership.pk), note=note)
    notify(viewer=viewer, event=event, to=[sheet.seat.holder])


def _about_sheet(viewer: Viewer, sheet: Sheet, kind: str, at: datetime, **more: str) -> Event:
    facts = {"title": sheet.assessment.title, "sheet": str(sheet.pk), **more}
    return Event(kind, address(viewer, "assessment:my", pk=sheet.assessment_id), at, facts)


def report_moved(viewer: Viewer, revision: ReportRevision, verb: str, *, to: str, at: datetime) -> None:
    """Tell those whose roles give the permission `to` what has become of a revision."""
    assessment = revision.report.assessment
    path = address(viewer, "assessment:revision", pk=assessment.pk, number=revision.number)
    facts = {"title": assessment.title, "who": str(viewer.membership.pk), "note": revision.decision_note}
    notify(viewer=viewer, event=Event(verb, path, at, facts), to=members_who_may(viewer, to))
