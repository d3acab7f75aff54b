"""Sentences of the home pages."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.core.navigation import WorkItem
from merilo.web.templatetags.words import shortday


def tag_of(item: WorkItem) -> tuple[str, str]:
    """Status and words beside a task: its own words, else its last day; late when that day is over."""
    day = _day(item.due)
    if day is None:
        return item.status, item.status_text
    if day < timezone.localdate() and item.status != "done":
        return "late", _("was due by %(date)s") % {"date": shortday(day)}
    return item.status, item.status_text or _("by %(date)s") % {"date": shortday(day)}


def _day(due: date | datetime | None) -> date | None:
    return timezone.localtime(due).date() if isinstance(due, datetime) else due


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
