"""Calling sheets in: a reminder once in 48 hours, a sheet sent back with a note, and who is told of what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from merilo.assessment import mails, permissions
from merilo.assessment.actions import calling_in, locking, report
from merilo.assessment.models import Judgement, Sheet, State
from merilo.assessment.report_work import report_work
from merilo.assessment.work import sheet_work
from merilo.core.errors import MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.organisations.models import Correspondence, Notification
from tests.people import a_member, an_assessment, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return an_organisation("town", languages=["en"])


@pytest.fixture
def leader(town):
    return a_member(town, "coordinator", name="Росица Водеща")


@pytest.fixture
def members(town):
    return [a_member(town, "assessor", name=f"Оценител {number}") for number in range(3)]


@pytest.fixture
def assessment(town, members):
    return an_assessment(town, *members, lock_at=timezone.now() + timedelta(days=9))


@pytest.fixture
def sheet(assessment, members):
    return assessment.sheets.get(seat__holder=members[0])


def handed_in(sheet):
    Sheet.objects.filter(pk=sheet.pk).update(handed_in_at=timezone.now(), handed_in_by=sheet.seat.holder)


def ask(name, sheet):
    kwargs = {"org": "town", "pk": sheet.assessment_id, "seat": sheet.seat_id}
    return reverse(f"assessment:{name}", kwargs=kwargs)


def kinds(member):
    return list(Notification.objects.filter(person=member.person).values_list("kind", flat=True))


def test_reminding_from_the_first_page_leads_back_and_says_when(leader, members, sheet):
    browser = signed_in(leader)
    english = {"Accept-Language": "en"}
    page = browser.get("/o/town/", headers=english).content.decode()
    assert ask("remind", sheet) in page
    answer = browser.post(ask("remind", sheet), {"back": "work"}, follow=True, headers=english)
    assert answer.redirect_chain[-1][0] == "/o/town/"
    assert "Оценител 0 is reminded" in answer.content.decode()
    assert "Reminded on" in answer.content.decode()
    assert ask("remind", sheet) not in answer.content.decode()
    assert kinds(members[0]) == ["sheet.reminded"]
    assert AuditEntry.objects.latest("number").verb == "sheet.reminded"


def test_the_sheet_itself_says_why_it_was_sent_back_until_it_is_handed_in_again(leader, members, sheet):
    handed_in(sheet)
    sheet.refresh_from_db()
    calling_in.send_back(
        viewer=as_viewer(leader),
        assessment=sheet.assessment,
        seat=sheet.seat_id,
        note="Name the source in 6.1",
        at=timezone.now(),
    )
    browser, path = signed_in(members[0]), f"/o/town/a/{sheet.assessment_id}/my/"
    assert "Name the source in 6.1" in browser.get(path).content.decode()
    handed_in(sheet)
    assert "Name the source in 6.1" not in browser.get(path).content.decode()


def test_two_days_later_the_button_is_there_again(leader, sheet):
    calling_in.remind(
        viewer=as_viewer(leader),
        assessment=sheet.assessment,
        seat=sheet.seat_id,
        at=timezone.now() - timedelta(hours=48),
    )
    progress = reverse("assessment:progress", kwargs={"org": "town", "pk": sheet.assessment_id})
    assert ask("remind", sheet) in signed_in(leader).get(progress).content.decode()


def test_who_handed_in_meanwhile_is_not_reminded(leader, members, sheet):
    handed_in(sheet)
    answer = signed_in(leader).post(ask("remind", sheet), follow=True, headers={"Accept-Language": "en"})
    assert "has handed in meanwhile" in answer.content.decode()
    assert kinds(members[0]) == []


def test_a_reminder_that_waits_has_a_reason_as_long_as_the_sheet_is_open(leader, sheet):
    calling_in.remind(
        viewer=as_viewer(leader), assessment=sheet.assessment, seat=sheet.seat_id, at=timezone.now()
    )
    row = Notification.objects.get()
    (kind,) = [one for one in mails.kinds() if one.code == row.kind]
    assert kind.still(row)
    handed_in(sheet)
    assert not kind.still(row)
    assert Correspondence.objects.get().reminded_at is not None


def test_a_sheet_sent_back_is_open_again_and_its_holder_reads_why_in_the_first_place(leader, members, sheet):
    handed_in(sheet)
    browser = signed_in(leader)
    assert browser.get(ask("send_back", sheet)).status_code == 200
    assert browser.post(ask("send_back", sheet), {"note": " "}).status_code == 422
    answer = browser.post(ask("send_back", sheet), {"note": "Без 4.1 сме наполовина."})
    assert answer.status_code == 302
    (item,) = sheet_work(as_viewer(members[0]))
    assert "Без 4.1 сме наполовина." in item.help
    assert kinds(members[0]) == ["sheet.returned"]
    handed_in(sheet)
    assert list(sheet_work(as_viewer(members[0]))) == []


def test_only_what_is_handed_in_is_sent_back_and_only_with_a_note(leader, sheet):
    more = {"viewer": as_viewer(leader), "assessment": sheet.assessment, "seat": sheet.seat_id}
    with pytest.raises(MeriloError):
        calling_in.send_back(**more, note="Защо?", at=timezone.now())
    handed_in(sheet)
    with pytest.raises(MeriloError):
        calling_in.send_back(**more, note="", at=timezone.now())
    assert Notification.objects.count() == 0


@pytest.mark.parametrize("state", [state for state in State.values if state != State.ASSESSING])
def test_sheets_are_called_in_before_the_lock_only(leader, assessment, sheet, state):
    assessment.state = state
    assessment.save(update_fields=["state"])
    assert not permissions.may_call_in(as_viewer(leader), assessment)
    with pytest.raises(Refused):
        calling_in.remind(
            viewer=as_viewer(leader), assessment=assessment, seat=sheet.seat_id, at=timezone.now()
        )


def test_a_member_of_the_group_calls_nobody_in(members, sheet):
    browser = signed_in(members[1])
    assert browser.post(ask("remind", sheet)).status_code == 403
    assert browser.get(ask("send_back", sheet)).status_code == 403


def test_opening_again_tells_those_who_score_and_why(leader, members, assessment):
    for sheet in assessment.sheets.all():
        Judgement.objects.create(sheet=sheet, code="1.1", values={"score": 40}, saved_at=timezone.now())
        handed_in(sheet)
    at = timezone.now()
    locking.lock_sheets(viewer=as_viewer(leader), assessment=assessment, at=at)
    assessment.refresh_from_db()
    locking.reopen_sheets(viewer=as_viewer(leader), assessment=assessment, reason="Липсва 4.1", at=at)
    assert [kinds(member) for member in members] == [["assessment.unlocked"]] * 3
    page = signed_in(members[0]).get("/o/town/organisation/notifications/").content.decode()
    assert "Липсва 4.1" in page


def test_the_report_goes_back_and_forth_and_each_side_is_told(town, leader, members):
    sponsor = a_member(town, "sponsor", name="Кмет Трети")
    assessment = an_assessment(town, *members, state=State.REPORTING)
    at = timezone.now()
    revision = report.make_revision(viewer=as_viewer(leader), assessment=assessment, language="bg", at=at)
    report.submit(viewer=as_viewer(leader), revision=revision, at=at)
    assert (kinds(sponsor), kinds(leader)) == (["report.submitted"], [])
    report.send_back(viewer=as_viewer(sponsor), revision=revision, note="Добавете срокове.", at=at)
    assert kinds(leader) == ["report.returned"]
    (item,) = report_work(as_viewer(leader))
    assert "Добавете срокове." in item.help
    report.submit(viewer=as_viewer(leader), revision=revision, at=at)
    report.approve(viewer=as_viewer(sponsor), revision=revision, at=at)
    assert sorted(kinds(leader)) == ["report.approved", "report.returned"]
    page = signed_in(leader).get("/o/town/organisation/notifications/", headers={"Accept-Language": "en"})
    assert "Кмет Трети has sent the report of" in page.content.decode()
