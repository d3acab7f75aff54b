"""`merilo bounces`: read mails that came back and mark whom they did not reach."""

from __future__ import annotations

import mailbox
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from merilo.core import bounces


class Command(BaseCommand):
    """A maildir, an mbox, a file with one mail, or one mail on the standard input."""

    help = "Read mails that came back (maildir, mbox, one mail; - for the standard input)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", help="a maildir, an mbox, a file with one mail, or - for the input")

    def handle(self, *args: Any, place: str, **options: Any) -> None:
        count = taken = 0
        for content in mails_in(place):
            count += 1
            taken += bounces.take(content)
        self.stdout.write(f"{count} mails read, {taken} came back")


def mails_in(place: str) -> Iterator[bytes]:
    """The bytes of each mail at a place. Errors: CommandError (nothing is there)."""
    if place == "-":
        yield sys.stdin.buffer.read()
        return
    path = Path(place)
    if path.is_dir():
        yield from (message.as_bytes() for message in mailbox.Maildir(path, create=False))
    elif not path.is_file():
        raise CommandError(f"{place}: there is no such maildir or file")
    elif _is_mbox(path):
        with closing(mailbox.mbox(path, create=False)) as box:
            yield from (message.as_bytes() for message in box)
    else:
        yield path.read_bytes()


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "
