from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from merilo.assessment.models import Assessment, EvidenceRequest, Judgement, Sheet, State
from merilo.assessment.work import request_work
from merilo.core.errors import MeriloError
from merilo.core.models import AuditEntry
from merilo.groups.models import Gathering, Seat
from merilo.organisations import handing
from merilo.organisations.actions.handing import hand_over
from tests.people import NOON, a_member, a_seat, an_assessment, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return an_organisation("town")


@pytest.fixture
def people(town):
    found = {
        "coordinator": a_member(town, "coordinator", name="Мария Колева"),
        "leaving": a_member(town, "assessor", name="Иван Иванов"),
        "taking": a_member(town, "assessor", name="Петър Ангелов"),
        "sponsor": a_member(town, "sponsor", name="Кмет Кметов"),
    }
    found["chair"] = a_member(town, "assessor", name="Ана Антонова")
    return found


def held(people, kind, to=None):
    viewer = as_viewer(people["coordinator"])
    receivers = {kind: to} if to else {}
    with translation.override("en"):
        found = handing.held_by(viewer, people["leaving"], receivers, on=timezone.localdate())
    return next((one for one in found if one.kind.code == kind), None)


def give(people, kind, to):
    return hand_over(
        viewer=as_viewer(people["coordinator"]), member=people["leaving"], to={kind: to}, at=NOON
    )


def verbs():
    rows = AuditEntry.objects.exclude(chain="platform").order_by("number")
    return list(rows.values_list("verb", flat=True))


# --- steps, meetings, texts --------------------------------------------------------------------------
def test_open_steps_go_and_done_ones_stay_as_they_were(town, people):
    assessment = an_assessment(town, people["chair"])
    assessment.steps.filter(number__in=(1, 2, 3)).update(owner=people["leaving"])
    assessment.steps.filter(number=1).update(done_at=NOON)
    assert len(held(people, "steps").things) == 2
    give(people, "steps", people["taking"])
    owners = dict(assessment.steps.filter(number__lte=3).values_list("number", "owner"))
    assert owners == {1: people["leaving"].pk, 2: people["taking"].pk, 3: people["taking"].pk}
    assert verbs() == ["assessment.steps_planned", "member.handed_over"]


def test_meetings_to_come_get_another_lecturer(town, people):
    assessment = an_assessment(town, people["chair"])
    today = timezone.localdate()
    for day in (today - timedelta(days=9), today + timedelta(days=9)):
        Gathering.objects.create(
            organisation=town,
            group=assessment.group,
            kind="training",
            title="CAF",
            from_date=day,
            until_date=day,
            lecturer="Иван Иванов, ИПА",
        )
    assert len(held(people, "gatherings").things) == 1
    give(people, "gatherings", people["taking"])
    lecturers = list(Gathering.objects.order_by("from_date").values_list("lecturer", flat=True))
    assert lecturers == ["Иван Иванов, ИПА", "Петър Ангелов, ИПА"]


def test_texts_in_progress_are_shown_to_follow_the_roles(town, people):
    assessment = an_assessment(town, people["chair"], state=State.REPORTING)
    assessment.report.sections.create(key="introduction", text="Въведение", saved_at=NOON)
    assert held(people, "texts") is None
    people["leaving"].roles = ["editor"]
    people["leaving"].save()
    found = held(people, "texts")
    assert (len(found.things), found.kind.give) == (1, None)
    assert "1" in found.things[0].about


# --- requests to colleagues -------------------------------------------------------------------------
@pytest.fixture
def asked(town, people):
    assessment = an_assessment(town, people["chair"])
    return [
        EvidenceRequest.objects.create(
            assessment=assessment,
            what=f"Minutes, {state}",
            due=timezone.localdate(),
            asked_by=people["leaving"],
            asked_at=NOON,
            written_at=NOON,
            state=state,
        )
        for state in ("requested", "received", "accepted", "withdrawn")
    ]


def test_open_requests_to_colleagues_go_and_settled_ones_stay(asked, people):
    assert len(held(people, "requests").going) == 2
    give(people, "requests", people["taking"])
    askers = {row.state: row.asked_by for row in EvidenceRequest.objects.select_related("asked_by")}
    assert (askers["requested"], askers["received"]) == (people["taking"], people["taking"])
    assert (askers["accepted"], askers["withdrawn"]) == (people["leaving"], people["leaving"])
    assert verbs() == ["request.passed_on", "request.passed_on", "member.handed_over"]
    (work,) = request_work(as_viewer(people["taking"]))
    assert "1" in str(work.title)


def test_requests_stay_when_the_receiver_could_accept_nothing(asked, people):
    found = held(people, "requests", people["sponsor"])
    assert found.going == []
    assert "cannot add evidence" in found.staying[0].stays
    with pytest.raises(MeriloError):
        give(people, "requests", people["sponsor"])


def test_requests_of_an_approved_cycle_are_nobodys_work(asked, people):
    Assessment.objects.update(state=State.APPROVED)
    assert held(people, "requests") is None


# --- seats -------------------------------------------------------------------------------------------
def test_a_seat_goes_with_its_sheet_and_leaves_no_substitute_behind(town, people):
    assessment = an_assessment(town, people["chair"], people["leaving"])
    sheet = Sheet.objects.get(seat__holder=people["leaving"])
    line = {"id": "a", "text": "x", "named": True}
    Judgement.objects.create(sheet=sheet, code="1.1", lines={"strength": [line]}, saved_at=NOON)
    give(people, "seats", people["taking"])
    seat = Seat.objects.get(pk=sheet.seat_id)
    assert (seat.holder, seat.substitute) == (people["taking"], None)
    assert sheet.judgements.get().lines["strength"][0]["named"] is False
    assert assessment.group.seats.count() == 2


def test_who_leads_gets_no_sheet_with_work(town, people):
    an_assessment(town, people["chair"], people["leaving"])
    sheet = Sheet.objects.get(seat__holder=people["leaving"])
    assert held(people, "seats", people["sponsor"]).staying == []
    Judgement.objects.create(sheet=sheet, code="1.1", saved_at=NOON)
    assert "confidential" in held(people, "seats", people["sponsor"]).staying[0].stays
    assert held(people, "seats", people["taking"]).staying == []


def test_who_becomes_the_leader_in_the_same_step_gets_no_sheet_either(town, people):
    an_assessment(town, people["chair"], people["leaving"])
    sheet = Sheet.objects.get(seat__holder=people["leaving"])
    Judgement.objects.create(sheet=sheet, code="1.1", saved_at=NOON)
    people["leaving"].roles = ["deputy", "assessor"]
    people["leaving"].save()
    to = dict.fromkeys(("roles", "seats"), people["taking"])
    gone = hand_over(viewer=as_viewer(people["coordinator"]), member=people["leaving"], to=to, at=NOON)
    assert [one.kind.code for one in gone] == ["roles"]
    assert Seat.objects.get(pk=sheet.seat_id).holder == people["leaving"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("locked", "locked"),
        ("handed in", "handed in"),
        ("another substitute", "substitute"),
        ("in the group", "already has a seat"),
        ("consultant", "consultant"),
    ],
)
def test_a_seat_that_stays_says_why(town, people, change, word):
    state = State.AGREEING if change == "locked" else State.ASSESSING
    assessment = an_assessment(town, people["chair"], people["leaving"], state=state)
    seat = Seat.objects.get(holder=people["leaving"])
    if change == "handed in":
        Sheet.objects.filter(seat=seat).update(handed_in_at=NOON)
    if change == "another substitute":
        Seat.objects.filter(pk=seat.pk).update(substitute=people["sponsor"])
    if change == "in the group":
        a_seat(assessment, people["taking"], "observer", 5)
    if change == "consultant":
        Seat.objects.filter(pk=seat.pk).update(function="consultant")
    found = held(people, "seats", people["taking"])
    assert word in found.staying[0].stays
    assert found.going == []


def test_seats_without_a_sheet_go_at_any_time(town, people):
    assessment = an_assessment(town, people["chair"], state=State.AGREEING)
    a_seat(assessment, people["leaving"], "facilitator", 4)
    give(people, "seats", people["taking"])
    assert Seat.objects.get(group=assessment.group, function="facilitator").holder == people["taking"]


def test_who_stands_in_is_replaced(town, people):
    assessment = an_assessment(town, people["chair"])
    Seat.objects.filter(group=assessment.group).update(substitute=people["leaving"])
    assert "Ана Антонова" in held(people, "seats").things[0].text
    give(people, "seats", people["taking"])
    assert Seat.objects.get(group=assessment.group).substitute == people["taking"]


def test_past_cycles_are_not_handed_over(town, people):
    an_assessment(town, people["leaving"], state=State.PUBLISHED)
    assert held(people, "seats") is None


def test_the_page_lists_everything_with_its_tasks(town, people):
    assessment = an_assessment(town, people["chair"], people["leaving"])
    assessment.steps.filter(number=2).update(owner=people["leaving"], begun_at=NOON)
    page = signed_in(people["coordinator"]).get(
        f"/o/town/organisation/people/{people['leaving'].pk}/hand-over/"
    )
    assert [one.kind.code for one, _ in page.context["held"]] == ["roles", "seats", "steps"]
    assert len(page.context["tasks"]) == 2


# --- who left ----------------------------------------------------------------------------------------
def test_lists_say_who_left(town, people):
    assessment = an_assessment(town, people["chair"], people["leaving"])
    people["leaving"].left_at = NOON
    people["leaving"].save()
    client = signed_in(people["coordinator"])
    for place in ("group/", "group/annex/"):
        page = client.get(f"/o/town/a/{assessment.pk}/{place}").content.decode()
        assert "23.11.2026" in page
