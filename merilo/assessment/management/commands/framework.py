"""`merilo framework check FILE`: every mistake of a framework file, named by its path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from merilo.framework.loading import check_file


class Command(BaseCommand):
    """Checks a framework before it is added on the page “Frameworks”."""

    help = "Check a framework file and name every mistake by its path."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["check"])
        parser.add_argument("file", type=Path, help="a YAML file, or a folder with framework.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        place: Path = options["file"]
        if not place.exists():
            raise CommandError(_("There is no file %(file)s.") % {"file": place}, returncode=2)
        mistakes = check_file(place, gettext)
        for mistake in mistakes:
            self.stdout.write(mistake)
        if mistakes:
            raise CommandError(_mistakes(len(mistakes)), returncode=1)
        self.stdout.write(_("%(file)s can be used.") % {"file": place})


def _mistakes(count: int) -> str:
    return ngettext("%(count)s mistake.", "%(count)s mistakes.", count) % {"count": count}
