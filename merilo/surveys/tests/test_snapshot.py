"""Columns and tallies of a closed survey are what its responses say, and open answers stand alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from merilo.surveys import tasks
from merilo.surveys.actions import running
from merilo.surveys.analysis import storing, texts
from merilo.surveys.analysis.columns import NO_ANSWER, NOT_SHOWN, read
from merilo.surveys.models import OpenText, Response, Snapshot, State
from merilo.surveys.queries.texts import counts_of
from tests.people import a_member, an_organisation, as_viewer
from tests.surveys import a_survey, answered

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
ROWS = (
    {"age": "young", "visited": True, "quality.speed": "s5", "overall": 4, "channels": ["web", "desk"]},
    {"age": "old", "visited": False, "overall": 2, "channels": [], "wishes": "Повече гишета."},
    {"age": "old", "visited": True, "quality.speed": "dk", "channels": ["other"], "channels.other": "поща"},
)


def test_answers_become_columns() -> None:
    survey = a_survey(an_organisation(), state=State.CLOSED)
    answered(survey, *ROWS, on=date(2026, 11, 3))
    columns = read(survey)
    assert sorted(columns["age"].tolist()) == [0, 2, 2]
    assert sorted(columns["quality.speed"].tolist()) == [NOT_SHOWN, 4, 5]
    assert sorted(columns["quality.staff"].tolist()) == [NOT_SHOWN, NO_ANSWER, NO_ANSWER]
    assert sorted(columns["overall"].tolist()) == [NO_ANSWER, 1, 3]
    assert sorted(columns["channels:web"].tolist()) == [0, 0, 1]
    assert sorted(columns["wishes"].tolist()) == [NO_ANSWER, NO_ANSWER, 1]
    assert set(columns.day.tolist()) == {(date(2026, 11, 3) - date(1970, 1, 1)).days}
    assert len(columns.where(columns["age"] == 2)["overall"]) == 2


def test_closing_makes_the_snapshot_with_tallies_and_texts(django_capture_on_commit_callbacks) -> None:
    town = an_organisation()
    survey = a_survey(town)
    answered(survey, *ROWS)
    answered(survey, ROWS[0], marked=True)
    with django_capture_on_commit_callbacks(execute=True):
        running.close_survey(
            viewer=as_viewer(a_member(town, "coordinator")), survey=survey, at=timezone.now()
        )
    snapshot = Snapshot.objects.select_related("file").get(survey=survey)
    assert snapshot.responses == 4
    tallies = snapshot.tallies
    assert tallies["marked"] == 1
    assert tallies["all"]["age"]["counts"] == [2, 0, 2]
    assert tallies["unmarked"]["age"]["counts"] == [1, 0, 2]
    assert tallies["all"]["channels"]["counts"] == [2, 2, 1]
    assert tallies["all"]["quality.speed"] == {
        "kind": "choice",
        "codes": ["s1", "s2", "s3", "s4", "s5", "dk"],
        "counts": [0, 0, 0, 0, 2, 1],
        "base": 3,
        "none": 0,
        "away": 1,
    }
    columns = storing.load(snapshot)
    assert columns is not None
    assert np.array_equal(columns["overall"], read(survey)["overall"], equal_nan=True)
    assert sorted(OpenText.objects.values_list("item", "text")) == [
        ("channels.other", "поща"),
        ("wishes", "Повече гишета."),
    ]


def test_a_snapshot_made_again_copies_no_text_twice() -> None:
    survey = a_survey(an_organisation(), state=State.CLOSED)
    answered(survey, *ROWS)
    for _ in range(2):
        storing.make_snapshot(survey, timezone.now())
    assert OpenText.objects.count() == 2


def test_two_workers_at_one_snapshot_copy_no_text_twice(monkeypatch) -> None:
    monkeypatch.setattr(texts, "CHUNK", 1)
    survey = a_survey(town := an_organisation(), state=State.CLOSED)
    answered(survey, *ROWS)
    reader, begun = as_viewer(a_member(town, "coordinator")), timezone.now()
    stored: list[int] = []
    late = texts.Copier(survey, lambda: begun)
    real = late._copy

    def interrupted(chunk, items) -> int:
        if len(stored) == 2:  # for so long that another worker takes it for killed
            assert counts_of(reader, survey) == []
            assert tasks.take_snapshot.func(str(survey.pk)) == 0
            monkeypatch.setattr(texts, "SILENT", timedelta(0))
            assert storing.make_snapshot(survey, begun).responses == 3
        stored.append(real(chunk, items))
        return stored[-1]

    monkeypatch.setattr(late, "_copy", interrupted)
    with pytest.raises(texts.Overtaken):
        late.copy()
    with pytest.raises(texts.Overtaken):
        late.end()
    with pytest.raises(texts.Overtaken):
        texts.Copier(survey).copy()
    assert dict(counts_of(reader, survey)) == {"channels.other": {"new": 1}, "wishes": {"new": 1}}


def test_a_survey_that_nobody_answered_has_a_snapshot_too() -> None:
    survey = a_survey(an_organisation(), state=State.CLOSED)
    snapshot = storing.make_snapshot(survey, timezone.now())
    assert snapshot.responses == 0
    assert snapshot.tallies["all"]["age"]["counts"] == [0, 0, 0]


def test_an_open_survey_has_none() -> None:
    with pytest.raises(storing.NotClosed):
        storing.make_snapshot(a_survey(an_organisation()), timezone.now())


def test_numbers_are_counted_in_ranges_whose_ends_tell_no_extremes() -> None:
    plain = {
        "languages": ["bg"],
        "title": {"bg": "А"},
        "mode": "anonymous",
        "audience": "citizens",
        "floor": 5,
        "pages": [
            {
                "code": "p",
                "parts": [
                    {"kind": "number", "code": "wait", "text": {"bg": "?"}},
                    {"kind": "date", "code": "when", "text": {"bg": "?"}},
                    {
                        "kind": "ranking",
                        "code": "order",
                        "text": {"bg": "?"},
                        "options": [{"code": code, "text": {"bg": code}} for code in "ab"],
                    },
                ],
            }
        ],
    }
    survey = a_survey(an_organisation(), state=State.CLOSED, plain=plain)
    rows = [{"wait": n, "when": f"2026-0{1 + n % 6}-10", "order": ["b", "a"]} for n in range(1, 61)]
    answered(survey, *rows, {"wait": 4_711}, {})
    tallies = storing.make_snapshot(survey, timezone.now()).tallies["all"]
    assert sum(tallies["wait"]["counts"]) == tallies["wait"]["base"] == 61
    assert max(tallies["wait"]["edges"]) < 61
    assert tallies["wait"]["median"] == 31
    assert tallies["when"]["none"] == 2
    assert tallies["order"]["counts"] == [[0, 60], [60, 0]]
    assert Response.objects.filter(survey=survey).count() == 62


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_others_may_write_while_open_answers_are_copied(monkeypatch) -> None:
    """SQLite refuses to write amid a reading that others have outdated since."""
    monkeypatch.setattr(texts, "CHUNK", 2)
    survey = a_survey(an_organisation(), state=State.CLOSED)
    answered(survey, *ROWS, *ROWS)
    copier = texts.Copier(survey)
    real = copier._copy

    def beside(chunk, items) -> int:
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("UPDATE surveys_survey SET title = title")
        return real(chunk, items)

    monkeypatch.setattr(copier, "_copy", beside)
    assert copier.copy() == 4
