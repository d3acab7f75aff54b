"""The columns of XLSForm: their names old and new, the languages in them, and those that are ours alone.

Other programs pass over what begins with "merilo_"; what each holds is in docs/reference/interchange.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from merilo.core.cells import Cell, Grid
from merilo.framework.references import LANGUAGE
from merilo.surveys.interchange.losses import Notes, Place

OWN = "merilo_"
FORMAT = f"{OWN}format"
QUOTAS = "merilo_quotas"

# Languages by the names that stand in headings; the first name is the one that is written.
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "bg": ("Bulgarian", "български", "bulgare"),
    "en": ("English", "anglais", "inglés", "английски"),
    "de": ("German", "deutsch", "allemand"),
    "fr": ("French", "français", "francais", "francés"),
    "es": ("Spanish", "español", "espanol", "espagnol"),
    "it": ("Italian", "italiano"),
    "pt": ("Portuguese", "português", "portugues", "portugais"),
    "ro": ("Romanian", "română"),
    "el": ("Greek", "ελληνικά"),
    "tr": ("Turkish", "türkçe"),
    "ru": ("Russian", "русский"),
    "uk": ("Ukrainian", "українська"),
    "mk": ("Macedonian", "македонски"),
    "sr": ("Serbian", "српски", "srpski"),
    "sq": ("Albanian", "shqip"),
    "ar": ("Arabic", "العربية", "arabe"),
    "nl": ("Dutch", "nederlands"),
    "pl": ("Polish", "polski"),
    "sw": ("Swahili", "kiswahili"),
    "ne": ("Nepali", "नेपाली"),
    "so": ("Somali",),
    "am": ("Amharic",),
    "vi": ("Vietnamese",),
    "zh": ("Chinese",),
}
_NAMES = {name.lower(): code for code, names in LANGUAGES.items() for name in names}
_IN_BRACKETS = re.compile(r"\(\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\s*\)\s*$")
_PREFIXES = {"bind", "control", "body", "media"}
_ALIASES = {
    "caption": "label",
    "relevance": "relevant",
    "command": "type",
    "tag": "name",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "calculate": "calculation",
    "set_form_title": "form_title",
    "title": "form_title",
    "set_form_id": "form_id",
    "id_string": "form_id",
    "list": "list_name",
    "readonly": "read_only",
}
SPOKEN = {"label", "hint", "text", "title", "guidance_hint", "constraint_message", "required_message"}
SPOKEN |= {"image", "audio", "video", "big_image", "jr:requiredmsg", "jr:noapperrorstring"}
SPOKEN |= {f"{OWN}{name}" for name in ("least_text", "most_text", "unknown", "unit", "title", "text")}


@dataclass(frozen=True, slots=True)
class Head:
    """What a column holds, and in which language as its heading names it ("" where it names none)."""

    base: str
    language: str = ""


def head(heading: str) -> Head:
    """What a heading says.

    >>> head("Label::English (en)")
    Head(base='label', language='English (en)')
    >>> head("bind:relevant").base, head("media::image::bg").base
    ('relevant', 'image')
    """
    text = heading.strip()[:200]
    parts = [part.strip() for part in (text.split("::") if "::" in text else _by_colon(text))]
    if len(parts) > 1 and parts[0].lower() in _PREFIXES:
        parts = parts[1:]
    base = re.sub(r"[\s-]+", "_", parts[0].lower())
    base = _ALIASES.get(base, base)
    if len(parts) > 1 and base not in SPOKEN:
        return Head("::".join([base, *parts[1:]]))
    return Head(base, "::".join(parts[1:]))


def _by_colon(text: str) -> list[str]:
    return [text] if text.lower().startswith("jr:") else text.split(":", 1)


def heading(base: str, language: str) -> str:
    """The heading of a text in a language, as other programs expect it."""
    name = LANGUAGES.get(language, ("",))[0]
    return f"{base}::{name} ({language})" if name else f"{base}::{language}"


def language_code(named: str) -> str:
    """The code of a language as a heading or a setting names it, "" where it cannot be told.

    >>> [language_code(name) for name in ("English (en)", "Français", "pt-br", "Wolof")]
    ['en', 'fr', 'pt-BR', '']
    """
    found = _IN_BRACKETS.search(named)
    said = found[1] if found else named.strip()
    first, dash, rest = said.partition("-")
    code = f"{first.lower()}{dash}{rest.upper() if len(rest) == 2 else rest}"
    if LANGUAGE.fullmatch(code):
        return code
    return _NAMES.get(named.strip().lower(), "")


# --- tables -------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Line:
    """One row of a sheet, its cells by what the columns hold; knows which of them were read."""

    place: Place
    cells: dict[Head, str]
    read: set[Head] = field(default_factory=set)

    def take(self, base: str) -> str:
        """The cell of a column without a language, "" where there is none."""
        key = Head(base)
        self.read.add(key)
        return self.cells.get(key, "").strip()

    def spoken(self, base: str) -> dict[str, str]:
        """The cells of a column in all languages by the names of these; "" is that of no language."""
        found = {key.language: value for key, value in self.cells.items() if key.base == base}
        self.read.update(Head(base, language) for language in found)
        return found

    def left(self) -> Iterator[tuple[Head, str]]:
        """What nobody has read."""
        return ((key, value) for key, value in self.cells.items() if key not in self.read)


@dataclass(frozen=True, slots=True)
class Table:
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]


def table(grid: Grid, notes: Notes) -> Table:
    """A sheet with headings in its first row that has any; what stands below no heading is noted."""
    start = next((row for row, cells in enumerate(grid.rows) if any(map(_shown, cells))), 0)
    heads = _heads(grid, start, notes)
    lines, headless = [], set[int]()
    for row, cells in enumerate(grid.rows[start + 1 :], start=start + 1):
        filled = {column: text for column, cell in enumerate(cells) if (text := _shown(cell))}
        headless.update(filled.keys() - heads.keys())
        known = {found: text for column, text in filled.items() if (found := heads.get(column))}
        if known:
            lines.append(Line(Place("sheet", grid.name, row + 1), known))
    for column in sorted(headless):
        notes.add(Place("sheet", grid.name), "column_without_heading", column=column + 1)
    for row, column in sorted(grid.unknown):
        notes.add(Place("sheet", grid.name, row + 1), "no_value", column=column + 1)
    return Table(tuple(found for found in heads.values() if found), tuple(lines))


def _heads(grid: Grid, start: int, notes: Notes) -> dict[int, Head | None]:
    """What each column holds; None for a heading that stood before."""
    found: dict[int, Head | None] = {}
    for column, cell in enumerate(grid.rows[start] if grid.rows else ()):
        if text := _shown(cell):
            known = head(text)
            if known in found.values():
                notes.add(Place("sheet", grid.name), "column_twice", column=text)
            found[column] = None if known in found.values() else known
    return found


def _shown(cell: Cell) -> str:
    """A cell as text: whole numbers without decimals, yes and no as words, dates as YYYY-MM-DD."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else str(cell)
    return (
        cell if isinstance(cell, str) and cell.strip() else "" if isinstance(cell, str) else cell.isoformat()
    )


# --- languages ----------------------------------------------------------------------------------------
class Tongues:
    """The languages of a form, and the code for each name in its headings."""

    def __init__(self, heads: Iterable[Head], default: str, listed: str, sample: str, notes: Notes) -> None:
        self.notes = notes
        self.codes: dict[str, str] = {}
        for key in heads:
            if key.language and key.base in {"label", "hint"}:
                self._add(key.language)
        main = self.codes.get(default) or (language_code(default) if default != "default" else "")
        if any(key == Head("label") for key in heads) or not self.codes:
            self.codes[""] = main or next(iter(self.codes.values()), "") or self._guessed(sample)
        ordered = [main] if main in self.codes.values() else []
        self.languages = listed.split() or list(dict.fromkeys([*ordered, *self.codes.values()]))

    def _add(self, named: str) -> None:
        code = language_code(named)
        if not code:
            code = f"qa{chr(ord('a') + len(self.codes) % 26)}"
            self.notes.add(Place("survey"), "language_unknown", name=named, code=code)
        self.codes.setdefault(named, code)

    def _guessed(self, sample: str) -> str:
        letters = [letter for letter in sample if letter.isalpha()]
        cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
        code = "bg" if cyrillic * 2 > len(letters) else "en"
        self.notes.add(Place("survey"), "language_guessed", code=code)
        return code

    def text(self, said: Mapping[str, str]) -> dict[str, str]:
        """Cells by the names of languages as a text by their codes."""
        found: dict[str, str] = {}
        for named in sorted(said, key=lambda name: name == ""):
            code = self.codes.get(named) or language_code(named)
            if code in self.languages:
                found.setdefault(code, said[named])
        return {code: found[code] for code in self.languages if code in found}
