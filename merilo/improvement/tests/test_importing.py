"""Measures of an existing plan come in from a table, after a look at them."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from merilo.core.errors import MeriloError, Refused
from merilo.improvement.actions.importing import Origin, take_measures
from merilo.improvement.models import Item, Measure, Plan, Proposal
from merilo.improvement.reporting.content import collect
from merilo.improvement.reporting.workbook import csv_of
from merilo.improvement.rules.drafts import Draft
from merilo.indicators.models import Indicator
from merilo.organisations.models import Membership, Unit
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.plans import a_measure, a_plan, an_activity, an_item, measured_by

pytestmark = pytest.mark.django_db
HEADS = ["№", "Мярка", "Подкритерий", "Отговорник", "Срок", "Дейности", "Индикатор", "Целева стойност"]
HEADS += ["Област за подобрение", "Статус"]
FIRST = [1, "Анкета сред бизнеса", "6.1", "Мария Колева", "2027", "Въпросник\nПокани", "Отговорили", 200]
ROWS: list[list[Any]] = [
    [*FIRST, "Не питаме бизнеса", "тече"],
    [2, "Табло с целите", "Лидерство", "Кметът", "постоянен", "", "Отговорили", 300, "", ""],
]


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator", name="Мария Колева")


@pytest.fixture
def plan(coordinator: Membership) -> Plan:
    return a_plan(coordinator.organisation)


def at(plan: Plan, page: str = "table/") -> str:
    return f"/o/{plan.organisation.slug}/plans/{plan.pk}/measures/{page}"


def a_workbook(*rows: list[Any], name: str = "план.xlsx") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "dd.mm.yyyy"}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.add_worksheet("Увод").write_string(0, 0, "План за подобрение")
        sheet = book.add_worksheet("Мерки")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile(name, buffer.getvalue())


def looked_at(client: Client, plan: Plan, **sent: Any) -> Any:
    answer = client.post(at(plan), sent)
    assert answer.status_code == 200, answer.context["form"].errors
    return answer.context


def taken(client: Client, plan: Plan, context: Any, **sent: Any) -> Any:
    """Send the page of the table as a browser would."""
    values = {name: context["form"][name].value() for name in context["form"].fields}
    values |= {name: context["sheet"][name].value() for name in context["sheet"].fields}
    values |= {"table": context["signed"], "seen": context["seen"], "take": "1"}
    values["rows"] = [str(row.draft.row) for row in context["rows"] if row.ticked]
    values = {key: value for key, value in (values | sent).items() if value is not None}
    return client.post(at(plan, "table/columns/"), values)


# --- looking ----------------------------------------------------------------------------------------
def test_a_workbook_is_looked_at_and_nothing_is_stored(coordinator: Membership, plan: Plan) -> None:
    context = looked_at(signed_in(coordinator), plan, file=a_workbook(HEADS, *ROWS))
    first, second = context["rows"]
    assert (first.draft.owner, first.draft.last, len(first.draft.steps)) == (
        str(coordinator.pk),
        date(2027, 12, 31),
        2,
    )
    assert context["left"] == ["Статус"]
    places = sorted(place.rpartition(" ")[2] for place, _words in second.remarks)
    assert places == ["C3", "D3", "E3"]
    assert Measure.objects.count() == 0


def test_what_was_looked_at_is_made(coordinator: Membership, plan: Plan) -> None:
    a_measure(plan)
    client = signed_in(coordinator)
    answer = taken(client, plan, looked_at(client, plan, file=a_workbook(HEADS, *ROWS)))
    assert answer.status_code == 302
    first, second = Measure.objects.filter(number__gt=1)
    assert (first.number, first.owner, first.codes) == (2, coordinator, ["6.1"])
    assert {step.text for step in first.activities.all()} == {"Въпросник", "Покани"}
    assert (second.participants, second.codes) == ("Кметът", [])
    assert second.note == "Срок: постоянен\nПодкритерий: Лидерство"
    (indicator,) = Indicator.objects.all()
    assert [one.indicators.get().target for one in (first, second)] == [Decimal(200), Decimal(300)]
    assert (indicator.name, indicator.code) == ("Отговорили", "2026-2.1")
    (item,) = first.items.all()
    assert (item.text, item.origin, item.proposal) == ("Не питаме бизнеса", "план", first.proposal)
    assert item.proposal is not None
    assert item.proposal.decision == "chosen"


def test_only_what_is_ticked_is_made_and_once(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)
    context = looked_at(client, plan, pasted="Анкета сред бизнеса\nТабло с целите")
    assert taken(client, plan, context, rows=[]).status_code == 422
    for _time in range(2):
        assert taken(client, plan, context, rows=["1"]).status_code == 302
    assert [one.text for one in Measure.objects.all()] == ["Табло с целите"]


def test_a_measure_that_is_there_already_is_not_ticked(coordinator: Membership, plan: Plan) -> None:
    a_measure(plan, "Табло с целите")
    context = looked_at(signed_in(coordinator), plan, pasted="Анкета\nТабло с целите")
    assert [(row.ticked, row.draft.same_as) for row in context["rows"]] == [(True, None), (False, 1)]


def test_people_are_found_by_their_position_and_days_by_their_cells(
    coordinator: Membership, plan: Plan
) -> None:
    unit = Unit.objects.create(organisation=plan.organisation, name="Дирекция АПИО")
    held = {"position": "секретар", "unit": unit}
    secretary = a_member(plan.organisation, name="П. Илиев", **held)
    rows: list[list[Any]] = [["Мярка", "Отговорник", "Краен срок"]]
    names = ["Секретар", "П. Илиев (секретар)", "П. Илиев, секретар, Дирекция АПИО"]
    names += [secretary.email.upper(), f"П. Илиев ({secretary.email})"]
    rows += [[f"Мярка {place}", name, date(2027, 6, 30)] for place, name in enumerate(names)]
    client = signed_in(coordinator)
    assert taken(client, plan, looked_at(client, plan, file=a_workbook(*rows))).status_code == 302
    found = [(one.owner, one.participants, one.last) for one in Measure.objects.all()]
    assert found == [(secretary, "", date(2027, 6, 30))] * 5


def test_columns_are_corrected_by_the_person(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)
    context = looked_at(client, plan, pasted="Мярка\tСрок\tНещо\nАнкета\t2027\tВажно")
    answer = taken(client, plan, context, c2="words", take=None, look="1")
    assert answer.context["rows"][0].draft.note == "Нещо: Важно"
    answer = taken(client, plan, context, c2="text")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["c2"])
    answer = taken(client, plan, context, c0="")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["__all__"])
    answer = taken(client, plan, context, head="0")
    assert [row.draft.text for row in answer.context["rows"]] == ["Мярка", "Анкета"]
    assert Measure.objects.count() == 0


def test_columns_that_were_chosen_stay_with_another_row_of_headings(
    coordinator: Membership, plan: Plan
) -> None:
    client = signed_in(coordinator)
    rows = "Мярка\tСрок\tНещо\tДруго\nНаименование\tКрай\tЦел\tСекретар\nАнкета\t2027\tВажно\tИван"
    context = looked_at(client, plan, pasted=rows)
    sent = {"c0": "", "c2": "text", "c3": "owner", "head": "2", "take": None, "look": "1"}
    answer = taken(client, plan, context, **sent)
    assert answer.context["form"].layout().holds == {1: "last", 2: "text", 3: "owner"}
    assert [row.draft.text for row in answer.context["rows"]] == ["Важно"]
    answer = taken(client, plan, context, seen="0.x", **sent)  # nothing that we sent
    assert answer.context["form"].layout().holds[2] == "objective"


def test_a_csv_of_our_own_comes_back_with_everything(coordinator: Membership, plan: Plan) -> None:
    measure = a_measure(plan, owner=coordinator, risks="Малко отговори", hours=40, euro=Decimal("1800.50"))
    an_activity(measure, owner=coordinator)
    measured_by(measure, target=Decimal(80), baseline=Decimal(40))
    measure.items.add(an_item(plan))
    content = csv_of(collect(plan, language="bg", on=date(2026, 11, 1)))
    other = a_plan(coordinator.organisation)
    client = signed_in(coordinator)
    context = looked_at(client, other, file=SimpleUploadedFile("plan.csv", content))
    assert taken(client, other, context).status_code == 302
    made = Measure.objects.get(plan=other)
    for name in ("text", "codes", "kind", "owner", "first", "last", "hours", "euro", "risks", "note"):
        assert getattr(made, name) == getattr(measure, name), name
    (step,) = made.activities.all()
    assert (step.text, step.first, step.owner) == ("Въпросник", measure.first, coordinator)
    aim = made.indicators.get()
    assert (aim.indicator.name, aim.baseline, aim.target) == ("Отговорили фирми", Decimal(40), Decimal(80))
    assert [item.text for item in made.items.all()] == ["Не питаме бизнеса"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"file": SimpleUploadedFile("план.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
        {"file": SimpleUploadedFile("план.xlsx", b"PK\x03\x04")},
        {"file": SimpleUploadedFile("план.csv", b"\0\0")},
        {"pasted": 'Мярка\tСрок\n"Анкета\t2027'},
        {"pasted": "а\n" * 2_001},
        {"pasted": "а\t" * 201},
        {"pasted": " \n\t \n"},
        {"pasted": "\u200b"},
        {"file": SimpleUploadedFile("план.docx", b"PK\x03\x04")},
        {"pasted": "Анкета", "file": SimpleUploadedFile("план.csv", b"a")},
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    coordinator: Membership, plan: Plan, sent: dict[str, Any]
) -> None:
    answer = signed_in(coordinator).post(at(plan), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_what_is_wrong_with_a_file_is_said(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)

    def said(name: str, content: bytes) -> str:
        answer = client.post(at(plan), {"file": SimpleUploadedFile(name, content)})
        return str(answer.context["form"].errors["file"][0])

    assert "CSV" in said("план.docx", b"PK\x03\x04")
    assert "ред 2," in said("план.csv", 'Мярка;Срок\n"Анкета;2027\nТабло;2028'.encode())


def test_a_cell_in_which_nothing_is_seen_is_empty(coordinator: Membership, plan: Plan) -> None:
    context = looked_at(signed_in(coordinator), plan, pasted="Мярка\tСрок\n\u200b\t\nАн\u200bкета\t2027")
    assert [row.draft.text for row in context["rows"]] == ["Ан\u200bкета"]


def test_the_page_of_columns_leads_to_the_first_one(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)
    assert client.get(at(plan, "table/columns/")).headers["Location"] == at(plan)
    assert client.get(at(plan, "excel/take/")).headers["Location"] == at(plan, "excel/")


def test_days_outside_the_plan_are_said_before_anything_is_made(coordinator: Membership, plan: Plan) -> None:
    context = looked_at(signed_in(coordinator), plan, pasted="Мярка\tСрок\nАнкета\t2031")
    (row,) = context["rows"]
    assert (row.ticked, len(row.remarks)) == (True, 1)
    assert "излиза извън срока на плана (01.01.2026" in row.remarks[0][1]


def test_a_table_of_somebody_else_or_of_yesterday_is_not_taken(coordinator: Membership, plan: Plan) -> None:
    context = looked_at(signed_in(coordinator), plan, pasted="Анкета\nТабло")
    other = signed_in(a_member(plan.organisation, "coordinator"))
    assert taken(other, plan, context).status_code == 422
    assert Measure.objects.count() == 0


def test_a_new_plan_leads_to_its_table(coordinator: Membership) -> None:
    values = {"title": "План 2026", "first": "1.1.2026", "last": "31.12.2027", "table": "1"}
    answer = signed_in(coordinator).post(f"/o/{coordinator.organisation.slug}/plans/new/", values)
    assert answer.headers["Location"] == at(Plan.objects.get())


# --- the action -------------------------------------------------------------------------------------
def test_only_who_edits_the_plan_takes_measures(coordinator: Membership, plan: Plan) -> None:
    draft = Draft(0, "Анкета", plan.first, plan.last)
    viewer = as_viewer(a_member(plan.organisation, "viewer"))
    with pytest.raises(Refused):
        take_measures(viewer=viewer, plan=plan, drafts=[draft], origin=Origin("план"), at=timezone.now())
    with pytest.raises(MeriloError):
        take_measures(
            viewer=as_viewer(coordinator), plan=plan, drafts=[], origin=Origin("план"), at=timezone.now()
        )


def test_an_area_of_the_plan_is_found_again_by_its_words(coordinator: Membership, plan: Plan) -> None:
    item = an_item(plan, "Не питаме бизнеса")
    draft = Draft(0, "Анкета", plan.first, plan.last, areas=("не питаме бизнеса.",))
    viewer = as_viewer(coordinator)
    (made,) = take_measures(
        viewer=viewer, plan=plan, drafts=[draft], origin=Origin("план"), at=timezone.now()
    )
    assert (list(made.items.all()), Item.objects.count(), Proposal.objects.count()) == ([item], 1, 0)
