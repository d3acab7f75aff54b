"""The private address of a person's calendar: shown once, kept as a digest, ended when it is withdrawn."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from merilo.core import calendars
from merilo.core.calendars import Day
from merilo.core.models import AuditEntry
from merilo.organisations import linked
from merilo.organisations.actions import calendars as calendar_actions
from merilo.organisations.erasing import Erased
from merilo.organisations.models import CalendarLink
from merilo.organisations.views import calendar as views
from tests.people import a_member, an_organisation, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/accounts/calendar/"


@pytest.fixture
def member(monkeypatch):
    """Somebody of whose organisations each has one day for them, and for nobody else."""

    def days(viewer, on):
        del on
        yield Day(f"own/{viewer.organisation.slug}", viewer.membership.name, date(2026, 5, 4), timezone.now())

    monkeypatch.setattr(calendars, "_providers", [days])
    return a_member(an_organisation("town"), "assessor", name="Иво Кехайов")


def made(member) -> str:
    """The path of a new address, as the page shows it."""
    answer = signed_in(member).post(PAGE, {"make": "1"})
    found = re.search(r"/calendar/[\w-]+\.ics", answer.content.decode())
    assert found is not None
    return found[0]


def read(path: str) -> list[str]:
    answer = Client().get(path)
    assert answer.status_code == 200
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]


def test_the_address_tells_the_days_of_its_person_in_all_organisations(member):
    other = an_organisation("other")
    member.pk, member.organisation = None, other
    member._state.adding, member.id = True, None
    member.save()
    a_member(other, "coordinator", name="Друг")
    assert read(made(member)) == ["Иво Кехайов"] * 2


def test_only_a_digest_is_kept_and_the_address_is_shown_once(member):
    path = made(member)
    token = path.split("/")[-1].removesuffix(".ics")
    assert token not in str(CalendarLink.objects.values_list()[0])
    page = signed_in(member).get(PAGE).content.decode()
    assert token not in page
    assert "no-cache" in signed_in(member).get(PAGE)["Cache-Control"]
    assert AuditEntry.objects.filter(verb="calendar.made", actor=member.person_id).count() == 1


def test_reading_is_for_everybody_who_has_it_and_is_kept_nowhere(member):
    answer = Client().get(made(member))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")
    assert not answer.cookies


def test_a_new_address_ends_the_old_one_and_withdrawing_ends_all(member):
    first, second = made(member), made(member)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    assert signed_in(member).post(PAGE, {"withdraw": "1"}).status_code == 302
    assert Client().get(second).status_code == 404
    assert AuditEntry.objects.filter(verb="calendar.withdrawn").count() == 1


def test_who_left_or_is_suspended_carries_nothing_any_more(member):
    path = made(member)
    member.left_at = timezone.now()
    member.save()
    assert read(path) == []
    member.person.is_active = False
    member.person.save()
    assert Client().get(path).status_code == 404


def test_guesses_and_programs_that_ask_too_often_are_held_up(member, monkeypatch):
    path = made(member)
    monkeypatch.setitem(views.FETCHED, "most", 1)
    assert [Client().get(path).status_code for _ in range(2)] == [200, 429]
    monkeypatch.setitem(linked.LINKS_TRIED, "most", 1)
    assert [Client().get(f"/calendar/guess-{n}.ics").status_code for n in range(2)] == [404, 429]


def test_the_page_is_for_who_is_signed_in(member):
    assert Client().get(PAGE).status_code == 302
    assert Client().post(PAGE, {"make": "1"}).status_code == 302
    assert not CalendarLink.objects.exists()
    assert signed_in(member).get(PAGE).status_code == 200


def test_an_erased_person_has_no_address_any_more(member):
    path = made(member)
    calendar_actions.forget(Erased(member, frozenset(), ""))
    assert (Client().get(path).status_code, CalendarLink.objects.count()) == (404, 0)
