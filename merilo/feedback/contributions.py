"""What this room puts on pages above it: its menu entry, and the verbs of the audit."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.feedback.queries.feedbacks import gives_feedback
from merilo.organisations.api import Viewer, address

VERBS = {
    "feedback.started": gettext_lazy("began an external feedback"),
    "feedback.prepared": gettext_lazy("changed what external evaluators are told and may read"),
    "feedback.handed_in": gettext_lazy("applied for external feedback"),
    "feedback.withdrawn": gettext_lazy("withdrew the application for external feedback"),
    "feedback.actor_invited": gettext_lazy("invited an external evaluator"),
    "feedback.actor_changed": gettext_lazy("changed the access of an external evaluator"),
    "feedback.actor_ended": gettext_lazy("ended the access of an external evaluator"),
    "feedback.own_saved": gettext_lazy("gave own points as an external evaluator"),
    "feedback.own_closed": gettext_lazy("closed the evaluators' own points"),
    "feedback.joint_saved": gettext_lazy("entered points that the evaluators agreed on"),
    "feedback.texts_written": gettext_lazy("wrote texts of the feedback report"),
    "feedback.reported": gettext_lazy("handed the feedback report over"),
    "feedback.decided": gettext_lazy("decided on the label"),
    "feedback.responded": gettext_lazy("responded to the feedback report"),
    "feedback.marks_forgotten": gettext_lazy("deleted the evaluators' own points"),
    "label.kept": gettext_lazy("changed the facts of the label"),
    "label.reminded": gettext_lazy("reminded of the end of the label"),
}


def menu(request: HttpRequest, viewer: Viewer) -> Iterator[tuple[int, str, str, str]]:
    """For everybody inside; of guests for those who give feedback (one query)."""
    if viewer.can("feedback.read") or gives_feedback(viewer, on=timezone.localdate()):
        yield 24, "feedback", _("External feedback"), address(viewer, "feedback:list")
