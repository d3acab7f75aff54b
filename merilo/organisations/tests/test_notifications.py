"""What happened reaches each person once: on their page, in a mail at once or in the day's digest."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merilo.accounts.models import Person
from merilo.organisations import notifying, queries
from merilo.organisations.actions.erasure import erase_person
from merilo.organisations.correspondence import remind, send_digests, send_reminders
from merilo.organisations.models import Correspondence, Membership, Notification, Organisation
from merilo.organisations.notifying import Event, Kind, notify
from tests.people import a_member, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db
MORNING = datetime.fromisoformat("2026-11-23T08:00+02:00")
NIGHT = datetime.fromisoformat("2026-11-23T06:59+02:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def kinds(monkeypatch, settings):
    """Three kinds of these tests; the third is a reminder that lost its reason when it is about nothing."""
    settings.MAIL_SERVER = "smtp://127.0.0.1:1"
    known = {
        "told": Kind("told", "%(who)s changed “%(title)s” until %(day)s."),
        "asked": Kind("asked", "Please look at “%(title)s”."),
        "due": Kind("due", "“%(title)s” is due.", still=lambda row: row.facts["title"] != "nothing"),
    }
    monkeypatch.setattr(notifying, "_kinds", known)


@pytest.fixture
def town():
    return an_organisation("town", languages=["en"])


@pytest.fixture
def leader(town):
    return a_member(town, "coordinator", name="Елена Първа")


@pytest.fixture
def reader(town):
    return a_member(town, "assessor", name="Иван Втори")


@pytest.fixture
def page(town):
    return reverse("organisations:notifications", args=[town.slug])


def daily(*members):
    Person.objects.filter(pk__in=[member.person_id for member in members]).update(daily_mail=True)
    for member in members:
        member.person.refresh_from_db()


def event(kind="told", title="Plan", path="/o/town/a/", at=MORNING, who=None):
    facts = {"title": title, "day": "2026-12-01"} | ({"who": str(who.pk)} if who else {})
    return Event(kind, path, at, facts)


def tell(leader, *to, **more):
    notify(viewer=as_viewer(leader), event=event(who=leader, **more), to=to)


def rows(member):
    return list(Notification.objects.filter(person=member.person).order_by("made_at", "pk"))


# --- on the page ----------------------------------------------------------------------------------
def test_everybody_else_is_told_once_in_the_language_of_their_page(leader, reader, page):
    tell(leader, leader, reader, reader)
    assert rows(leader) == []
    assert len(rows(reader)) == 1
    browser = signed_in(reader)
    english = browser.get(page, headers={"Accept-Language": "en"}).content.decode()
    assert "Елена Първа changed “Plan” until 01.12.2026." in english
    assert "(1 new)" in english
    assert (
        "until 01.12.2026\N{NO-BREAK SPACE}г."
        in browser.get(page, headers={"Accept-Language": "bg"}).content.decode()
    )


def test_opening_one_marks_it_read_and_leads_there(leader, reader, town):
    tell(leader, reader)
    (row,) = rows(reader)
    answer = signed_in(reader).post(reverse("organisations:notification_open", args=[town.slug, row.pk]))
    assert answer.headers["Location"] == "/o/town/a/"
    assert rows(reader)[0].read_at is not None
    assert as_viewer(reader).unread == 0


def test_all_are_marked_read_at_once_and_only_ones_own(leader, reader, town, page):
    other = a_member(town)
    tell(leader, reader, other)
    tell(leader, reader, title="Report")
    assert as_viewer(reader).unread == 2
    signed_in(reader).post(reverse("organisations:notifications_read", args=[town.slug]), follow=True)
    assert (as_viewer(reader).unread, as_viewer(other).unread) == (0, 1)
    assert "(1" not in signed_in(reader).get(page, headers={"Accept-Language": "en"}).content.decode()


def test_nobody_opens_what_another_was_told(leader, reader, town):
    tell(leader, reader)
    address = reverse("organisations:notification_open", args=[town.slug, rows(reader)[0].pk])
    assert signed_in(leader).post(address).status_code == 404
    assert rows(reader)[0].read_at is None


def test_without_any_the_page_says_what_will_be_here(reader, page):
    assert (
        "No notifications yet"
        in signed_in(reader).get(page, headers={"Accept-Language": "en"}).content.decode()
    )


@pytest.mark.parametrize("count", [1, 25])
def test_the_count_costs_no_question_and_the_page_does_not_grow(
    leader, reader, page, count, django_assert_num_queries
):
    for number in range(count):
        tell(leader, reader, title=f"Plan {number}")
    browser = signed_in(reader)
    browser.get(page)
    with django_assert_num_queries(6):  # session, person, membership with the count; how many, rows, names
        browser.get(page)


def test_what_goes_wrong_with_the_event_leaves_no_notification(leader, reader):
    with pytest.raises(KeyError):
        notify(viewer=as_viewer(leader), event=event(), to=[reader])  # its sentence lacks a name
    assert rows(reader) == []


# --- by mail --------------------------------------------------------------------------------------
def test_a_mail_comes_at_once_in_the_readers_language_with_a_link(leader, reader, mailoutbox, settings):
    reader.person.language = "bg"
    tell(leader, reader)
    (letter,) = mailoutbox
    assert letter.to == [reader.email]
    assert letter.subject == "Елена Първа changed “Plan” until 01.12.2026\N{NO-BREAK SPACE}г.."
    assert f"{settings.BASE_URL}/o/town/a/" in letter.body
    assert type(letter).__name__ == "Announcement"  # never handed over twice


def test_who_wants_one_mail_a_day_gets_one_in_the_morning(leader, reader, mailoutbox):
    daily(reader)
    tell(leader, reader, at=NIGHT - HOUR)
    tell(leader, reader, at=NIGHT - HOUR, title="Report")
    send_digests(at=NIGHT)
    assert mailoutbox == []
    send_digests(at=MORNING)
    (letter,) = mailoutbox
    assert letter.subject == "2 new notifications"
    assert "“Plan”" in letter.body
    assert "“Report”" in letter.body
    tell(leader, reader, at=MORNING, title="Order")
    send_digests(at=MORNING + HOUR)
    assert len(mailoutbox) == 1
    send_digests(at=MORNING + DAY)
    assert "“Order”" in mailoutbox[1].body
    assert "“Plan”" not in mailoutbox[1].body
    send_digests(at=MORNING + 2 * DAY)
    assert len(mailoutbox) == 2


def test_a_digest_leaves_out_what_was_read_and_what_belongs_to_an_organisation_left(
    leader, reader, town, mailoutbox
):
    daily(reader)
    tell(leader, reader)
    Notification.objects.update(read_at=MORNING)
    elsewhere = a_member(an_organisation("elsewhere"), "coordinator")
    there = a_member(elsewhere.organisation)
    there.person, there.email = reader.person, ""
    there.save()
    tell(elsewhere, there, title="Secret")
    there.left_at = MORNING
    there.save()
    send_digests(at=MORNING)
    assert mailoutbox == []
    assert not Notification.objects.exclude(waits_for="").exists()


def test_without_a_mail_server_nothing_waits(leader, reader, settings, mailoutbox):
    settings.MAIL_SERVER = ""
    daily(reader)
    tell(leader, reader)
    remind(event=event("asked"), to=reader)
    send_digests(at=MORNING)
    assert mailoutbox == []
    assert {row.waits_for for row in rows(reader)} == {""}


def test_the_choice_is_made_on_the_own_page(reader):
    browser = signed_in(reader)
    fields = {"name": reader.name, "language": "en", "mails": "daily"}
    assert browser.post(reverse("accounts:me"), fields).status_code == 302
    reader.person.refresh_from_db()
    assert reader.person.daily_mail
    assert browser.post(reverse("accounts:me"), fields | {"mails": "never"}).status_code == 422


# --- reminders ------------------------------------------------------------------------------------
def test_one_reminder_in_48_hours_whatever_the_reasons_and_the_rest_goes_with_the_next(reader, mailoutbox):
    remind(event=event("asked"), to=reader)
    assert len(mailoutbox) == 1
    remind(event=event("due", title="Sheet", at=MORNING + HOUR), to=reader)
    remind(event=event("due", title="Sheet", at=MORNING + 2 * HOUR), to=reader)
    send_reminders(at=MORNING + 47 * HOUR)
    assert len(mailoutbox) == 1
    assert [row.kind for row in rows(reader)] == ["asked", "due"]
    send_reminders(at=MORNING + 48 * HOUR)
    send_reminders(at=MORNING + 49 * HOUR)
    assert len(mailoutbox) == 2
    assert "“Sheet” is due" in mailoutbox[1].body


def test_what_was_held_back_goes_with_a_reminder_made_later(reader, mailoutbox):
    remind(event=event("asked"), to=reader)
    remind(event=event("due", title="Sheet", at=MORNING + HOUR), to=reader)
    remind(event=event("asked", title="Report", at=MORNING + 48 * HOUR), to=reader)
    assert "“Sheet”" in mailoutbox[1].body
    assert "“Report”" in mailoutbox[1].body
    assert len(mailoutbox) == 2


def test_a_reminder_held_back_is_dropped_when_its_reason_is_gone(reader, mailoutbox):
    remind(event=event("asked"), to=reader)
    remind(event=event("due", title="nothing", at=MORNING + HOUR), to=reader)
    send_reminders(at=MORNING + 48 * HOUR)
    assert len(mailoutbox) == 1
    assert Correspondence.objects.get().reminded_at == MORNING


def test_the_digest_takes_reminders_along(leader, reader, mailoutbox):
    daily(reader)
    remind(event=event("asked", at=NIGHT), to=reader)
    remind(event=event("due", title="Sheet", at=NIGHT), to=reader)
    assert mailoutbox == []
    send_digests(at=MORNING)
    (letter,) = mailoutbox
    assert "Please look" in letter.body
    assert "“Sheet” is due" in letter.body


def test_nobody_is_reminded_who_has_left_or_never_signed_in(town, reader, mailoutbox):
    reader.left_at = MORNING
    remind(event=event("asked"), to=reader)
    reader.left_at, reader.person = None, None
    remind(event=event("asked"), to=reader)
    assert not Notification.objects.exists()
    assert mailoutbox == []


# --- no longer kept -------------------------------------------------------------------------------
def test_an_erased_persons_notifications_are_gone_and_others_no_longer_name_them(leader, reader, town):
    a_member(town, "coordinator")
    tell(leader, reader)
    remind(event=event("asked"), to=leader)
    erase_person(email=leader.email, by="", at=timezone.now())
    assert not Notification.objects.filter(person=leader.person).exists()
    assert not Correspondence.objects.exists()
    (told,) = notifying.told(rows(reader))
    assert "Елена" not in told.text


def test_notifications_are_kept_for_180_days(leader, reader):
    now = timezone.now()
    tell(leader, reader, at=now - timedelta(days=179))
    tell(leader, reader, at=now - timedelta(days=181), title="Old")
    call_command("retention", verbosity=0)
    assert [row.facts["title"] for row in rows(reader)] == ["Plan"]


def test_a_kind_that_no_room_knows_any_more_still_says_something(leader, reader):
    tell(leader, reader)
    Notification.objects.update(kind="gone")
    (told,) = notifying.told(list(queries.notifications(as_viewer(reader))))
    assert told.text


# --- who is told nothing --------------------------------------------------------------------------
@pytest.mark.parametrize("why", ["suspended", "closed", "over"])
def test_nobody_is_told_who_could_not_come_and_look(leader, reader, town, mailoutbox, why):
    daily(reader)
    tell(leader, reader)
    viewer = as_viewer(leader)
    Person.objects.filter(pk=reader.person_id).update(is_active=why != "suspended")
    Organisation.objects.filter(pk=town.pk).update(closed_at=MORNING if why == "closed" else None)
    over = MORNING.date() - DAY if why == "over" else None
    Membership.objects.filter(pk=reader.pk).update(valid_until=over)
    gone = Membership.objects.get(pk=reader.pk)
    notify(viewer=viewer, event=event(who=leader), to=[gone])
    remind(event=event("due"), to=gone)
    send_reminders(at=MORNING + DAY)
    send_digests(at=MORNING + DAY)
    assert len(rows(reader)) == 1
    assert mailoutbox == []


def test_what_cannot_be_said_to_one_keeps_nobody_else_from_their_mail(
    leader, reader, town, mailoutbox, caplog
):
    other = a_member(town, name="Ана Трета")
    daily(reader, other)
    tell(leader, reader, other)
    for member in sorted((reader, other), key=lambda one: one.person_id)[:1]:
        Notification.objects.filter(person=member.person).update(facts={})
    send_digests(at=MORNING + DAY)
    assert len(mailoutbox) == 1
    assert "mail of notifications" in caplog.text


def test_a_mail_program_turns_on_the_daily_mail_with_one_click(leader, reader, mailoutbox):
    notify(
        viewer=as_viewer(leader), event=Event("asked", "/o/town/", MORNING, {"title": "План"}), to=[reader]
    )
    off = urlsplit(mailoutbox[0].off_url).path
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(off).status_code == 200
    assert not Person.objects.get(pk=reader.person_id).daily_mail  # looking, as scanners do, changes nothing
    assert stranger.post(off, {"List-Unsubscribe": "One-Click"}).status_code == 200
    reader.person.refresh_from_db()
    assert reader.person.daily_mail
    notify(
        viewer=as_viewer(leader), event=Event("asked", "/o/town/", MORNING, {"title": "План"}), to=[reader]
    )
    assert len(mailoutbox) == 1


def test_a_made_up_address_turns_nothing_on(reader):
    off = reverse("accounts:mails_daily", args=["nowhere"])
    assert "not valid" in Client(headers={"accept-language": "en"}).get(off).content.decode()
    assert Client().post(off).status_code == 404
