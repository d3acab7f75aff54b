from __future__ import annotations

import pytest

from merilo.assessment.models import Agreement, Contribution, Statement
from merilo.assessment.tests.talk import Talk
from merilo.core.models import AuditEntry
from tests.at_once import at_once
from tests.people import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def address(talk: Talk, rest: str) -> str:
    return f"/o/{talk.town.slug}/a/{talk.assessment.pk}/{rest}"


def test_two_who_agree_the_same_version_one_wins_and_the_other_gets_both_values():
    talk = Talk()
    talk.scores("1.1", [20, 45, 70])
    talk.lock()
    clients = [signed_in(talk.chair), signed_in(talk.facilitator)]

    def send(place: int, value: int):
        data = {"version": 1, "decision": "agree", "value-score": value, "justification": ""}
        return clients[place].post(address(talk, "agree/1.1/"), data)

    answers = at_once(lambda: send(0, 44), lambda: send(1, 46))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    lost = next(answer for answer in answers if answer.status_code == 409).content.decode()
    row = Agreement.objects.get(code="1.1")
    assert (row.values["score"] in {44, 46}, row.version) == (True, 2)
    assert ">44</" in lost
    assert ">46</" in lost
    assert AuditEntry.objects.filter(verb="agreement.agreed").count() == 1


def test_two_locks_at_once_lay_the_lines_out_once():
    talk = Talk()
    talk.scores("1.1", [40, 45, 50])
    talk.say(0, "1.1", "strength", "Ред")
    talk.hand_in()
    clients = [signed_in(talk.chair), signed_in(talk.facilitator)]
    answers = at_once(
        lambda: clients[0].post(address(talk, "lock/")), lambda: clients[1].post(address(talk, "lock/"))
    )
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Contribution.objects.count(), Agreement.objects.count()) == (1, 28)
    assert AuditEntry.objects.filter(verb="assessment.locked").count() == 1


def test_two_who_take_the_same_remark_make_one_statement():
    talk = Talk()
    talk.scores("1.1", [40, 45, 50])
    talk.say(0, "1.1", "strength", "Ред")
    talk.lock()
    data = {"take": str(Contribution.objects.get().pk)}
    clients = [signed_in(talk.chair), signed_in(talk.facilitator)]
    url = address(talk, "agree/1.1/statements/strength/")
    answers = at_once(lambda: clients[0].post(url, data), lambda: clients[1].post(url, data))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert Statement.objects.count() == 1
