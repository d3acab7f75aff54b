from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from merilo.assessment.actions import admission, voting
from merilo.assessment.actions import meeting as actions
from merilo.assessment.actions.agreement import Outcome, Proposal, agree, finish, record_dissent, undo
from merilo.assessment.erasing import forget
from merilo.assessment.models import (
    Agreement,
    Ballot,
    Contribution,
    Decision,
    Meeting,
    Pass,
    Presence,
    Round,
    Turn,
)
from merilo.assessment.queries import agreement as agreement_queries
from merilo.assessment.queries import sittings, voters
from merilo.assessment.tests.talk import Talk
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.models import AuditEntry, AuditPayload
from merilo.organisations.api import Erased
from tests.people import NOON, a_member, an_organisation, as_viewer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
BASIS = (Decimal(45),)
LATER = NOON + timedelta(minutes=5)


def a_meeting(members: int = 4, scores: tuple[int | None, ...] = (25, 40, 45, 70)) -> tuple[Talk, Meeting]:
    talk = Talk(members)
    talk.scores("1.2", list(scores))
    talk.scores("1.1", [45] * members)
    talk.lock()
    return talk, actions.open_meeting(viewer=as_viewer(talk.chair), assessment=talk.assessment, at=NOON)


def lead(talk: Talk) -> dict[str, Any]:
    return {"viewer": as_viewer(talk.chair), "assessment": talk.assessment}


def voter(talk: Talk, meeting: Meeting, who: int) -> voters.Voter:
    found = voters.running(meeting.pk)
    assert found is not None
    person = talk.members[who].person
    assert person is not None
    one = voters.voter_of(person, found, on=NOON.date())
    assert one is not None
    return one


def everybody_votes(talk: Talk, meeting: Meeting, values: list[int | None], at=NOON) -> Round:
    for who in range(len(values)):
        voting.join(voter=voter(talk, meeting, who), at=at)
    made = actions.open_vote(**lead(talk), code="1.2", seconds=0, at=at)
    for who, value in enumerate(values):
        given = None if value is None else {"score": value}
        voting.vote(voter=voter(talk, meeting, who), round_=made.pk, values=given, at=at)
    made.refresh_from_db()
    return made


def address(talk: Talk, rest: str) -> str:
    return f"/o/{talk.town.slug}/a/{talk.assessment.pk}/{rest}"


# --- opening and leading ------------------------------------------------------------------------------
def test_there_is_one_meeting_at_a_time_and_opening_again_finds_it():
    talk, meeting = a_meeting()
    again = actions.open_meeting(viewer=as_viewer(talk.facilitator), assessment=talk.assessment, at=LATER)
    assert again == meeting
    assert AuditEntry.objects.filter(verb="meeting.opened").count() == 1


def test_members_do_not_lead():
    talk, _meeting = a_meeting()
    member: dict[str, Any] = {"viewer": as_viewer(talk.members[1]), "assessment": talk.assessment}
    for deed in (
        lambda: actions.take_up(**member, code="1.2", leaving="", at=NOON),
        lambda: actions.open_vote(**member, code="1.2", seconds=0, at=NOON),
        lambda: actions.make_wall_link(**member, at=NOON),
        lambda: admission.make_codes(**member, way="slip", at=NOON),
        lambda: actions.end_meeting(**member, at=NOON),
    ):
        with pytest.raises(Refused):
            deed()


def test_two_who_go_on_at_once_do_not_jump_over_an_item():
    talk, meeting = a_meeting()
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    actions.take_up(**lead(talk), code="1.3", leaving="1.2", at=LATER)
    with pytest.raises(actions.Elsewhere):
        actions.take_up(**lead(talk), code="1.4", leaving="1.2", at=LATER)
    assert sittings.code_on_wall(meeting) == "1.3"
    spent = Turn.objects.get(code="1.2")
    assert spent.ended_at is not None
    assert spent.ended_at - spent.began_at == timedelta(minutes=5)


def test_every_change_is_news_for_the_screens():
    talk, meeting = a_meeting()
    seen = [meeting.version]

    def news() -> bool:
        meeting.refresh_from_db()
        seen.append(meeting.version)
        return seen[-1] > seen[-2]

    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    assert news()
    voting.join(voter=voter(talk, meeting, 0), at=NOON)
    assert news()
    agree(**lead(talk), proposal=Proposal("1.2", 1, Outcome("agreed", {"score": 45}), BASIS), at=NOON)
    assert news()
    undo(**lead(talk), code="1.2", version=2, at=NOON)
    assert news()


# --- votes --------------------------------------------------------------------------------------------
def test_a_vote_is_hidden_until_all_have_voted_and_then_nobody_stands_by_a_score():
    talk, meeting = a_meeting()
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    for who in range(4):
        voting.join(voter=voter(talk, meeting, who), at=NOON)
    made = actions.open_vote(**lead(talk), code="1.2", seconds=0, at=NOON)
    for who, value in enumerate((50, 40, 45)):
        voting.vote(voter=voter(talk, meeting, who), round_=made.pk, values={"score": value}, at=NOON)
    shown = sittings.vote_on(meeting, "1.2", now=NOON)
    assert shown is not None
    assert (shown.voted, shown.expected, shown.is_over, shown.tally) == (3, 4, False, None)
    voting.vote(voter=voter(talk, meeting, 1), round_=made.pk, values={"score": 42}, at=NOON)  # changed
    voting.vote(voter=voter(talk, meeting, 3), round_=made.pk, values={"score": 55}, at=NOON)
    made.refresh_from_db()
    assert made.tally is not None
    assert (made.tally["voted"], made.tally["scores"]) == (4, ["42", "45", "50", "55"])
    assert made.tally["parts"] == {"score": [42, 45, 50, 55]}
    assert not Ballot.objects.exists()
    votes = AuditPayload.objects.filter(entry__verb="meeting.voted").values_list("data", flat=True)
    assert {tuple(sorted(json.loads(data))) for data in votes} == {("code",)}


def test_of_fewer_than_three_scores_only_the_number_is_told():
    talk, meeting = a_meeting()
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    made = everybody_votes(talk, meeting, [50, 60, None])
    assert made.tally == {"voted": 3, "cannot_judge": 1, "scores": [], "parts": {}}
    row = agreement_queries.overview_of(talk.assessment).by_disagreement[0]
    assert row.basis == row.voices.scores


def test_when_the_time_is_over_no_vote_is_taken_and_the_system_counts():
    talk, meeting = a_meeting()
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    for who in range(4):
        voting.join(voter=voter(talk, meeting, who), at=NOON)
    made = actions.open_vote(**lead(talk), code="1.2", seconds=60, at=NOON)
    for who, value in enumerate((50, 40, 45)):
        voting.vote(voter=voter(talk, meeting, who), round_=made.pk, values={"score": value}, at=NOON)
    late = NOON + timedelta(seconds=60)
    shown = sittings.vote_on(meeting, "1.2", now=late)
    assert shown is not None
    assert shown.is_over
    with pytest.raises(voting.VoteOver):
        voting.vote(voter=voter(talk, meeting, 3), round_=made.pk, values={"score": 99}, at=late)
    assert voting.count_if_over(round_=made.pk, at=late)
    made.refresh_from_db()
    assert made.tally is not None
    assert made.tally["scores"] == ["40", "45", "50"]
    assert not voting.count_if_over(round_=made.pk, at=late)


def test_the_last_vote_is_what_an_agreed_score_is_measured_against():
    talk, meeting = a_meeting()
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    everybody_votes(talk, meeting, [60, 62, 64, 66])
    client = signed_in(talk.chair)
    page = address(talk, "meeting/agree/1.2/")
    outside = client.post(page, {"version": 1, "decision": "agree", "value-score": 45, "justification": ""})
    assert outside.status_code == 422
    inside = client.post(page, {"version": 1, "decision": "agree", "value-score": 63, "justification": ""})
    assert inside.status_code == 302
    assert Agreement.objects.get(code="1.2").values == {"score": 63}


def test_during_a_vote_nothing_else_is_taken_up():
    talk, meeting = a_meeting()
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    with pytest.raises(MeriloError):
        actions.open_vote(**lead(talk), code="1.2", seconds=0, at=NOON)  # nobody is here
    voting.join(voter=voter(talk, meeting, 0), at=NOON)
    actions.open_vote(**lead(talk), code="1.2", seconds=0, at=NOON)
    with pytest.raises(MeriloError):
        actions.take_up(**lead(talk), code="1.3", leaving="1.2", at=NOON)
    actions.close_vote(**lead(talk), at=NOON)
    actions.take_up(**lead(talk), code="1.3", leaving="1.2", at=NOON)


# --- undoing ------------------------------------------------------------------------------------------
def test_a_decision_is_undone_with_its_trace_and_versions_without_a_gap():
    talk, _meeting = a_meeting()
    proposal = Proposal("1.2", 1, Outcome("agreed", {"score": 45}), BASIS)
    agree(**lead(talk), proposal=proposal, at=NOON)
    back = undo(**lead(talk), code="1.2", version=2, at=LATER)
    assert (back.state, back.values, back.version, back.agreed_by) == ("open", {}, 3, None)
    assert list(Decision.objects.values_list("version", "is_undoing")) == [(2, False), (3, True)]
    with pytest.raises(Conflict):
        undo(**lead(talk), code="1.2", version=2, at=LATER)
    again = undo(**lead(talk), code="1.2", version=3, at=LATER)
    assert (again.state, again.values) == ("agreed", {"score": 45})


def test_what_was_never_decided_is_not_undone():
    talk, _meeting = a_meeting()
    with pytest.raises(MeriloError):
        undo(**lead(talk), code="1.2", version=1, at=NOON)


# --- the end ------------------------------------------------------------------------------------------
def test_the_end_freezes_the_minutes_and_turns_everything_off():
    talk, meeting = a_meeting()
    token = actions.make_wall_link(**lead(talk), at=NOON)
    admission.make_codes(**lead(talk), way="slip", at=NOON)
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    everybody_votes(talk, meeting, [40, 45, 45, 50])
    agree(**lead(talk), proposal=Proposal("1.2", 1, Outcome("agreed", {"score": 45}), BASIS), at=LATER)
    agree(**lead(talk), proposal=Proposal("1.1", 1, Outcome("agreed", {"score": 45}), BASIS), at=LATER)
    done = actions.end_meeting(**lead(talk), at=LATER)
    assert done.minutes is not None
    assert [item["code"] for item in done.minutes["items"]] == ["1.2", "1.1"]
    first, together = done.minutes["items"]
    assert (first["seconds"], first["decided"]["values"]) == (300, {"score": 45})
    assert first["votes"][0]["spread"]["median"] == ["45", "45"]
    assert together["seconds"] is None
    assert len(done.minutes["present"]) == 4
    assert sittings.on_wall(token) is None
    assert not Pass.objects.exists()
    assert voters.running(meeting.pk) is None
    with pytest.raises(Refused):
        actions.take_up(**lead(talk), code="1.3", leaving="", at=LATER)


def test_the_agreement_is_not_finished_during_a_meeting():
    talk, _meeting = a_meeting()
    with pytest.raises(MeriloError, match="среща"):
        finish(**lead(talk), at=NOON)


def test_minutes_are_a_page_a_pdf_and_a_word_file_for_the_group_only():
    talk, meeting = a_meeting()
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    everybody_votes(talk, meeting, [40, 45, 45, 50])
    agree(**lead(talk), proposal=Proposal("1.2", 1, Outcome("agreed", {"score": 45}), BASIS), at=LATER)
    actions.end_meeting(**lead(talk), at=LATER)
    base = address(talk, f"meeting/{meeting.pk}/minutes/")
    client = signed_in(talk.members[2])
    page = client.get(base).content.decode()
    assert talk.members[3].name in page
    assert client.get(f"{base}pdf/").content.startswith(b"%PDF")
    assert client.get(f"{base}docx/").content.startswith(b"PK")
    assert client.get(f"{base}odt/").status_code == 404
    stranger = a_member(an_organisation(), "coordinator")
    assert signed_in(stranger).get(base).status_code == 404


# --- getting in ---------------------------------------------------------------------------------------
def enter(client: Client, meeting: Meeting, code: str):
    return client.post(reverse("rooms:enter", args=[meeting.pk]), {"code": code})


def test_a_code_lets_one_device_in_once():
    talk, meeting = a_meeting()
    codes = admission.make_codes(**lead(talk), way="slip", at=NOON)
    one = next(code for code in codes if code.seat.holder == talk.members[1])
    phone, thief = Client(), Client()
    assert enter(phone, meeting, f"{one.digits[:4]} {one.digits[4:]}").status_code == 302
    assert Presence.objects.get().seat.holder == talk.members[1]
    assert enter(thief, meeting, one.digits).status_code == 422
    page = reverse("rooms:phone", args=[meeting.pk])
    assert talk.members[1].name in phone.get(page).content.decode()
    assert 'name="code"' in thief.get(page).content.decode()


def test_a_slip_does_not_show_the_earlier_score_a_mailed_code_does():
    talk, meeting = a_meeting(scores=(25, 41, 45, 70))
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    for way, is_shown in (("slip", False), ("mail", True)):
        code = next(
            one
            for one in admission.make_codes(**lead(talk), way=way, at=NOON)
            if one.seat.holder == talk.members[1]
        )
        client = Client()
        enter(client, meeting, code.digits)
        page = client.get(reverse("rooms:phone", args=[meeting.pk])).content.decode()
        assert (">41<" in page) is is_shown


def test_a_new_code_makes_the_earlier_one_void_and_a_new_or_former_holder_the_device():
    talk, meeting = a_meeting()
    seat = talk.sheets[1].seat
    old = admission.make_codes(**lead(talk), way="slip", seats=[seat.pk], at=NOON)[0]
    new = admission.make_codes(**lead(talk), way="slip", seats=[seat.pk], at=NOON)[0]
    client = Client()
    assert enter(client, meeting, old.digits).status_code == 422
    assert enter(client, meeting, new.digits).status_code == 302
    holder = seat.holder
    seat.holder = a_member(talk.town, "assessor")
    seat.save()
    assert 'name="code"' in client.get(reverse("rooms:phone", args=[meeting.pk])).content.decode()
    seat.holder = holder
    seat.save()
    assert 'name="code"' not in client.get(reverse("rooms:phone", args=[meeting.pk])).content.decode()
    holder.left_at = NOON
    holder.save()
    assert 'name="code"' in client.get(reverse("rooms:phone", args=[meeting.pk])).content.decode()


def test_guesses_are_limited():
    talk, meeting = a_meeting()
    codes = admission.make_codes(**lead(talk), way="slip", at=NOON)
    wrong = next(f"{n:08}" for n in range(100) if f"{n:08}" not in {code.digits for code in codes})
    client = Client()
    answers = [enter(client, meeting, wrong).status_code for _n in range(32)]
    assert answers[:30] == [422] * 30
    assert answers[-1] == 429
    assert enter(client, meeting, codes[0].digits).status_code == 429


def test_codes_and_tokens_are_kept_as_digests_only():
    talk, _meeting = a_meeting()
    token = actions.make_wall_link(**lead(talk), at=NOON)
    code = admission.make_codes(**lead(talk), way="slip", at=NOON)[0]
    kept = [str(row) for model in (Pass, Meeting) for row in model.objects.values()]
    kept += [str(row) for row in AuditPayload.objects.values()]
    assert not [row for row in kept if token in row or code.digits in row]


# --- the wall -----------------------------------------------------------------------------------------
def test_the_wall_names_nobody_and_ends_with_its_link():
    talk, meeting = a_meeting()
    Contribution.objects.create(
        assessment=talk.assessment, code="1.2", kind="strength", text="Ред", author=talk.members[1].name
    )
    token = actions.make_wall_link(**lead(talk), at=NOON)
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    everybody_votes(talk, meeting, [40, 45, 45, 50])
    wall = Client()
    page = wall.get(reverse("rooms:wall", args=[token]))
    assert page.status_code == 200
    words = page.content.decode()
    assert "Ред" in words
    assert not [member.name for member in [*talk.members, talk.coordinator] if member.name in words]
    assert talk.chair.email not in words
    actions.revoke_wall_links(**lead(talk), at=NOON)
    assert wall.get(reverse("rooms:wall", args=[token])).status_code == 404
    assert wall.get(reverse("rooms:wall", args=["x" * 43])).status_code == 404


def test_a_screen_asks_cheaply_whether_there_is_news(django_assert_max_num_queries):
    talk, _meeting = a_meeting()
    token = actions.make_wall_link(**lead(talk), at=NOON)
    wall = Client()
    page = f"{reverse('rooms:wall', args=[token])}?live=1"
    first = wall.get(page)
    assert b"<html" not in first.content
    with django_assert_max_num_queries(3):
        same = wall.get(page, headers={"if-none-match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    assert wall.get(page, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_name_in_frozen_minutes_goes_with_its_person():
    talk, meeting = a_meeting()
    actions.take_up(**lead(talk), code="1.2", leaving="", at=NOON)
    named = talk.members[1].name
    record_dissent(**lead(talk), code="1.2", text="Твърде високо.", name=named, at=NOON)
    actions.end_meeting(**lead(talk), at=LATER)
    forget(Erased(talk.members[1], frozenset({named}), "бивш член"))
    meeting.refresh_from_db()
    assert meeting.minutes is not None
    assert meeting.minutes["items"][0]["dissents"] == [{"text": "Твърде високо.", "name": ""}]
