"""Days as an iCalendar file (RFC 5545) that calendar programs fetch again and again.

The file names no method, so DTSTAMP says when an entry last changed, as LAST-MODIFIED does: the same days
always give the same bytes. The library folds and escapes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta

from icalendar import Calendar, Event

from merilo.core.calendars import Day

CONTENT_TYPE = "text/calendar; charset=utf-8"
EVERY = timedelta(hours=6)  # how often programs are asked to look
_PRODUCT = "-//Merilo//Merilo//EN"


def calendar_file(name: str, days: Iterable[Day], *, language: str, base: str) -> bytes:
    """The file: `name` is what programs call the calendar, `base` the address before each path."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name, parameters={"language": language})
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for day in days:
        calendar.add_component(_event(day, language, base))
    content: bytes = calendar.to_ical()
    return content


def _event(day: Day, language: str, base: str) -> Event:
    event, spoken = Event(), {"language": language}
    moment = day.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", f"{day.key}@merilo")
    event.add("dtstamp", moment)
    event.add("last-modified", moment)
    event.add("sequence", max(day.version - 1, 0))
    event.add("dtstart", day.first)
    event.add("dtend", (day.last or day.first) + timedelta(days=1))
    event.add("summary", day.title, parameters=spoken)
    if day.about:
        event.add("description", day.about, parameters=spoken)
    if day.path:
        event.add("url", f"{base}{day.path}")
    event.add("status", "CANCELLED" if day.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # it keeps nobody from a meeting
    return event


def subscription(address: str) -> str:
    """The address in the form (`webcal`) that opens a calendar program."""
    return f"webcal://{address.partition('://')[2]}"
