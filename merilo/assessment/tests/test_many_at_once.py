"""Many who lead and many who vote at once: nothing is lost or doubled, every conflict shows both values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from merilo.assessment.actions import meeting, voting
from merilo.assessment.actions.agreement import Outcome, Proposal, agree, undo
from merilo.assessment.models import Agreement, Decision, Round
from merilo.assessment.queries import voters
from merilo.assessment.tests.talk import Talk
from merilo.core import audit
from merilo.core.errors import Conflict, MeriloError
from merilo.core.models import AuditEntry
from tests.at_once import at_once
from tests.people import NOON, as_viewer

CODES = ["1.1", "1.2", "1.3"]
LEADERS = ("coordinator", "chair", "facilitator")
MEMBERS = 4
EDITS_OF_ONE = 64  # at least, in one group

leaders, codes, scores = st.sampled_from(LEADERS), st.sampled_from(CODES), st.integers(0, 100)
edits = st.tuples(leaders, codes, scores)


@dataclass
class Outcomes:
    """What came of the edits: acknowledged ones by item, and how many were answered with a conflict."""

    done: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {code: [] for code in CODES})
    conflicts: int = 0


total = Counter[str]()


class Meetings(RuleBasedStateMachine):
    """One group after another, each in a meeting; everybody edits on what they saw last."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk(MEMBERS)
        for code in CODES:
            self.talk.scores(code, [40, 45, 50, 55])
        self.talk.lock()
        self.viewers = {who: as_viewer(getattr(self.talk, who)) for who in LEADERS}
        self.meeting = meeting.open_meeting(**self.lead("chair"))
        self.seen = dict.fromkeys([(who, code) for who in LEADERS for code in CODES], 1)
        self.version = dict.fromkeys(CODES, 1)
        self.outcomes = Outcomes()

    def lead(self, who: str) -> dict[str, Any]:
        return {"viewer": self.viewers[who], "assessment": self.talk.assessment, "at": NOON}

    # --- what people do -------------------------------------------------------------------------------
    @rule(who=leaders, code=codes)
    def look(self, who: str, code: str) -> None:
        self.seen[who, code] = self.version[code]

    @rule(edit=edits)
    def one_agrees(self, edit: tuple[str, str, int]) -> None:
        self.note([edit], [self.attempt(*edit)()])

    @rule(several=st.lists(edits, min_size=4, max_size=10))
    def several_agree_at_once(self, several: list[tuple[str, str, int]]) -> None:
        self.note(several, at_once(*(self.attempt(*edit) for edit in several)))

    @rule(who=leaders, code=codes)
    def undo_the_last(self, who: str, code: str) -> None:
        answer = self.undoing(who, code)
        total["edits"] += 1
        if isinstance(answer, Agreement):
            self.acknowledged(who, answer)
        elif isinstance(answer, Conflict):
            assert answer.details["stored"].version == self.version[code]
            self.outcomes.conflicts += 1
        else:
            assert self.version[code] == 1  # nothing was decided yet

    def undoing(self, who: str, code: str) -> Agreement | MeriloError:
        try:
            return undo(**self.lead(who), code=code, version=self.seen[who, code])
        except MeriloError as error:
            return error

    @rule(values=st.lists(scores, min_size=MEMBERS, max_size=MEMBERS), code=codes)
    def all_vote_at_once(self, values: list[int], code: str) -> None:
        """Each member votes on a phone of their own in the same moment; everybody is counted once."""
        here = next((turn.code for turn in self.meeting.turns.filter(ended_at=None)), "")
        meeting.take_up(**self.lead("chair"), code=code, leaving=here)
        found = voters.running(self.meeting.pk)
        assert found is not None
        members = [member.person for member in self.talk.members if member.person]
        people = [voters.voter_of(person, found, on=NOON.date()) for person in members]
        for one in filter(None, people):
            voting.join(voter=one, at=NOON)
        opened = meeting.open_vote(**self.lead("chair"), code=code, seconds=0)
        at_once(*(self.ballot(one, opened, value) for one, value in zip(people, values, strict=True)))
        opened.refresh_from_db()
        assert opened.tally is not None
        assert opened.tally["scores"] == [str(value) for value in sorted(values)]
        total["edits"] += len(values)

    # --- how it is judged -----------------------------------------------------------------------------
    def attempt(self, who: str, code: str, score: int) -> Callable[[], Agreement | Conflict]:
        outcome = Outcome("agreed", {"score": score}, f"{who} {score}")
        proposal = Proposal(code, self.seen[who, code], outcome, (Decimal(score),))

        def run() -> Agreement | Conflict:
            try:
                return agree(**self.lead(who), proposal=proposal)
            except Conflict as conflict:
                return conflict

        return run

    @staticmethod
    def ballot(one: voters.Voter | None, opened: Round, value: int) -> Callable[[], None]:
        assert one is not None
        return lambda: voting.vote(voter=one, round_=opened.pk, values={"score": value}, at=NOON)

    def note(self, asked: list[tuple[str, str, int]], answers: list[Agreement | Conflict]) -> None:
        for (who, code, score), answer in zip(asked, answers, strict=True):
            total["edits"] += 1
            if isinstance(answer, Conflict):
                assert answer.details["proposal"].outcome.values == {"score": score}
                assert answer.details["stored"].code == code
                self.outcomes.conflicts += 1
                total["conflicts"] += 1
            else:
                self.acknowledged(who, answer)

    def acknowledged(self, who: str, row: Agreement) -> None:
        """An answer that said it stands; the same decision again is no new version."""
        self.outcomes.done[row.code].append({"version": row.version, "values": row.values})
        self.version[row.code] = max(self.version[row.code], row.version)
        self.seen[who, row.code] = row.version

    def every_acknowledged_edit_is_in_an_unbroken_history(self) -> None:
        """Looked at once in the end: a history only grows, so that nothing that was wrong can be hidden."""
        for code in CODES:
            stored = Agreement.objects.get(assessment=self.talk.assessment, code=code)
            history = list(Decision.objects.filter(agreement=stored).order_by("version"))
            assert [one.version for one in history] == list(range(2, stored.version + 1))
            then = {one.version: one.after["values"] for one in history}
            assert all(then[done["version"]] == done["values"] for done in self.outcomes.done[code])
            assert all(a.after == b.before for a, b in pairwise(history))
            assert stored.version == self.version[code]
            assert not history or history[-1].after["values"] == stored.values

    def teardown(self) -> None:
        self.every_acknowledged_edit_is_in_an_unbroken_history()
        decisions = Decision.objects.filter(agreement__assessment=self.talk.assessment).count()
        verbs = ("agreement.agreed", "agreement.changed", "agreement.undone")
        chain = str(self.talk.town.pk)
        assert AuditEntry.objects.filter(chain=chain, verb__in=verbs).count() == decisions
        assert audit.verify(chain) is None


@pytest.mark.django_db(transaction=True)
def test_edits_at_once_lose_nothing_and_show_every_conflict():
    edited_by(groups=8)


@pytest.mark.wide
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_thousand_edits_at_once_lose_nothing():
    edited_by(groups=32)


def edited_by(*, groups: int) -> None:
    total.clear()
    run_state_machine_as_test(
        Meetings,
        settings=settings(
            max_examples=groups,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert total["edits"] >= groups * EDITS_OF_ONE
    assert total["conflicts"] > 3 * groups
