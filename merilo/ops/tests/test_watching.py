"""What is counted and written of a request: enough to see that something is wrong, nothing about whom."""

from __future__ import annotations

import io
import json
import logging
import math
import os
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max
from prometheus_client import REGISTRY

from merilo.core.binds import Bind
from merilo.core.logs import Json
from merilo.core.models import MOST_ATTEMPTS, OutgoingMail
from merilo.ops import health, metrics, watching
from merilo.ops.health import Check
from tests.journeys.platform import free_port
from tests.people import a_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The access lines of an installation whose log is JSON."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Json())
    before = watching.access.level
    watching.access.addHandler(handler)
    watching.access.setLevel(logging.INFO)
    yield written
    watching.access.removeHandler(handler)
    watching.access.setLevel(before)


def read(lines: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


# --- access lines -----------------------------------------------------------------------------------
def test_a_request_is_one_line_that_names_route_outcome_and_time(lines):
    answer = Client().get("/help/", {"q": "a-secret"})
    (line,) = read(lines)
    assert (line["route"], line["method"], line["status"], line["person"]) == ("site:help", "GET", 200, "")
    assert line["request"] == answer["X-Request-ID"]
    assert isinstance(line["milliseconds"], float)
    assert line["message"] == "GET site:help 200"


def test_a_line_holds_neither_address_nor_query_nor_who_asked(lines):
    person = a_person("Канарка Логова", email="kanarka@town.example")
    client = signed_in(person)
    client.get("/accounts/invitation/kanarka-token-77/", {"q": "kanarka-query"})
    client.get("/nowhere/kanarka-path/", REMOTE_ADDR="203.0.113.77")
    text = lines.getvalue().casefold()
    assert [word for word in ("kanarka", "канарка", "203.0.113", str(person.pk)) if word in text] == []
    assert [line["route"] for line in read(lines)] == ["site:invitation", "none"]


def test_requests_of_one_person_share_a_sign_that_others_do_not_have(lines):
    one, other = signed_in(a_person("Едно")), signed_in(a_person("Друго"))
    for client in (one, one, other):
        client.get("/accounts/profile/")
    first, again, another = (str(line["person"]) for line in read(lines))
    assert (first == again, first == another, len(first)) == (True, False, 16)
    assert read(lines)[0]["route"] == "accounts:me"


def test_invented_methods_and_paths_make_no_names(lines):
    Client().generic("BREW", "/nowhere/x/")
    Client().get("/static/nothing.css")
    assert [(line["method"], line["route"]) for line in read(lines)] == [("other", "none"), ("GET", "static")]


def test_nothing_is_written_where_the_log_is_text(settings):
    settings.METRICS_BIND = None
    with pytest.raises(MiddlewareNotUsed):
        watching.WatchMiddleware(lambda _request: HttpResponse())


# --- what is counted --------------------------------------------------------------------------------
def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_requests_and_failed_sign_ins_are_counted(settings):
    settings.METRICS_BIND = Bind("127.0.0.1", 1)
    page = {"route": "site:about", "method": "GET"}
    sign_in = {"login": "nobody@town.example", "password": "wrong-password-here"}
    before = counted("merilo_requests_total", status="200", **page), counted("merilo_failed_sign_ins_total")
    Client().get("/about/")
    Client().post("/accounts/login/", sign_in)
    after = counted("merilo_requests_total", status="200", **page), counted("merilo_failed_sign_ins_total")
    assert after == (before[0] + 1, before[1] + 1)
    assert counted("merilo_request_seconds_count", **page) >= 1


# --- what is asked ----------------------------------------------------------------------------------
@pytest.fixture
def told(settings, tmp_path, monkeypatch):
    """The numbers that are asked at each reading, by name and label."""
    settings.BACKUPS_DIR = tmp_path
    monkeypatch.setattr(metrics, "connection", SimpleNamespace(close=lambda: None))

    def ask() -> dict[str, float]:
        samples = [sample for metric in metrics.Installation().collect() for sample in metric.samples]
        return {f"{one.name}{''.join(one.labels.values())}": one.value for one in samples}

    return ask


def test_tasks_mails_and_backups_are_told(told, tmp_path):
    now = timezone.now()
    task = {"task_path": "x", "args_kwargs": {}, "backend_name": "default", "status": "READY"}
    DBTaskResult.objects.create(**task, run_after=now + timedelta(hours=1))
    old = DBTaskResult.objects.create(**task, run_after=get_date_max())
    DBTaskResult.objects.filter(pk=old.pk).update(enqueued_at=now - timedelta(minutes=20))
    mail = {"created_at": now, "not_before": now - timedelta(minutes=1)}
    OutgoingMail.objects.create(**mail)
    OutgoingMail.objects.create(**mail, sent_at=now)
    OutgoingMail.objects.create(**mail, attempts=MOST_ATTEMPTS)
    OutgoingMail.objects.create(**mail, handed_at=now - timedelta(hours=1))
    found = told()
    assert found["merilo_tasks_waiting"] == 1
    assert 1200 <= found["merilo_task_oldest_seconds"] < 1300
    assert [found[f"merilo_mails{state}"] for state in ("waiting", "failed", "unknown")] == [1, 1, 1]
    assert (found["merilo_readydatabase"], found["merilo_readytasks"]) == (1, 0)
    assert found["merilo_backup_age_seconds"] == math.inf
    (tmp_path / "merilo-20261126T030000Z.zip").touch()
    assert told()["merilo_backup_age_seconds"] < 60


def test_without_a_database_the_rest_is_told(told, monkeypatch):
    monkeypatch.setattr(health, "checks", lambda: [Check("database", ok=False), Check("disk", ok=True)])
    found = told()
    assert (found["merilo_readydatabase"], found["merilo_readydisk"]) == (0, 1)
    assert "merilo_tasks_waiting" not in found


def test_metrics_are_read_at_their_own_address_only(client, monkeypatch):
    monkeypatch.setattr(metrics.Installation, "collect", lambda _self: iter(()))
    bind = Bind("127.0.0.1", free_port())
    with metrics.served(bind):
        assert os.environ["PROMETHEUS_MULTIPROC_DIR"]
        with urllib.request.urlopen(bind.address, timeout=5) as answer:  # noqa: S310  loopback
            assert answer.status == 200
        with pytest.raises(metrics.NotServed), metrics.served(bind):
            pass
    assert client.get("/metrics").status_code == 404
    with metrics.served(None):
        assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
