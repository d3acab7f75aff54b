"""The work on one survey as a list of tasks, in its order, as far as the viewer has a part in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.organisations.api import Viewer, address
from merilo.surveys import permissions
from merilo.surveys.models import Entry, State, Survey
from merilo.surveys.queries.standing import Checked
from merilo.surveys.words import in_the_way
from merilo.web.templatetags.words import day


@dataclass(frozen=True, slots=True)
class Task:
    """One task as the component of the same name shows it; without address it cannot be begun yet."""

    text: str
    name: str
    status: str = "idle"
    status_text: str = ""
    help: str = ""
    url: str = ""


def tasks(viewer: Viewer, survey: Survey, draft: Checked, *, unread: int | None) -> list[Task]:
    """All tasks, with addresses where the viewer has something to do.

    `unread` counts the open answers to be read, None before results and texts are there.
    """
    found = [*_writing(survey, draft), *_asking(survey, draft), *_reading(survey, unread)]
    return [
        replace(task, status_text=task.status_text or _usual(task), url=_url(viewer, survey, task))
        for task in found
    ]


def _usual(task: Task) -> str:
    """Nobody is waited for: what cannot be done yet has its time later."""
    return _("later") if task.status == "waiting" else ""


def _url(viewer: Viewer, survey: Survey, task: Task) -> str:
    """The address, empty while the viewer has nothing to do there."""
    may, state = _RIGHTS.get(task.name, (permissions.may_see_results, State.CLOSED))
    has_work = may(viewer, survey) and state in {"", survey.state}
    return address(viewer, f"surveys:{task.name}", survey=survey.pk) if has_work else ""


# Who may do a task, and in which state; any state that allows it where none stands.
_RIGHTS: dict[str, tuple[Callable[[Viewer, Survey], bool], str]] = {
    "questions": (permissions.may_write_questions, ""),
    "settings": (permissions.may_write_questions, ""),
    "people": (permissions.may_edit, ""),
    "share": (permissions.may_write_questions, ""),
    "open": (permissions.may_edit, State.DRAFT),
    "participation": (permissions.may_read, State.OPEN),
    "close": (permissions.may_edit, State.OPEN),
    "texts": (permissions.may_read_texts, ""),
    "publish": (permissions.may_publish, ""),
    "use": (permissions.may_use, ""),
}


def _writing(survey: Survey, draft: Checked) -> Iterator[Task]:
    problems = len(in_the_way(draft)) if survey.state != State.CLOSED else 0
    words = ngettext("%(count)s thing to put right", "%(count)s things to put right", problems)
    if problems:
        yield Task(_("Write the questions"), "questions", "problem", words % {"count": problems})
    else:
        yield Task(_("Write the questions"), "questions", "done")
    yield Task(
        _("Settings"),
        "settings",
        "done" if survey.settled or survey.opened_at else "idle",
        help=_("Who may answer, first and last day, whom to ask, how long answers are kept"),
    )
    if survey.entry == Entry.INVITED:
        yield Task(_("Invite people"), "people", _during(survey))
    else:
        yield Task(_("Share the address"), "share", _during(survey))


def _asking(survey: Survey, draft: Checked) -> Iterator[Task]:
    if survey.opened_at:
        words = _("opened on %(day)s") % {"day": day(survey.opened_at)}
        yield Task(_("Open the survey"), "open", "done", words)
    else:
        status = "idle" if draft.is_ready else "waiting"
        yield Task(_("Open the survey"), "open", status, help=_first_day(survey))
    yield Task(_("Follow the participation"), "participation", _during(survey))
    if survey.closed_at:
        words = _("closed on %(day)s") % {"day": day(survey.closed_at)}
        yield Task(_("Close the survey"), "close", "done", words)
    else:
        yield Task(_("Close the survey"), "close", "waiting", help=_last_day(survey))


def _during(survey: Survey) -> str:
    return {State.DRAFT: "waiting", State.OPEN: "progress"}.get(State(survey.state), "done")


def _first_day(survey: Survey) -> str:
    if survey.opens_on is None:
        return ""
    return _("By itself on %(day)s") % {"day": day(survey.opens_on)}


def _last_day(survey: Survey) -> str:
    if survey.closes_on is None:
        return _("By hand: no last day is set")
    return _("By itself after %(day)s") % {"day": day(survey.closes_on)}


def _reading(survey: Survey, unread: int | None) -> Iterator[Task]:
    status = "waiting" if unread is None else "idle"
    soon = _("being prepared") if survey.state == State.CLOSED and unread is None else ""
    yield Task(_("Look at the results"), "results", status, soon)
    if unread:
        words = ngettext("%(count)s not read yet", "%(count)s not read yet", unread) % {"count": unread}
        yield Task(_("Read the open answers"), "texts", status, words)
    else:
        yield Task(_("Read the open answers"), "texts", "done" if unread == 0 else status, soon)
    yield Task(_("Publish chosen results"), "publish", status, soon)
    yield Task(_("Use results as evidence"), "use", status, soon)
