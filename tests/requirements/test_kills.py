"""Acknowledged is kept: web processes are killed while people save, and nothing is lost (G01)."""

from __future__ import annotations

import os
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.journeys import group
from tests.journeys.platform import ROOT
from tests.requirements import killing
from tests.requirements.killing import Journal, Writer

KILLS, WRITERS = 8, 4


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    with databases.empty(tmp_path) as address:
        yield address


@pytest.mark.django_db
def test_no_acknowledged_score_is_lost_when_processes_are_killed(tmp_path: Path, database: str):
    kept_through(tmp_path, database, kills=KILLS)


@pytest.mark.wide
@pytest.mark.django_db
def test_no_acknowledged_score_is_lost_in_hundreds_of_kills(tmp_path: Path, database: str):
    kept_through(tmp_path, database, kills=300)


def kept_through(folder: Path, database: str, *, kills: int) -> None:
    told = group.write(folder, ROOT, database=database, locked=False)
    environment = os.environ | {"MERILO_VAR": str(folder), "DATABASE_URL": database}
    journal, web = Journal(), killing.Web(environment)
    writers = [Writer(web.server.port, told, f"member{n}", journal) for n in range(WRITERS)]
    try:
        for writer in writers:
            writer.start()
        for _ in range(kills):
            time.sleep(random.uniform(0.05, 0.6))
            web.kill()
        time.sleep(0.5)  # those still on their way get their answer
    finally:
        for writer in writers:
            writer.over.set()
        for writer in writers:
            writer.join()
        web.stop()
    judge(journal, killing.stored(environment))
    print(f"{kills} kills, {len(journal.saved)} acknowledged, {journal.lost_answers} answers lost on the way")


def judge(journal: Journal, stored: dict[str, Any]) -> None:
    assert journal.conflicts == 0  # a form sent again is the same form
    assert len(journal.saved) > 50
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
