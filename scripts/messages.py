"""Translations: `extract` sources into every room's catalogue, `compile` them, `check` that all is complete.

Each room has its own catalogue, merilo/<room>/locale/<language>/LC_MESSAGES/django.po.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "merilo"
LANGUAGES = ("bg",)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?[a-z]+")
MARKS = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext", "gettext_lazy", "ngettext_lazy"})
HIDDEN = re.compile(rf"\{{[^}}\n]*\b(?:{'|'.join(MARKS)})\(")  # a quick look before a thorough one
Key = tuple[str, str | None]


def rooms(package: Path = PACKAGE) -> list[Path]:
    """All rooms, with or without words for people."""
    return sorted(path.parent for path in package.glob("*/__init__.py"))


def catalogue_of(room: Path, language: str) -> Path:
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    """The catalogue in a file; an empty one where there is none."""
    if not path.exists():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file)


def messages_of(catalogue: Catalog) -> dict[Key, Message]:
    """The messages by singular source and context, without the header."""
    found = {}
    for message in catalogue:
        if message.id:
            singular = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
            found[str(singular), message.context] = message
    return found


# --- extract ------------------------------------------------------------------------------------
def extract(package: Path = PACKAGE) -> None:
    """Bring the sources of all rooms into their catalogues."""
    if not shutil.which("xgettext"):
        sys.exit("xgettext is missing. Debian, Ubuntu: sudo apt-get install gettext")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(extract_room, rooms(package)))


def extract_room(room: Path) -> None:
    # -P: a room's own modules (core/numbers.py) must not stand before those of Python.
    command = [sys.executable, "-P", "-m", "django", "makemessages", "--no-location", "--no-wrap"]
    command += ["--ignore", "tests/*"]
    for language in LANGUAGES:
        catalogue_of(room, language).parent.mkdir(parents=True, exist_ok=True)
        command += ["-l", language]
    done = subprocess.run(command, cwd=room, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"Extracting the messages of {room.name} failed:\n{done.stdout}{done.stderr}")
    for folder in sorted((room / "locale").glob("**"), reverse=True):
        if not any(folder.iterdir()):  # a room without words needs no catalogue
            folder.rmdir()


# --- compile ------------------------------------------------------------------------------------
def compile_all() -> None:
    """Write a compiled catalogue beside each source catalogue."""
    for room in rooms():
        for language in LANGUAGES:
            source = catalogue_of(room, language)
            if source.exists():
                with source.with_suffix(".mo").open("wb") as file:
                    write_mo(file, read(source))


# --- check --------------------------------------------------------------------------------------
def check() -> None:
    """End with a list of what is missing, out of date or changed a placeholder; say nothing otherwise."""
    faults = [*missing_words(), *contradicting_words(), *hidden_words(), *stale_words()]
    if faults:
        sys.exit(
            "\n".join(faults)
            + f"\n{len(faults)} faults in translations. Bring them up to date: make messages"
        )
    print(
        f"translations: {len(list(PACKAGE.glob('*/locale')))} catalogues complete in {', '.join(LANGUAGES)}"
    )


def missing_words() -> Iterator[str]:
    """Messages without a translation, marked as uncertain, or with other placeholders than the source."""
    for room in rooms():
        for language in LANGUAGES:
            path = catalogue_of(room, language)
            for message in messages_of(read(path)).values():
                if fault := fault_of(message):
                    yield f"{room.name}, {language}: {fault}: {message.id!r}"


def fault_of(message: Message) -> str:
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    written = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if not all(written):
        return "not translated"
    if message.fuzzy:
        return "marked as uncertain (fuzzy)"
    wanted = set(PLACEHOLDER.findall(str(sources[-1])))
    if any(set(PLACEHOLDER.findall(str(text))) != wanted for text in written[-1:]):
        return "placeholders differ"
    if any(not set(PLACEHOLDER.findall(str(text))) <= wanted for text in written):
        return "a placeholder that the source does not have"
    return ""


def contradicting_words(package: Path = PACKAGE) -> Iterator[str]:
    """Messages that two rooms translate differently: only the first of the translations is ever shown."""
    for language in LANGUAGES:
        found: dict[Key, dict[str, str]] = {}  # the rooms by what they say
        for room in rooms(package):
            for key, message in messages_of(read(catalogue_of(room, language))).items():
                found.setdefault(key, {}).setdefault(str(message.string), room.name)
        for (source, _context), said in found.items():
            if len(said) > 1:
                told = ", ".join(f"{room}: {text!r}" for text, room in said.items())
                yield f"{language}: {source!r} is translated differently, say it otherwise: {told}"


def hidden_words(package: Path = PACKAGE) -> Iterator[str]:
    """Messages inside an f-string, where xgettext does not see them."""
    for path in sorted(package.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not HIDDEN.search(text):
            continue
        for whole in ast.walk(ast.parse(text)):
            if isinstance(whole, ast.JoinedStr) and any(map(_is_message, ast.walk(whole))):
                place = f"{path.relative_to(package.parent)}:{whole.lineno}"
                yield f"{place}: a message inside an f-string is not extracted"


def _is_message(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS


def stale_words() -> Iterator[str]:
    """Messages that stand in the code but not in the catalogue, and the other way round."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "merilo"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("*.mo", "__pycache__", "data", "demo"))
        extract(copy)
        for room in rooms(copy):
            for language in LANGUAGES:
                kept = messages_of(read(catalogue_of(PACKAGE / room.name, language)))
                now = messages_of(read(catalogue_of(room, language)))
                yield from differences(f"{room.name}, {language}", kept, now)


def differences(place: str, kept: dict[Key, Message], now: dict[Key, Message]) -> Iterator[str]:
    for key in sorted(now.keys() - kept.keys(), key=str):
        yield f"{place}: not in the catalogue: {key[0]!r}"
    for key in sorted(kept.keys() - now.keys(), key=str):
        yield f"{place}: no longer in the code: {key[0]!r}"


def main() -> None:
    commands: dict[str, Callable[[], None]] = {"extract": extract, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(f"usage: messages.py {'|'.join(commands)}")
    commands[sys.argv[1]]()


if __name__ == "__main__":
    main()
