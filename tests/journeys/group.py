"""A group whose sheets are locked, in a database of its own, with everybody signed in.

Runs as a program of its own: `python -m tests.journeys.group FOLDER` fills the database that the
environment names and writes FOLDER/group.json.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

MEMBERS = 6  # the first is the chair
CLOSE, WIDE, WIDER = "1.1", "1.2", "1.3"
SCORES = {CLOSE: [40, 42, 44, 45, 46, 48], WIDE: [25, 40, 45, 50, 60, 70], WIDER: [10, 20, 50, 60, 80, 90]}


def write(folder: Path, root: Path, *, database: str = "", locked: bool = True) -> dict[str, Any]:
    """Build the group in a process of its own; answers what `main` wrote."""
    environment = os.environ | {
        "MERILO_VAR": str(folder),
        "DATABASE_URL": database or f"sqlite:///{folder / 'merilo.sqlite3'}",
    }
    command = [sys.executable, "-m", "tests.journeys.group", str(folder), "locked" if locked else "open"]
    subprocess.run(command, cwd=root, env=environment, check=True)
    told: dict[str, Any] = json.loads((folder / "group.json").read_text("utf-8"))
    return told


def main(folder: Path, state: str) -> None:
    """Build the group and write down its address and the sessions of its people."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "merilo.site.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0, skip_checks=True)
    with transaction.atomic():
        (folder / "group.json").write_text(json.dumps(built(locked=state == "locked")), "utf-8")


def built(*, locked: bool) -> dict[str, Any]:
    from merilo.assessment.tests.talk import Talk
    from merilo.core import files

    talk = Talk(MEMBERS)
    files.keep(
        "Заповед на кмета".encode(),
        name="заповед.txt",
        content_type="text/plain",
        organisation=talk.town.pk,
        by="",
    )
    if locked:
        _write_and_lock(talk)
    people = {f"member{n}": member for n, member in enumerate(talk.members)}
    people |= {"facilitator": talk.facilitator, "coordinator": talk.coordinator}
    return {
        "base": f"/o/{talk.town.slug}/a/{talk.assessment.pk}/",
        "sessions": {who: session_of(member.person) for who, member in people.items()},
        "names": {who: member.name for who, member in people.items()},
        "emails": {who: member.email for who, member in people.items()},
    }


def _write_and_lock(talk: Any) -> None:
    for item in _codes(talk):
        talk.scores(item, SCORES.get(item, [45] * MEMBERS))
    for who in range(MEMBERS):
        talk.say(who, WIDE, "strength", "Целите на дирекциите следват Програмата за управление.")
        talk.say(who, WIDE, "area", f"Изводите от контрола не стигат до звено {who + 1}.")
    talk.lock()


def _codes(talk: Any) -> list[str]:
    from merilo.assessment.catalogue import framework_of

    return [item.code for item in framework_of(talk.assessment).items]


def session_of(person: Any) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
