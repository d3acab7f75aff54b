"""`merilo restore`: check a backup, or put it in the place of what is there."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from merilo.ops.backup import reading, restoring, rows


class Command(BaseCommand):
    help = "Check a backup (--verify), or restore it. Stop web and worker first."
    requires_migrations_checks = False
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--verify", action="store_true", help="only read it and compare all checksums")
        parser.add_argument("--identity", type=Path, help="file with the secret age key")
        parser.add_argument("--replace", action="store_true", help="replace the data that are here")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with reading.opened(options["file"], identity=options["identity"]) as backup:
                self._do(backup, options)
        except (reading.NotABackup, OSError) as error:
            raise CommandError(f"{error}. Nothing was changed.") from error
        except restoring.NotEmpty as error:
            raise CommandError(
                "There are people in this installation already. To put the backup in their place: --replace"
            ) from error
        except rows.Unknown as error:
            raise CommandError(
                f"This backup was made by a newer version ({error}). Install that version and try again."
            ) from error

    def _do(self, backup: reading.Backup, options: dict[str, Any]) -> None:
        made, version = backup.manifest["made_at"], backup.manifest["version"]
        self.stdout.write(f"backup of {made}, version {version}, {backup.manifest['database']}")
        if options["verify"]:
            reading.check(backup)
            tables, files = backup.manifest["tables"], backup.manifest["files"]
            count = sum(told["rows"] for told in tables.values())
            self.stdout.write(f"{count} rows in {len(tables)} tables and {len(files)} files are what it says")
            return
        counts = restoring.restore(backup, replace=options["replace"])
        files = len(backup.manifest["files"])
        self.stdout.write(f"restored {sum(counts.values())} rows and {files} files; checksums are identical")
        if chains := restoring.unverified():
            self.stderr.write(
                f"{len(chains)} audit chains do not verify with the audit key of this installation. Set "
                "MERILO_AUDIT_KEY (or the file audit-key in the data folder) to that of the old one, then "
                "run: merilo audit verify"
            )
