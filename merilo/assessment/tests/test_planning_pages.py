"""The pages of planning as browsers meet them: rights, refusals, double sending, numbers of queries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.formats import date_format

from merilo.assessment.actions import communication
from merilo.assessment.actions import gatherings as gathering_actions
from merilo.assessment.actions import groups as group_actions
from merilo.assessment.contributions import planning_work
from merilo.assessment.models import Assessment, Judgement, Sheet, State
from merilo.assessment.tests.planned import Town
from merilo.core.models import OutgoingMail
from merilo.groups.api import Attendance, Function, Gathering, GatheringFacts, GatheringKind, Seat, SeatChange
from merilo.organisations.actions.invitations import accept_as
from merilo.organisations.models import CommunicationItem, Invitation, Membership, Notice
from tests.people import NOON, a_member, a_seat

READ = [
    "",
    "plan/",
    "schedule/",
    "documents/",
    "communication/",
    "notice/",
    "briefings/",
    "group/",
    "group/annex/",
    "training/",
]
WRITE = [
    "open/",
    "documents/order/",
    "communication/new/",
    "notice/new/",
    "group/mandate/",
    "group/consultant/",
    "group/assignment/",
    "gatherings/new/training/",
]


@pytest.fixture
def town(db):
    return Town()


def seated(town, holder, function=Function.MEMBER, **change):
    return group_actions.add_seat(
        viewer=town.viewer,
        assessment=town.assessment,
        holder=holder,
        change=SeatChange(function, **change),
        at=NOON,
    )


def trained(town, title="Обучение"):
    facts = GatheringFacts(GatheringKind.TRAINING, title, date(2026, 12, 1), date(2026, 12, 1))
    return gathering_actions.record_gathering(
        viewer=town.viewer, assessment=town.assessment, facts=facts, at=NOON
    )


# --- who may ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("rest", READ)
def test_members_read_and_strangers_find_nothing(town, rest):
    assert town.client(town.people[0]).get(town.url(rest)).status_code == 200
    assert town.client().get(town.url(rest), follow=True).status_code == 200
    assert town.client(town.stranger).get(town.url(rest)).status_code == 404


@pytest.mark.parametrize("rest", WRITE)
def test_only_who_plans_gets_the_forms(town, rest):
    assert town.client().get(town.url(rest)).status_code == 200
    assert town.client(town.people[0]).get(town.url(rest)).status_code == 403
    assert town.client(town.stranger).get(town.url(rest)).status_code == 404


def test_a_page_of_another_organisation_is_not_here_under_the_own_address(town):
    other = Town()
    foreign = f"/o/{town.organisation.slug}/a/{other.assessment.pk}/"
    assert town.client().get(foreign).status_code == 404


def test_a_guest_waits_for_the_lock(town):
    guest = a_member(town.organisation, "guest", valid_until=date(2100, 1, 1))
    Seat.objects.create(
        group=town.assessment.group, holder=guest, function=Function.CONSULTANT, until=date(2100, 1, 1)
    )
    client = town.client(guest)
    assert client.get(town.url()).status_code == 404
    Assessment.objects.update(state=State.AGREEING)
    assert client.get(town.url()).status_code == 200
    assert client.get(town.url("drafts/order/")).status_code == 403
    Seat.objects.filter(holder=guest).update(until=date(2020, 1, 1))
    assert client.get(town.url()).status_code == 404


# --- starting ---------------------------------------------------------------------------------------
def new_form(**changes):
    values = {
        "framework": "caf-2020",
        "title": "Самооценка 2028",
        "period_from": "01.01.2026 г.",
        "period_until": "31.12.2027",
        "method": "fine-tuned",
        "report_due": "30.06.2028",
        "scope": "",
        "previous": "",
        "once": "key-1",
    }
    return values | changes


def test_the_framework_is_asked_first(town):
    client = town.client()
    address = f"/o/{town.organisation.slug}/a/new/"
    assert b"principles-12" in client.get(address).content
    assert b"Fine-tuned" in client.get(address, {"framework": "caf-2020"}).content
    assert client.get(address, {"framework": "unknown"}).status_code == 422


def test_a_cycle_is_started_once_however_often_the_form_is_sent(town):
    client = town.client()
    address = f"/o/{town.organisation.slug}/a/new/"
    Assessment.objects.filter(pk=town.assessment.pk).update(state=State.REPORTING)
    form = new_form(previous=str(town.assessment.pk))
    answers = [client.post(address, form) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1
    made = Assessment.objects.get(title="Самооценка 2028")
    assert made.previous == town.assessment
    assert made.method == "fine-tuned"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "required"),
        ({"title": "x" * 200}, "at most 150"),
        ({"title": "a\x00b"}, "cannot be shown"),
        ({"period_until": "01.01.2020"}, "ends before it begins"),
        ({"period_from": "31.02.2026"}, "There is no such day: 31.02.2026"),
        ({"report_due": "01.01.2900"}, "between 1900 and 2200"),
        ({"method": "maturity"}, "maturity"),
    ],
)
def test_a_refused_plan_keeps_what_was_typed(town, changes, words):
    answer = town.client().post(
        f"/o/{town.organisation.slug}/a/new/", new_form(scope="Моят обхват 🙂", **changes)
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Моят обхват 🙂" in page
    assert Assessment.objects.count() == 1


def test_too_little_time_is_said_at_once(town):
    form = new_form(report_due="01.12.2026")
    page = town.client().post(f"/o/{town.organisation.slug}/a/new/", form, follow=True).content.decode()
    assert "too little time" in page


# --- plan and schedule --------------------------------------------------------------------------------
def plan_form(**changes):
    return new_form(version="1", **changes)


def test_the_plan_is_changed(town):
    answer = town.client().post(town.url("plan/"), plan_form())
    assert answer.status_code == 302
    town.assessment.refresh_from_db()
    assert town.assessment.title == "Самооценка 2028"


def test_an_older_tab_gets_both_plans(town):
    client = town.client()
    client.post(town.url("plan/"), plan_form(title="Първи"))
    answer = client.post(town.url("plan/"), plan_form(title="Втори", once="key-2"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Първи" in page
    assert "Втори" in page
    town.assessment.refresh_from_db()
    assert town.assessment.title == "Първи"


def test_an_older_tab_of_an_open_assessment_gets_both_plans_without_errors(town):
    Assessment.objects.filter(pk=town.assessment.pk).update(state=State.ASSESSING)
    client = town.client()
    client.post(town.url("plan/"), plan_form(title="Първи"))
    sent = plan_form(title="Втори", once="key-2")
    for name in ("method", "period_from", "period_until"):
        del sent[name]  # browsers leave disabled fields out
    answer = client.post(town.url("plan/"), sent)
    assert answer.status_code == 409
    assert answer.context["form"].errors == {}
    assert answer.context["form"]["period_from"].value() == date(2024, 1, 1)


def test_the_schedule_takes_owner_date_and_done(town):
    owner = str(town.people[0].pk)
    form = {"owner_7": owner, "due_7": "05.05.2027", "done_7": "on", "once": "k"}
    assert town.client().post(town.url("schedule/"), form).status_code == 302
    step = town.assessment.steps.get(number=7)
    assert (step.owner, step.due) == (town.people[0], date(2027, 5, 5))
    assert step.done_at is not None


def test_a_wrong_date_in_the_schedule_is_refused(town):
    answer = town.client().post(town.url("schedule/"), {"due_7": "утре"})
    assert answer.status_code == 422
    assert "утре" in answer.content.decode()


def test_a_step_cannot_be_given_to_a_stranger(town):
    answer = town.client().post(town.url("schedule/"), {"owner_7": str(town.stranger.pk)})
    assert answer.status_code == 422
    assert town.assessment.steps.get(number=7).owner == town.boss


# --- opening ------------------------------------------------------------------------------------------
def test_the_opening_is_asked_and_done(town):
    seated(town, town.people[0], Function.CHAIR)
    client = town.client()
    page = client.get(town.url("open/")).content.decode()
    assert "Fewer than three people would score" in page
    assert "The order is not recorded yet" in page
    form = {"lock_date": "31.12.2099", "lock_time": "18:00", "once": "k"}
    assert client.post(town.url("open/"), form)["Location"] == town.url()
    town.assessment.refresh_from_db()
    assert town.assessment.state == State.ASSESSING
    assert town.assessment.lock_at.isoformat() == "2099-12-31T16:00:00+00:00"
    assert client.get(town.url("open/"))["Location"] == town.url()


def test_an_empty_group_leads_to_the_group_instead_of_opening(town):
    page = town.client().get(town.url("open/")).content.decode()
    assert "Nobody scores yet" in page
    assert f'href="{town.url("group/")}"' in page
    assert 'name="lock_date"' not in page


def test_a_lock_in_the_past_is_said_beside_the_field(town):
    seated(town, town.people[0], Function.CHAIR)
    answer = town.client().post(town.url("open/"), {"lock_date": "01.01.2020", "lock_time": "18:00"})
    assert answer.status_code == 422
    assert "must lie in the future" in answer.content.decode()


# --- documents ----------------------------------------------------------------------------------------
def test_a_signed_file_is_kept_shown_and_downloaded_by_members_only(town):
    file = SimpleUploadedFile("заповед.pdf", b"%PDF-1.7 x", "application/pdf")
    form = {"number": "РД-118", "date": "16.11.2026", "title": "", "file": file, "once": "k"}
    assert town.client().post(town.url("documents/order/"), form).status_code == 302
    town.assessment.refresh_from_db()
    order = town.assessment.order
    assert order.file.sha256 in town.client(town.people[0]).get(town.url("documents/")).content.decode()
    address = town.url(f"documents/{order.pk}/file/")
    answer = town.client(town.people[0]).get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
    assert "attachment" in answer["Content-Disposition"]
    assert town.client(town.stranger).get(address).status_code == 404
    assert town.client().get(town.url(f"documents/{town.assessment.pk}/file/")).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("order.exe", b"MZ"),
        ("order.pdf", b"MZ not a pdf"),
        ("order.pdf", b""),
        ("bomb.docx", b"PK\x03\x04 broken"),
    ],
)
def test_a_wrong_file_is_refused_and_the_number_stays(town, name, content):
    form = {"number": "РД-118", "date": "16.11.2026", "file": SimpleUploadedFile(name, content)}
    answer = town.client().post(town.url("documents/order/"), form)
    assert answer.status_code == 422
    assert "РД-118" in answer.content.decode()


def test_the_sending_of_the_report_needs_its_way(town):
    form = {"number": "92-1", "date": "16.11.2026", "way": ""}
    assert town.client().post(town.url("documents/report_sending/"), form).status_code == 422
    assert (
        town.client().post(town.url("documents/report_sending/"), form | {"way": "СЕОС"}).status_code == 302
    )


def test_unknown_places_and_drafts_are_not_found(town):
    assert town.client().get(town.url("documents/poem/")).status_code == 404
    assert town.client().get(town.url("drafts/poem/")).status_code == 404


def test_a_draft_comes_as_a_word_file(town):
    answer = town.client().get(town.url("drafts/order/?language=en"))
    assert answer["Content-Disposition"].startswith('attachment; filename="order-')
    assert answer.content.startswith(b"PK")


# --- communication --------------------------------------------------------------------------------------
def test_an_empty_plan_is_filled_with_one_button(town):
    client = town.client()
    assert client.post(town.url("communication/suggest/")).status_code == 302
    assert CommunicationItem.objects.count() == 7
    csv = client.get(town.url("communication/?format=csv")).content.decode("utf-8-sig")
    assert csv.splitlines()[0] == '"Message","Medium","Audience","Date","Done on"'
    assert client.get(town.url("communication/?format=pdf")).status_code == 404


def test_a_row_is_done_and_undone_and_removed(town):
    communication.suggest_items(viewer=town.viewer, assessment=town.assessment, at=NOON)
    item = CommunicationItem.objects.earliest("date", "pk")
    client = town.client()
    client.post(town.url(f"communication/{item.pk}/done/"))
    item.refresh_from_db()
    assert item.done_at is not None
    client.post(town.url(f"communication/{item.pk}/done/"), {"undo": "1"})
    item.refresh_from_db()
    assert item.done_at is None
    client.post(town.url(f"communication/{item.pk}/remove/"))
    assert not CommunicationItem.objects.filter(pk=item.pk).exists()


def test_two_people_do_not_overwrite_each_others_row(town):
    communication.suggest_items(viewer=town.viewer, assessment=town.assessment, at=NOON)
    item = CommunicationItem.objects.earliest("date", "pk")
    sent = {"message": "Първо", "medium": "сайт", "audience": "всички", "date": "01.12.2026", "version": "1"}
    address = town.url(f"communication/{item.pk}/")
    assert town.client().post(address, sent | {"once": "a"}).status_code == 302
    late = town.client().post(address, sent | {"message": "Второ", "once": "b"})
    assert late.status_code == 409
    assert "Първо" in late.content.decode()
    assert 'value="Второ"' in late.content.decode()
    item.refresh_from_db()
    assert item.message == "Първо"


@pytest.mark.parametrize("rest", ["", "done/", "remove/"])
def test_others_change_no_row(town, rest):
    communication.suggest_items(viewer=town.viewer, assessment=town.assessment, at=NOON)
    item = CommunicationItem.objects.earliest("date", "pk")
    address = town.url(f"communication/{item.pk}/{rest}")
    assert town.client(town.people[0]).post(address).status_code == 403
    assert town.client(town.stranger).post(address).status_code == 404
    assert town.client().post(Town().url(f"communication/{item.pk}/{rest}")).status_code == 404


def test_a_notice_is_written_shared_and_read(town):
    client = town.client()
    form = {"title": "Започваме", "body": "## Защо\n\n<script>x</script>", "once": "k"}
    client.post(town.url("notice/new/"), form)
    notice = Notice.objects.get()
    assert "Започваме" not in town.client(town.people[0]).get(town.url("notice/")).content.decode()
    client.post(town.url(f"notice/{notice.pk}/share/"))
    page = town.client(town.people[0]).get(town.url("notice/")).content.decode()
    assert "Започваме" in page
    assert "<h3>Защо</h3>" in page
    assert "<script>x" not in page


def test_an_older_tab_gets_both_texts_of_a_notice(town):
    client = town.client()
    client.post(town.url("notice/new/"), {"title": "A", "body": "начало", "once": "k"})
    address = town.url(f"notice/{Notice.objects.get().pk}/")
    assert client.post(address, {"title": "A", "body": "първи", "version": "1"}).status_code == 302
    answer = client.post(address, {"title": "A", "body": "втори", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "първи" in page
    assert "втори" in page
    assert Notice.objects.get().body == "първи"
    assert client.post(address, {"title": "A", "body": "втори", "version": "2"}).status_code == 302


# --- group ------------------------------------------------------------------------------------------
def test_a_seat_is_added_and_taken_out(town):
    client = town.client()
    form = {"holder": str(town.people[0].pk), "function": "chair", "substitute": "", "once": "k"}
    client.post(town.url("group/"), form)
    client.post(town.url("group/"), form)
    seat = Seat.objects.get()
    assert client.get(town.url(f"group/{seat.pk}/remove/")).status_code == 200
    client.post(town.url(f"group/{seat.pk}/remove/"))
    assert not Seat.objects.exists()


def test_a_seat_whose_sheet_holds_work_leads_to_its_substitute(town):
    seat = seated(town, town.people[0], Function.CHAIR)
    sheet = Sheet.objects.create(assessment=town.assessment, seat=seat)
    client, address = town.client(), town.url(f"group/{seat.pk}/remove/")
    assert "Take the seat out" in client.get(address).content.decode()
    Judgement.objects.create(sheet=sheet, code="1.1", saved_at=NOON)
    page = client.get(address).content.decode()
    assert "Take the seat out" not in page
    assert f'href="{town.url(f"group/{seat.pk}/")}"' in page
    client.post(address)
    assert Seat.objects.get() == seat


def test_a_refused_seat_says_why_beside_the_field(town):
    seated(town, town.people[0], Function.CHAIR)
    form = {"holder": str(town.people[1].pk), "function": "chair"}
    answer = town.client().post(town.url("group/"), form)
    assert answer.status_code == 422
    assert "already has a chair" in answer.content.decode()


def test_a_stranger_cannot_be_given_a_seat(town):
    form = {"holder": str(town.stranger.pk), "function": "member"}
    assert town.client().post(town.url("group/"), form).status_code == 422
    assert not Seat.objects.exists()


def test_others_change_no_seat(town):
    seat = seated(town, town.people[0])
    for rest in ("", "remove/"):
        address = town.url(f"group/{seat.pk}/{rest}")
        assert town.client(town.people[1]).post(address).status_code == 403
        assert town.client(town.stranger).post(address).status_code == 404
    assert town.client(town.people[1]).post(town.url("group/"), {}).status_code == 403


def test_the_substitute_takes_over_and_a_bystander_does_not(town):
    seat = seated(town, town.people[0], substitute=town.people[1])
    address = town.url(f"group/{seat.pk}/take-over/")
    assert town.client(town.people[2]).get(address).status_code == 403
    client = town.client(town.people[1])
    assert "Take over" in client.get(town.url("group/")).content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    seat.refresh_from_db()
    assert seat.holder == town.people[1]


def test_a_consultant_is_invited_as_a_guest_and_the_link_shown_once(town):
    form = {
        "name": "Д-р Цветкова",
        "email": "guest@centre.example",
        "position": "ИПА",
        "valid_until": "31.12.2099",
        "once": "k",
    }
    client = town.client()
    first = client.post(town.url("group/consultant/"), form)
    assert "/accounts/invitation/" in first.content.decode()
    assert client.post(town.url("group/consultant/"), form)["Location"] == town.url("group/")
    guest = Membership.objects.get(email="guest@centre.example")
    assert (guest.roles, guest.valid_until) == (["guest"], date(2099, 12, 31))
    assert Seat.objects.get().function == Function.CONSULTANT
    again = client.post(town.url("group/consultant/"), form | {"once": "other"})
    assert again.status_code == 422


CONSULTANT = {"name": "Д-р Цветкова", "position": "ИПА", "valid_until": "31.12.2099"}


def test_a_mailed_link_of_a_consultant_is_not_shown(town, settings):
    settings.EMAIL_BACKEND, settings.MAIL_SERVER = "merilo.core.mail.OutboxBackend", "smtp://127.0.0.1:9"
    answer = town.client().post(town.url("group/consultant/"), CONSULTANT | {"email": "guest@centre.example"})
    assert "on its way" in answer.content.decode()
    assert "/accounts/invitation/" not in answer.content.decode()
    assert "/accounts/invitation/" in OutgoingMail.objects.get(recipient="guest@centre.example").text


def test_a_consultant_whose_time_is_over_is_invited_again_to_the_same_seat(town):
    guest = a_member(town.organisation, "guest", valid_until=date(2026, 1, 1))
    seat = a_seat(town.assessment, guest, Function.CONSULTANT)
    answer = town.client().post(town.url("group/consultant/"), CONSULTANT | {"email": guest.email})
    assert "can sign in at once" in answer.content.decode()
    seat.refresh_from_db()
    guest.refresh_from_db()
    assert (seat.holder, seat.until, guest.valid_until) == (guest, date(2099, 12, 31), date(2099, 12, 31))


def test_a_former_employee_who_accepts_as_a_consultant_has_the_seat_and_a_last_day(town):
    former = a_member(town.organisation, left_at=NOON)
    town.client().post(town.url("group/consultant/"), CONSULTANT | {"email": "guest@centre.example"})
    assert former.person is not None
    accept_as(invitation=Invitation.objects.get(), person=former.person, at=timezone.now())
    former.refresh_from_db()
    assert Seat.objects.get().holder == former
    assert (former.roles, former.valid_until) == (["guest"], date(2099, 12, 31))
    Assessment.objects.update(state=State.AGREEING)
    assert town.client(former).get(town.url()).status_code == 200


def test_who_scores_what_is_saved(town):
    seats = [seated(town, person) for person in town.people]
    client = town.client()
    page = client.get(town.url("group/assignment/")).content.decode()
    assert page.count('type="checkbox"') == 3 * 28
    form = {f"s-{seat.pk}": ["1.1", "1.2"] for seat in seats}
    assert client.post(town.url("group/assignment/"), form).status_code == 302
    assert [sheet.assigned for sheet in town.assessment.sheets.all()] == [["1.1", "1.2"]] * 3
    form[f"s-{seats[0].pk}"] = []
    assert client.post(town.url("group/assignment/"), form).status_code == 422


# --- trainings ----------------------------------------------------------------------------------------
def test_a_training_with_participants_and_materials(town):
    client = town.client()
    form = {"title": "Обучение", "from_date": "10.12.2026", "until_date": "11.12.2026", "lecturer": "Д-р Ц."}
    client.post(town.url("gatherings/new/training/"), form)
    training = Gathering.objects.get()
    base = town.url(f"gatherings/{training.pk}/")
    people = {"members": [str(town.people[0].pk)], "names": "Живко Стоянов\n\nЛиляна Рачева"}
    assert client.post(base + "people/", people).status_code == 302
    assert training.attendances.count() == 3
    file = SimpleUploadedFile("slides.pdf", b"%PDF-1.7 x")
    assert client.post(base + "materials/", {"title": "Презентация", "file": file}).status_code == 302
    page = town.client(town.people[1]).get(base).content.decode()
    assert "Лиляна Рачева" in page
    assert "Презентация" in page
    material = training.materials.get()
    address = f"{base}materials/{material.pk}/"
    assert b"".join(town.client(town.people[1]).get(address).streaming_content) == b"%PDF-1.7 x"
    assert town.client(town.stranger).get(address).status_code == 404
    assert client.get(base + "list/attendance/").content.startswith(b"PK")
    assert client.post(f"{address}remove/").status_code == 302
    assert not training.materials.exists()


def test_saving_the_list_again_keeps_who_has_left_since(town):
    client, gone = town.client(), town.people[0]
    form = {"title": "Обучение", "from_date": "10.12.2026"}
    client.post(town.url("gatherings/new/training/"), form)
    page = town.url(f"gatherings/{Gathering.objects.get().pk}/people/")
    client.post(page, {"members": [str(gone.pk)], "names": ""})
    Membership.objects.filter(pk=gone.pk).update(left_at=NOON)
    form = client.get(page).context["form"]
    assert client.post(page, {"members": form["members"].value(), "names": "Ново Име"}).status_code == 302
    assert {row.name for row in Attendance.objects.all()} == {gone.name, "Ново Име"}


def test_namesakes_are_told_apart_by_their_positions(town):
    a_member(town.organisation, name="Иван Иванов", position="счетоводител")
    a_member(town.organisation, name="Иван Иванов", position="юрист")
    client = town.client()
    client.post(town.url("gatherings/new/training/"), {"title": "Обучение", "from_date": "10.12.2026"})
    page = client.get(town.url(f"gatherings/{Gathering.objects.get().pk}/people/")).content.decode()
    assert "Иван Иванов, счетоводител" in page
    assert "Иван Иванов, юрист" in page


def test_an_end_before_the_beginning_is_refused(town):
    form = {"title": "Обучение", "from_date": "10.12.2026", "until_date": "09.12.2026"}
    answer = town.client().post(town.url("gatherings/new/training/"), form)
    assert answer.status_code == 422
    assert "end is before the beginning" in answer.content.decode()


def test_a_briefing_says_its_way(town):
    form = {"title": "Запознаване", "from_date": "20.11.2026", "way": ""}
    assert town.client().post(town.url("gatherings/new/briefing/"), form).status_code == 422
    assert (
        town.client().post(town.url("gatherings/new/briefing/"), form | {"way": "среща"}).status_code == 302
    )
    assert "среща" in town.client(town.people[0]).get(town.url("briefings/")).content.decode()


def test_an_unknown_kind_of_gathering_is_not_found(town):
    assert town.client().get(town.url("gatherings/new/party/")).status_code == 404


@pytest.mark.parametrize("rest", ["facts/", "people/", "remove/", "materials/"])
def test_others_change_no_training(town, rest):
    training = trained(town)
    address = town.url(f"gatherings/{training.pk}/{rest}")
    assert town.client(town.people[0]).post(address).status_code == 403
    assert town.client(town.stranger).post(address).status_code == 404
    assert town.client().post(Town().url(f"gatherings/{training.pk}/{rest}")).status_code == 404


# --- overview and my work -----------------------------------------------------------------------------
def test_the_overview_tells_the_planner_what_comes_next(town):
    page = town.client().get(town.url()).content.decode()
    assert "Step 1 of 10" in page
    assert "Record the order" in page
    assert "Compose the group" in page
    assert "Record the order" not in town.client(town.people[0]).get(town.url()).content.decode()


def test_everything_is_bulgarian_for_bulgarians(town):
    page = town.client(language="bg").get(town.url()).content.decode()
    assert "Стъпка 1 от 10: Решение и план" in page
    assert "Впишете заповедта" in page


def test_what_the_lock_ends_is_due_when_the_scores_lock(town):
    seated(town, town.boss, Function.CHAIR)
    lock_at = timezone.now() + timedelta(days=20)
    Assessment.objects.filter(pk=town.assessment.pk).update(state=State.ASSESSING, lock_at=lock_at)
    town.assessment.steps.filter(number=5).update(
        due=timezone.localdate(lock_at, town.assessment.organisation.zone) + timedelta(days=10)
    )
    rows = {row.url: row.status_text for row in town.client().get(town.url()).context["next"]}
    there = timezone.localtime(lock_at, town.assessment.organisation.zone)
    by_lock, by_step = (date_format(there + timedelta(days=n), "SHORT_DATE_FORMAT") for n in (0, 10))
    assert rows[town.url("my/")] == rows[town.url("progress/")] == f"by {by_lock}"
    assert rows[town.url("evidence/")] == f"by {by_step}"


def test_steps_wait_for_their_owner_and_late_ones_for_who_plans(town):
    step = town.assessment.steps.get(number=7)
    step.owner, step.due = town.people[0], date(2020, 1, 1)
    step.save()
    from tests.people import as_viewer

    (own,) = list(planning_work(as_viewer(town.people[0])))
    assert (own.status, own.url) == ("problem", town.url("schedule/"))
    assert any(own.title == item.title for item in planning_work(town.viewer))
    assert list(planning_work(as_viewer(town.people[1]))) == []


# --- numbers of queries -------------------------------------------------------------------------------
def queries_of(client, address, connection_queries):
    with connection_queries() as counted:
        assert client.get(address).status_code == 200
    return len(counted)


@pytest.fixture
def counted(town):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = town.client()
    client.get(town.url())

    def count(rest):
        return queries_of(client, town.url(rest), lambda: CaptureQueriesContext(connection))

    return count


@pytest.mark.parametrize(
    ("rest", "most"),
    [
        ("", 13),
        ("schedule/", 8),
        ("documents/", 7),
        ("group/", 10),
        ("group/annex/", 8),
        ("training/", 7),
        ("briefings/", 7),
        ("open/", 10),
    ],
)
def test_pages_ask_little(town, counted, rest, most):
    seated(town, town.people[0], Function.CHAIR)
    assert counted(rest) <= most


@pytest.mark.parametrize("rest", ["", "group/", "group/annex/", "group/assignment/", "open/"])
def test_queries_do_not_grow_with_the_group(town, counted, rest):
    seated(town, town.people[0], Function.CHAIR)
    one = counted(rest)
    seated(town, town.people[1], substitute=town.boss)
    seated(town, town.people[2], Function.FACILITATOR)
    assert counted(rest) == one


@pytest.mark.parametrize("rest", ["training/", ""])
def test_queries_do_not_grow_with_the_trainings(town, counted, rest):
    trained(town)
    one = counted(rest)
    trained(town, "Второ")
    trained(town, "Трето")
    assert counted(rest) == one


def test_queries_do_not_grow_with_the_cycles(town, django_assert_num_queries):
    client = town.client()
    address = f"/o/{town.organisation.slug}/a/"
    client.get(address)
    with django_assert_num_queries(4):
        client.get(address)
    town.started(title="Втора")
    town.started(title="Трета")
    with django_assert_num_queries(4):
        client.get(address)
