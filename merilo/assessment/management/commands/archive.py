"""`merilo archive export` and `merilo archive import`: a whole self-assessment as one file."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from merilo.accounts.api import Person
from merilo.assessment.actions import archives
from merilo.assessment.models import Assessment
from merilo.assessment.queries.assessments import assessment
from merilo.core.errors import MeriloError
from merilo.organisations.api import Viewer, viewer_in


class Command(BaseCommand):
    """Done in the name of a coordinator, and so recorded."""

    help = "Write a self-assessment into an archive, or take one over from an archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["export", "import"])
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--organisation", required=True, help="short name of the organisation, as in /o/…/"
        )
        parser.add_argument("--coordinator", required=True, help="e-mail address of the one who does it")
        parser.add_argument("--assessment", help="id of the self-assessment, as in /a/…/ (export)")

    def handle(self, *args: Any, **options: Any) -> None:
        viewer = _viewer(options["coordinator"], options["organisation"])
        try:
            if options["what"] == "import":
                self._import(viewer, options["file"])
            else:
                self._export(viewer, options["file"], options["assessment"] or "")
        except (MeriloError, OSError) as error:
            raise CommandError(str(error)) from error

    def _export(self, viewer: Viewer, path: Path, key: str) -> None:
        try:
            found = assessment(viewer, key, on=timezone.localdate())  # type: ignore[arg-type]
        except (Assessment.DoesNotExist, ValueError) as error:
            raise CommandError("name one of the organisation's self-assessments: --assessment ID") from error
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as sink:
            part = Path(sink.name)
            try:
                archives.export(viewer=viewer, assessment=found, sink=sink, at=timezone.now())
                sink.flush()
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        self.stdout.write(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")

    def _import(self, viewer: Viewer, path: Path) -> None:
        with path.open("rb") as source:
            made = archives.take_over(viewer=viewer, source=source, at=timezone.now())
        self.stdout.write(f"taken over: {made.title}, /o/{viewer.organisation.slug}/a/{made.pk}/")


def _viewer(email: str, slug: str) -> Viewer:
    person = Person.objects.filter(email__iexact=email).first()
    viewer = viewer_in(person, slug, on=timezone.localdate()) if person else None
    if viewer is None:
        raise CommandError("there is nobody of this address in this organisation")
    return viewer
