"""`merilo audit verify`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from merilo.core import audit
from merilo.core.audit import Head


class Command(BaseCommand):
    help = "Verify the audit chains, name the first broken row of each and say what was erased by whom."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--chain", help="one organisation's id, or 'platform'; all by default")
        parser.add_argument(
            "--against",
            metavar="FILE-OR-NUMBER:HASH",
            help="a log with earlier heads, or one head of --chain: such rows must still be there",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        noted = _noted(options["against"], options["chain"]) if options["against"] else []
        if options["chain"] and options["chain"] not in audit.chains():
            raise CommandError(f"there is no chain {options['chain']}")
        names = [options["chain"]] if options["chain"] else audit.chains()
        names += sorted({head.chain for head in noted} - set(names)) if not options["chain"] else []
        broken = [found for name in names if (found := _verified(name, noted))]
        for found in broken:
            self.stderr.write(f"{found.chain}: row {found.number}: {audit.REASONS[found.code]}")
        if broken:
            raise CommandError(f"{len(broken)} of {len(names)} chains are broken")
        for name in names:
            self._tell_erasures(name)
            audit.log_head(name)
        self.stdout.write(
            f"whole chains: {len(names)}" + (f", noted heads found: {len(noted)}" if noted else "")
        )

    def _tell_erasures(self, chain: str) -> None:
        for erasure in audit.erasures(chain):
            numbers = ", ".join(map(str, erasure.erased))
            when = erasure.at.isoformat(timespec="seconds")
            self.stdout.write(f"{chain}: rows {numbers}: payload erased by {erasure.by} at {when}")


def _verified(chain: str, noted: list[Head]) -> audit.Broken | None:
    heads = (head for head in noted if head.chain == chain)
    return audit.verify(chain) or next(filter(None, map(audit.differs, heads)), None)


def _noted(against: str, chain: str | None) -> list[Head]:
    """The heads in a log, or the one given as NUMBER:HASH; raises CommandError where there is none."""
    if match := re.fullmatch(r"(\d+):([0-9a-f]{64})", against):
        if not chain:
            raise CommandError("NUMBER:HASH needs --chain")
        return [Head(chain, int(match[1]), match[2])]
    try:
        with Path(against).open(encoding="utf-8", errors="replace") as log:
            found = [head for head in audit.heads_in(log) if chain in {None, head.chain}]
    except OSError as error:
        raise CommandError(f"{against} cannot be read") from error
    if not found:
        raise CommandError(f"{against} notes no head")
    return found
