from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from merilo.assessment.actions import locking
from merilo.assessment.models import Agreement, Assessment, Contribution, Judgement, Sheet, State
from merilo.assessment.queries import agreement as queries
from merilo.assessment.tests.talk import Talk
from merilo.core.errors import MeriloError, Refused
from merilo.core.models import AuditEntry, AuditPayload
from tests.people import NOON, a_member, an_organisation, as_viewer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def address(talk: Talk, rest: str) -> str:
    return f"/o/{talk.town.slug}/a/{talk.assessment.pk}/{rest}"


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.scores("1.1", [40, 45, 50])
    talk.scores("1.2", [20, None])
    talk.say(0, "1.1", "strength", "КАНАРЧЕ-А", "КАНАРЧЕ-Б")
    talk.say(1, "1.1", "area", "КАНАРЧЕ-В", named=True)
    talk.say(2, "1.1", "idea", "   ")
    return talk


def test_lock_freezes_the_sheets_and_lays_out_the_lines(talk):
    talk.lock()
    fresh = Assessment.objects.get()
    assert (fresh.state, fresh.locked_at) == (State.AGREEING, NOON)
    assert Agreement.objects.filter(assessment=fresh, state="open").count() == 28
    rows = Contribution.objects.order_by("text").values_list("text", "kind", "code", "author")
    assert list(rows) == [
        ("КАНАРЧЕ-А", "strength", "1.1", ""),
        ("КАНАРЧЕ-Б", "strength", "1.1", ""),
        ("КАНАРЧЕ-В", "area", "1.1", "Оценител 2"),
    ]


def test_lock_is_audited_with_counts_and_without_texts(talk):
    talk.lock()
    entry = AuditEntry.objects.get(verb="assessment.locked")
    data = AuditPayload.objects.get(entry=entry).data
    assert '"lines": 3' in data
    assert '"handed_in": 3' in data
    assert "КАНАРЧЕ" not in data


def test_lock_twice_has_one_effect(talk):
    talk.lock()
    again = locking.lock_sheets(viewer=as_viewer(talk.chair), assessment=talk.assessment, at=NOON)
    assert again is False
    assert Contribution.objects.count() == 3
    assert AuditEntry.objects.filter(verb="assessment.locked").count() == 1


def test_lock_form_sent_twice_leads_to_the_list_both_times(talk):
    talk.hand_in()
    client = signed_in(talk.facilitator)
    answers = [client.post(address(talk, "lock/")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[1]["Location"] == address(talk, "agree/")
    assert AuditEntry.objects.filter(verb="assessment.locked").count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator", 302), ("chair", 302), ("facilitator", 302), ("member", 403), ("viewer", 403)],
)
def test_who_may_lock(talk, who, status):
    talk.hand_in()
    people = {
        "coordinator": talk.coordinator,
        "chair": talk.chair,
        "facilitator": talk.facilitator,
        "member": talk.members[1],
        "viewer": a_member(talk.town, "viewer"),
    }
    answer = signed_in(people[who]).post(address(talk, "lock/"))
    assert answer.status_code == status
    assert (Assessment.objects.get().state == State.AGREEING) is (status == 302)


def test_a_stranger_finds_nothing(talk):
    stranger = a_member(an_organisation(), "coordinator")
    assert signed_in(stranger).post(address(talk, "lock/")).status_code == 404


def test_lock_needs_somebody_who_handed_in(talk):
    answer = signed_in(talk.coordinator).post(address(talk, "lock/"))
    assert answer.status_code == 422
    assert Assessment.objects.get().state == State.ASSESSING


@pytest.mark.parametrize(("scored", "status"), [(2, 422), (3, 302)])
def test_lock_needs_three_who_scored_so_that_nobody_is_found_out(scored, status):
    talk = Talk(4)
    talk.scores("1.1", [40, 45, 50][:scored])
    talk.hand_in()
    assert signed_in(talk.coordinator).post(address(talk, "lock/")).status_code == status


def test_lock_refuses_what_is_still_being_planned():
    talk = Talk(state=State.PLANNING)
    talk.hand_in()
    with pytest.raises(MeriloError):
        locking.lock_sheets(viewer=as_viewer(talk.coordinator), assessment=talk.assessment, at=NOON)


def test_the_confirmation_page_counts_and_shows_no_content(talk):
    page = signed_in(talk.chair).get(address(talk, "lock/"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "КАНАРЧЕ" not in text
    assert "Оценител 3" in text
    counts = {(code, count) for code, _name, count in page.context["thin"]}
    assert ("1.2", 1) in counts
    assert "1.1" not in {code for code, _count in counts}
    assert page.context["found"].handed_in == 0


def test_before_the_lock_nobody_reads_others_judgements(talk):
    on = timezone.localdate()
    for reader in (talk.coordinator, talk.chair, talk.facilitator, talk.members[1]):
        viewer = as_viewer(reader)
        with pytest.raises(Refused):
            queries.voices(viewer, talk.assessment, on=on)
        with pytest.raises(Refused):
            queries.overview(viewer, talk.assessment, on=on)
        with pytest.raises(Refused):
            queries.talks(viewer, talk.assessment, "1.1", on=on)
        with pytest.raises(Refused):
            queries.minutes(viewer, talk.assessment, on=on)


@pytest.mark.parametrize("page", ["agree/", "agree/1.1/", "agree/close/", "agree/finish/", "agree/minutes/"])
def test_before_the_lock_every_page_of_the_agreement_refuses(talk, page):
    assert signed_in(talk.coordinator).get(address(talk, page)).status_code == 403


# --- reopening ----------------------------------------------------------------------------------------
def test_reopening_removes_what_was_laid_out_and_leaves_the_sheets(talk):
    talk.lock()
    answer = signed_in(talk.coordinator).post(address(talk, "lock/reopen/"), {"reason": "Липсва един лист"})
    fresh = Assessment.objects.get()
    assert answer.status_code == 302
    assert (fresh.state, fresh.locked_at) == (State.ASSESSING, None)
    assert not Contribution.objects.exists()
    assert not Agreement.objects.exists()
    assert Judgement.objects.count() == 5
    assert "Липсва един лист" in AuditPayload.objects.get(entry__verb="assessment.unlocked").data


def test_reopened_sheets_can_be_locked_again(talk):
    talk.lock()
    locking.reopen_sheets(
        viewer=as_viewer(talk.coordinator), assessment=talk.assessment, reason="Забравен лист", at=NOON
    )
    assert Sheet.objects.count() == 3
    talk.lock()
    assert Contribution.objects.count() == 3


@pytest.mark.parametrize(("changed", "locked"), [(1, False), (2, False), (3, True)])
def test_a_second_lock_shows_no_news_of_fewer_than_three(talk, changed, locked):
    talk.lock()
    coordinator = as_viewer(talk.coordinator)
    locking.reopen_sheets(viewer=coordinator, assessment=talk.assessment, reason="Забравен лист", at=NOON)
    for sheet in talk.sheets[:changed]:
        talk.judge(sheet, "2.1", values={"score": 60})
    for sheet in talk.sheets[changed:]:  # changed and changed back is no news
        row = Judgement.objects.get(sheet=sheet, code="1.1")
        talk.judge(
            sheet, "1.1", values=row.values, version=row.version + 2, saved_at=NOON + timedelta(hours=1)
        )
    if locked:
        assert locking.lock_sheets(viewer=coordinator, assessment=talk.assessment, at=NOON)
    else:
        with pytest.raises(MeriloError, match=r"трима|three"):
            locking.lock_sheets(viewer=coordinator, assessment=talk.assessment, at=NOON)
        assert not Contribution.objects.exists()


def test_reopening_needs_a_reason(talk):
    talk.lock()
    answer = signed_in(talk.coordinator).post(address(talk, "lock/reopen/"), {"reason": " "})
    assert answer.status_code == 422
    assert Assessment.objects.get().state == State.AGREEING
    with pytest.raises(MeriloError):
        locking.reopen_sheets(
            viewer=as_viewer(talk.coordinator), assessment=talk.assessment, reason="", at=NOON
        )


@pytest.mark.parametrize("who", ["chair", "facilitator"])
def test_only_the_coordinator_reopens(talk, who):
    talk.lock()
    answer = signed_in(getattr(talk, who)).post(address(talk, "lock/reopen/"), {"reason": "Защото"})
    assert answer.status_code == 403
    with pytest.raises(Refused):
        locking.reopen_sheets(
            viewer=as_viewer(getattr(talk, who)), assessment=talk.assessment, reason="x", at=NOON
        )


def test_reopening_ends_with_the_first_agreed_score(talk):
    talk.lock()
    Agreement.objects.filter(code="1.1").update(state="agreed", values={"score": 45})
    client = signed_in(talk.coordinator)
    assert client.post(address(talk, "lock/reopen/"), {"reason": "Защото"}).status_code == 422
    assert Assessment.objects.get().state == State.AGREEING
    assert client.get(address(talk, "lock/reopen/")).context["begun"] is True


def test_the_lock_page_costs_the_same_for_more_seats(talk, django_assert_max_num_queries):
    client = signed_in(talk.coordinator)
    with django_assert_max_num_queries(12):
        client.get(address(talk, "lock/"))
    large = Talk(10)
    for item in ("1.1", "1.2", "1.3"):
        large.scores(item, [40] * 10)
    client = signed_in(large.coordinator)
    with django_assert_max_num_queries(12):
        client.get(address(large, "lock/"))
