"""The group practises together: alone first, then without names, then once more; no sheet is touched."""

from __future__ import annotations

import pytest

from merilo.assessment.actions import calibration as actions
from merilo.assessment.models import Assessment, Calibration, Judgement, State, Trial
from merilo.assessment.permissions import may_calibrate, may_see_calibration
from merilo.assessment.queries import calibration as queries
from merilo.assessment.tests.talk import Talk
from merilo.core.errors import MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.organisations.models import Notification
from tests.people import NOON, a_member, an_organisation, as_viewer, signed_in

TODAY = NOON.date()


def given(enabler: int, result: int):
    return {"5.2": {"score": enabler}, "6.1": {"score": result}}


class Practice(Talk):
    """A group of four before the lock, with a case open."""

    def __init__(self):
        super().__init__(members=4, state=State.ASSESSING)
        self.viewer = as_viewer(self.coordinator)
        self.case = self.opened()

    def client(self, member=None):
        client = signed_in(member or self.coordinator)
        client.cookies["language"] = "en"
        return client

    def url(self, rest: str = ""):
        return f"/o/{self.town.slug}/a/{self.assessment.pk}/practice/{rest}"

    def opened(self):
        return actions.open_calibration(
            viewer=self.viewer,
            assessment=self.assessment,
            case="service-centre",
            method="classical",
            at=NOON,
        )

    def gives(self, who: int, enabler: int, result: int, reason: str = ""):
        actions.hand_in(
            viewer=as_viewer(self.members[who]),
            calibration=self.case,
            values=given(enabler, result),
            reasons={"5.2": reason},
            at=NOON,
        )

    def round(self, *scores):
        for who, (enabler, result) in enumerate(scores):
            self.gives(who, enabler, result)
        actions.show(viewer=self.viewer, calibration=self.case, at=NOON)
        self.case.refresh_from_db()

    def page(self, member=None, rest=""):
        return self.client(member), self.url(f"{self.case.pk}/{rest}")

    def session(self, who: int):
        return queries.session_of(as_viewer(self.members[who]), self.case, on=TODAY)


@pytest.fixture
def practice(db):
    return Practice()


FORM = {"item-5-2-value-score": "40", "item-6-1-value-score": "50", "item-5-2-justification": "Защото"}


def test_a_member_finds_the_case_among_their_work_and_scores_it(practice):
    client, url = practice.page(practice.members[0])
    assert url in client.get(f"/o/{practice.town.slug}/").content.decode()
    assert "Reference" not in client.get(url).content.decode()
    assert client.post(url, FORM).status_code == 302
    text = client.get(url).content.decode()
    assert "Handed in: <b>1</b> of 4" in text
    assert 'value="40"' in text
    assert url not in client.get(f"/o/{practice.town.slug}/").content.decode()
    assert not Judgement.objects.exists()


def test_half_a_score_comes_back_with_what_was_typed(practice):
    client, url = practice.page(practice.members[0])
    answer = client.post(url, FORM | {"item-6-1-value-score": ""})
    assert answer.status_code == 422
    assert 'value="40"' in answer.content.decode()
    assert ">6.1: " in answer.content.decode()
    assert not Trial.objects.exists()


def test_the_members_are_told_of_a_case_once_and_led_to_it(practice):
    practice.opened()
    rows = list(Notification.objects.filter(kind="calibration.opened"))
    assert {row.person for row in rows} == {member.person for member in practice.members}
    assert len(rows) == len(practice.members)
    assert practice.client(practice.members[0]).get(rows[0].path).status_code == 200


def test_nobody_reads_what_another_gave(practice):
    practice.gives(0, 17, 83, "тайна причина")
    for member in (*practice.members[1:], practice.coordinator):
        client, url = practice.page(member)
        text = client.get(url).content.decode()
        assert "тайна причина" not in text
        assert 'value="83"' not in text


def test_fewer_than_three_are_not_shown(practice):
    practice.gives(0, 40, 50)
    practice.gives(1, 60, 30)
    client, url = practice.page()
    assert client.post(f"{url}lead/", {"step": "show"}, follow=True).status_code == 200
    with pytest.raises(MeriloError):
        actions.show(viewer=practice.viewer, calibration=practice.case, at=NOON)
    practice.case.refresh_from_db()
    assert practice.case.spreads == []


def test_the_spread_is_shown_without_names_beside_the_reference(practice):
    practice.round((20, 30), (60, 50), (40, 70))
    tally = practice.session(0).spreads_of("5.2")[0]
    assert [int(score) for score in tally.scores] == [20, 40, 60]
    client, url = practice.page(practice.members[3])
    text = client.get(url).content.decode()
    assert "Reference: <b>46</b>" in text
    assert "from 20 to 60, median 40" in text
    assert practice.members[0].name not in text


def test_after_the_talk_everybody_scores_again_and_both_rounds_stand(practice):
    practice.round((20, 30), (60, 50), (40, 70))
    client, url = practice.page()
    client.post(f"{url}lead/", {"step": "again"})
    practice.case.refresh_from_db()
    assert (practice.case.round, practice.session(0).handed_in) == (2, 0)
    assert practice.session(0).own.values == given(20, 30)
    practice.round((40, 50), (50, 50), (45, 55))
    text = client.get(url).content.decode()
    assert text.index("from 20 to 60") < text.index("from 40 to 50")


def test_who_comes_too_late_is_told_and_not_counted(practice):
    practice.round((20, 30), (60, 50), (40, 70))
    client, url = practice.page(practice.members[3])
    answer = client.post(url, FORM, follow=True)
    assert "This round is over" in answer.content.decode()
    assert Trial.objects.count() == 3


def test_closing_keeps_what_the_group_found_and_forgets_what_each_gave(practice):
    practice.round((20, 30), (60, 50), (40, 70))
    client, url = practice.page()
    client.post(f"{url}lead/", {"step": "close"})
    assert not Trial.objects.exists()
    assert "from 20 to 60" in client.get(url).content.decode()
    assert practice.opened().pk != practice.case.pk


def test_closing_before_anything_was_shown_leaves_nothing(practice):
    practice.gives(0, 40, 50)
    client, url = practice.page()
    assert client.post(f"{url}lead/", {"step": "close"}, follow=True).status_code == 200
    assert not Calibration.objects.exists()
    assert AuditEntry.objects.filter(verb="calibration.closed").count() == 1


def test_only_one_case_is_open_at_a_time_and_only_who_leads_opens_one(practice):
    assert practice.opened().pk == practice.case.pk
    viewer = as_viewer(practice.members[1])
    with pytest.raises(Refused):
        actions.open_calibration(
            viewer=viewer, assessment=practice.assessment, case="people", method="classical", at=NOON
        )
    client = practice.client(practice.members[1])
    assert client.post(practice.url(), {"case": "people", "method": "classical"}).status_code == 403


def test_the_page_opens_a_case(practice):
    actions.close(viewer=practice.viewer, calibration=practice.case, at=NOON)
    client = practice.client()
    answer = client.post(practice.url(), {"case": "people", "method": "fine-tuned"})
    made = Calibration.objects.get()
    assert answer["Location"].endswith(f"/practice/{made.pk}/")
    assert (made.case, made.method) == ("people", "fine-tuned")
    assert client.post(practice.url(), {"case": "nowhere"}).status_code == 422


def test_with_the_lock_the_practice_is_over(practice):
    practice.round((20, 30), (60, 50), (40, 70))
    practice.scores("1.1", [30, 40, 50, 60])
    practice.hand_in()
    practice.lock()
    practice.case.refresh_from_db()
    assert practice.case.closed_at
    assert not Trial.objects.exists()
    assert not may_calibrate(practice.viewer, Assessment.objects.get())


def test_the_page_is_only_for_the_group_and_who_follows(practice):
    outsider = a_member(practice.town, "viewer")
    client, url = practice.page(outsider)
    assert client.get(url).status_code == 404
    assert not may_see_calibration(
        as_viewer(a_member(an_organisation(), "coordinator")), practice.assessment, on=TODAY
    )
    assert practice.assessment.state == State.ASSESSING


def test_the_page_is_answered_with_nothing_while_nothing_is_new(practice):
    client, url = practice.page()
    etag = client.get(f"{url}?live=1")["ETag"]
    assert client.get(f"{url}?live=1", headers={"If-None-Match": etag}).status_code == 304
    practice.gives(0, 40, 50)
    assert client.get(f"{url}?live=1", headers={"If-None-Match": etag}).status_code == 200
