"""Everything that can be checked without running the program: style, types, arrows, words, licences."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NOT_SOURCE = {".venv", "assets", "build", "dist", "node_modules", "var", "LICENSES"}


@dataclass(frozen=True)
class Check:
    """One tool with its arguments and the command that mends most of what it finds."""

    name: str
    command: tuple[str, ...]
    remedy: str = ""


def templates() -> tuple[str, ...]:
    return tuple(str(path.relative_to(ROOT)) for path in sorted((ROOT / "merilo").rglob("*.html")))


def licences() -> tuple[str, ...]:
    """In a clone the tool asks git what belongs to the source; in a plain copy we say it."""
    if (ROOT / ".git").exists():
        return ("reuse", "lint", "--quiet")
    tops = [path for path in ROOT.iterdir() if path.name not in NOT_SOURCE]
    files = [file for top in tops for file in (top.rglob("*") if top.is_dir() else [top]) if file.is_file()]
    chosen = [
        file for file in files if "__pycache__" not in file.parts and file.suffix not in {".mo", ".txt"}
    ]
    return ("reuse", "lint-file", "--quiet", *map(str, chosen))


def checks() -> list[Check]:
    return [
        Check("types", ("mypy",)),  # the longest first: the others run beside it
        Check("style", ("ruff", "check", "--quiet", "."), "make fmt"),
        Check("format", ("ruff", "format", "--check", "--quiet", "."), "make fmt"),
        Check("arrows", ("lint-imports", "--no-logo")),
        Check("templates", ("djlint", "--lint", "--quiet", "merilo")),
        Check("template tags", ("djade", "--check", "--target-version", "5.2", *templates()), "make fmt"),
        Check("translations", ("python", "scripts/messages.py", "check"), "make messages"),
        Check("migrations", ("python", "-m", "merilo", "makemigrations", "--check", "--dry-run")),
        Check("deployment", ("python", "-m", "merilo", "check", "--fail-level", "WARNING")),
        Check("licences", licences()),
    ]


def passes(check: Check) -> bool:
    """Run one check and print its name, its time and, if it fails, what it said."""
    begun = time.monotonic()
    environment = {**os.environ, "RUFF_CACHE_DIR": str(ROOT / "var/cache/ruff"), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [BIN / check.command[0], *check.command[1:]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    words = "ok" if done.returncode == 0 else "FAILED"
    lines = [f"  {check.name:<14} {time.monotonic() - begun:5.1f} s  {words}"]
    if done.returncode:
        lines.append(f"{done.stdout}{done.stderr}".rstrip())
        if check.remedy:
            lines.append(f"  → mended mostly by: {check.remedy}")
    print("\n".join(lines), flush=True)  # in one piece: another check may end in the same moment
    return done.returncode == 0


def run() -> tuple[int, int]:
    """Run all checks, as many at a time as there are processors; how many passed and how many failed."""
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        results = list(pool.map(passes, checks()))
    return sum(results), len(results) - sum(results)


if __name__ == "__main__":
    sys.exit(1 if run()[1] else 0)
