"""The `merilo` command: Django's management commands under the product's own name."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run one command, for example `merilo demo` or `merilo audit verify`."""
    arguments = sys.argv[1:]
    if arguments[:1] in (["version"], ["--version"]):
        from merilo.core.version import version

        print(version())  # noqa: T201  this is what was asked for
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "merilo.site.settings")
    if arguments == ["alive"]:
        from merilo.site import serving

        sys.exit(0 if serving.is_alive() else 1)  # asked every few seconds: without starting all of Django
    if arguments[:1] in (["demo"], ["run"]) and "--port" in arguments[:-1]:
        port = arguments[arguments.index("--port") + 1]
        os.environ.setdefault("MERILO_BASE_URL", f"http://localhost:{port}")
    if arguments[:1] == ["demo"]:
        _set_up_demo()
    if arguments[:1] == ["bench"]:
        _set_up_bench()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["merilo", *arguments])


def _set_up_demo() -> None:
    """Give the demo data of its own before the settings are read; nothing else is touched by it."""
    os.environ["MERILO_DEMO"] = "1"
    os.environ["MERILO_VAR"] = str(Path(os.environ.get("MERILO_VAR", ROOT / "var")) / "demo")
    for name in ("DATABASE_URL", "MERILO_FILES", "MERILO_MAIL_URL"):
        os.environ.pop(name, None)


def _set_up_bench() -> None:
    """Measure on data of its own in a folder that is removed afterwards."""
    folder = tempfile.mkdtemp(prefix="merilo-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {"MERILO_BENCH": "1", "MERILO_VAR": folder}
    for name in ("DATABASE_URL", "MERILO_FILES", "MERILO_MAIL_URL", "MERILO_DEBUG", "MERILO_DEMO"):
        os.environ.pop(name, None)
    if url := os.environ.get("DATABASE_URL_BENCH"):
        os.environ["DATABASE_URL"] = url


if __name__ == "__main__":
    main()
