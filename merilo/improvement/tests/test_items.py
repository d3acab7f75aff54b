"""What was gathered is brought together: found, ticked, split, set aside; nothing silently overwritten."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from merilo.assessment.api import framework_of
from merilo.assessment.models import LineKind, State, Statement
from merilo.core.likeness import groups
from merilo.improvement.models import Item, Plan, Proposal, Theme
from merilo.improvement.views import items as views
from merilo.organisations.models import Membership
from tests.people import a_member, an_assessment, an_organisation, signed_in
from tests.plans import a_plan, a_proposal, an_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def plan(coordinator: Membership) -> Plan:
    return a_plan(coordinator.organisation)


@pytest.fixture
def client(coordinator: Membership) -> Client:
    return signed_in(coordinator)


def root(plan: Plan) -> str:
    return f"/o/{plan.organisation.slug}/plans/{plan.pk}/items/"


def box(item: Item) -> str:
    return f"{item.pk}.{item.version}"


def press(client: Client, plan: Plan, deed: str, *items: Item, **fields: str) -> Any:
    return client.post(root(plan), {deed: "1", "items": [box(one) for one in items], **fields})


def shown(client: Client, plan: Plan, query: str) -> list[int]:
    answer = client.get(f"{root(plan)}?{query}")
    return [row["item"].number for row in answer.context["rows"]]


def test_the_list_is_narrowed_by_words_in_any_form(client: Client, plan: Plan) -> None:
    theme = Theme.objects.create(plan=plan, name="Диалог")
    an_item(plan, "Не се прави анкета сред гражданите", code="6.1", theme=theme)
    an_item(plan, "Липсват анкети за служители", code="7.1", kind="idea")
    an_item(plan, "Процесите не са описани", code="5.1", aside="Вече се прави")
    assert shown(client, plan, "q=анкетите") == [1, 2]
    assert shown(client, plan, "q=анкета+граждани") == [1]
    assert shown(client, plan, "q=№+2") == [2]
    assert shown(client, plan, "kind=idea") == [2]
    assert shown(client, plan, f"theme={theme.pk}") == [1]
    assert shown(client, plan, "theme=none&state=all") == [2, 3]
    assert shown(client, plan, "state=aside") == [3]
    assert shown(client, plan, "") == [1, 2]  # what waits, as long as something does


def test_criteria_come_from_the_models_of_the_sources(coordinator: Membership, client: Client) -> None:
    organisation = coordinator.organisation
    assessment = an_assessment(organisation, coordinator, state=State.APPROVED)
    for code, text in (("6.1", "Не питаме бизнеса"), ("1.2", "Няма показатели")):
        Statement.objects.create(assessment=assessment, kind=LineKind.AREA, code=code, text=text)
    plan = a_plan(organisation)
    assert client.post(f"{root(plan)}take/", {"sources": [str(assessment.pk)]}).status_code == 302
    assert shown(client, plan, "criterion=6") == [2]
    told = client.get(root(plan)).content.decode()
    title = framework_of(assessment).item("6.1").short
    assert any(f"6.1 {title[language]}" in told for language in ("bg", "en"))


def test_ticked_ones_are_brought_together_in_the_most_typical_words(client: Client, plan: Plan) -> None:
    theme = Theme.objects.create(plan=plan, name="Диалог")
    one = an_item(plan, "Анкета сред бизнеса", theme=theme)
    two = an_item(plan, "Ежегодна анкета сред бизнеса и гражданите", theme=theme)
    three = an_item(plan, "Анкета сред граждани", theme=theme, aside="После")
    other = an_item(plan, "Нов покрив")
    assert press(client, plan, "together", one, two, three).status_code == 302
    proposal = Proposal.objects.get(plan=plan)
    assert proposal.text in {one.text, two.text, three.text}
    assert (proposal.number, proposal.theme) == (1, theme)
    assert set(proposal.items.values_list("number", flat=True)) == {1, 2, 3}
    three.refresh_from_db()
    assert (three.aside, three.version) == ("", 2)
    assert press(client, plan, "into", other, proposal=str(proposal.pk)).status_code == 302
    assert proposal.items.count() == 4


def test_own_words_and_one_each(client: Client, plan: Plan) -> None:
    items = [an_item(plan, f"Идея {number}") for number in range(3)]
    press(client, plan, "together", items[0], wording="Наши думи")
    press(client, plan, "each", *items[1:])
    told = [(one.number, one.text) for one in Proposal.objects.filter(plan=plan)]
    assert told == [(1, "Наши думи"), (2, "Идея 1"), (3, "Идея 2")]
    assert not Item.objects.filter(plan=plan, proposal=None).exists()


def test_theme_aside_and_back(client: Client, plan: Plan) -> None:
    one, two = an_item(plan), an_item(plan, "Друго")
    press(client, plan, "theme_on", one, theme="Диалог")
    one.refresh_from_db()
    press(client, plan, "theme_on", one, two, theme="диалог")
    assert Theme.objects.get(plan=plan).items.count() == 2
    one.refresh_from_db()
    assert press(client, plan, "aside", one).status_code == 422
    press(client, plan, "aside", one, reason="Извън правомощията ни")
    one.refresh_from_db()
    assert one.aside == "Извън правомощията ни"
    press(client, plan, "back", one)
    one.refresh_from_db()
    assert (one.aside, one.proposal) == ("", None)


def test_a_theme_goes_only_where_that_is_asked_for(client: Client, plan: Plan) -> None:
    one = an_item(plan, theme=Theme.objects.create(plan=plan, name="Диалог"))
    refused = press(client, plan, "theme_on", one, theme=" ")
    assert (refused.status_code, "Напишете темата" in refused.content.decode()) == (422, True)
    one.refresh_from_db()
    assert one.theme is not None
    assert press(client, plan, "theme_off", one).status_code == 302
    one.refresh_from_db()
    assert one.theme is None


def test_one_goes_on_where_one_was(client: Client, plan: Plan) -> None:
    items = [an_item(plan, f"Област {number}") for number in range(1, 6)]

    def after(*ticked: Item, query: str = "") -> str:
        answer = client.post(f"{root(plan)}{query}", {"each": "1", "items": [box(one) for one in ticked]})
        return str(answer.headers["Location"]).removeprefix(root(plan))

    assert after(items[1], items[0], query="?kind=area&page=2") == "?kind=area&page=2#i-3"
    assert after(items[4]) == "#i-4"
    assert after(items[2], items[3]) == ""  # nothing waits any more
    page = client.get(f"{root(plan)}?state=all").content.decode()
    assert "Създадени са 2 предложения" in page


def test_a_long_list_says_what_of_it_is_shown(client: Client, plan: Plan, monkeypatch: Any) -> None:
    monkeypatch.setattr(views, "PER_PAGE", 2)
    for number in range(1, 6):
        an_item(plan, f"Област {number}")
    page = client.get(f"{root(plan)}?page=2&all=1").content.decode()
    assert "3–4 от 5" in page
    assert page.count(" checked") == 2
    assert '<a href="?page=2">Махнете отметките</a>' in page
    assert (
        '<a href="?page=2&amp;all=1">Отбележете всички показани</a>'
        in client.get(f"{root(plan)}?page=2").content.decode()
    )


def test_what_somebody_else_changed_is_left_and_the_ticks_stay(client: Client, plan: Plan) -> None:
    one, two = an_item(plan), an_item(plan, "Друго")
    Item.objects.filter(pk=two.pk).update(version=2, aside="Вече се прави")
    answer = press(client, plan, "together", one, two)
    assert answer.status_code == 422
    assert "2" in str(answer.context["bar"].errors)
    assert answer.context["ticked"] == {str(one.pk), str(two.pk)}
    assert not Proposal.objects.filter(plan=plan).exists()
    assert press(client, plan, "together").status_code == 422


def test_items_of_another_plan_are_not_reached(client: Client, plan: Plan) -> None:
    foreign = an_item(a_plan(an_organisation()))
    assert press(client, plan, "together", foreign).status_code == 422
    assert client.get(f"{root(plan)}{foreign.pk}/").status_code == 404
    own = an_item(plan)
    elsewhere = a_proposal(a_plan(plan.organisation))
    assert press(client, plan, "into", own, proposal=str(elsewhere.pk)).status_code == 422


def test_one_is_added_and_reworded(client: Client, plan: Plan) -> None:
    sent = {"text": "От срещата с фирмите", "kind": "other", "origin": "Среща на 3 март"}
    assert client.post(f"{root(plan)}new/", sent).status_code == 302
    item = Item.objects.get(plan=plan)
    assert (item.number, item.origin, item.source) == (1, "Среща на 3 март", None)
    path = f"{root(plan)}{item.pk}/"
    assert client.post(path, sent | {"text": "Първо", "version": "1"}).status_code == 302
    answer = client.post(path, sent | {"text": "Второ", "version": "1"})
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "Първо" in told
    assert "Второ" in told
    assert client.post(path, sent | {"text": "Второ", "version": "2"}).status_code == 302


def test_parts_keep_source_and_theme_and_wait(client: Client, plan: Plan) -> None:
    item = an_item(plan, "Анкета и обучение", theme=Theme.objects.create(plan=plan, name="Т"))
    a_proposal(plan, item)
    path = f"{root(plan)}{item.pk}/split/"
    assert client.post(path, {"parts": ["Само едно"], "version": "1"}).status_code == 422
    assert client.post(path, {"parts": ["Анкета", "Обучение"], "version": "1"}).status_code == 302
    first, second = Item.objects.filter(plan=plan)
    assert (first.text, second.text) == ("Анкета", "Обучение")
    assert (second.number, second.code, second.theme, second.split_from) == (2, "6.1", item.theme, first)
    assert first.proposal is not None
    assert second.proposal is None
    assert client.post(path, {"parts": ["А", "Б"], "version": "1"}).status_code == 409


def test_groups_are_proposed_and_taken_in_part(client: Client, plan: Plan) -> None:
    one = an_item(plan, "Да се провежда ежегодна анкета сред бизнеса")
    two = an_item(plan, "Ежегодна анкета сред бизнеса")
    three = an_item(plan, "Ежегодни анкети сред бизнес")
    an_item(plan, "Процесите не са описани")
    answer = client.get(f"{root(plan)}alike/")
    (group,) = answer.context["groups"]
    assert [item.number for item, _code, on in group["rows"] if on] == [1, 2, 3]
    prefix = group["prefix"]
    sent = {"group": prefix, f"{prefix}-wording": "Анкета", "items": [box(one), box(three)]}
    assert client.post(f"{root(plan)}alike/", {**sent, f"{prefix}-wording": ""}).status_code == 422
    assert client.post(f"{root(plan)}alike/", sent).status_code == 302
    proposal = Proposal.objects.get(plan=plan)
    assert (proposal.text, proposal.items.count()) == ("Анкета", 2)
    two.refresh_from_db()
    assert two.proposal is None


def test_groups_of_250_are_found_quickly() -> None:
    sentence = "анкета обучение процедура портал показател регистър архив стратегия партньор проект"
    words = sentence.split()
    texts = {
        number: " ".join(words[(number * step + step) % 10] + f"{number % 7}" for step in range(1, 9))
        for number in range(250)
    }
    begun = time.process_time()
    assert groups(texts)
    assert time.process_time() - begun < 3


def test_who_reads_only_changes_nothing(coordinator: Membership, plan: Plan) -> None:
    sponsor = signed_in(a_member(coordinator.organisation, "sponsor"))
    item = an_item(plan)
    assert sponsor.get(root(plan)).status_code == 200
    assert press(sponsor, plan, "each", item).status_code == 403
    assert sponsor.get(f"{root(plan)}{item.pk}/").status_code == 403
    Plan.objects.update(state="running")
    assert signed_in(a_member(coordinator.organisation, "viewer")).get(root(plan)).status_code == 403


def test_the_list_asks_a_fixed_number_of_times(
    client: Client, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    client.get(root(plan))
    for number in range(30):
        a_proposal(plan, an_item(plan, f"Идея {number}"))
        an_item(plan, f"Област {number}", theme=Theme.objects.create(plan=plan, name=f"Тема {number}"))
    with django_assert_max_num_queries(14):
        client.get(f"{root(plan)}?state=all")
