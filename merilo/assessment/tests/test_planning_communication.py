"""The communication plan, notices for the staff, briefings."""

from __future__ import annotations

from datetime import date

import pytest

from merilo.assessment.actions import communication
from merilo.assessment.queries import planning as queries
from merilo.assessment.tests.planned import Town
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.organisations.api import MessageFacts
from tests.people import NOON, as_viewer

ITEM = MessageFacts("Започва самооценка", "среща", "всички", date(2026, 12, 1))


@pytest.fixture
def town(db):
    return Town()


def act(town, action, **values):
    return action(viewer=town.viewer, assessment=town.assessment, at=NOON, **values)


def test_a_row_is_added_changed_marked_and_removed(town):
    item = act(town, communication.add_item, facts=ITEM)
    other = MessageFacts("Друго", "сайт", "граждани", ITEM.date)
    act(town, communication.change_item, item=item, facts=other, version=item.version)
    with pytest.raises(Conflict):
        act(town, communication.change_item, item=item, facts=ITEM, version=1)
    act(town, communication.mark_item, item=item, done_at=NOON.date())
    stored = queries.item_of(town.assessment, item.pk)
    assert (stored.message, stored.done_at) == ("Друго", NOON.date())
    act(town, communication.remove_item, item=item)
    assert list(queries.items_of(town.assessment)) == []
    assert town.verbs()[-4:] == [
        "communication.item_added",
        "communication.item_changed",
        "communication.item_marked",
        "communication.item_removed",
    ]
    assert town.assessment.steps.get(number=2).begun_at == NOON


def test_the_usual_rows_fill_an_empty_plan_once(town):
    assert act(town, communication.suggest_items) == 7
    first = queries.items_of(town.assessment).earliest("date")
    assert first.message == "Започва самооценка: защо, кога и кой участва"
    assert first.date == town.assessment.steps.get(number=1).due
    with pytest.raises(MeriloError):
        act(town, communication.suggest_items)


def test_only_who_plans_writes_the_plan(town):
    for member in (town.people[0], town.stranger):
        with pytest.raises(Refused):
            communication.add_item(viewer=as_viewer(member), assessment=town.assessment, facts=ITEM, at=NOON)


def test_a_row_of_another_assessment_is_not_here(town):
    item = act(town, communication.add_item, facts=ITEM)
    with pytest.raises(queries.NotHere):
        queries.item_of(Town().assessment, item.pk)


# --- notices --------------------------------------------------------------------------------------
@pytest.fixture
def notice(town):
    return act(town, communication.write_notice, title="Започваме", body="Здравейте")


def test_a_draft_is_read_by_who_plans_only(town, notice):
    reader = as_viewer(town.people[0])
    assert list(queries.notices_of(town.viewer, town.assessment)) == [notice]
    assert list(queries.notices_of(reader, town.assessment)) == []
    act(town, communication.share_notice, notice=notice, shared=True)
    assert list(queries.notices_of(reader, town.assessment)) == [notice]
    act(town, communication.share_notice, notice=notice, shared=False)
    with pytest.raises(queries.NotHere):
        queries.notice_of(reader, town.assessment, notice.pk)


def test_a_stale_text_overwrites_nothing_and_gets_the_stored_one(town, notice):
    act(town, communication.change_notice, notice=notice, title="Нов", body="Първи текст", version=1)
    with pytest.raises(Conflict) as conflict:
        act(town, communication.change_notice, notice=notice, title="Друг", body="Втори", version=1)
    assert conflict.value.details == {"title": "Нов", "body": "Първи текст", "version": 2}
    notice.refresh_from_db()
    assert notice.body == "Първи текст"


def test_a_shared_notice_is_not_removed(town, notice):
    act(town, communication.share_notice, notice=notice, shared=True)
    with pytest.raises(MeriloError):
        act(town, communication.remove_notice, notice=notice)
    act(town, communication.share_notice, notice=notice, shared=False)
    act(town, communication.remove_notice, notice=notice)
    assert not queries.notices_of(town.viewer, town.assessment).exists()


def test_the_audit_tells_of_a_notice_without_its_text(town, notice):
    from merilo.core.models import AuditPayload

    assert "Здравейте" not in AuditPayload.objects.latest("pk").data
