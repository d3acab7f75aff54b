"""Acknowledged is kept: web processes are killed while people save and answer, and nothing is lost (G01)."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.journeys import group
from tests.journeys.platform import ROOT
from tests.requirements import answering, killing

pytestmark = pytest.mark.every_database

KILLS = 3
WRITERS = RESPONDENTS = 3
ROUND = 10  # scores, and answers, acknowledged between two kills


@pytest.fixture
def database(django_db_setup: None, tmp_path: Path) -> Iterator[str]:
    with databases.with_tables(tmp_path) as address:
        yield address


def test_nothing_acknowledged_is_lost_or_doubled_when_processes_are_killed(tmp_path: Path, database: str):
    kept_through(tmp_path, database, kills=KILLS)


@pytest.mark.wide
def test_nothing_acknowledged_is_lost_or_doubled_in_hundreds_of_kills(tmp_path: Path, database: str):
    kept_through(tmp_path, database, kills=300)


def kept_through(folder: Path, database: str, *, kills: int) -> None:
    environment = os.environ | {"MERILO_VAR": str(folder), "DATABASE_URL": database}
    told = group.write(folder, ROOT, database=database, locked=False)
    short = answering.write(folder, environment)
    scores, answers, web = killing.Journal(), answering.Journal(), killing.Web(environment)
    port = web.server.port
    people: list[killing.Visitor] = [
        *(killing.Writer(port, told, f"member{n}", scores) for n in range(WRITERS)),
        *(answering.Respondent(port, short, n, answers) for n in range(RESPONDENTS)),
    ]
    try:
        with killing.at_work(people):
            killing.kill_while(web, scores.saved, answers.thanked, kills=kills, at_least=ROUND)
    finally:
        web.stop()
    judge_scores(scores, killing.stored(environment))
    judge_answers(answers, killing.stored(environment, answering.STORED))
    print(
        f"{kills} kills: {len(scores.saved)} scores and {len(answers.thanked)} answers acknowledged, ", end=""
    )
    print(f"{scores.lost_answers} and {answers.unanswered} requests without an answer")


def judge_scores(journal: killing.Journal, stored: dict[str, Any]) -> None:
    assert journal.conflicts == 0  # a form sent again is the same form
    assert journal.lost_answers > 0  # otherwise nothing was tried
    last = {(row[0], row[1]): row for row in stored["rows"]}
    for saved in journal.saved:
        _who, _code, version, score, _pk = last[saved.who, saved.code]
        assert version >= saved.version
        assert version > saved.version or score == saved.score
    assert len(last) == len(stored["rows"])  # none twice
    audited = defaultdict(list)
    for version, target in stored["audit"]:
        audited[target].append(version)
    for _who, _code, version, _score, pk in stored["rows"]:
        assert audited[pk] == list(range(1, version + 1))  # none half written: row and record are one
    assert stored["broken"] == []


def judge_answers(journal: answering.Journal, stored: dict[str, Any]) -> None:
    assert journal.unanswered > 0  # otherwise nothing was tried
    counts = Counter(stored["words"])
    assert set(journal.thanked) <= counts.keys()  # none lost
    assert max(counts.values()) == 1  # none double
    assert counts.keys() <= set(journal.begun)
    assert stored["forms"] == len(stored["words"])  # form and answer are one
