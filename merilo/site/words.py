"""Sentences of the home pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.core.navigation import WorkItem
from merilo.web.templatetags.words import longday, shortday

HALF_A_YEAR = 183


@dataclass(frozen=True, slots=True)
class Task:
    """One task as the page shows it: until when stands at its side, how far it is in its help."""

    title: str
    url: str
    help: str
    status: str
    status_text: str


def task(item: WorkItem) -> Task:
    """A task with the words beside it; it is late when its last day is over."""
    day = _day(item.due)
    if day is None or item.status == "done":
        return Task(item.title, item.url, item.help, item.status, item.status_text)
    help_ = " · ".join(part for part in (item.help, item.status_text) if part)
    if day < timezone.localdate():
        late = _("was due by %(date)s") % {"date": _named(day)}
        return Task(item.title, item.url, help_, "late", late)
    return Task(item.title, item.url, help_, item.status, _("by %(date)s") % {"date": _named(day)})


def _day(due: date | datetime | None) -> date | None:
    return timezone.localtime(due).date() if isinstance(due, datetime) else due


def _named(day: date) -> str:
    """Day and month; with the year where one could think of another."""
    return shortday(day) if abs((day - timezone.localdate()).days) < HALF_A_YEAR else longday(day)


def at_work(begun: int, total: int) -> str:
    """How many of the assessors have begun."""
    if begun == total:
        return ngettext(
            "The %(total)s assessor is at work.", "All %(total)s assessors are at work.", total
        ) % {"total": total}
    return ngettext(
        "%(begun)s of %(total)s assessors has begun.", "%(begun)s of %(total)s assessors have begun.", begun
    ) % {"begun": begun, "total": total}


def joined(*sentences: str) -> str:
    """Whole sentences, one after the other."""
    return " ".join(sentence for sentence in sentences if sentence)
