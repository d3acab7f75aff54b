from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from merilo.assessment.models import (
    Agreement,
    Assessment,
    Dissent,
    Evidence,
    EvidenceUse,
    Judgement,
    State,
    StepPlan,
)
from merilo.assessment.queries import agreement as queries
from merilo.assessment.tests.talk import Talk
from merilo.assessment.work import agreement_work
from merilo.core import audit
from merilo.core.models import AuditEntry, AuditPayload
from tests.people import NOON, a_member, a_seat, an_assessment, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db
PLAN = {"plan": 40, "do": 30, "check": 20, "act": 10}


def address(talk: Talk, rest: str = "") -> str:
    return f"/o/{talk.town.slug}/a/{talk.assessment.pk}/agree/{rest}"


def decide(talk: Talk, code: Any = "1.1", **fields: Any) -> Any:
    version = Agreement.objects.get(assessment=talk.assessment, code=code).version
    data = {"version": version, "decision": "agree", "justification": "", **fields}
    return signed_in(talk.facilitator).post(address(talk, f"{code}/"), data)


def agreed(talk: Talk, code: str = "1.1") -> Agreement:
    return Agreement.objects.get(assessment=talk.assessment, code=code)


@pytest.fixture
def talk() -> Talk:
    """1.1 is disputed, 1.2 is close, 1.3 unanimous, 1.4 was judged by one only."""
    talk = Talk()
    talk.scores("1.1", [20, 45, 70])
    talk.scores("1.2", [40, 45, 50])
    talk.scores("1.3", [55, 55, 55])
    talk.scores("1.4", [30, None, None])
    talk.lock()
    return talk


# --- who may ------------------------------------------------------------------------------------------
READERS = ["coordinator", "sponsor", "chair", "member", "facilitator", "observer", "consultant"]
PAGES = ["", "?order=model", "1.1/", "close/", "finish/", "minutes/"]


@pytest.fixture
def people(talk):
    consultant = a_member(talk.town, "guest", valid_until=timezone.localdate() + timedelta(days=9))
    observer = a_member(talk.town, "viewer")
    a_seat(talk.assessment, consultant, "consultant", 91)
    a_seat(talk.assessment, observer, "observer", 92)
    return {
        "coordinator": talk.coordinator,
        "sponsor": a_member(talk.town, "sponsor"),
        "chair": talk.chair,
        "member": talk.members[1],
        "facilitator": talk.facilitator,
        "observer": observer,
        "consultant": consultant,
        "viewer": a_member(talk.town, "viewer"),
        "editor": a_member(talk.town, "editor"),
        "stranger": a_member(an_organisation(), "coordinator"),
    }


@pytest.mark.parametrize("page", PAGES)
def test_who_reads_the_agreement(talk, people, page):
    found = {name: signed_in(who).get(address(talk, page)).status_code for name, who in people.items()}
    expected = dict.fromkeys(READERS, 200) | {"viewer": 403, "editor": 403, "stranger": 404}
    assert found == expected


def test_who_writes_the_agreement(talk, people):
    for name, who in people.items():
        data = {"version": agreed(talk).version, "decision": "postpone", "justification": name}
        status = signed_in(who).post(address(talk, "1.1/"), data).status_code
        may = name in {"coordinator", "chair", "facilitator"}
        assert status == (302 if may else 404 if name == "stranger" else 403), name
        assert (agreed(talk).justification == name) is may


def test_readers_see_no_forms(talk, people):
    text = signed_in(people["member"]).get(address(talk, "1.1/")).content.decode()
    assert 'name="decision"' not in text
    assert 'name="version"' not in text


def test_an_unknown_code_is_not_found(talk):
    assert signed_in(talk.chair).get(address(talk, "9.9/")).status_code == 404


# --- confidentiality ------------------------------------------------------------------------------------
def test_the_page_is_the_same_whoever_gave_which_score():
    pages = set()
    for order in permutations([20, 45, 70]):
        talk = Talk()
        talk.scores("1.1", order)
        talk.lock()
        text = signed_in(talk.coordinator).get(address(talk, "1.1/")).content.decode()
        text = re.sub(r'(nonce|value|name="csrf\w*" value)="[^"]*"', "", text)
        pages.add(
            text.replace(str(talk.assessment.pk), "").replace(talk.town.slug, "").replace(talk.town.name, "")
        )
    assert len(pages) == 1


def test_components_are_sorted_each_on_their_own():
    talk = Talk(method="fine-tuned")
    talk.scores("1.1", [PLAN, {"plan": 10, "do": 90, "check": 5, "act": 0}, PLAN])
    talk.lock()
    found = queries.voices(as_viewer(talk.coordinator), talk.assessment, on=timezone.localdate())["1.1"]
    assert found.parts == {"plan": (10, 40, 40), "do": (30, 30, 90), "check": (5, 20, 20), "act": (0, 10, 10)}
    assert found.scores == (Decimal(25), Decimal(25), Decimal("26.25"))


def test_no_page_tells_an_assessor_who_did_not_tick_the_name(talk):
    client = signed_in(talk.coordinator)
    for page in ("", "1.1/", "close/", "finish/"):
        text = client.get(address(talk, page)).content.decode()
        assert not [member.name for member in talk.members if member.name in text]
        assert not [str(sheet.pk) for sheet in talk.sheets if str(sheet.pk) in text]


def test_reasons_of_those_who_cannot_judge_stand_without_names(talk):
    page = signed_in(talk.coordinator).get(address(talk, "1.4/"))
    assert page.context["voices"].cannot_judge == 2
    assert page.content.decode().count("Не работя по тази тема.") == 2


# --- the list -------------------------------------------------------------------------------------------
def test_the_list_begins_with_what_is_disputed_and_folds_the_close_ones(talk):
    page = signed_in(talk.facilitator).get(address(talk))
    discuss = [row["code"] for row in page.context["sections"][0][2]]
    assert discuss[:2] == ["1.1", "1.4"]
    assert [row["code"] for row in page.context["close"]] == ["1.2", "1.3"]
    assert page.context["overview"].counts == {"open": 28, "postponed": 0, "agreed": 0}


def test_the_list_in_the_models_order(talk):
    page = signed_in(talk.facilitator).get(address(talk, "?order=model"))
    codes = [row["code"] for row in page.context["sections"][0][2]]
    assert codes[:5] == ["1.1", "1.2", "1.3", "1.4", "2.1"]
    assert len(codes) == 28


def test_the_list_says_the_range_in_words(talk):
    client = signed_in(talk.facilitator)
    client.cookies["language"] = "en"
    text = client.get(address(talk)).content.decode()
    assert "from 20 to 70, median 45, 3 scores" in text
    assert "fewer than 3 scores" in text
    assert "Agree 2 close scores together" in text


@pytest.mark.parametrize("page", ["", "1.1/", "close/", "finish/", "minutes/"])
def test_pages_cost_the_same_for_one_and_for_28_items(page, django_assert_max_num_queries):
    from merilo.framework.loading import load_shipped

    for items in (1, 28):
        talk = Talk()
        for found in load_shipped("caf-2020").items[:items]:
            talk.scores(found.code, [20, 45, 70])
            for who in range(3):
                talk.say(who, found.code, "strength", *[f"Ред {n}" for n in range(items)])
        talk.lock()
        client = signed_in(talk.facilitator)
        with django_assert_max_num_queries(15):
            assert client.get(address(talk, page)).status_code == 200


def test_agreeing_costs_the_same_for_one_and_for_28_items(talk, django_assert_max_num_queries):
    client = signed_in(talk.coordinator)
    with django_assert_max_num_queries(21):
        data = {"version": 1, "decision": "agree", "value-score": 45, "justification": ""}
        assert client.post(address(talk, "1.1/"), data).status_code == 302


# --- one item -------------------------------------------------------------------------------------------
def test_no_number_stands_in_the_form_before_the_group_agreed(talk):
    for code in ("1.1", "1.2", "1.3"):
        form = signed_in(talk.facilitator).get(address(talk, f"{code}/")).context["form"]
        assert [field.value() for field in form.value_fields] == [None]


def test_the_decision_stands_after_the_scores_and_before_the_remarks(talk):
    page = signed_in(talk.facilitator).get(address(talk, "1.1/")).content.decode()
    parts = re.findall(r'<section id="(\w+)"', page)
    assert parts == ["scores", "score", "strength", "area", "idea", "evidence", "dissent"]
    jumps = page.split('<nav class="jumps')[1].split("</nav>")[0]
    assert re.findall(r'href="#(\w+)"', jumps) == parts


def test_agree_records_the_score_and_the_trace(talk):
    answer = decide(talk, **{"value-score": 45})
    row = agreed(talk)
    assert answer["Location"] == address(talk, "1.1/#score")
    assert (row.state, row.values, row.version) == ("agreed", {"score": 45}, 2)
    assert row.agreed_by == talk.facilitator
    assert AuditEntry.objects.filter(verb="agreement.agreed").count() == 1


def test_the_same_decision_sent_twice_has_one_effect(talk):
    data = {"version": 1, "decision": "agree", "value-score": 45, "justification": ""}
    client = signed_in(talk.facilitator)
    assert [client.post(address(talk, "1.1/"), data).status_code for _ in range(2)] == [302, 302]
    assert agreed(talk).version == 2
    assert AuditEntry.objects.filter(verb="agreement.agreed").count() == 1


def test_a_score_outside_the_middle_half_needs_a_justification(talk):
    refused = decide(talk, **{"value-score": 70})
    assert refused.status_code == 422
    assert "justification" in refused.context["form"].errors
    assert refused.context["form"]["value-score"].value() == "70"
    assert agreed(talk).state == "open"
    assert decide(talk, **{"value-score": 70, "justification": "Новите доказателства"}).status_code == 302
    assert agreed(talk).justification == "Новите доказателства"


def test_a_score_on_the_quartile_needs_none(talk):
    assert decide(talk, **{"value-score": "57.5"}).status_code == 422
    assert decide(talk, **{"value-score": 57}).status_code == 302


def test_an_item_nobody_scored_needs_a_justification(talk):
    assert decide(talk, "2.1", **{"value-score": 40}).status_code == 422
    assert decide(talk, "2.1", **{"value-score": 40, "justification": "По доклада"}).status_code == 302


@pytest.mark.parametrize("typed", ["", "101", "-1", "45.5", "четиридесет", "1" * 400])
def test_what_is_no_score_is_refused_and_stays_in_the_field(talk, typed):
    refused = decide(talk, **{"value-score": typed, "justification": "Пазете това"})
    assert refused.status_code == 422
    assert refused.context["form"]["value-score"].value() == typed
    assert refused.context["form"]["justification"].value() == "Пазете това"
    assert agreed(talk).state == "open"


@pytest.mark.parametrize("text", ["нула\x00тук", "а" * 4001])
def test_a_justification_that_cannot_be_kept_is_refused_and_stays(talk, text):
    refused = decide(talk, **{"value-score": 45, "justification": text})
    assert refused.status_code == 422
    assert "justification" in refused.context["form"].errors
    assert agreed(talk).state == "open"


def test_zero_is_a_score(talk):
    assert decide(talk, **{"value-score": 0, "justification": "Нищо не се прави"}).status_code == 302
    assert agreed(talk).values == {"score": 0}
    overview = queries.overview(as_viewer(talk.chair), talk.assessment, on=timezone.localdate())
    assert next(row for row in overview.agreed).score == 0


def test_fine_tuned_agrees_each_component():
    talk = Talk(method="fine-tuned")
    talk.scores("1.1", [PLAN, PLAN, PLAN])
    talk.lock()
    half = {f"value-{part}": value for part, value in PLAN.items() if part != "act"}
    assert decide(talk, **half).status_code == 422
    assert decide(talk, **half, **{"value-act": 10}).status_code == 302
    assert agreed(talk).values == PLAN
    text = signed_in(talk.chair).get(address(talk, "1.1/")).content.decode()
    assert ">25<" in text


def test_postpone_keeps_the_reason_and_gives_no_score(talk):
    assert decide(talk, decision="postpone", justification="Чакаме отчета").status_code == 302
    row = agreed(talk)
    assert (row.state, row.values, row.justification) == ("postponed", {}, "Чакаме отчета")


def test_leaving_an_item_without_a_score_needs_the_reason(talk):
    assert decide(talk, decision="leave").status_code == 422
    assert decide(talk, decision="leave", justification="Не се отнася за нас").status_code == 302
    row = agreed(talk)
    assert (row.state, row.values, row.justification) == ("agreed", {}, "Не се отнася за нас")


def test_changing_an_agreed_score_leaves_before_and_after(talk):
    decide(talk, **{"value-score": 45})
    decide(talk, **{"value-score": 50})
    assert agreed(talk).values == {"score": 50}
    data = AuditPayload.objects.get(entry__verb="agreement.changed").data
    assert '"score": 45' in data
    assert '"score": 50' in data


def test_the_second_who_saves_gets_both_values_and_the_ways_out(talk):
    decide(talk, **{"value-score": 45})
    late = decide(talk, version=1, **{"value-score": 50, "justification": "Моите думи"})
    text = late.content.decode()
    assert late.status_code == 409
    assert agreed(talk).values == {"score": 45}
    assert "Моите думи" in text
    assert ">45</" in text
    assert ">50</" in text
    again = {"version": 2, "decision": "agree", "value-score": 50, "justification": "Моите думи"}
    assert all(f'name="{name}"' in text for name in again)
    assert decide(talk, **again).status_code == 302
    assert agreed(talk).values == {"score": 50}


def test_last_cycle_is_shown_with_the_change(talk):
    before = an_assessment(talk.town, state=State.PUBLISHED, title="Самооценка 2024")
    Agreement.objects.create(assessment=before, code="1.1", state="agreed", values={"score": 36})
    Assessment.objects.filter(pk=talk.assessment.pk).update(previous=before)
    decide(talk, **{"value-score": 45})
    last = signed_in(talk.chair).get(address(talk, "1.1/")).context["last"]
    assert (last.score, last.change.difference, last.is_comparable) == (36, 9, True)


def test_last_cycle_by_another_method_is_not_set_against_this_one(talk):
    before = an_assessment(talk.town, state=State.PUBLISHED, method="fine-tuned")
    Agreement.objects.create(assessment=before, code="1.1", state="agreed", values=PLAN)
    Assessment.objects.filter(pk=talk.assessment.pk).update(previous=before)
    last = signed_in(talk.chair).get(address(talk, "1.1/")).context["last"]
    assert (last.score, last.change, last.is_comparable) == (25, None, False)


def test_evidence_for_the_coordinator_only_stays_there(talk):
    for title, only in (("ЗА ВСИЧКИ", False), ("САМО КООРДИНАТОР", True)):
        shelf = Evidence.objects.create(
            assessment=talk.assessment, kind="note", title=title, only_coordinator=only, added_at=NOON
        )
        EvidenceUse.objects.create(evidence=shelf, code="1.1", page="7")
    member = signed_in(talk.members[1]).get(address(talk, "1.1/")).content.decode()
    coordinator = signed_in(talk.coordinator).get(address(talk, "1.1/")).content.decode()
    assert "ЗА ВСИЧКИ" in member
    assert "САМО КООРДИНАТОР" not in member
    assert "САМО КООРДИНАТОР" in coordinator


# --- differing opinions -----------------------------------------------------------------------------------
def test_a_differing_opinion_stands_with_or_without_a_name(talk):
    client = signed_in(talk.chair)
    client.post(address(talk, "1.1/dissent/"), {"dissent-text": "Оценката е ниска", "dissent-name": ""})
    client.post(address(talk, "1.1/dissent/"), {"dissent-text": "Висока е", "dissent-name": "Мария Колева"})
    assert list(Dissent.objects.values_list("text", "name")) == [
        ("Оценката е ниска", ""),
        ("Висока е", "Мария Колева"),
    ]
    assert AuditEntry.objects.filter(verb="dissent.recorded").count() == 2


def test_a_member_differs_for_themself_and_the_record_names_them_only_if_they_want(talk):
    member = talk.members[1]
    client = signed_in(member)
    client.post(address(talk, "1.1/dissent/"), {"dissent-text": "Ниска е"})
    client.post(address(talk, "1.1/dissent/"), {"dissent-text": "Висока е", "dissent-name": "on"})
    assert list(Dissent.objects.values_list("text", "name")) == [("Ниска е", ""), ("Висока е", member.name)]
    actors = AuditEntry.objects.filter(verb="dissent.recorded").order_by("number")
    assert list(actors.values_list("actor", flat=True)) == [audit.UNNAMED, str(member.person_id)]


def test_who_gave_no_scores_puts_nothing_on_record(talk):
    viewer = signed_in(a_member(talk.town, "viewer"))
    assert viewer.post(address(talk, "1.1/dissent/"), {"dissent-text": "Ниска е"}).status_code == 403
    assert not Dissent.objects.exists()


def test_a_differing_opinion_sent_twice_stands_once(talk):
    client = signed_in(talk.chair)
    data = {"dissent-text": "Оценката е ниска", "dissent-name": "", "once": "k" * 20}
    assert [client.post(address(talk, "1.1/dissent/"), data).status_code for _ in range(2)] == [302, 302]
    assert Dissent.objects.count() == 1


def test_an_empty_differing_opinion_is_refused(talk):
    answer = signed_in(talk.chair).post(address(talk, "1.1/dissent/"), {"dissent-text": " "})
    assert answer.status_code == 422
    assert not Dissent.objects.exists()


def test_a_differing_opinion_is_taken_off_the_record(talk):
    row = Dissent.objects.create(agreement=agreed(talk), text="Грешка", at=NOON)
    client = signed_in(talk.chair)
    where = address(talk, f"1.1/dissent/{row.pk}/")
    assert client.post(where).status_code >= 400
    assert Dissent.objects.exists()
    found = [client.post(where, {"reason": "Записано два пъти"}).status_code for _ in range(2)]
    assert found == [302, 302]
    assert not Dissent.objects.exists()
    assert AuditEntry.objects.filter(verb="dissent.withdrawn").count() == 1
    assert signed_in(talk.members[1]).post(address(talk, f"1.1/dissent/{row.pk}/")).status_code == 403


# --- close ones together ----------------------------------------------------------------------------------
def close_data(**typed):
    rows = {"i1-2-version": 1, "i1-2-justification": "", "i1-3-version": 1, "i1-3-justification": ""}
    return rows | {name.replace("__", "-"): value for name, value in typed.items()}


def test_a_close_row_begins_empty_unless_everybody_gave_the_same(talk):
    form = signed_in(talk.facilitator).get(address(talk, "close/")).context["form"]
    found = {row.row.item.code: row.form["value-score"].value() for row in form.rows}
    assert found == {"1.2": None, "1.3": 55}


def test_close_ones_are_agreed_together_and_empty_rows_stay_open(talk):
    data = close_data(i1__3__value__score="55", i1__2__value__score="")
    assert signed_in(talk.facilitator).post(address(talk, "close/"), data).status_code == 302
    assert (agreed(talk, "1.2").state, agreed(talk, "1.3").values) == ("open", {"score": 55})
    data = close_data(i1__3__value__score="55", i1__2__value__score="44")
    assert signed_in(talk.facilitator).post(address(talk, "close/"), data).status_code == 302
    assert agreed(talk, "1.2").values == {"score": 44}
    assert AuditEntry.objects.filter(verb="agreement.agreed").count() == 2


def test_a_close_row_outside_the_middle_half_needs_its_justification(talk):
    data = close_data(i1__2__value__score="50")
    refused = signed_in(talk.facilitator).post(address(talk, "close/"), data)
    assert refused.status_code == 422
    assert "i1-2-justification" in refused.content.decode()
    data["i1-2-justification"] = "Новият регистър"
    assert signed_in(talk.facilitator).post(address(talk, "close/"), data).status_code == 302
    assert agreed(talk, "1.2").justification == "Новият регистър"


@pytest.mark.parametrize("typed", ["", "400", "4x"])
def test_close_rows_that_cannot_be_recorded_save_nothing(talk, typed):
    data = close_data(i1__2__value__score=typed, i1__3__value__score="" if not typed else "55")
    refused = signed_in(talk.facilitator).post(address(talk, "close/"), data)
    assert refused.status_code == 422
    assert Agreement.objects.filter(state="agreed").count() == 0


def test_close_ones_agreed_by_somebody_else_meanwhile_save_nothing_and_show_both(talk):
    decide(talk, "1.2", **{"value-score": 45})
    data = close_data(i1__2__value__score="44", i1__3__value__score="55")
    late = signed_in(talk.coordinator).post(address(talk, "close/"), data)
    text = late.content.decode()
    assert late.status_code == 409
    assert ">44<" in text
    assert ">45<" in text
    assert (agreed(talk, "1.2").values, agreed(talk, "1.3").state) == ({"score": 45}, "open")
    assert 'name="i1-3-value-score"' in text
    assert 'name="i1-2-value-score"' not in text


def test_only_those_who_lead_agree_close_ones(talk):
    data = close_data(i1__3__value__score="55")
    assert signed_in(talk.members[1]).post(address(talk, "close/"), data).status_code == 403
    assert agreed(talk, "1.3").state == "open"


# --- the end ----------------------------------------------------------------------------------------------
def agree_all(talk: Talk) -> None:
    Agreement.objects.filter(assessment=talk.assessment).update(state="agreed", values={"score": 45})
    Agreement.objects.filter(assessment=talk.assessment, code="2.1").update(
        values={}, justification="Не се отнася за нас"
    )


def test_finish_waits_for_every_item(talk):
    decide(talk, **{"value-score": 45})
    client = signed_in(talk.chair)
    assert client.post(address(talk, "finish/")).status_code == 422
    page = client.get(address(talk, "finish/"))
    assert len(page.context["waiting"]) == 27
    assert Assessment.objects.get(pk=talk.assessment.pk).state == State.AGREEING


def test_finish_begins_the_report_once(talk):
    agree_all(talk)
    client = signed_in(talk.chair)
    assert "Не се отнася за нас" in client.get(address(talk, "finish/")).content.decode()
    assert [client.post(address(talk, "finish/")).status_code for _ in range(2)] == [302, 302]
    assert Assessment.objects.get(pk=talk.assessment.pk).state == State.REPORTING
    steps = {row.number: row for row in StepPlan.objects.filter(assessment=talk.assessment)}
    assert steps[5].done_at
    assert steps[6].begun_at
    assert not steps[6].done_at
    assert AuditEntry.objects.filter(verb="assessment.agreed").count() == 1


def test_after_the_end_nothing_is_written_and_everything_read(talk):
    agree_all(talk)
    signed_in(talk.chair).post(address(talk, "finish/"))
    assert decide(talk, **{"value-score": 50}).status_code == 403
    assert signed_in(talk.members[1]).get(address(talk, "1.1/")).status_code == 200


def test_the_agreement_is_taken_up_again_with_a_reason(talk):
    agree_all(talk)
    client = signed_in(talk.chair)
    client.post(address(talk, "finish/"))
    assert client.post(address(talk, "resume/"), {"reason": ""}).status_code == 422
    assert signed_in(talk.members[1]).post(address(talk, "resume/"), {"reason": "Грешка"}).status_code == 403
    assert client.post(address(talk, "resume/"), {"reason": "Грешка в 1.2"}).status_code == 302
    assert Assessment.objects.get(pk=talk.assessment.pk).state == State.AGREEING
    assert StepPlan.objects.get(assessment=talk.assessment, number=5).done_at is None
    assert client.post(address(talk, "resume/"), {"reason": "Още веднъж"}).status_code == 422


def test_the_minutes_hold_scores_reasons_and_opinions(talk):
    decide(talk, **{"value-score": 70, "justification": "Новите доказателства"})
    Dissent.objects.create(agreement=agreed(talk), text="Твърде висока", name="Мария Колева", at=NOON)
    text = signed_in(talk.members[1]).get(address(talk, "minutes/")).content.decode()
    for words in ("Новите доказателства", "Твърде висока", "Мария Колева", ">70<"):
        assert words in text


def test_half_filled_judgements_and_other_methods_count_as_no_score(talk):
    Judgement.objects.filter(code="1.1").update(values={"plan": 40})
    found = queries.voices(as_viewer(talk.chair), talk.assessment, on=timezone.localdate())["1.1"]
    assert found.scores == ()
    assert found.spread is None


def test_the_seat_of_a_consultant_ends(talk):
    guest = a_member(talk.town, "guest", valid_until=timezone.localdate() + timedelta(days=9))
    seat = a_seat(talk.assessment, guest, "consultant", 91)
    assert signed_in(guest).get(address(talk)).status_code == 200
    seat.until = date(2020, 1, 1)
    seat.save()
    assert signed_in(guest).get(address(talk)).status_code == 404


# --- my work ------------------------------------------------------------------------------------------------
def tasks(member) -> list[tuple[str, str]]:
    with override("en"):
        return [(item.url, item.status_text) for item in agreement_work(as_viewer(member))]


def test_those_who_lead_find_the_agreement_in_their_work(talk, django_assert_num_queries):
    decide(talk, **{"value-score": 45})
    for member in (talk.chair, talk.facilitator, talk.coordinator):
        assert tasks(member) == [(address(talk), "1 of 28 agreed")]
    assert tasks(talk.members[1]) == []
    agree_all(talk)
    viewer = as_viewer(talk.chair)
    with django_assert_num_queries(1):
        found = list(agreement_work(viewer))
    assert [item.url for item in found] == [address(talk, "finish/")]


def test_a_lock_that_is_due_is_work():
    talk = Talk(lock_at=timezone.now() - timedelta(hours=1))
    assert tasks(talk.chair) == [(f"/o/{talk.town.slug}/a/{talk.assessment.pk}/lock/", "")]
    Assessment.objects.update(lock_at=timezone.now() + timedelta(hours=1))
    assert tasks(talk.chair) == []
