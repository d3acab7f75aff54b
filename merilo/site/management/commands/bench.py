"""Measure the real-size example, alone and among a thousand others, beside a baseline of the same run."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.urls import reverse

from merilo.assessment.catalogue import framework_of
from merilo.site.bench import board, crowd, processes, results, room, visits
from merilo.site.bench.measuring import Sample
from merilo.site.bench.scenarios import Scenario, assessor, client_of, coordinator_of, scenarios
from merilo.site.demo import build
from merilo.site.demo.build import Stages

HEAD = f"{'':<40}{'median':>9}{'p95':>9}{'cpu':>9}{'queries':>9}{'kB':>8}{'packed':>8}{'aim':>8}"
TARGETS = "worker ≤ 120 MB, start ≤ 1.5 s, first migration ≤ 20 s"


class Command(BaseCommand):
    """`merilo bench`: prints times, queries, bytes, memory; writes only below a folder of its own."""

    help = "Measure the real-size example, alone and among a thousand other assessments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help="fewer repetitions and 100 others")
        parser.add_argument(
            "--only", choices=("visits", "results", "board"), help="one part of the measurements"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if "MERILO_BENCH" not in os.environ:
            raise CommandError("Start it with the command `merilo bench`; it works in a folder of its own.")
        quick = bool(options["quick"])
        times, seconds = (20, 4) if quick else (200, 20)
        sizes = results.SIZES[:2] if quick else results.SIZES
        self._introduce(times)
        migration = 0.0 if options["only"] else processes.first_migration()
        call_command("migrate", verbosity=0, skip_checks=True)
        if options["only"] in {None, "visits"}:
            self._visits(seconds)
        if options["only"] == "visits":
            return
        stages = self._timed("the example", build.build_stages)
        if options["only"] is None:
            self._alone_and_among(stages, times, 100 if quick else 1000)
        if options["only"] in {None, "board"}:
            self._board(stages, times)
        if options["only"] in {None, "results"}:
            self._results(stages, times, sizes)
        if options["only"] is None:
            self._room(stages, 15 if quick else 60)
            self._processes(stages, migration, times)

    def _board(self, stages: Stages, times: int) -> None:
        client = client_of(coordinator_of(stages.assessing).person.email)
        steps = list(board.scenarios(stages.town, client_of(""), client))
        self._measure("the board of a plan", steps, times)

    def _alone_and_among(self, stages: Stages, times: int, others: int) -> None:
        steps = list(scenarios(stages))
        alone = self._measure("alone", steps, times)
        codes = [item.code for item in framework_of(stages.agreeing).items]
        self._timed(f"{others} others", lambda: crowd.add(others, stages.agreeing.edition, codes))
        among = self._measure(f"among {others} others", steps, times)
        self._growth(steps, alone, among)

    def _visits(self, seconds: float) -> None:
        self.stdout.write(f"\nvisits to an open survey, {seconds:.0f} s each, on two web processes, in ms")
        for line in visits.report(visits.measure(visits.an_open_survey(), seconds=seconds)):
            self.stdout.write(line)

    def _introduce(self, times: int) -> None:
        self.stdout.write(
            f"Django {django.get_version()}, {self._database()}, "
            f"{os.cpu_count()} processors; {times} repetitions, server time in milliseconds"
        )

    def _database(self) -> str:
        """Which one, and whether it waits for the disk before it says that something is kept."""
        asked = "PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit"
        with connection.cursor() as cursor:
            waits = cursor.execute(asked).fetchone()[0]
        version = ".".join(map(str, connection.get_database_version()))
        return f"{connection.vendor} {version} (synchronous: {waits})"

    def _timed(self, what: str, act: Any) -> Any:
        begun = time.perf_counter()
        result = act()
        self.stdout.write(f"  made {what} in {time.perf_counter() - begun:.1f} s")
        return result

    def _measure(self, title: str, steps: list[Scenario], times: int) -> list[Sample]:
        self.stdout.write(f"\n{title}\n{HEAD}")
        found = []
        for step in steps:
            sample = step.measure(times)
            found.append(sample)
            aim = f"{step.aim:>8.0f}" if step.aim else ""
            self.stdout.write(
                f"{step.name:<40}{sample.median:>9.2f}{sample.p95:>9.2f}{sample.cpu:>9.2f}{sample.queries:>9}"
                f"{sample.size / 1000:>8.1f}{sample.packed / 1000:>8.1f}{aim}"
            )
        return found

    def _growth(self, steps: list[Scenario], alone: list[Sample], among: list[Sample]) -> None:
        self.stdout.write("\ngrowth among others (aim ≤ 1.1)")
        for step, before, after in zip(steps, alone, among, strict=True):
            factor, busy = after.median / before.median, after.cpu / before.cpu
            more = after.queries - before.queries
            self.stdout.write(f"{step.name:<40}{factor:>9.2f}{busy:>9.2f} (cpu)   {more:+d} queries")

    def _results(self, stages: Stages, times: int, sizes: tuple[int, ...]) -> None:
        """Pages of closed surveys, whose cost grows with questions, and the making of their snapshots."""
        client = client_of(coordinator_of(stages.assessing).person.email)
        self._measure(
            "closed surveys, by responses", list(results.scenarios(stages.town, client, sizes)), times
        )
        self.stdout.write("\nmaking a snapshot, seconds: reading, counting, writing; MB")
        for made in map(results.making, sizes):
            told = f"{made.read:>9.2f}{made.counted:>9.2f}{made.written:>9.2f}{made.bytes / 1e6:>9.1f}"
            self.stdout.write(f"{made.size:<40}{told}")
        self.stdout.write("\nfiles of 100 000 answers: seconds of processor (CSV: aim ≤ 5), MB, MB of memory")
        for file in results.writing(100_000):
            told = f"{file.seconds:>9.2f}{file.bytes / 1e6:>9.1f}{file.memory / 1e6:>9.1f}"
            self.stdout.write(f"{file.kind:<40}{told}")

    def _room(self, stages: Stages, seconds: float) -> None:
        self.stdout.write(f"\na meeting for {seconds:.0f} s, something new every 3 s, on two web processes")
        for line in room.report(
            room.measure(coordinator_of(stages.agreeing), stages.agreeing, seconds=seconds)
        ):
            self.stdout.write(line)

    def _processes(self, stages: Stages, migration: float, times: int) -> None:
        client = assessor(stages.assessing)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        place = {"org": stages.town.slug, "pk": stages.assessing.pk}
        paths = [
            "/",
            reverse("site:work", kwargs={"org": stages.town.slug}),
            reverse("assessment:my", kwargs=place),
        ]
        paths.append(reverse("assessment:judge", kwargs={**place, "code": "1.2"}))
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
        started, memory = processes.worker(paths, cookie, times=max(5, times // 4))
        self.stdout.write(f"\nprocesses ({TARGETS})")
        self.stdout.write(f"{'a worker after serving':<40}{memory:>9.1f} MB")
        self.stdout.write(f"{'start until the first answer':<40}{started:>9.2f} s")
        self.stdout.write(f"{'first migration':<40}{migration:>9.2f} s")
