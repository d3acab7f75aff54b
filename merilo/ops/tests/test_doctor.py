"""The doctor names each mistake and what to do about it, in the installation's language."""

from __future__ import annotations

import os
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.utils import timezone, translation

from merilo.core import checks
from merilo.ops import doctor, health
from merilo.ops.health import Check
from tests.journeys.platform import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sound(settings, tmp_path: Path) -> None:
    """An installation on which nothing is wrong."""
    for name in ("VAR_DIR", "FILES_DIR", "BACKUPS_DIR", "STATIC_ROOT", "PDF_FONTS_DIR"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        setattr(settings, name, folder)
    settings.SECOND_FACTOR = "operators"
    (settings.STATIC_ROOT / "staticfiles.json").touch()
    (settings.PDF_FONTS_DIR / "SofiaSans-Regular.ttf").touch()
    (settings.BACKUPS_DIR / "merilo-20261126T030000Z.zip").touch()


def wrong() -> dict[str, str]:
    with translation.override("en"):
        return {one.what: f"{one.wrong}. {one.remedy}" for one in doctor.examine() if not one.is_fine}


def test_nothing_is_wrong_with_a_sound_installation(capsys):
    assert wrong() == {}
    call_command("doctor")
    assert "✗" not in capsys.readouterr().out


def test_a_public_host_without_its_settings(settings, capsys):
    settings.ALLOWED_HOSTS = ["merilo.example"]
    settings.SECRET_KEY_IS_LOCAL = settings.AUDIT_KEY_IS_LOCAL = settings.DEBUG = settings.DEMO = True
    settings.SECOND_FACTOR = "nobody"
    found = wrong()
    assert {"Secret key", "Key of the record of actions", "Debugging", "Demonstration"} <= found.keys()
    assert "MERILO_BASE_URL" in found["Encrypted connection"]
    assert "MERILO_SECOND_FACTOR" in found["Second factor of operators"]
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1
    assert "Задайте" in capsys.readouterr().out  # the installation's language is Bulgarian


def test_a_database_that_may_lose_what_was_confirmed(monkeypatch):
    answers = nullcontext(SimpleNamespace(execute=lambda _sql: None, fetchone=lambda: (0,)))
    monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor="sqlite", cursor=lambda: answers))
    assert "fsync" in wrong()["Safety of the database"]


def test_folders_that_cannot_be_written_or_that_everybody_reads(settings, tmp_path: Path):
    (tmp_path / "a-file").touch()
    settings.VAR_DIR = tmp_path / "a-file" / "data"
    settings.FILES_DIR = settings.STATIC_ROOT / "files"
    found = wrong()
    assert "cannot be written" in found["Data folder"]
    assert "everybody may read" in found["Folder of files"]


def test_what_make_setup_brings_is_missing(settings):
    (settings.STATIC_ROOT / "staticfiles.json").unlink()
    (settings.PDF_FONTS_DIR / "SofiaSans-Regular.ttf").unlink()
    assert {"Styles and scripts", "Typeface of documents"} == wrong().keys()


def test_backups_that_are_old_or_were_never_made(settings):
    backup = settings.BACKUPS_DIR / "merilo-20261126T030000Z.zip"
    old = (timezone.now() - timedelta(days=5)).timestamp()
    os.utime(backup, (old, old))
    assert "5 days old" in wrong()["Backups"]
    backup.unlink()
    assert "merilo backup" in wrong()["Backups"]


def test_a_mail_server_that_answers_and_one_that_does_not(settings):
    port = free_port()
    server = Controller(object(), hostname="127.0.0.1", port=port)
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{port}"
    assert "ConnectionRefusedError" in wrong()["Mail server"]
    server.start()
    try:
        assert wrong() == {}
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("disk", "Disk"),
        ("database", "Database"),
        ("migrations", "Tables"),
        ("tasks", "Worker"),
        ("clock", "Clock"),
    ],
)
def test_what_the_health_page_finds_is_told_in_words(monkeypatch, name: str, what: str):
    names = ("database", "migrations", "tasks", "clock", "disk")
    monkeypatch.setattr(health, "checks", lambda: [Check(one, one != name) for one in names])
    assert wrong().keys() == {what}


def test_a_public_host_whose_keys_can_be_guessed_and_that_sees_one_address_only(settings):
    settings.ALLOWED_HOSTS, settings.BASE_URL = ["merilo.example"], "https://merilo.example"
    settings.SECRET_KEY_IS_LOCAL = settings.AUDIT_KEY_IS_LOCAL = False
    settings.SECRET_KEY, settings.AUDIT_KEY, settings.BEHIND_PROXY = "0" * 60, "1" * 60, False
    assert wrong().keys() == {"Strength of the keys", "Proxy"}
    settings.SECRET_KEY = "a-secret-key-of-many-different-characters-0123456789"
    settings.AUDIT_KEY = "an-audit-key-of-many-different-characters-0123456789"
    settings.BEHIND_PROXY = True
    assert wrong() == {}
    settings.ALLOWED_HOSTS = ["*"]
    assert "MERILO_HOSTS" in wrong()["Host names"]


class Answering:
    """A mail server that knows one address."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address != "known@town.example":
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append(envelope.content.decode())
        return "250 Taken as 4711"


def test_a_mail_is_really_sent_and_the_answer_told(settings, capsys):
    handler, port = Answering(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{port}"
    settings.LANGUAGE_CODE = "en"
    server.start()
    try:
        call_command("doctor", mail_to="known@town.example")
        assert "250 Taken as 4711" in capsys.readouterr().out
        assert "To: known@town.example" in handler.taken[0]
        with pytest.raises(SystemExit):
            call_command("doctor", mail_to="unknown@town.example")
        assert "550 No such person" in capsys.readouterr().out
    finally:
        server.stop()
    assert "refused" in doctor.send_to("known@town.example").wrong.lower()
    settings.MAIL_SERVER = ""
    assert "MERILO_MAIL_URL" in doctor.send_to("known@town.example").remedy
