"""What everybody may read: exactly the published parts, in every format."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import docx
import pypdf
import pytest
import python_calamine
from django.test import Client

from merilo.assessment.actions import report as actions
from merilo.assessment.models import (
    Agreement,
    Assessment,
    Contribution,
    Evidence,
    EvidenceUse,
    ReportSection,
    Statement,
)
from merilo.assessment.queries import revisions
from merilo.assessment.reporting import workbook
from merilo.assessment.reporting.texts import PARTS
from merilo.assessment.tests.written import Written, build, fill
from merilo.groups.models import Gathering
from merilo.organisations.models import OfficialDocument, Organisation, Unit
from tests.people import NOON, a_member, a_seat, an_assessment

pytestmark = pytest.mark.django_db

# A word for everything that a report could tell, and the parts that must be published for it.
OWNERS = {
    "zqscope": "introduction",
    "zqintro": "introduction",
    "zqmethod": "introduction",
    "zqorder": "introduction",
    "zqgroup": "group",
    "zqname": "group",
    "zqpost": "group",
    "zqtrain": "group",
    "zqteach": "group",
    "zqsum": "results",
    "zqcrit": "findings",
    "zqstrong": "findings",
    "zqarea": "findings",
    "zqwhy": "findings results",
    "zqdiffer": "findings",
    "zqnone": "findings results",
    "zqmeas": "measures",
    "zqconcl": "measures",
    "zqidea": "measures",
    "zqchange": "change",
    "zqbefore": "change",
    "zqproof": "annexes",
}
NEVER = {"zqagree", "zqperson", "zqauthor", "zqunit", "zqtext", "zqurl", "zqdetail", "zqhidden"}
NUMBERS = {"mean", "mean_of_items", "mean_of_criteria", "lowest", "highest", "score", "values", "scored"}
BEFORE = {"before", "change"}


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
def telling() -> Written:
    """A report in which every word of OWNERS and NEVER stands in its place."""
    written = Written(scope="zqscope")
    assessment = written.assessment
    past = an_assessment(written.town, written.coordinator, title="zqbefore")
    fill(past, 30)
    numbers = {"order": "zqorder", "centre_agreement": "zqagree"}
    Assessment.objects.filter(pk=assessment.pk).update(
        previous=past,
        **{
            place: OfficialDocument.objects.create(
                organisation=written.town, kind="order", number=number, date=NOON.date(), added_at=NOON
            )
            for place, number in numbers.items()
        },
    )
    texts = {"introduction": "zqintro", "method": "zqmethod", "group": "zqgroup", "summary": "zqsum"}
    texts |= {"measures": "zqmeas", "conclusion": "zqconcl", "change": "zqchange", "criterion-1": "zqcrit"}
    for key, text in texts.items():
        ReportSection.objects.create(report=assessment.report, key=key, text=text, saved_at=NOON)
    _agreed(assessment)
    _people(written)
    _shelf(written)
    return written


def _agreed(assessment: Assessment) -> None:
    first = Agreement.objects.get(assessment=assessment, code="1.1")
    first.justification = "zqwhy"
    first.save()
    first.dissents.create(text="zqdiffer", name="zqperson", at=NOON)
    Agreement.objects.filter(assessment=assessment, code="9.2").update(values={}, justification="zqnone")
    for kind, text in (("strength", "zqstrong"), ("area", "zqarea"), ("idea", "zqidea")):
        statement = Statement.objects.create(assessment=assessment, code="1.1", kind=kind, text=text)
        statement.sources.add(
            Contribution.objects.create(
                assessment=assessment, code="1.1", kind=kind, text="zqtext", author="zqauthor"
            )
        )


def _people(written: Written) -> None:
    a_seat(written.assessment, a_member(written.town, name="zqname", position="zqpost"), position=5)
    Gathering.objects.create(
        organisation=written.town,
        group=written.assessment.group,
        kind="training",
        title="zqtrain",
        lecturer="zqteach",
        from_date=NOON.date(),
        until_date=NOON.date(),
    )


def _shelf(written: Written) -> None:
    unit = Unit.objects.create(organisation=written.town, name="zqunit")
    facts: dict[str, Any] = {"text": "zqtext", "url": "https://zqurl.example", "details": {"a": "zqdetail"}}
    for title, hidden in (("zqproof", False), ("zqhidden", True)):
        row = Evidence.objects.create(
            assessment=written.assessment,
            kind="note",
            title=title,
            unit=unit,
            only_coordinator=hidden,
            added_at=NOON,
            **facts,
        )
        EvidenceUse.objects.create(evidence=row, code="1.1")


def fetched(slug: str, format_: str) -> bytes | None:
    """A public document as a visitor gets it, None where there is none."""
    answer = Client().get(f"/reports/{slug}/{format_}/" if format_ != "page" else f"/reports/{slug}/")
    if answer.status_code == 404:
        return None
    assert answer.status_code == 200
    return answer.getvalue()


def words_of(slug: str, format_: str) -> str:
    """Everything that can be read in one format."""
    content = fetched(slug, format_)
    assert content is not None
    match format_:
        case "pdf":
            return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
        case "docx":
            return " ".join(docx.Document(io.BytesIO(content)).element.body.itertext())
        case "xlsx":
            book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
            return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
        case _:
            return content.decode()


def keys_of(value: Any) -> Iterator[str]:
    """All keys of a JSON, however deep."""
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys_of(inner)


@pytest.mark.parametrize("parts", [*([part] for part in PARTS), ["findings", "results"]], ids="+".join)
def test_a_published_part_tells_its_own_words_and_no_other_in_any_format(
    telling: Written, parts: list[str]
) -> None:
    revision = telling.approved()
    slug = telling.publish(revision, parts)
    build(revision)
    told = {}
    for format_ in ("page", "json", "pdf", "docx", "xlsx"):
        words = words_of(slug, format_)
        told[format_] = {word for word in {*OWNERS, *NEVER} if word in words}
    chosen = {word for word, owners in OWNERS.items() if {*owners.split()} <= {*parts}}
    assert told["json"] == chosen
    assert told["page"] | {"zqorder"} & chosen == chosen  # the order is named on the title page of the files
    assert told["pdf"] == told["docx"] == chosen
    assert told["xlsx"] <= chosen


def numbers_in(slug: str) -> set[str]:
    """The keys of all that may hold numbers; the texts have keys of their own."""
    content = json.loads(words_of(slug, "json"))
    return set(keys_of(content | {"sections": {}}))


@pytest.mark.parametrize("part", PARTS)
def test_numbers_leave_with_the_results_and_those_before_only_with_the_change_too(
    telling: Written, part: str
) -> None:
    revision = telling.approved()
    slug = telling.publish(revision, [part])
    keys = numbers_in(slug)
    assert not keys & BEFORE
    assert bool(keys & NUMBERS) == (part == "results")
    telling.publish(telling.stored(), ["results", "change"])
    assert numbers_in(slug) > BEFORE


def test_change_without_results_counts_the_better_criteria(telling: Written) -> None:
    slug = telling.publish(telling.approved("en"), ["change"])
    assert "9 of 9 criteria are higher than in “zqbefore”." in words_of(slug, "page")


def test_findings_without_results_say_nothing_of_scores(telling: Written) -> None:
    revision = telling.approved("en")
    slug = telling.publish(revision, ["findings"])
    page = words_of(slug, "page")
    assert "Not scored" not in page
    assert "Agreed score" not in page
    telling.publish(telling.stored(), ["findings", "results"])
    page = words_of(slug, "page")
    assert page.count("Agreed score: 40 points") == 27
    assert "Not scored. zqnone" in page


def test_internal_report_leaves_the_evidence_itself_on_the_shelf(telling: Written) -> None:
    revision = telling.approved()
    assert not [word for word in ("zqhidden", "zqtext", "zqurl", "zqdetail") if word in revision.content]


def test_files_of_withdrawn_parts_are_gone_before_the_worker_comes_by(telling: Written) -> None:
    revision = telling.approved()
    slug = telling.publish(revision, ["introduction", "findings"])
    build(revision)
    assert "zqarea" in words_of(slug, "docx")
    telling.publish(telling.stored(), ["introduction"])
    assert fetched(slug, "docx") is None
    build(revision)
    assert "zqarea" not in words_of(slug, "docx")


def test_a_worker_that_was_late_leaves_no_file_of_the_parts_before(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = written.approved()
    slug = written.publish(revision, ["introduction", "findings"])

    def drawn(*_revision: object, **_how: object) -> bytes:
        written.publish(written.stored(), ["introduction"])
        return b"of the parts before"

    monkeypatch.setattr("merilo.assessment.tasks.draw", drawn)
    build(revision)
    assert fetched(slug, "docx") is None


def test_withdrawn_report_has_no_files(written: Written) -> None:
    revision = written.approved()
    slug = written.publish(revision, ["introduction"])
    build(revision)
    actions.withdraw(viewer=written.viewer, revision=written.stored(), at=NOON)
    assert fetched(slug, "docx") is None


# --- days and numbers ---------------------------------------------------------------------------------
LATE = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # already the next day in Sofia


def test_days_are_those_of_the_organisation(written: Written) -> None:
    Assessment.objects.filter(pk=written.assessment.pk).update(locked_at=LATE)
    Organisation.objects.filter(pk=written.town.pk).update(time_zone="Europe/Sofia")
    revision = written.submitted()
    actions.approve(viewer=written.head, revision=revision, at=LATE)
    revision = written.stored()
    slug = actions.publish(viewer=written.viewer, revision=revision, parts=["introduction"], at=LATE)
    assert revisions.content_of(revision)["assessment"]["locked_at"] == "2026-11-24"
    assert "24.11.2026" in revisions.stamp_of(revision).approval
    Organisation.objects.filter(pk=written.town.pk).update(time_zone="America/New_York")
    for address in ("/reports/", f"/reports/{slug}/"):
        page = Client().get(address).content.decode()
        assert "23.11.2026" in page
        assert "24.11.2026" not in page


@pytest.mark.parametrize(
    ("value", "form", "signed"),
    [
        ("50", "0", '+0;"−"0'),
        ("41.25", "0.0", '+0.0;"−"0.0'),
        ("49.96", "0", '+0;"−"0'),
        ("0.04", "0", "0;0;0"),
        ("-0.04", "0", "0;0;0"),
    ],
)
def test_workbook_shows_numbers_as_the_page_does(value: str, form: str, signed: str) -> None:
    assert workbook.form_of(Decimal(value)) == form
    assert workbook.form_of(Decimal(value), signed=True) == signed


# --- the page -----------------------------------------------------------------------------------------
def test_published_results_open_the_page_before_the_text(telling: Written) -> None:
    slug = telling.publish(telling.approved("en"), ["introduction", "results"])
    page = words_of(slug, "page")
    result, text = page.split('<article class="document"')
    assert result.count('<b class="big">') == 3
    assert result.count('<div class="on-wide">') == 1
    assert text.count('<div class="on-wide">') == 1  # the shape; the bars are not drawn twice
    telling.publish(telling.stored(), ["introduction"])
    assert '<b class="big">' not in words_of(slug, "page")


def test_page_links_to_its_chapters_and_files_above_the_text(telling: Written) -> None:
    revision = telling.approved("en")
    slug = telling.publish(revision, ["introduction", "findings"])
    build(revision)
    above, text = words_of(slug, "page").split('<article class="document"')
    places = re.findall(r'<a href="#([\w-]+)">', above.split('aria-labelledby="contents"')[1])
    assert places == ["part-introduction", *(f"criterion-{number}" for number in range(1, 10))]
    assert all(f'id="{place}"' in text for place in places)
    assert re.findall(rf'href="/reports/{slug}/(\w+)/"', above) == ["pdf", "docx", "xlsx", "json"]


def test_report_is_named_in_its_own_language_for_a_reader_of_another(telling: Written) -> None:
    slug = telling.publish(telling.approved("bg"), ["introduction"])
    page = Client().get(f"/reports/{slug}/", headers={"accept-language": "en"}).content.decode()
    heading = page.split("<main")[1].split("</h1>")[0]
    assert '<div lang="bg">' in heading
    assert "Доклад от самооценката" in heading
    assert "Contents</h2>" in page
