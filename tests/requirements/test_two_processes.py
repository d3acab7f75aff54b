"""Two web processes, a worker and a proxy are one installation: what one of them knows, all know."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.requirements import two_processes
from tests.requirements.two_processes import Installation, Visitor

ADDRESS, PASSWORD = "first.person@town.example", "a-long-password-for-two"


@pytest.fixture
def installation(tmp_path: Path, transactional_db: None) -> Iterator[Installation]:
    with databases.with_tables(tmp_path) as database, two_processes.running(tmp_path, database) as running:
        yield running


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_web_processes_and_a_worker_behind_a_proxy_are_one_installation(installation: Installation):
    one, other, front = installation.one, installation.other, installation.front
    person = Visitor(installation.origin)

    # The web process asks for a mail and the worker sends it.
    named = {"email": ADDRESS, "name": "Първи Човек", "password1": PASSWORD}
    assert person.post(front, "/accounts/signup/", named).status == 302
    link = installation.postbox.link_for(ADDRESS, containing="confirm")
    assert person.post(other, link, {}).status == 302

    # Who signs in at one is known at the other, and not when signed out there.
    assert person.post(one, "/accounts/login/", {"login": ADDRESS, "password": PASSWORD}).status == 302
    assert "__Host-session" in person.cookies
    for door in (one, other, front):
        assert person.get(door, "/accounts/profile/").status == 200
    person.post(other, "/accounts/logout/", {})
    assert person.get(one, "/accounts/profile/").status == 302

    # What one counts holds in the other, and for who writes another address than the own before the proxy.
    stranger, wrong = Visitor(installation.origin), {"login": ADDRESS, "password": "not-the-password"}
    tries = [stranger.post(door, "/accounts/login/", wrong).status for door in (one, other, one, other, one)]
    assert 429 not in tries
    refused = stranger.post(other, "/accounts/login/", wrong)
    assert (refused.status, int(refused.headers["Retry-After"]) > 0) == (429, True)
    if front is not one:
        lying = two_processes.Door(front.port, {"X-Forwarded-For": "203.0.113.9"}, front.certificate)
        assert stranger.post(lying, "/accounts/login/", wrong).status == 429

    static_files_are_careful(installation)
    metrics_tell(installation)
    log_tells_nobody(installation)


def static_files_are_careful(installation: Installation) -> None:
    visitor = Visitor(installation.origin)
    page = visitor.get(installation.front, "/help/")
    found = re.search(r'href="(/static/[^"]+\.css)"', page.text)
    assert found
    style = visitor.get(installation.front, found.group(1))
    assert (style.status, style.headers.get_content_type()) == (200, "text/css")
    assert style.headers["X-Content-Type-Options"] == "nosniff"
    assert style.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert style.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "immutable" in style.headers["Cache-Control"]


def metrics_tell(installation: Installation) -> None:
    """Of both workers of the process, and of the database that all share."""
    address = f"http://127.0.0.1:{installation.metrics_port}/metrics"
    with urllib.request.urlopen(address, timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    told = {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in lines) if name[0] != "#"
    }
    assert told['merilo_requests_total{method="POST",route="account_login",status="302"}'] >= 1
    assert told['merilo_request_seconds_count{method="GET",route="account_login"}'] >= 4
    assert told["merilo_failed_sign_ins_total"] >= 3
    assert told['merilo_ready{check="database"}'] == told['merilo_ready{check="migrations"}'] == 1
    assert (told["merilo_tasks_waiting"], told['merilo_mails{state="failed"}']) == (0, 0)
    assert not any("town.example" in line or "/accounts/" in line for line in lines)


def log_tells_nobody(installation: Installation) -> None:
    """Each line is an object, each request a line, and nobody's name or address stands in one."""
    text = (installation.folder / "log").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    seen = [line for line in lines if line["logger"] == "merilo.access"]
    people = {line["person"] for line in seen if line["route"] == "accounts:me" and line["status"] == 200}
    assert len(people) == 1
    assert len(people.pop()) == 16
    assert [line for line in seen if line["status"] == 429]
    assert [
        word for word in (ADDRESS, "Първи", "203.0.113.9", "127.0.0.1", "?") if word in json.dumps(seen)
    ] == []
