"""Saving one sub-criterion: one effect per form, nothing overwritten, nothing lost."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from merilo.assessment.actions import sheets as actions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.sheets import JudgementForm
from merilo.assessment.models import Assessment, Judgement, Sheet, State
from merilo.assessment.queries import sheets as queries
from merilo.core import audit
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.models import AuditEntry, AuditPayload
from merilo.organisations.models import Membership
from merilo.organisations.viewers import Viewer
from tests.people import NOON, a_member, an_assessment, an_edition, an_organisation, as_viewer

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


class Desk:
    """An assessor at one sheet, to send forms with."""

    def __init__(self, method: str = "classical", edition: str = "caf-2020") -> None:
        organisation = an_organisation()
        self.member: Membership = a_member(organisation, "assessor")
        self.colleague: Membership = a_member(organisation, "assessor")
        self.assessment: Assessment = an_assessment(
            organisation, self.member, self.colleague, method=method, edition=an_edition(edition)
        )
        self.viewer: Viewer = as_viewer(self.member)

    @property
    def sheet(self) -> Sheet:
        return queries.own_sheet(self.viewer, self.assessment.pk)

    def form(self, code: str, fields: dict[str, Any], sheet: Sheet | None = None) -> JudgementForm:
        data = QueryDict(mutable=True)
        for name, value in fields.items():
            data.setlist(name, value if isinstance(value, list) else [str(value)])
        framework = framework_of(self.assessment)
        scale = framework.scale_for(code, self.assessment.method)
        stored = queries.judgement(sheet or self.sheet, code)
        return JudgementForm(framework.item(code), scale, stored, data)

    def save(
        self, code: str, fields: dict[str, Any], at: datetime = NOON, sheet: Sheet | None = None
    ) -> Judgement:
        form = self.form(code, fields, sheet)
        return actions.save_judgement(
            viewer=self.viewer,
            sheet=sheet or self.sheet,
            stored=form.stored,
            code=code,
            version=form.version,
            content=form.content,
            opened=form.opened,
            at=at,
        )


def scored(points: Any, version: Any = 0, band: Any = 3, **more: Any) -> dict[str, Any]:
    return {"version": version, "score-band": band, f"score-points-{band}": points, **more}


def test_a_score_is_stored_with_its_lines_and_one_audit_row_without_text() -> None:
    desk = Desk()
    lines = {"strength-id": ["x1"], "strength-text": ["Secret strength"], "strength-named": ["x1"]}
    saved = desk.save("1.2", scored(55, ready="yes", **lines, **{"example-1": "yes"}))
    stored = Judgement.objects.get()
    assert (stored.values, stored.ready, stored.version) == ({"score": 55}, True, 1)
    assert stored.lines == {"strength": [{"id": "x1", "text": "Secret strength", "named": True}]}
    assert stored.examples == {"1": "yes"}
    entry = AuditEntry.objects.get(verb="judgement.saved")
    assert (entry.actor, entry.object_id) == (str(desk.viewer.person_id), str(saved.pk))
    assert "Secret" not in AuditPayload.objects.get(entry=entry).data


@pytest.mark.parametrize("typed", ["75", "50", "71", "-5", "60.5", "60,5", "abc", "", "٦٠", "1e2", "0x3C"])
def test_a_score_outside_its_band_is_refused_beside_the_field_and_the_texts_are_stored(typed: str) -> None:
    desk = Desk()
    desk.save("1.2", scored(60))
    form = desk.form("1.2", scored(typed, version=1, **{"strength-text": ["Kept"]}))
    assert list(form.errors) == ["score-points-3"]
    assert form.bands[3].typed == typed
    saved = desk.save("1.2", scored(typed, version=1, **{"strength-text": ["Kept"]}))
    assert saved.values == {"score": 60}
    assert [line["text"] for line in saved.lines["strength"]] == ["Kept"]


def test_empty_is_not_zero() -> None:
    desk = Desk()
    assert desk.save("1.1", {"version": 0, "score-band": "", "strength-text": ["x"]}).values == {}
    assert desk.save("1.2", scored(0, band=0)).values == {"score": 0}


def test_a_maturity_scale_is_scored_by_its_level() -> None:
    desk = Desk("maturity", "principles-12")
    assert desk.save("1", {"version": 0, "score-band": "2"}).values == {"score": 3}


def test_components_may_be_given_one_by_one_and_each_is_checked() -> None:
    desk = Desk("fine-tuned")
    saved = desk.save("1.2", {"version": 0, "score-plan": "40", "score-do": ""})
    assert saved.values == {"plan": 40}
    fields = {"version": 1, "score-plan": "40", "score-do": "101", "score-check": "0", "score-act": "5"}
    form = desk.form("1.2", fields)
    assert list(form.errors) == ["score-do"]
    assert desk.save("1.2", fields).values == {"plan": 40, "check": 0, "act": 5}
    full = desk.form("1.2", {**fields, "version": 2, "score-do": "20"})
    assert full.mean is not None
    assert (full.mean[0], full.mean_text.replace(",", ".")) == ("(40 + 20 + 0 + 5) ÷ 4", "16.25")


def test_cannot_judge_needs_a_reason() -> None:
    desk = Desk()
    form = desk.form("1.2", {"version": 0, "score-band": "cannot", "score-reason": " "})
    assert list(form.errors) == ["score-reason"]
    saved = desk.save(
        "1.2", {"version": 0, "score-band": "cannot", "score-reason": "New here", "ready": "yes"}
    )
    assert (saved.cannot_judge, saved.reason, saved.values, saved.ready) == (True, "New here", {}, True)


def test_ready_needs_an_answer() -> None:
    desk = Desk()
    form = desk.form("1.2", {"version": 0, "score-band": "", "ready": "yes"})
    assert list(form.errors) == ["ready-yes"]
    assert not form.content.ready


@pytest.mark.parametrize("bad", ["with\x00nul", "x" * 10_000, "turned \u202e round"])
def test_a_line_that_cannot_be_kept_stays_typed_and_the_others_are_stored(bad: str) -> None:
    desk = Desk()
    ids = {"area-id": ["one", "two", "three"]}
    desk.save("1.2", {"version": 0, "area-text": ["First", "Old second", "Third"], **ids})
    fields = {"version": 1, "area-text": ["First 🙂", bad, "Third"], **ids}
    form = desk.form("1.2", fields)
    assert list(form.errors) == ["area-two"]
    assert form.lines["area"][1].text == bad
    saved = desk.save("1.2", fields)
    assert [line["text"] for line in saved.lines["area"]] == ["First 🙂", "Old second", "Third"]


def test_pasted_lines_become_lines_of_their_own() -> None:
    desk = Desk()
    saved = desk.save("1.2", {"version": 0, "idea-id": ["k"], "idea-text": ["One\r\nTwo\n\n Three "]})
    assert [(line["id"], line["text"]) for line in saved.lines["idea"]] == [
        ("k", "One"),
        ("k-2", "Two"),
        ("k-3", "Three"),
    ]


def test_a_thousand_doubled_forms_have_one_effect_each_and_versions_have_no_gap() -> None:
    desk = Desk()
    sheet = desk.sheet
    for number in range(500):
        fields = scored(51 + number % 20, version=number, **{"strength-text": [f"Line {number}"]})
        first = desk.save("1.2", fields, sheet=sheet)
        second = desk.save("1.2", fields, sheet=sheet)
        assert (first.version, second.version) == (number + 1, number + 1)
    assert AuditEntry.objects.filter(verb="judgement.saved").count() == 500
    assert Judgement.objects.get().version == 500
    assert audit.verify(str(desk.viewer.organisation_id)) is None


def test_an_older_tab_overwrites_nothing() -> None:
    desk = Desk()
    desk.save("1.2", scored(55))
    desk.save("1.2", scored(60, version=1))
    with pytest.raises(Conflict) as conflict:
        desk.save("1.2", scored(65, version=1))
    assert conflict.value.details["stored"].values == {"score": 60}
    assert Judgement.objects.get().values == {"score": 60}


def test_two_first_saves_do_not_both_win() -> None:
    desk = Desk()
    slow = desk.form("1.2", scored(65))
    desk.save("1.2", scored(55))
    with pytest.raises(Conflict):
        actions.save_judgement(
            viewer=desk.viewer,
            sheet=desk.sheet,
            stored=None,
            code="1.2",
            version=0,
            content=slow.content,
            opened=None,
            at=NOON,
        )
    assert Judgement.objects.get().values == {"score": 55}


def test_time_is_counted_without_long_pauses() -> None:
    desk = Desk()
    opened = int(NOON.timestamp())
    desk.save("1.2", scored(51, opened=opened), NOON + timedelta(minutes=2))
    desk.save("1.2", scored(52, version=1, opened=opened), NOON + timedelta(minutes=5))
    saved = desk.save("1.2", scored(53, version=2, opened=opened), NOON + timedelta(hours=2))
    assert saved.seconds == 300


def test_only_the_holder_of_the_seat_writes() -> None:
    desk = Desk()
    foreign = queries.own_sheet(as_viewer(desk.colleague), desk.assessment.pk)
    with pytest.raises(Refused):
        actions.require_writable(desk.viewer, foreign)
    with pytest.raises(Refused):
        actions.hand_in(viewer=desk.viewer, sheet=foreign, gaps=0, confirmed=True, at=NOON)
    foreign.handed_in_at = NOON
    with pytest.raises(Refused):
        actions.take_back(viewer=desk.viewer, sheet=foreign, at=NOON)


@pytest.mark.parametrize("state", [one for one in State.values if one != State.ASSESSING])
def test_nothing_is_written_before_the_opening_and_after_the_lock(state: str) -> None:
    desk = Desk()
    Assessment.objects.update(state=state)
    with pytest.raises(Refused):
        desk.save("1.2", scored(55))
    with pytest.raises(Refused):
        actions.hand_in(viewer=desk.viewer, sheet=desk.sheet, gaps=0, confirmed=True, at=NOON)


def test_a_save_that_meets_the_lock_is_refused() -> None:
    desk = Desk()
    desk.save("1.2", scored(55))
    form, sheet = desk.form("1.2", scored(60, version=1)), desk.sheet
    Assessment.objects.update(state=State.AGREEING)
    with pytest.raises(Conflict):
        actions.save_judgement(
            viewer=desk.viewer,
            sheet=sheet,
            stored=form.stored,
            code="1.2",
            version=1,
            content=form.content,
            opened=None,
            at=NOON,
        )
    assert Judgement.objects.get().values == {"score": 55}


def test_handing_in_freezes_the_sheet_until_it_is_taken_back() -> None:
    desk = Desk()
    with pytest.raises(MeriloError):
        actions.hand_in(viewer=desk.viewer, sheet=desk.sheet, gaps=28, confirmed=False, at=NOON)
    for _again in range(2):
        actions.hand_in(viewer=desk.viewer, sheet=desk.sheet, gaps=28, confirmed=True, at=NOON)
    with pytest.raises(Refused):
        desk.save("1.2", scored(55))
    for _again in range(2):
        actions.take_back(viewer=desk.viewer, sheet=desk.sheet, at=NOON)
    assert desk.save("1.2", scored(55)).version == 1
    verbs = list(AuditEntry.objects.order_by("number").values_list("verb", flat=True))
    assert verbs == ["sheet.handed_in", "sheet.taken_back", "judgement.saved"]


def test_after_the_lock_nothing_is_taken_back() -> None:
    desk = Desk()
    actions.hand_in(viewer=desk.viewer, sheet=desk.sheet, gaps=0, confirmed=False, at=NOON)
    Assessment.objects.update(state=State.AGREEING)
    with pytest.raises(Refused):
        actions.take_back(viewer=desk.viewer, sheet=desk.sheet, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_the_same_moment_leave_one_winner_and_one_conflict() -> None:
    desk = Desk()
    desk.save("1.2", scored(55))
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def tab(points: int) -> None:
        try:
            form = desk.form("1.2", scored(points, version=1))
            sheet = desk.sheet
            barrier.wait()
            actions.save_judgement(
                viewer=desk.viewer,
                sheet=sheet,
                stored=form.stored,
                code="1.2",
                version=1,
                content=form.content,
                opened=None,
                at=NOON,
            )
            outcomes.append("saved")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=tab, args=(points,)) for points in (60, 65)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "saved"]
    assert Judgement.objects.get().version == 2
