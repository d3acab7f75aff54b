from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from merilo.core import audit, checks
from merilo.core.localkey import local_key


def pragmas():
    with connection.cursor() as cursor:
        return {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_every_connection_is_durable():
    seen = [pragmas()]

    def elsewhere():
        try:
            seen.append(pragmas())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=elsewhere) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    seen.append(pragmas())
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20_000}
    assert seen == [wanted] * 5


@pytest.mark.django_db
@pytest.mark.every_database
def test_a_durable_database_passes_the_check():
    assert checks.durable_database() == []


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_database_that_may_lose_writes_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        assert [error.id for error in checks.durable_database()] == ["merilo.E005"]
    finally:
        connection.close()


def test_a_public_host_needs_its_own_keys_and_https(settings):
    settings.ALLOWED_HOSTS = ["caf.town.example"]
    settings.SECRET_KEY_IS_LOCAL = settings.AUDIT_KEY_IS_LOCAL = settings.DEBUG = settings.DEMO = True
    settings.BASE_URL = "http://caf.town.example"
    assert [error.id for error in checks.public_host()] == [f"merilo.E00{n}" for n in (1, 2, 3, 4, 6)]
    settings.SECRET_KEY_IS_LOCAL = settings.AUDIT_KEY_IS_LOCAL = settings.DEBUG = settings.DEMO = False
    settings.BASE_URL = "https://caf.town.example"
    assert checks.public_host() == []
    settings.AUDIT_KEY = settings.SECRET_KEY
    assert [error.id for error in checks.public_host()] == ["merilo.E006"]


def test_a_local_host_needs_nothing(settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    settings.SECRET_KEY_IS_LOCAL = settings.AUDIT_KEY_IS_LOCAL = True
    assert checks.public_host() == []


def test_the_local_keys_are_made_once_and_are_apart(tmp_path):
    secret, audit = local_key(tmp_path, "secret-key"), local_key(tmp_path, "audit-key")
    assert secret != audit
    assert (local_key(tmp_path, "secret-key"), local_key(tmp_path, "audit-key")) == (secret, audit)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "secret-key": 0o600,
        "audit-key": 0o600,
    }


def test_changing_the_secret_key_breaks_no_chain_and_another_audit_key_does(db, settings):
    audit.record("x.done", organisation="town")
    settings.SECRET_KEY = "another"
    assert audit.verify("town") is None
    settings.AUDIT_KEY = "another"
    assert audit.verify("town") == audit.Broken("town", 1, "hash")
