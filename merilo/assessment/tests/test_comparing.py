"""Two approved self-assessments side by side: what is chosen, what is compared, what is said where not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from merilo.assessment.models import Agreement, Assessment, EnteredCycle, State, Statement
from merilo.assessment.queries import comparing as queries
from merilo.assessment.rules.comparison import Change
from merilo.core import workbooks
from merilo.framework.loading import load_shipped
from merilo.organisations.models import Membership
from tests.people import a_member, a_seat, an_assessment, an_edition, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db
TRAINING = "Служителите се обучават ежегодно по утвърден план."
AGAIN = "Ежегодно обучение на служителите по план"


class Town:
    """A town with two approved cycles of the same framework and method."""

    def __init__(self, **later: Any) -> None:
        self.organisation = an_organisation()
        self.boss = a_member(self.organisation, "coordinator")
        self.before = self.cycle(2021, {"1.1": 40, "1.2": 30, "6.1": 20}, TRAINING, "Няма карта на процесите")
        later = {"scores": {"1.1": 55, "1.2": 25, "6.1": 20}} | later
        self.after = self.cycle(2023, later.pop("scores"), AGAIN, "Малко показатели за хората", **later)

    def cycle(self, year: int, scores: dict[str, Any], strength: str, area: str, **fields: Any) -> Assessment:
        values: dict[str, Any] = {"state": State.APPROVED, "title": f"Самооценка {year}"} | fields
        values |= {"period_from": date(year - 1, 1, 1), "period_until": date(year, 12, 31)}
        made = an_assessment(self.organisation, **values)
        for code, score in scores.items():
            stored = score if isinstance(score, dict) else {"score": score}
            Agreement.objects.create(assessment=made, code=code, state="agreed", values=stored)
        for kind, text in (("strength", strength), ("area", area)):
            Statement.objects.create(assessment=made, code="1.1", kind=kind, text=text)
        return made

    def client(self, member: Membership | None = None) -> Client:
        client = signed_in(member or self.boss)
        client.cookies["language"] = "en"
        return client

    def page(self, query: str = "", *, status: int = 200, member: Membership | None = None) -> str:
        answer = self.client(member).get(f"/o/{self.organisation.slug}/a/compare/{query}")
        assert answer.status_code == status
        return answer.content.decode()

    def chosen(self, before: Assessment, after: Assessment) -> str:
        return f"?before={before.pk}&after={after.pk}"


def entered(assessment: Assessment, source: str) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(is_entered=True)
    EnteredCycle.objects.create(assessment=assessment, source=source, entered_at=timezone.now())


def found_in(town: Town) -> queries.SideBySide:
    cycles = queries.settled(as_viewer(town.boss), on=timezone.localdate())
    pair = queries.pair_of(cycles, cycles[0])
    assert pair is not None
    return queries.side_by_side(*pair)


# --- what is compared ---------------------------------------------------------------------------------


def test_figures_and_texts_of_the_last_two_stand_side_by_side() -> None:
    town = Town()
    found = found_in(town)
    assert (found.before, found.after, found.refusal) == (town.before, town.after, None)
    first = found.items[0]
    assert first.change == Change("1.1", Decimal(40), Decimal(55))
    assert [change.difference for change in found.criteria if change.code in "16"] == [5, 0]
    assert [one.after for one in first.said["strength"].stayed] == [AGAIN]
    assert (first.said["area"].new, first.said["area"].gone) == (
        ("Малко показатели за хората",),
        ("Няма карта на процесите",),
    )
    page = town.page()
    assert "Criteria: 1 higher, 0 lower, 1 unchanged." in page
    assert "40 → 55 (+15)" in page
    assert f"before: {TRAINING}" in page
    assert "1 new, 0 stayed, 1 gone" in page
    assert page.count('class="chart"') == 4  # two pictures, each narrow and wide
    assert "1 Leadership: 35 → 40 (+5)" in page  # in words for who does not see the picture


def test_the_earlier_stands_first_however_it_is_chosen() -> None:
    town = Town()
    page = town.page(town.chosen(town.after, town.before))
    assert "40 → 55 (+15)" in page


def test_other_methods_stand_side_by_side_without_a_difference_and_texts_are_compared() -> None:
    parts = {"plan": 40, "do": 40, "check": 40, "act": 40}
    town = Town(method="fine-tuned", scores={"1.1": parts})
    assert found_in(town).refusal is not None
    page = town.page()
    assert "The points cannot be compared" in page
    assert "40 → 40" in page
    assert "(0)" not in page
    assert 'class="chart"' not in page
    assert f"before: {TRAINING}" in page


def test_other_frameworks_are_not_set_side_by_side_at_all() -> None:
    town = Town()
    town.cycle(
        2025,
        {},
        "Друга сила",
        "Друга област",
        edition=an_edition("principles-12"),
        method=load_shipped("principles-12").methods[0].code,
    )
    latest = queries.settled(as_viewer(town.boss), on=timezone.localdate())[0]
    page = town.page(town.chosen(town.after, latest))
    assert "different frameworks" in page
    assert "Друга сила" not in page
    assert AGAIN not in page
    assert "What was said" not in page


def test_a_cycle_by_caf_2013_is_compared_by_number_and_says_where_care_is_needed() -> None:
    town = Town()
    entered(town.before, "caf-2013")
    Statement.objects.create(assessment=town.after, code="1.3", kind="area", text="Няма награди")
    page = town.page()
    assert "Done elsewhere and entered afterwards: Самооценка 2021." in page
    assert "Done by CAF 2013" in page
    assert page.count("CAF 2020 changed the wording here") == 1  # 1.3, not 1.1
    assert found_in(town).mapped


def test_criteria_that_rest_on_different_sub_criteria_are_named() -> None:
    town = Town(scores={"1.1": 55})
    assert found_in(town).uneven == ("1", "6")
    page = town.page()
    assert "In criteria 1, 6 not the same sub-criteria were scored" in page
    assert '<td class="r">–</td>' in page


# --- what may be chosen -------------------------------------------------------------------------------


def test_the_same_twice_is_refused_with_a_sentence() -> None:
    town = Town()
    assert "Choose two different cycles." in town.page(town.chosen(town.after, town.after), status=422)


def test_a_cycle_stands_with_the_one_it_names_and_the_first_with_the_one_that_followed() -> None:
    town = Town()
    last = town.cycle(2025, {"1.1": 60}, "Сила", "Област", previous=town.before)
    cycles = queries.settled(as_viewer(town.boss), on=timezone.localdate())
    assert queries.pair_of(cycles, last) == (town.before, last)
    assert queries.pair_of(cycles, town.after) == (town.before, town.after)
    assert queries.pair_of(cycles, town.before) == (town.before, town.after)
    assert "40 → 60" in town.page(f"?after={last.pk}")


@pytest.mark.parametrize("state", [State.AGREEING, State.REPORTING])
def test_what_is_not_approved_is_not_compared(state: str) -> None:
    town = Town(state=state)
    assert "There are not two cycles yet" in town.page()
    town.page(town.chosen(town.before, town.after), status=404)
    file = town.client().get(f"/o/{town.organisation.slug}/a/compare/file/")
    assert file.status_code == 404


def test_another_organisations_cycle_is_never_found_and_a_guest_has_only_the_invited_one() -> None:
    town, other = Town(), Town()
    town.page(town.chosen(other.before, town.after), status=404)
    town.page("?after=nonsense", status=404)
    guest = a_member(town.organisation, "guest")
    a_seat(town.after, guest, "consultant")
    assert "There are not two cycles yet" in town.page(member=guest)
    town.page(town.chosen(town.before, town.after), member=guest, status=404)


def test_the_list_and_the_report_lead_here() -> None:
    town = Town()
    client, place = town.client(), f"/o/{town.organisation.slug}/a/"
    assert f'href="{place}compare/"' in client.get(place).content.decode()
    report = client.get(f"{place}{town.after.pk}/report/").content.decode()
    assert f'href="{place}compare/?after={town.after.pk}"' in report
    Assessment.objects.filter(pk=town.after.pk).update(state=State.REPORTING)
    assert "compare/" not in client.get(place).content.decode()
    assert "compare/" not in client.get(f"{place}{town.after.pk}/report/").content.decode()


def test_the_queries_do_not_grow(django_assert_num_queries: Any) -> None:
    town = Town()
    viewer = as_viewer(town.boss)
    for year in (2025, 2027):
        town.cycle(year, {"1.1": 10, "2.1": 20, "3.1": 30}, TRAINING, "Област")
        with django_assert_num_queries(5):
            cycles = queries.settled(viewer, on=timezone.localdate())
            queries.side_by_side(*(queries.pair_of(cycles, cycles[0]) or ()))


# --- the workbook -------------------------------------------------------------------------------------


def test_the_workbook_says_the_same() -> None:
    town = Town()
    town.after.previous = town.before
    town.after.save()
    answer = town.client().get(f"/o/{town.organisation.slug}/a/compare/file/?after={town.after.pk}")
    assert answer["Content-Disposition"] == 'attachment; filename="comparison-2021-2023.xlsx"'
    upload = SimpleUploadedFile("comparison.xlsx", answer.content)
    about, criteria, items, texts = (grid.rows for grid in workbooks.read(upload))
    assert about[2][1] == "Самооценка 2021: CAF 2020, Classical scoring, 2020–2021"
    assert criteria[0] == ("No.", "Title", "Самооценка 2021", "Самооценка 2023", "Difference")
    assert criteria[1][2:] == (35, 40, 5)
    assert [row[2:] for row in items[1:3]] == [(40, 55, 15), (30, 25, -5)]
    assert texts[1:] == (
        ("1.1", "Strengths", "stayed", TRAINING, AGAIN),
        ("1.1", "Areas for improvement", "new", "", "Малко показатели за хората"),
        ("1.1", "Areas for improvement", "gone", "Няма карта на процесите"),
    )


def test_the_workbook_of_what_cannot_be_subtracted_has_no_differences() -> None:
    town = Town(method="fine-tuned", scores={})
    answer = town.client().get(f"/o/{town.organisation.slug}/a/compare/file/")
    grids = workbooks.read(SimpleUploadedFile("comparison.xlsx", answer.content))
    assert "Difference" not in grids[1].rows[0]
    assert any("different methods" in str(cell) for row in grids[0].rows for cell in row)


def test_an_approved_cycle_leads_to_its_comparison() -> None:
    town = Town()
    here = f"/o/{town.organisation.slug}/a/"
    link = f"{here}compare/?after={town.after.pk}"
    assert link in town.client().get(f"{here}{town.after.pk}/").content.decode()
    assert town.client().get(link).status_code == 200
