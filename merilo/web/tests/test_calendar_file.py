"""Calendar files: what programs read back is what was written, whichever library they read with."""

from __future__ import annotations

from datetime import UTC, date, datetime

import vobject
from icalendar import Calendar

from merilo.core.calendars import Day
from merilo.web.calendar_file import calendar_file, subscription

BASE = "https://merilo.town.example"
CHANGED = datetime(2026, 5, 4, 9, 30, 15, 999, tzinfo=UTC)
TITLE = "Мярка 3, срок; „анкета“: " + "много дълго заглавие " * 8 + "\\край"
ABOUT = "Ред\nРед, втори"
DAYS = [
    Day(
        "measure-ends/1", TITLE, date(2026, 10, 30), CHANGED, version=4, about="Ред\nРед, втори", path="/o/t/"
    ),
    Day("away/2", "Обучение", date(2026, 12, 30), CHANGED, last=date(2027, 1, 2), cancelled=True),
]


def written() -> bytes:
    return calendar_file("Моите дни", DAYS, language="bg", base=BASE)


def test_the_library_reads_every_fact_back():
    calendar = Calendar.from_ical(written())
    assert (calendar["VERSION"], str(calendar["X-WR-CALNAME"])) == ("2.0", "Моите дни")
    first, second = calendar.walk("VEVENT")
    assert (str(first["SUMMARY"]), str(first["DESCRIPTION"])) == (TITLE, ABOUT)
    assert first["SUMMARY"].params["LANGUAGE"] == "bg"
    assert (str(first["UID"]), first["SEQUENCE"], first["STATUS"]) == (
        "measure-ends/1@merilo",
        3,
        "CONFIRMED",
    )
    assert (first.decoded("DTSTART"), first.decoded("DTEND")) == (date(2026, 10, 30), date(2026, 10, 31))
    assert first.decoded("DTSTAMP") == first.decoded("LAST-MODIFIED") == CHANGED.replace(microsecond=0)
    assert str(first["URL"]) == f"{BASE}/o/t/"
    assert (second.decoded("DTEND"), second["STATUS"]) == (date(2027, 1, 3), "CANCELLED")
    assert not calendar.errors
    assert not any(event.errors for event in (first, second))


def test_another_library_reads_the_same():
    read = vobject.readOne(written().decode())
    events = {event.uid.value: event for event in read.vevent_list}
    found = events["measure-ends/1@merilo"]
    assert (found.summary.value, found.description.value) == (TITLE, ABOUT)
    assert (found.dtstart.value, found.dtend.value) == (date(2026, 10, 30), date(2026, 10, 31))
    assert found.sequence.value == "3"
    assert read.validate(raiseException=True)


def test_lines_are_folded_by_octets_and_end_as_the_standard_asks():
    content = written()
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()  # no letter is torn apart


def test_the_same_days_give_the_same_bytes():
    assert written() == written()


def test_an_address_that_opens_a_calendar_program():
    assert subscription("https://town.example/calendar/x.ics") == "webcal://town.example/calendar/x.ics"
