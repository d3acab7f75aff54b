"""Nothing starts where that is unsafe, and whoever starts it is told why in words."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections
from django.db.migrations.recorder import MigrationRecorder

from merilo.core import checks
from merilo.core.binds import Bind, bind_of
from merilo.ops import doctor, health, upgrading
from merilo.ops.health import Check
from merilo.site import serving, starting

pytestmark = pytest.mark.django_db
EVERYWHERE = "0.0.0.0"  # noqa: S104  only read, nobody listens
STARTS = ("web", "worker", "run", "upgrade")


@pytest.fixture(autouse=True)
def not_started(monkeypatch) -> list[str]:
    """What would have been started or changed."""
    done: list[str] = []
    monkeypatch.setattr(serving, "serve", lambda *_commands, **_ready: done.append("serve"))
    monkeypatch.setattr(serving, "WORKER", ("check", "--list-tags"))
    monkeypatch.setattr(upgrading, "migrate", lambda: done.append("migrate"))
    monkeypatch.setattr(upgrading, "collect", lambda: done.append("collect"))
    return done


@pytest.fixture
def public(settings):
    """A public host with everything it needs."""
    settings.ALLOWED_HOSTS, settings.BASE_URL = ["caf.town.example"], "https://caf.town.example"
    settings.SECRET_KEY_IS_LOCAL = settings.AUDIT_KEY_IS_LOCAL = settings.DEBUG = settings.DEMO = False
    settings.SECRET_KEY = "a-secret-key-of-many-different-characters-0123456789"
    settings.AUDIT_KEY = "an-audit-key-of-many-different-characters-0123456789"
    settings.BEHIND_PROXY = True
    return settings


def refused(command: str, capsys) -> tuple[object, str]:
    with pytest.raises(SystemExit) as ended:
        call_command(command)
    return ended.value.code, capsys.readouterr().err


@pytest.mark.parametrize("command", STARTS)
@pytest.mark.parametrize(
    "unsafe",
    [
        ("DEBUG", True, "MERILO_DEBUG"),
        ("SECRET_KEY_IS_LOCAL", True, "MERILO_SECRET_KEY"),
        ("ALLOWED_HOSTS", ["localhost"], "MERILO_HOSTS"),
        ("ALLOWED_HOSTS", ["*"], "MERILO_HOSTS"),
    ],
)
def test_a_public_host_that_is_not_safe_is_refused(command, unsafe, public, capsys, not_started):
    setting, value, remedy = unsafe
    setattr(public, setting, value)
    code, words = refused(command, capsys)
    assert (code, remedy in words, not_started) == (starting.NOT_CONFIGURED, True, [])


@pytest.mark.parametrize("command", STARTS)
def test_a_database_that_may_lose_what_was_confirmed_is_refused(command, monkeypatch, capsys, not_started):
    answers = nullcontext(SimpleNamespace(execute=lambda _sql: None, fetchone=lambda: (2,)))
    in_memory = {"vendor": "sqlite", "cursor": lambda: answers, "settings_dict": {"NAME": ":memory:"}}
    monkeypatch.setattr(checks, "connection", SimpleNamespace(**in_memory))
    code, words = refused(command, capsys)
    assert (code, "fsync" in words, not_started) == (starting.NOT_CONFIGURED, True, [])


@pytest.mark.parametrize("command", ["web", "worker"])
def test_without_database_or_tables_it_is_to_be_tried_again(command, monkeypatch, capsys, not_started):
    monkeypatch.setattr(health, "checks", lambda: [Check("database", ok=True), Check("migrations", ok=False)])
    code, words = refused(command, capsys)
    assert (code, "merilo upgrade" in words) == (starting.NOT_YET, True)

    def away():
        raise DatabaseError

    monkeypatch.setattr(doctor, "refusals", away)
    monkeypatch.setattr(
        health, "checks", lambda: [Check("database", ok=False), Check("migrations", ok=False)]
    )
    code, words = refused(command, capsys)
    assert (code, "DATABASE_URL" in words, not_started) == (starting.NOT_YET, True, [])


def test_a_sound_installation_starts(public, monkeypatch, not_started):
    monkeypatch.setattr(connections, "close_all", lambda: None)
    with pytest.raises(SystemExit) as ended:
        call_command("web")
    call_command("worker")
    assert (ended.value.code, not_started) == (None, ["serve"])


@pytest.mark.parametrize(
    ("text", "bind"),
    [
        ("8000", Bind("127.0.0.1", 8000)),
        ("localhost:80", Bind("localhost", 80)),
        ("0.0.0.0:8000", Bind(EVERYWHERE, 8000)),
        ("[::]:8000", Bind("::", 8000)),
    ],
)
def test_where_to_listen_is_a_host_and_a_port_or_a_port_of_this_machine(text, bind):
    assert bind_of(text, name="MERILO_BIND") == bind
    assert bind.is_local is (bind.host in {"127.0.0.1", "localhost"})
    assert bind.near in {"127.0.0.1", "localhost", "::1"}


@pytest.mark.parametrize("text", ["", "host", "host:", ":80", "::1:80", "host:99999", "a b:1", "http://x:1"])
def test_where_to_listen_must_be_clear(text):
    with pytest.raises(ImproperlyConfigured, match="MERILO_BIND"):
        bind_of(text, name="MERILO_BIND")


def test_who_listens_to_others_is_a_public_host(settings):
    assert not checks.is_public()
    settings.BIND = Bind(EVERYWHERE, 8000)
    assert checks.is_public()


# --- upgrading ------------------------------------------------------------------------------------
def test_an_upgrade_says_what_it_would_do_and_then_does_it(monkeypatch, capsys, not_started):
    monkeypatch.setattr(upgrading, "waiting_migrations", lambda: ["core.0009_new"])
    monkeypatch.setattr(upgrading, "uncollected", lambda: 3)
    call_command("upgrade", "--check")
    assert capsys.readouterr().out.splitlines() == [
        "Tables: 1 migrations to be applied",
        "    core.0009_new",
        "Static files: 3 to be collected",
    ]
    assert not_started == []
    call_command("upgrade")
    assert not_started == ["migrate", "collect"]


def test_an_upgrade_that_is_done_changes_nothing(capsys, settings, tmp_path, not_started):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("upgrade")
    assert capsys.readouterr().out.splitlines()[:2] == ["Tables: up to date", "Static files: up to date"]
    assert not_started == []


def test_tables_of_a_newer_version_are_refused(not_started):
    MigrationRecorder.Migration.objects.create(app="core", name="9999_later")
    with pytest.raises(CommandError, match=r"core\.9999_later"):
        call_command("upgrade")
    assert not_started == []


def test_a_waiting_migration_is_found():
    newest = MigrationRecorder.Migration.objects.filter(app="core").order_by("name").last()
    assert newest
    newest.delete()
    assert upgrading.waiting_migrations() == [f"core.{newest.name}"]
