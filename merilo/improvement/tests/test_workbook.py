"""The plan's own workbook goes out, is edited, and comes back difference by difference."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook

from merilo.core import workbooks
from merilo.core.models import AuditEntry
from merilo.improvement.interchange import comparing
from merilo.improvement.interchange.fields import words_for
from merilo.improvement.interchange.stored import whole
from merilo.improvement.interchange.writing import workbook
from merilo.improvement.models import Activity, Measure, Plan
from merilo.organisations.models import Membership, Unit
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.plans import a_measure, a_plan, an_activity, measured_by

pytestmark = pytest.mark.django_db
CODES = ("1.2", "6.1")
FORMULA = "=A1+1"


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator", name="Мария Колева")


@pytest.fixture
def plan(coordinator: Membership) -> Plan:
    plan = a_plan(coordinator.organisation)
    measure = a_measure(plan, owner=coordinator, euro=Decimal("1800.50"), note="Първо\nвторо")
    an_activity(measure)
    measured_by(measure, target=Decimal("80.5"), days=["2026-06-30"])
    a_measure(plan, "Табло с целите", withheld=True)
    return plan


def at(plan: Plan, page: str = "") -> str:
    return f"/o/{plan.organisation.slug}/plans/{plan.pk}/measures/excel/{page}"


class Book:
    """The sheets of a workbook as rows of cells: 0 how to, 1 measures, 2 activities, 3 indicators."""

    def __init__(self, content: bytes) -> None:
        self.sheets = {grid.name: [list(row) for row in grid.rows] for grid in workbooks.grids(content)}
        self.names = list(self.sheets)
        self.merged: list[tuple[int, int, int, int]] = []

    def put(self, sheet: int, row: int, **values: Any) -> None:
        """Write into columns by their places: `c2` is the second."""
        rows = self.sheets[self.names[sheet]]
        for name, value in values.items():
            rows += [[] for _ in range(row - len(rows))]
            cells = rows[row - 1]
            cells += [""] * (int(name[1:]) - len(cells))
            cells[int(name[1:]) - 1] = value

    def saved(self) -> SimpleUploadedFile:
        buffer = io.BytesIO()
        with Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as book:
            day = book.add_format({"num_format": "dd.mm.yyyy"})
            for name, rows in self.sheets.items():
                sheet = book.add_worksheet(name)
                for row, cells in enumerate(rows):
                    for column, cell in enumerate(cells):
                        _write(sheet, row, column, cell, day)
                for area in self.merged if name == self.names[1] else ():
                    sheet.merge_range(*area, "")
        return SimpleUploadedFile("plan.xlsx", buffer.getvalue())


def _write(sheet: Any, row: int, column: int, cell: Any, day: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
    elif cell == FORMULA:
        sheet.write_formula(row, column, cell, None, "")
    else:
        sheet.write(row, column, cell)


def edited(content: bytes, change: Callable[[Book], object]) -> SimpleUploadedFile:
    book = Book(content)
    change(book)
    return book.saved()


def uploaded(client: Client, plan: Plan, change: Callable[[Book], object]) -> Any:
    """What the page of differences says of a workbook edited like this."""
    content = client.get(at(plan, "file/")).content
    return client.post(at(plan), {"file": edited(content, change)})


def take(client: Client, plan: Plan, context: Any, *ticks: str) -> Any:
    usual = [line.tick for card in context["cards"] for line in card.lines if line.ticked and not card.is_new]
    usual += [card.tick for card in context["cards"] if card.is_new and card.ticked]
    values = {"differences": context["signed"], "once": context["once"], "take": list(ticks) or usual}
    return client.post(at(plan, "take/"), values)


# Sheets: 0 how to, 1 measures, 2 activities, 3 indicators. Columns of measures: 1 number, 2 text, 3 codes,
# 4 kind, 5 objective, 7 note, 8 owner, 12 begins, 13 ends, 14 hours, 15 euro.
def test_a_file_that_nobody_touched_changes_nothing(coordinator: Membership, plan: Plan) -> None:
    answer = uploaded(signed_in(coordinator), plan, lambda _book: None)
    assert (answer.context["cards"], answer.context["problems"], answer.context["remarks"]) == ([], [], [])
    assert answer.context["missing"] == []


TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=30).map(str.strip)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_goes_out_comes_back_without_a_difference(
    coordinator: Membership, plan: Plan, data: st.DataObject
) -> None:
    draw = data.draw
    owner = a_member(plan.organisation, name=draw(st.sampled_from(["Мария Колева", "П. Илиев"])))
    days = sorted(draw(st.tuples(*[st.dates(date(2000, 1, 1), date(2100, 12, 31))] * 2)))
    number = draw(st.none() | st.decimals(-(10**13), 10**13, places=6))
    measure = a_measure(
        plan,
        draw(TEXT.filter(bool)),
        owner=owner,
        codes=draw(st.lists(st.sampled_from(CODES), unique=True)),
        first=days[0],
        last=days[1],
        objective=draw(TEXT),
        note=f"{draw(TEXT)}\n\n{draw(TEXT)}",
        hours=draw(st.none() | st.integers(0, 1_000_000)),
        euro=draw(st.none() | st.decimals(0, 9_999_999_999, places=2)),
        kind=draw(st.sampled_from(["key", "other", "quick_win"])),
        withheld=draw(st.booleans()),
    )
    step = an_activity(measure, draw(TEXT.filter(bool)), owner=owner, percent=draw(st.integers(0, 100)))
    near, far = an_activity(measure, first=days[1]), Activity.objects.get(measure__number=1)
    step.follows.set(draw(st.sampled_from([[], [near], [far], [near, far]])))
    measured_by(measure, target=number, days=sorted({day.isoformat() for day in days}))
    viewer = as_viewer(coordinator)
    content = workbook(viewer, plan, language=draw(st.sampled_from(["bg", "en"])), at=timezone.now())
    now = whole(viewer, plan)
    filled = comparing.read(plan, workbooks.grids(content), words_for(now.names, CODES))
    assert list(comparing.changes(filled.rows, now)) == []
    assert (filled.problems, filled.remarks, filled.missing) == ((), (), ())
    assert len(filled.rows) == len(now.rows)


def test_ticked_differences_are_taken_and_recorded(coordinator: Membership, plan: Plan) -> None:
    Unit.objects.create(organisation=plan.organisation, name="Дирекция АПИО")
    client = signed_in(coordinator)

    def change(book: Book) -> None:
        book.put(1, 2, c2="Анкета сред фирмите", c5="Повече отзиви", c8="", c10="Дирекция АПИО", c15="12")
        book.put(2, 2, c3="Нов въпросник", c7=100)
        book.put(3, 2, c7=90, c8="30.06.2026; 31.12.2026")

    context = uploaded(client, plan, change).context
    assert [(card.is_new, len(card.lines)) for card in context["cards"]] == [
        (False, 5),
        (False, 2),
        (False, 2),
    ]
    left = next(line.tick for line in context["cards"][0].lines if line.after == "Повече отзиви")
    ticks = [line.tick for card in context["cards"] for line in card.lines if line.tick != left]
    assert take(client, plan, context, *ticks).status_code == 302
    measure = plan.measures.get(number=1)
    assert (measure.text, measure.objective, measure.owner, measure.euro) == (
        "Анкета сред фирмите",
        "",
        None,
        Decimal(12),
    )
    assert [unit.name for unit in measure.units.all()] == ["Дирекция АПИО"]
    activity = measure.activities.get()
    assert (activity.text, activity.percent, activity.done_on is not None) == ("Нов въпросник", 100, True)
    aim = measure.indicators.get()
    assert (aim.target, aim.days) == (Decimal(90), ["2026-06-30", "2026-12-31"])
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-1] == "plan.workbook_taken"
    assert verbs.count("measure.changed") == 3


def test_new_rows_come_once_and_removed_ones_stay(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)

    def change(book: Book) -> None:
        del book.sheets[book.names[1]][2]
        book.put(1, 3, c1="99", c2="Нова мярка", c14=8)
        book.put(2, 3, c2="99", c3="Първа стъпка", c4=date(2026, 3, 1), c5="30.04.2026")
        book.put(2, 4, c2="1", c3="Втора стъпка", c4=date(2026, 3, 1), c5="30.04.2026")
        book.put(3, 3, c1="99", c3="Отзиви", c4="брой", c7=5)
        book.put(3, 4, c1="99", c2="M-1")

    context = uploaded(client, plan, change).context
    assert [one.partition(": ")[2] for one in context["missing"]] == ["Табло с целите"]
    assert [card.is_new for card in context["cards"]] == [True] * 5
    for _time in range(2):
        answer = take(client, plan, context)
        assert answer.status_code == 302
    assert [one.text for one in plan.measures.order_by("number")][1:] == ["Табло с целите", "Нова мярка"]
    made = plan.measures.get(text="Нова мярка")
    assert (made.number, made.first, made.hours, made.activities.get().text) == (
        3,
        plan.first,
        8,
        "Първа стъпка",
    )
    assert {one.indicator.code for one in made.indicators.all()} == {"2026-3.1", "M-1"}
    assert plan.measures.get(number=1).activities.count() == 2


def test_new_rows_that_come_again_are_named_and_not_ticked(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)
    content = client.get(at(plan, "file/")).content

    def change(book: Book) -> None:
        book.put(1, 4, c1="99", c2="Нова мярка")
        book.put(2, 3, c1="99.1", c2="99", c3="Първа стъпка", c4=date(2026, 3, 1), c5="30.04.2026")
        book.put(2, 4, c2="99", c3="Втора", c4=date(2026, 5, 1), c5="30.06.2026", c8="99.1")
        book.put(2, 2, c8="99.1")
        book.put(3, 3, c1="99", c3="Отзиви", c4="брой", c7=5)

    assert (
        take(client, plan, client.post(at(plan), {"file": edited(content, change)}).context).status_code
        == 302
    )

    def again(book: Book) -> None:
        change(book)
        book.put(2, 5, c2="99", c3="Трета", c4=date(2026, 7, 1), c5="30.07.2026", c8="99.1")

    context = client.post(at(plan), {"file": edited(content, again)}).context
    assert [(card.is_new, card.ticked, bool(card.same)) for card in context["cards"]] == [
        *[(True, False, True)] * 3,
        (True, True, False),
        (True, False, True),
    ]
    assert (context["cards"][0].same, context["cards"][1].same) == (
        "същото като мярка 3",
        "същото като дейност 3.1",
    )
    assert take(client, plan, context).status_code == 302  # the new one goes to the measure that is there
    (made,) = plan.measures.filter(number__gt=2)
    assert [one.text for one in made.activities.order_by("first")] == ["Първа стъпка", "Втора", "Трета"]
    assert made.indicators.count() == 1
    assert follows(plan) == {text: {"Първа стъпка"} for text in ("Въпросник", "Втора", "Трета")}


def test_changed_numbers_make_no_doubles_and_are_said(coordinator: Membership, plan: Plan) -> None:
    def change(book: Book) -> None:
        book.put(1, 2, c1="77")
        book.put(2, 2, c1="77.7", c2="2")
        book.put(3, 2, c2="77.7")

    context = uploaded(signed_in(coordinator), plan, change).context
    assert [(card.ticked, bool(card.same)) for card in context["cards"]] == [
        (False, True),
        (True, False),  # this one moved to another measure, where nothing says the same
        (False, True),
    ]
    assert len(context["missing"]) == 3

    def overwrite(book: Book) -> None:
        book.put(2, 2, c2="999")
        book.put(3, 2, c3="Друго име", c4="")

    context = uploaded(signed_in(coordinator), plan, overwrite).context
    places = [place.rpartition(" ")[2] for place, _words in context["remarks"]]
    assert (context["cards"], places, "999" in context["remarks"][0][1]) == ([], ["B2", "C2"], True)


def test_a_term_that_ends_before_it_begins_is_found_while_looking(
    coordinator: Membership, plan: Plan
) -> None:
    client = signed_in(coordinator)

    def change(book: Book) -> None:
        book.put(1, 2, c12=date(2026, 5, 1), c13=date(2025, 1, 1), c5="Моя цел")
        book.put(2, 2, c4=date(2030, 1, 1))
        book.put(2, 4, c2="1", c3="Нова", c4=date(2026, 5, 1), c5=date(2026, 4, 1))

    context = uploaded(client, plan, change).context
    places = [place.rpartition(" ")[2] for place, _words in context["problems"]]
    assert places == ["M2", "D2", "E4"]
    assert [line.after for card in context["cards"] for line in card.lines] == ["Моя цел"]


def test_what_was_shown_stays_where_taking_is_refused(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)

    def change(book: Book) -> None:
        del book.sheets[book.names[1]][2]
        book.put(1, 1, c20="Моя колона")
        book.put(1, 2, c5="Моя цел", c15=-500.0)
        book.put(3, 3, c1="1", c2="няма")

    first = uploaded(client, plan, change)
    answer = take(client, plan, first.context)
    assert (answer.status_code, len(answer.context["errors"])) == (422, 1)
    for name in ("problems", "remarks", "missing", "gone"):
        assert answer.context[name] == first.context[name], name
    assert [len(first.context[name]) for name in ("problems", "remarks", "missing")] == [1, 1, 1]
    said = first.context["problems"][0][1].replace("\xa0", " ")
    assert said == "Средства в евро: от 0 до 9 999 999 999; в клетката е -500."


def test_nothing_to_take_is_not_called_no_change(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)
    same, other = "Файлът не променя нищо", "Няма какво да се приеме"
    page = uploaded(client, plan, lambda _book: None).content.decode()
    assert (same in page, other in page) == (True, False)
    page = uploaded(client, plan, lambda book: book.put(1, 2, c15="-500")).content.decode()
    assert (same in page, other in page) == (False, True)

    def lacking(book: Book) -> None:
        book.put(1, 3, c14=1.5)
        del book.sheets[book.names[3]][1]

    answer = uploaded(client, plan, lacking)
    assert answer.context["problems"][0][1] == "„1,5“ не е цяло число."
    assert len(answer.context["missing"]) == 1
    page = uploaded(client, plan, lambda book: book.sheets[book.names[3]].pop()).content.decode()
    assert (same in page, other in page, "Планът остава непроменен" in page) == (False, True, True)


def test_days_that_reach_out_are_said_and_can_be_taken(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)

    def change(book: Book) -> None:
        book.put(1, 2, c5="Моя цел")
        book.put(1, 3, c13=date(2031, 1, 1))
        book.put(1, 4, c1="99", c2="Нова", c12=date(2026, 5, 1), c13=date(2026, 6, 1))
        book.put(2, 2, c5=date(2030, 1, 1))
        book.put(2, 3, c2="99", c3="Извън", c4=date(2026, 4, 1), c5=date(2026, 6, 1))
        book.put(2, 4, c2="99", c3="Вътре", c4=date(2026, 5, 1), c5=date(2026, 6, 1))
        book.put(2, 5, c2="2", c3="В новия срок", c4=date(2030, 5, 1), c5=date(2030, 6, 1))

    context = uploaded(client, plan, change).context
    assert [bool(card.warning) for card in context["cards"]] == [False, True, False, True, True, False, False]
    assert "(01.05.2026" in context["cards"][4].warning
    assert context["heading"] == "Променени редове: 3, нови: 4"
    assert take(client, plan, context).status_code == 302


def test_a_formula_without_a_value_is_named_where_the_plan_says_nothing(
    coordinator: Membership, plan: Plan
) -> None:
    def change(book: Book) -> None:
        book.put(1, 3, c7=FORMULA, c15=FORMULA)

    context = uploaded(signed_in(coordinator), plan, change).context
    places = [place.rpartition(" ")[2] for place, _words in context["problems"]]
    assert (context["cards"], places) == ([], ["G3", "O3"])


def test_what_others_changed_meanwhile_is_not_overwritten(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)
    content = client.get(at(plan, "file/")).content
    Measure.objects.filter(plan=plan, number=1).update(text="Текст на друг", version=2)
    file = edited(content, lambda book: book.put(1, 2, c2="Мой текст", c5="Моя цел"))
    context = client.post(at(plan), {"file": file}).context
    lines = {line.after: (line.before, line.clash, line.ticked) for line in context["cards"][0].lines}
    assert lines == {"Мой текст": ("Текст на друг", True, False), "Моя цел": ("", False, True)}
    Measure.objects.filter(plan=plan, number=1).update(text="Пак друг", version=3)
    answer = take(client, plan, context)
    assert (answer.status_code, plan.measures.get(number=1).objective) == (409, "")
    line = next(line for line in answer.context["cards"][0].lines if line.clash)
    assert line.before == "Пак друг"
    assert take(client, plan, answer.context).status_code == 302
    measure = plan.measures.get(number=1)
    assert (measure.text, measure.objective) == ("Пак друг", "Моя цел")


def test_cells_that_cannot_be_read_are_named_and_the_rest_is_taken(
    coordinator: Membership, plan: Plan
) -> None:
    client = signed_in(coordinator)

    def change(book: Book) -> None:
        book.put(1, 2, c2="", c3="9.9", c8="Непозната", c5="Моя цел", c7="Ново")
        book.put(1, 3, c13=FORMULA, c15="1,250")
        book.merged.append((1, 6, 2, 6))
        book.put(1, 4, c5="Без текст")
        book.put(2, 3, c3="Без мярка")

    answer = uploaded(client, plan, change)
    places = [place.rpartition(" ")[2] for place, _words in answer.context["problems"]]
    assert " ".join(places) == "B2 C2 G2 H2 M3 O3 B4 D3 E3 B3"
    assert [line.after for card in answer.context["cards"] for line in card.lines] == ["Моя цел"]
    assert take(client, plan, answer.context).status_code == 302


# Columns of activities: 1 number, 2 measure, 3 text, 4 begins, 5 ends, 6 owner, 7 percent, 8 begins after.
@pytest.fixture
def steps(plan: Plan) -> list[Activity]:
    """Activities 1.1 to 1.3 and 2.1; 1.2 begins after 1.1."""
    one, two = plan.measures.all()
    days = [date(2026, 5, 1), date(2026, 6, 1)]
    found = [one.activities.get(), *(an_activity(one, f"Стъпка {day:%m}", first=day) for day in days)]
    found.append(an_activity(two, "Табло"))
    found[1].follows.set([found[0]])
    return found


def follows(plan: Plan) -> dict[str, set[str]]:
    """What waits for what, by texts."""
    steps = Activity.objects.filter(measure__plan=plan)
    found = {one.text: {other.text for other in one.follows.all()} for one in steps}
    return {text: after for text, after in found.items() if after}


def test_what_begins_after_what_is_edited_by_numbers(
    coordinator: Membership, plan: Plan, steps: list[Activity]
) -> None:
    client = signed_in(coordinator)
    sheets = list(Book(client.get(at(plan, "file/")).content).sheets.values())
    assert ["".join(map(str, row[7:])) for row in sheets[2]] == ["Започва след", "", "1.1", "", ""]

    def change(book: Book) -> None:  # 1.1 now waits for what waited for it: only the whole is no circle
        book.put(2, 2, c8="1.2;2.1")
        book.put(2, 3, c8="")
        book.put(2, 4, c8="1.7")
        book.put(2, 6, c1="1.7", c2="1", c3="Нова", c4=date(2026, 7, 1), c5=date(2026, 8, 1), c8="1.1")

    context = uploaded(client, plan, change).context
    told = {card.title: (card.lines[-1].before, card.lines[-1].after) for card in context["cards"]}
    assert list(told.values()) == [
        ("", "1.2 Стъпка 05; 2.1 Табло"),
        ("1.1 Въпросник", ""),
        ("", "1.7"),
        ("", "1.1 Въпросник"),
    ]
    assert take(client, plan, context).status_code == 302
    assert follows(plan) == {
        "Въпросник": {"Стъпка 05", "Табло"},
        "Стъпка 06": {"Нова"},
        "Нова": {"Въпросник"},
    }
    assert [Activity.objects.get(pk=one.pk).version for one in steps] == [2, 2, 2, 1]


def test_ties_that_cannot_be_are_named_by_their_cells(
    coordinator: Membership, plan: Plan, steps: list[Activity]
) -> None:
    client = signed_in(coordinator)

    def change(book: Book) -> None:
        book.put(2, 2, c8="1.3")
        book.put(2, 4, c3="Друга дума", c8="1.2")  # 1.2 waits for 1.1, and that for this one
        book.put(2, 5, c8="2.1; 1.1")
        book.put(2, 6, c1="2.2", c2="2", c3="Нова", c4=date(2026, 7, 1), c5=date(2026, 8, 1), c8="9.9")

    context = uploaded(client, plan, change).context
    places = [place.rpartition(" ")[2] for place, _words in context["problems"]]
    assert sorted(places) == ["H4", "H5", "H6"]
    said = " ".join(words for _place, words in context["problems"])
    assert ("9.9" in said, "1.2" in said) == (True, True)
    assert [line.after for card in context["cards"] for line in card.lines] == ["1.3 Стъпка 06", "Друга дума"]
    assert take(client, plan, context).status_code == 302
    assert follows(plan) == {"Стъпка 05": {"Въпросник"}, "Въпросник": {"Друга дума"}}


def test_part_of_the_ties_takes_nothing_where_the_rest_is_needed(
    coordinator: Membership, plan: Plan, steps: list[Activity]
) -> None:
    client = signed_in(coordinator)

    def change(book: Book) -> None:
        book.put(2, 2, c8="1.2")
        book.put(2, 3, c8="")
        book.put(2, 4, c8="1.7")
        book.put(2, 6, c1="1.7", c2="1", c3="Нова", c4=date(2026, 7, 1), c5=date(2026, 8, 1))

    context = uploaded(client, plan, change).context
    ticks = [line.tick for card in context["cards"] for line in card.lines if not card.is_new]
    for wanted in (ticks[0], ticks[2]):  # a circle with what stays; an activity that would not be there
        answer = take(client, plan, context, wanted)
        assert (answer.status_code, len(answer.context["errors"])) == (422, 1)
        context = answer.context
    assert follows(plan) == {"Стъпка 05": {"Въпросник"}}
    assert steps[0].version == 1


def test_a_file_from_before_the_column_changes_no_ties(
    coordinator: Membership, plan: Plan, steps: list[Activity]
) -> None:
    def change(book: Book) -> None:
        for row in book.sheets[book.names[2]]:
            del row[7:]

    context = uploaded(signed_in(coordinator), plan, change).context
    assert (context["cards"], context["problems"], len(context["remarks"])) == ([], [], 1)
    assert len(steps) == 4


def test_missing_columns_and_sheets_change_nothing(coordinator: Membership, plan: Plan) -> None:
    def change(book: Book) -> None:
        for row in book.sheets[book.names[1]]:
            del row[4:5]
        book.put(1, 1, c20="Моя колона")
        book.put(1, 3, c1="1")
        del book.sheets[book.names[3]]

    context = uploaded(signed_in(coordinator), plan, change).context
    assert (context["cards"], len(context["problems"]), len(context["remarks"])) == ([], 1, 3)
    assert len(context["missing"]) == 2


def test_what_was_removed_here_does_not_come_back(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)
    content = client.get(at(plan, "file/")).content
    Activity.objects.all().delete()
    context = client.post(at(plan), {"file": edited(content, lambda book: book.put(2, 2, c3="Пак"))}).context
    assert (context["cards"], len(context["gone"])) == ([], 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.put(1, 2, c9="Мария Колева"),
        lambda book: book.put(2, 3, c2="98", c3="Стъпка", c4=date(2026, 3, 1), c5="30.04.2026"),
        lambda book: book.put(3, 3, c1="1", c2="няма"),
    ],
)
def test_what_does_not_fit_together_takes_nothing(
    coordinator: Membership, plan: Plan, change: Callable[[Book], object]
) -> None:
    client = signed_in(coordinator)
    context = uploaded(client, plan, change).context
    answer = take(client, plan, context)
    assert (answer.status_code, len(answer.context["errors"])) == (422, 1)
    assert plan.measures.get(number=1).version == 1


def test_only_this_plans_workbook_is_taken(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)
    other = a_plan(plan.organisation)
    content = client.get(at(other, "file/")).content
    plain = edited(content, lambda book: book.sheets.pop("merilo"))
    for file in (SimpleUploadedFile("plan.xlsx", content), plain):
        answer = client.post(at(plan), {"file": file})
        assert (answer.status_code, "file" in answer.context["form"].errors) == (422, True)
    assert client.post(at(plan, "take/"), {"differences": "x"}).status_code == 422
    viewer = signed_in(a_member(plan.organisation, "viewer"))
    Plan.objects.update(state="running")
    assert viewer.get(at(plan, "file/")).status_code == 403


def test_nothing_ticked_is_said(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)
    context = uploaded(client, plan, lambda book: book.put(1, 2, c2="Друго")).context
    assert take(client, plan, context, "nothing").status_code == 422


def test_a_running_plan_is_amended(coordinator: Membership, plan: Plan) -> None:
    Plan.objects.update(state="running")
    client = signed_in(coordinator)
    answer = uploaded(client, plan, lambda book: book.put(1, 2, c2="Друго"))
    assert answer.context["is_running"]
    assert take(client, plan, answer.context).status_code == 302
