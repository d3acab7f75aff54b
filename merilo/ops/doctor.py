"""What is wrong with an installation, in words: what, why it matters, and what to do about it."""

from __future__ import annotations

import smtplib
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.core import checks, mail
from merilo.ops import health

MAIL_SECONDS = 5
OLDEST_BACKUP = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: fine, or what is wrong; with what to do, or what is good to know."""

    what: str
    wrong: str = ""
    remedy: str = ""

    @property
    def is_fine(self) -> bool:
        return not self.wrong


def examine() -> Iterator[Finding]:
    """Everything in order."""
    yield from _settings()
    yield _folder(_("Data folder"), settings.VAR_DIR)
    yield _folder(_("Folder of files"), settings.FILES_DIR)
    yield from _assets()
    yield _mail()
    yield _backups(timezone.now())
    yield from _health()


def look() -> Iterator[Finding]:
    """What changes while the program runs, quickly: nothing outside this machine is asked."""
    yield _backups(timezone.now())
    yield from _health()


def send_to(address: str) -> Finding:
    """Send a real mail, and say what the server answered."""
    what = _("Mail to %(address)s") % {"address": address}
    if not settings.MAIL_SERVER:
        return Finding(what, _("there is no mail server"), _("Set MERILO_MAIL_URL."))
    tried = mail.try_out(to=address, by="", at=timezone.now())
    told = {"answer": tried.answer}
    if tried.taken:
        return Finding(what, remedy=_("The server answered: %(answer)s") % told)
    remedy = _("Check MERILO_MAIL_URL and MERILO_MAIL_FROM, and the server's own log.")
    return Finding(what, _("the server did not take it: %(answer)s") % told, remedy)


def refusals() -> list[Finding]:
    """Why nothing may start here: what a public host lacks, or a database that may lose writes."""
    faults = {fault.id for fault in run_checks(tags=[Tags.security, Tags.database])}
    return [finding for code, finding in _faults().items() if code in faults]


def unready() -> list[Finding]:
    """Why web and worker cannot start yet: no database, or tables of another version."""
    told, found = _told_of_health(), {check.name: check.ok for check in health.checks()}
    return [Finding(*told[name]) for name in ("database", "migrations") if not found[name]][:1]


# --- settings ---------------------------------------------------------------------------------------------
def _settings() -> Iterator[Finding]:
    """What a public host must have, by the same checks that refuse to start; and what it should."""
    try:
        faults = {fault.id for fault in run_checks()}
    except DatabaseError:
        faults = set()  # told below
    for code, finding in _faults().items():
        yield finding if code in faults else Finding(finding.what)
    if checks.is_public():
        yield _strength()
        yield _proxy()
        yield _factor()


def _strength() -> Finding:
    what = _("Strength of the keys")
    if all(checks.is_strong(key) for key in (settings.SECRET_KEY, settings.AUDIT_KEY)):
        return Finding(what)
    return Finding(
        what,
        _("MERILO_SECRET_KEY or MERILO_AUDIT_KEY can be guessed: short, or few different characters"),
        _(
            "Choose 50 or more random characters. The earlier secret key goes to MERILO_SECRET_KEY_FALLBACKS "
            "for a day; the audit key of an installation in use stays."
        ),
    )


def _factor() -> Finding:
    what = _("Second factor of operators")
    if settings.SECOND_FACTOR != "nobody":
        return Finding(what)
    return Finding(
        what,
        _("whoever learns an operator's password runs the platform"),
        _("Unset MERILO_SECOND_FACTOR: its usual value demands a second factor of operators."),
    )


def _proxy() -> Finding:
    what = _("Proxy")
    if settings.BEHIND_PROXY:
        return Finding(what)
    return Finding(
        what,
        _("all visitors seem to come from one address, so one who fails to sign in locks out everybody"),
        _("Set MERILO_BEHIND_PROXY=1 where the proxy sets X-Forwarded-For and X-Forwarded-Proto itself."),
    )


def _faults() -> dict[str, Finding]:
    """The checks of core.checks in words."""
    return {
        "merilo.E001": Finding(
            _("Secret key"),
            _("is not set for a public host"),
            _("Set MERILO_SECRET_KEY to 50 or more random characters and keep it: it signs sign-ins."),
        ),
        "merilo.E006": Finding(
            _("Key of the record of actions"),
            _("is not set, or is the secret key"),
            _("Set MERILO_AUDIT_KEY to other random characters, and keep a copy apart from the data."),
        ),
        "merilo.E002": Finding(
            _("Debugging"),
            _("is on for a public host"),
            _("Unset MERILO_DEBUG: it shows the inside of the program to visitors."),
        ),
        "merilo.E003": Finding(
            _("Demonstration"),
            _("is on for a public host"),
            _("Unset MERILO_DEMO: the passwords of the example are known to everybody."),
        ),
        "merilo.E004": Finding(
            _("Encrypted connection"),
            _("the public address does not begin with https"),
            _("Set MERILO_BASE_URL to the https address, and put a proxy with a certificate before it."),
        ),
        "merilo.E007": Finding(
            _("Demand for a second factor"),
            _("is set to an unknown word"),
            _("Set MERILO_SECOND_FACTOR to nobody, operators, coordinators or everybody."),
        ),
        "merilo.E005": Finding(
            _("Safety of the database"),
            _("a power cut could lose what was confirmed to somebody"),
            _("PostgreSQL: set fsync and synchronous_commit to on. SQLite: name a file."),
        ),
        "merilo.E008": Finding(
            _("Host names"),
            _("the host of the public address is not among them, or any is let in"),
            _("Set MERILO_HOSTS to the host in MERILO_BASE_URL; a * is not a name."),
        ),
    }


# --- folders and what lies in them ------------------------------------------------------------------------
def _folder(what: str, folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Finding(
            what,
            _("cannot be written: %(folder)s (%(why)s)") % {"folder": folder, "why": error.strerror},
            _("Give the user that runs the program the right to write there, or name another folder."),
        )
    if Path(settings.STATIC_ROOT).resolve() in [folder.resolve(), *folder.resolve().parents]:
        return Finding(
            what,
            _("lies inside the folder that everybody may read: %(folder)s") % {"folder": folder},
            _("Name another folder in MERILO_VAR or MERILO_FILES."),
        )
    return Finding(what)


def _assets() -> Iterator[Finding]:
    for what, path in (
        (_("Styles and scripts"), Path(settings.STATIC_ROOT) / "staticfiles.json"),
        (_("Typeface of documents"), Path(settings.PDF_FONTS_DIR) / "SofiaSans-Regular.ttf"),
    ):
        wrong = "" if path.exists() else _("is missing: %(path)s") % {"path": path}
        yield Finding(
            what, wrong, wrong and _("Run make setup, or install the released package, which brings it.")
        )


def _backups(now: datetime) -> Finding:
    what, last = _("Backups"), health.last_backup()
    remedy = _("Run merilo backup every night, for example by a timer; MERILO_BACKUPS names the folder.")
    if last is None:
        return Finding(what, _("none in %(folder)s") % {"folder": settings.BACKUPS_DIR}, remedy)
    age = now - last.made_at
    if age > OLDEST_BACKUP:
        return Finding(what, _("the newest is %(days)s days old") % {"days": age.days}, remedy)
    return Finding(what)


# --- the mail server --------------------------------------------------------------------------------------
def _mail() -> Finding:
    """Connect and say hello; no mail is sent."""
    what = _("Mail server")
    if not settings.MAIL_SERVER:
        words = _("None is set (MERILO_MAIL_URL): invitations are links that you hand over yourselves.")
        return Finding(what, remedy=words)
    try:
        _greet(environ.Env.email_url_config(settings.MAIL_SERVER))
    except (OSError, smtplib.SMTPException) as error:
        known = {"host": urlsplit(settings.MAIL_SERVER).hostname, "why": type(error).__name__}
        return Finding(
            what,
            _("%(host)s does not answer as it should (%(why)s)") % known,
            _("Check host, port, name and password in MERILO_MAIL_URL, and the way from this machine."),
        )
    return Finding(what)


def _greet(known: dict[str, object]) -> None:
    host, port = str(known["EMAIL_HOST"]), int(str(known["EMAIL_PORT"] or 25))
    kind = smtplib.SMTP_SSL if known.get("EMAIL_USE_SSL") else smtplib.SMTP
    with kind(host, port, timeout=MAIL_SECONDS, local_hostname=socket.gethostname()) as server:
        server.ehlo()
        if known.get("EMAIL_USE_TLS"):
            server.starttls()
            server.ehlo()
        if known.get("EMAIL_HOST_USER"):
            server.login(str(known["EMAIL_HOST_USER"]), str(known["EMAIL_HOST_PASSWORD"]))


# --- what runs --------------------------------------------------------------------------------------------
def _health() -> Iterator[Finding]:
    """Each check of the health page in words."""
    found = {check.name: check.ok for check in health.checks()}
    for name, (what, wrong, remedy) in _told_of_health().items():
        if not found[name]:
            yield Finding(what, wrong, remedy)
            if name in {"database", "migrations"}:
                return  # the rest cannot be asked
        else:
            yield Finding(what)


def _told_of_health() -> dict[str, tuple[str, str, str]]:
    return {
        "disk": (
            _("Disk"),
            _("less than 200 MB are free"),
            _("Make room, or move the data folder to a larger disk."),
        ),
        "database": (
            _("Database"),
            _("does not answer"),
            _("Check DATABASE_URL and whether the server runs and lets this machine in."),
        ),
        "migrations": (_("Tables"), _("are not up to date"), _("Run merilo upgrade.")),
        "tasks": (
            _("Worker"),
            _("tasks have waited for more than 15 minutes"),
            _("Start the worker (merilo worker) beside the web process, and look at its log."),
        ),
        "clock": (
            _("Clock"),
            _("differs from the database's by more than 2 seconds"),
            _("Let both machines set their clocks by the same time server."),
        ),
    }
