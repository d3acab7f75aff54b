"""What is to be done next in an external feedback, for whoever looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from merilo.feedback import permissions
from merilo.feedback.models import Feedback
from merilo.feedback.queries.feedbacks import scheme_of
from merilo.feedback.queries.marks import joints, own_marks, points_in
from merilo.feedback.rules.lifecycle import State
from merilo.organisations.api import Viewer, address


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, with its state; without an address it cannot be begun yet."""

    text: str
    url: str = ""
    status: str = "idle"
    status_text: str = ""
    help: str = ""


def tasks_of(viewer: Viewer, feedback: Feedback, *, on: date) -> list[Task]:
    """The tasks of the viewer in the order of the work. Five queries at most."""
    found = _Tasks(viewer, feedback, on)
    return [*found.managing(), *found.giving()]


class _Tasks:
    def __init__(self, viewer: Viewer, feedback: Feedback, on: date) -> None:
        self.viewer, self.feedback, self.on = viewer, feedback, on

    def _url(self, name: str, **more: object) -> str:
        return address(self.viewer, f"feedback:{name}", feedback=self.feedback.pk, **more)

    # --- the organisation
    def managing(self) -> Iterator[Task]:
        if not permissions.may_manage(self.viewer, self.feedback):
            return
        if self.feedback.state == State.PREPARING:
            yield from self._preparing()
        elif permissions.may_respond(self.viewer, self.feedback):
            yield from self._responding()

    def _preparing(self) -> Iterator[Task]:
        has_lead = self.feedback.actors.filter(is_lead=True, ended_at=None, until__gte=self.on).exists()
        released = bool(self.feedback.released)
        yield Task(_("See what is ready and what is missing"), self._url("ready"), "progress", _("any time"))
        yield Task(
            _("Choose what evaluators may read, and the day of the visit"),
            self._url("prepare"),
            _status(done=released),
        )
        yield Task(_("Invite evaluators"), self._url("actors"), _status(done=has_lead))
        if has_lead and released:
            help_ = _("From then on the evaluators can read and give points.")
            yield Task(_("Hand in the application"), self._url("hand_in"), help=help_)
        else:
            yield Task(
                _("Hand in the application"),
                status="waiting",
                status_text=_("later"),
                help=_("Opens when an evaluator is invited and something is released."),
            )

    def _responding(self) -> Iterator[Task]:
        responded = bool(self.feedback.response)
        yield Task(_("Read the report"), self._url("report"), "progress", _("any time"))
        yield Task(_("Respond to the report"), self._url("respond"), _status(done=responded))
        if self.feedback.state == State.REPORTED:
            help_ = _("When the decision came by letter.")
            yield Task(_("Record the decision"), self._url("decide"), help=help_)
        if permissions.may_keep_label(self.viewer, self.feedback):
            label = self.feedback.label
            yield Task(_("Keep the label"), self._url("label"), _status(done=bool(label.number)))

    # --- the evaluators
    def giving(self) -> Iterator[Task]:
        if permissions.actor_of(self.viewer, self.feedback, on=self.on) is None:
            return
        state = self.feedback.state
        if state in {State.APPLIED, State.AGREEING}:
            yield Task(_("Read what is released"), self._url("material"), "progress", _("any time"))
        if state == State.APPLIED:
            yield from self._alone()
        elif state == State.AGREEING:
            yield from self._together()
        elif permissions.may_decide(self.viewer, self.feedback, on=self.on):
            yield Task(_("Decide on the label"), self._url("decide"))

    def _alone(self) -> Iterator[Task]:
        actor = permissions.actor_of(self.viewer, self.feedback, on=self.on)
        assert actor is not None  # noqa: S101  asked by who calls
        codes = list(scheme_of(self.feedback).questions())
        given = len(points_in(own_marks(actor)))
        yield Task(
            _("Give your points"),
            self._url("sheets"),
            _status(done=given == len(codes), begun=given > 0),
            _("%(done)s of %(all)s") % {"done": given, "all": len(codes)},
            _("Alone, before you talk about them."),
        )
        if actor.is_lead:
            help_ = _("When all have given theirs. Then you see each other’s.")
            yield Task(_("Close the points given alone"), self._url("close_own"), help=help_)

    def _together(self) -> Iterator[Task]:
        codes = list(scheme_of(self.feedback).questions())
        given = len(points_in(joints(self.feedback)))
        told = _("%(done)s of %(all)s") % {"done": given, "all": len(codes)}
        status = _status(done=given == len(codes), begun=given > 0)
        if not permissions.may_agree(self.viewer, self.feedback, on=self.on):
            yield Task(_("See what is agreed"), self._url("joint"), status, told)
            return
        yield Task(_("Agree on the points"), self._url("joint"), status, told)
        written = bool(self.feedback.texts.get("summary"))
        yield Task(_("Write the texts of the report"), self._url("texts"), _status(done=written))
        if written and given == len(codes):
            yield Task(_("Hand over the report"), self._url("hand_over"))
        else:
            help_ = _("Opens when all points are agreed and the summary is written.")
            yield Task(_("Hand over the report"), status="waiting", status_text=_("later"), help=help_)


def _status(*, done: bool, begun: bool = False) -> str:
    if done:
        return "done"
    return "progress" if begun else "idle"
