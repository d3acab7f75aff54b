"""A member's phone by forms alone, as it works without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from merilo.assessment.actions import meeting as actions
from merilo.assessment.models import Ballot, Meeting, Round
from merilo.assessment.tests.talk import Talk
from tests.people import NOON, a_member, a_person, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db
PARTS = ("plan", "do", "check", "act")


class Sitting:
    """A meeting with an open vote on 1.2, and the phone of its second member."""

    def __init__(self, method: str = "classical") -> None:
        self.talk = Talk(4, method=method)
        fine = [dict.fromkeys(PARTS, score) for score in (20, 40, 60, 80)]
        self.talk.scores("1.2", fine if method != "classical" else [20, 40, 60, 80])
        self.talk.say(1, "1.2", "area", "Рискът се преглежда рядко.")
        self.talk.lock()
        self.led: dict[str, Any] = {
            "viewer": as_viewer(self.talk.chair),
            "assessment": self.talk.assessment,
            "at": NOON,
        }
        self.meeting: Meeting = actions.open_meeting(**self.led)
        actions.take_up(**self.led, code="1.2", leaving="")
        self.page = reverse("rooms:phone", args=[self.meeting.pk])
        self.phone = signed_in(self.talk.members[1])
        self.phone.post(reverse("rooms:join", args=[self.meeting.pk]))

    def open(self) -> Round:
        """Two more are there, so that one vote does not end it."""
        seats = [sheet.seat.pk for sheet in self.talk.sheets[:3]]
        actions.mark_present(**self.led, seats=seats)
        return actions.open_vote(**self.led, code="1.2", seconds=0)

    def vote(self, made: Round, **data: object):
        return self.phone.post(reverse("rooms:vote", args=[self.meeting.pk, made.pk]), data)

    def words(self, client: Client | None = None) -> str:
        return (client or self.phone).get(self.page).content.decode()


def test_a_value_is_tapped_typed_or_left_out():
    sitting = Sitting()
    made = sitting.open()
    assert 'name="quick" value="40"' in sitting.words()
    for data, stored in (
        ({"quick": "45"}, ({"score": 45}, False)),
        ({"value-score": "55"}, ({"score": 55}, False)),
        ({"cannot": "1"}, ({}, True)),
    ):
        assert sitting.vote(made, **data).status_code == 302
        row = Ballot.objects.get()
        assert (row.values, row.cannot_judge) == stored


@pytest.mark.parametrize("typed", ["", "101", "-1", "4о", "45,5"])
def test_a_wrong_number_is_told_beside_the_field_and_nothing_is_counted(typed):
    sitting = Sitting()
    answer = sitting.vote(sitting.open(), **{"value-score": typed})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Ballot.objects.exists()


def test_with_the_fine_tuned_method_all_components_are_voted_on():
    sitting = Sitting("fine-tuned")
    made = sitting.open()
    page = sitting.words()
    assert all(f'name="value-{part}" value="40"' in page for part in PARTS)  # as given before
    assert "quick" not in page.split("<main")[1]
    assert sitting.vote(made, **{"value-plan": "50"}).status_code == 422
    answer = sitting.vote(
        made, **{f"value-{part}": value for part, value in zip(PARTS, (50, 40, 30, 20), strict=True)}
    )
    assert answer.status_code == 302
    assert Ballot.objects.get().values == {"plan": 50, "do": 40, "check": 30, "act": 20}


def test_a_vote_that_comes_too_late_is_told_so_and_not_counted():
    sitting = Sitting()
    made = sitting.open()
    actions.close_vote(**sitting.led)
    answer = sitting.vote(made, quick="45")
    assert answer.status_code == 409
    made.refresh_from_db()
    assert made.tally == {"voted": 0, "cannot_judge": 0, "scores": [], "parts": {}}


def test_the_phone_shows_what_its_member_wrote_and_nobody_elses():
    sitting = Sitting()
    assert "Рискът се преглежда рядко." in sitting.words()
    other = signed_in(sitting.talk.members[2])
    other.post(reverse("rooms:join", args=[sitting.meeting.pk]))
    assert "Рискът се преглежда рядко." not in sitting.words(other)
    assert ">60<" in sitting.words(other)
    assert ">40<" not in sitting.words(other)


def test_without_scripts_a_page_that_waits_asks_again_and_one_to_fill_in_does_not():
    sitting = Sitting()
    assert 'http-equiv="refresh"' in sitting.words()
    made = sitting.open()
    assert 'http-equiv="refresh"' not in sitting.words()
    sitting.vote(made, quick="45")
    assert 'http-equiv="refresh"' in sitting.words()


def test_who_has_no_voice_in_the_group_stands_at_the_door_and_cannot_vote():
    sitting = Sitting()
    made = sitting.open()
    for person in (a_person(), a_member(an_organisation(), "coordinator"), sitting.talk.facilitator):
        client = signed_in(person)
        assert 'name="code"' in sitting.words(client)
        address = reverse("rooms:vote", args=[sitting.meeting.pk, made.pk])
        assert client.post(address, {"quick": "45"}).status_code == 404


def test_the_pages_of_the_room_speak_the_language_chosen_on_the_device():
    sitting = Sitting()
    sitting.phone.cookies["language"] = "en"
    assert "Your earlier score" in sitting.words()
    token = actions.make_wall_link(**sitting.led)
    wall = Client()
    assert "Силни страни" in wall.get(reverse("rooms:wall", args=[token])).content.decode()
    wall.cookies["language"] = "en"
    assert "Strengths" in wall.get(reverse("rooms:wall", args=[token])).content.decode()


def test_a_language_that_nobody_speaks_here_is_not_taken_from_a_cookie():
    sitting = Sitting()
    sitting.phone.cookies["language"] = "../../xx"
    assert "Предишната Ви оценка" in sitting.words()
