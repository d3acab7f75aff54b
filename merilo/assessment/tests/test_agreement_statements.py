from __future__ import annotations

import pytest
from django.utils import timezone

from merilo.assessment.models import Contribution, Statement
from merilo.assessment.queries import agreement as queries
from merilo.assessment.tests.talk import Talk
from merilo.core.models import AuditEntry, AuditPayload
from tests.people import a_member, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.scores("1.1", [20, 45, 70])
    talk.say(0, "1.1", "strength", "Общ регистър", "Седмични срещи")
    talk.say(1, "1.1", "strength", "Регистър на задачите", named=True)
    talk.say(2, "1.1", "area", "Няма показатели")
    talk.lock()
    return talk


def address(talk: Talk, rest: str = "") -> str:
    return f"/o/{talk.town.slug}/a/{talk.assessment.pk}/agree/1.1/{rest}"


def remark(text: str) -> str:
    return str(Contribution.objects.get(text=text).pk)


def merge(talk: Talk, *texts: str, wording: str = "", into: str = "", who=None, **more):
    data = {
        "strength-sources": [remark(text) for text in texts],
        "strength-text": wording,
        "strength-into": into,
        **more,
    }
    return signed_in(who or talk.facilitator).post(address(talk, "statements/strength/"), data)


def strengths(talk: Talk) -> queries.Talk:
    return queries.talks(as_viewer(talk.chair), talk.assessment, "1.1", on=timezone.localdate())[0]


def test_remarks_are_merged_under_one_wording_and_stay_its_sources(talk):
    answer = merge(talk, "Общ регистър", "Регистър на задачите", wording="Задачите са в общ регистър.")
    statement = Statement.objects.get()
    assert answer["Location"] == address(talk, f"#s-{statement.pk}")
    assert (statement.text, statement.kind, statement.code) == (
        "Задачите са в общ регистър.",
        "strength",
        "1.1",
    )
    assert {row.text for row in statement.sources.all()} == {"Общ регистър", "Регистър на задачите"}
    found = strengths(talk)
    assert ([row.text for row in found.open], found.total) == (["Седмични срещи"], 3)
    assert Contribution.objects.count() == 4


def test_one_remark_is_taken_over_as_it_is_with_one_click(talk):
    data = {"take": remark("Седмични срещи"), "once": "k" * 20}
    client = signed_in(talk.facilitator)
    answers = [client.post(address(talk, "statements/strength/"), data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert [row.text for row in Statement.objects.all()] == ["Седмични срещи"]


def test_one_key_serves_all_buttons_of_a_list(talk):
    client = signed_in(talk.facilitator)
    for text in ("Седмични срещи", "Общ регистър"):
        client.post(address(talk, "statements/strength/"), {"take": remark(text), "once": "k" * 24})
    assert Statement.objects.count() == 2


def test_a_statement_may_come_up_in_the_discussion(talk):
    data = {"once": "k" * 20}
    found = [merge(talk, wording="Нова мисъл", **data).status_code for _ in range(2)]
    assert found == [302, 302]
    assert Statement.objects.get().sources.count() == 0


def test_several_remarks_need_a_wording_and_the_ticks_stay(talk):
    refused = merge(talk, "Общ регистър", "Седмични срещи")
    form = refused.context["talks"][0][1]
    assert refused.status_code == 422
    assert "text" in form.errors
    assert [row.text for row, ticked in form.choices if ticked] == [
        row.text for row, _ticked in form.choices if row.text != "Регистър на задачите"
    ]
    assert not Statement.objects.exists()


def test_nothing_ticked_and_nothing_written_is_refused(talk):
    assert merge(talk).status_code == 422


def test_a_remark_used_meanwhile_is_a_conflict_that_shows_both(talk):
    page = signed_in(talk.coordinator).get(address(talk))
    assert page.status_code == 200
    ticked = remark("Общ регистър")
    merge(talk, "Общ регистър", wording="Първият")
    late = signed_in(talk.coordinator).post(address(talk, "statements/strength/"), {"take": ticked})
    assert late.status_code == 409
    assert "Първият" in late.content.decode()
    assert Statement.objects.count() == 1


def test_a_remark_of_another_kind_or_item_is_refused(talk):
    data = {"take": remark("Няма показатели")}
    assert signed_in(talk.chair).post(address(talk, "statements/strength/"), data).status_code == 422
    assert signed_in(talk.chair).post(address(talk, "statements/strength/"), {"take": "x"}).status_code == 422
    assert signed_in(talk.chair).post(address(talk, "statements/odd/"), data).status_code == 404
    assert not Statement.objects.exists()


def test_further_remarks_go_under_an_agreed_statement(talk):
    merge(talk, "Общ регистър", wording="Задачите са в регистър.")
    statement = Statement.objects.get()
    merge(talk, "Регистър на задачите", into=str(statement.pk))
    assert statement.sources.count() == 2
    assert merge(talk, into=str(statement.pk)).status_code == 422
    assert AuditEntry.objects.filter(verb="statement.sources_added").count() == 1


def test_a_remark_taken_out_goes_back_to_the_open_list(talk):
    merge(talk, "Общ регистър", "Седмични срещи", wording="Двете заедно")
    statement = Statement.objects.get()
    data = {"release": remark("Седмични срещи")}
    client = signed_in(talk.chair)
    for _ in range(2):
        assert client.post(address(talk, f"statement/{statement.pk}/arrange/"), data).status_code == 302
    assert [row.text for row in statement.sources.all()] == ["Общ регистър"]
    assert "Седмични срещи" in {row.text for row in strengths(talk).open}
    assert AuditEntry.objects.filter(verb="statement.source_released").count() == 1


def test_a_statement_taken_apart_gives_its_remarks_back(talk):
    merge(talk, "Общ регистър", "Седмични срещи", wording="Двете заедно")
    statement = Statement.objects.get()
    client = signed_in(talk.chair)
    url = address(talk, f"statement/{statement.pk}/remove/")
    assert "Двете заедно" in client.get(url).content.decode()
    assert [client.post(url, {"version": 1}).status_code for _ in range(2)] == [302, 302]
    assert not Statement.objects.exists()
    assert len(strengths(talk).open) == 3
    assert "Двете заедно" in AuditPayload.objects.get(entry__verb="statement.removed").data


def test_a_statement_changed_meanwhile_is_not_taken_apart(talk):
    merge(talk, "Общ регистър", wording="Първо")
    statement = Statement.objects.get()
    client = signed_in(talk.chair)
    client.post(address(talk, f"statement/{statement.pk}/"), {"text": "Второ", "version": 1})
    late = client.post(address(talk, f"statement/{statement.pk}/remove/"), {"version": 1})
    assert late.status_code == 409
    assert "Второ" in late.content.decode()
    assert Statement.objects.count() == 1


def test_the_wording_is_changed_and_traced(talk):
    merge(talk, "Общ регистър", wording="Първо")
    statement = Statement.objects.get()
    url = address(talk, f"statement/{statement.pk}/")
    assert signed_in(talk.chair).post(url, {"text": "Второ", "version": 1}).status_code == 302
    statement.refresh_from_db()
    assert (statement.text, statement.version) == ("Второ", 2)
    data = AuditPayload.objects.get(entry__verb="statement.reworded").data
    assert "Първо" in data
    assert "Второ" in data


def test_the_same_wording_twice_has_one_effect(talk):
    merge(talk, "Общ регистър", wording="Първо")
    url = address(talk, f"statement/{Statement.objects.get().pk}/")
    data = {"text": "Второ", "version": 1}
    assert [signed_in(talk.chair).post(url, data).status_code for _ in range(2)] == [302, 302]
    assert Statement.objects.get().version == 2


def test_an_older_wording_gets_both_texts(talk):
    merge(talk, "Общ регистър", wording="Първо")
    url = address(talk, f"statement/{Statement.objects.get().pk}/")
    signed_in(talk.chair).post(url, {"text": "Думите на председателя", "version": 1})
    late = signed_in(talk.facilitator).post(url, {"text": "Думите на фасилитатора", "version": 1})
    text = late.content.decode()
    assert late.status_code == 409
    assert "Думите на председателя" in text
    assert "Думите на фасилитатора" in text
    assert Statement.objects.get().text == "Думите на председателя"
    again = {"text": "Думите на фасилитатора", "version": late.context["form"]["version"].value()}
    assert signed_in(talk.facilitator).post(url, again).status_code == 302
    assert Statement.objects.get().text == "Думите на фасилитатора"


@pytest.mark.parametrize("text", ["", "  ", "а" * 2001, "нула\x00"])
def test_a_wording_that_cannot_be_kept_is_refused_and_stays(talk, text):
    merge(talk, "Общ регистър", wording="Първо")
    url = address(talk, f"statement/{Statement.objects.get().pk}/")
    refused = signed_in(talk.chair).post(url, {"text": text, "version": 1})
    assert refused.status_code == 422
    assert refused.context["form"]["text"].value() == text
    assert Statement.objects.get().text == "Първо"


def test_statements_are_ordered_by_the_group(talk):
    for text in ("Общ регистър", "Седмични срещи", "Регистър на задачите"):
        merge(talk, text)
    last = Statement.objects.get(text="Регистър на задачите")
    client = signed_in(talk.chair)
    client.post(address(talk, f"statement/{last.pk}/arrange/"), {"move": "up"})
    client.post(address(talk, f"statement/{last.pk}/arrange/"), {"move": "up"})
    client.post(address(talk, f"statement/{last.pk}/arrange/"), {"move": "up"})
    assert [row.text for row in strengths(talk).statements] == [
        "Регистър на задачите",
        "Общ регистър",
        "Седмични срещи",
    ]
    client.post(address(talk, f"statement/{last.pk}/arrange/"), {"move": "down"})
    assert [row.text for row in strengths(talk).statements][1] == "Регистър на задачите"


def test_a_name_stands_only_beside_a_ticked_remark(talk):
    text = signed_in(talk.members[2]).get(address(talk)).content.decode()
    assert text.count("Оценител 2") == 1
    assert "Оценител 1" not in text


def test_members_and_strangers_write_no_statements(talk):
    stranger = a_member(an_organisation(), "coordinator")
    data = {"strength-text": "Чужда мисъл"}
    url = address(talk, "statements/strength/")
    assert signed_in(talk.members[1]).post(url, data).status_code == 403
    assert signed_in(stranger).post(url, data).status_code == 404
    merge(talk, "Общ регистър")
    statement = Statement.objects.get()
    for rest in ("", "arrange/", "remove/"):
        url = address(talk, f"statement/{statement.pk}/{rest}")
        assert signed_in(talk.members[1]).post(url, {"text": "Чужда", "version": 1}).status_code == 403
        assert signed_in(stranger).post(url, {"text": "Чужда", "version": 1}).status_code == 404
    assert Statement.objects.get().text == "Общ регистър"


def test_the_page_costs_the_same_for_three_and_sixty_remarks(django_assert_max_num_queries):
    for remarks in (3, 60):
        talk = Talk()
        talk.scores("1.1", [20, 45, 70])
        talk.say(0, "1.1", "strength", *[f"Ред {n}" for n in range(remarks)])
        talk.lock()
        for row in Contribution.objects.filter(assessment=talk.assessment)[: remarks // 3]:
            made = Statement.objects.create(
                assessment=talk.assessment, code="1.1", kind="strength", text=row.text
            )
            made.sources.add(row)
        client = signed_in(talk.facilitator)
        with django_assert_max_num_queries(17):
            assert client.get(address(talk)).status_code == 200


def test_alike_remarks_are_proposed_and_ticked_by_following_the_proposal():
    talk = Talk(4)
    talk.scores("1.1", [40, 45, 50, 55])
    alike = [
        "Целите на дирекциите следват Програмата за управление.",
        "Дирекциите имат цели по Програмата за управление",
    ]
    for who, text in enumerate([*alike, "Рискът се преглежда рядко."]):
        talk.say(who, "1.1", "strength", text)
    talk.lock()
    client = signed_in(talk.chair)
    page = client.get(f"/o/{talk.town.slug}/a/{talk.assessment.pk}/agree/1.1/")
    _talk, _form, [(suggestion, address)] = page.context["talks"][0]
    assert {row.text for row in suggestion.remarks} == set(alike)
    followed = client.get(address.partition("#")[0])
    _talk, form, _suggested = followed.context["talks"][0]
    assert {row.text for row, ticked in form.choices if ticked} == set(alike)
    assert form["text"].value() in alike
    assert not Statement.objects.exists()  # a person decides


def test_remarks_like_an_agreed_statement_are_proposed_for_it():
    talk = Talk(3)
    talk.scores("1.1", [40, 45, 50])
    talk.say(0, "1.1", "strength", "Служителите се обучават ежегодно по утвърден план.")
    talk.say(1, "1.1", "strength", "Ежегодно обучение на служителите по план")
    talk.lock()
    merge(
        talk,
        "Служителите се обучават ежегодно по утвърден план.",
        wording="Служителите се обучават ежегодно по план.",
    )
    client = signed_in(talk.chair)
    page = client.get(f"/o/{talk.town.slug}/a/{talk.assessment.pk}/agree/1.1/")
    _talk, _form, [(suggestion, address)] = page.context["talks"][0]
    assert suggestion.statement == Statement.objects.get()
    followed = client.get(address.partition("#")[0]).context["talks"][0][1]
    assert followed["into"].value() == str(suggestion.statement.pk)
