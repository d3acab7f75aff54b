"""A form to be filled in by pen, and its tagged PDF: frozen values without Django, texts ready to read."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from merilo.web.documents.letters import MISSING, drawable, letters
from merilo.web.documents.pdf import REGULAR, compiled

TEMPLATE = Path(__file__).with_name("sheet.typ")


@dataclass(frozen=True, slots=True)
class Tick:
    """One answer to tick; `number` is small beside it, for who enters it; `line` leaves room for words."""

    number: str
    text: str
    line: bool = False


@dataclass(frozen=True, slots=True)
class Ticks:
    """Answers below each other; `wide` boxes take a number."""

    options: tuple[Tick, ...]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Boxes side by side from the least to the most, words at both ends, `beside` one apart."""

    points: tuple[str, ...]
    least: str = ""
    most: str = ""
    beside: Tick | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """The same answers for several rows."""

    columns: tuple[Tick, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to write on; a short one is followed by its unit."""

    count: int
    short: bool = False
    unit: str = ""


Answer = Ticks | Scale | Grid | Lines


@dataclass(frozen=True, slots=True)
class Asking:
    """One question: `rule` says who answers it, `hint` how."""

    number: int
    text: str
    answer: Answer
    hint: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Where a new part begins."""

    title: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text between questions."""

    text: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole form. `code` stands on each page; `qr` is an SVG that opens `address`.

    With `name` there is a line for the name of whoever fills it in.
    """

    title: str
    language: str
    author: str
    code: str
    page_of: str  # with {page} and {pages}
    parts: tuple[Asking | Chapter | Passage, ...]
    intro: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    name: str = ""
    online: str = ""
    address: str = ""
    qr: str = field(default="", repr=False)
    thanks: str = ""
    missing: str = ""  # said at the end where {mark} stands for letters that the typeface lacks
    accent: str = "#005868"
    logo: bytes = field(default=b"", repr=False)


def sheet_pdf(sheet: Sheet, *, fonts: Path, at: datetime) -> bytes:
    """The form as bytes of a tagged PDF (PDF/UA-1); `fonts` is the folder with the merged typeface.

    Errors: typst.TypstError when it cannot be drawn.
    """
    told, is_missing = drawable(_told(sheet), letters(fonts / REGULAR))
    if is_missing and sheet.missing:
        noted = replace(sheet, thanks=f"{sheet.thanks}\n{sheet.missing.replace('{mark}', MISSING)}".strip())
        told, _ = drawable(_told(noted), letters(fonts / REGULAR))
    inputs = {"data": told}
    if sheet.logo:
        inputs["logo"] = base64.b64encode(sheet.logo).decode()
    return compiled(TEMPLATE, inputs, fonts=fonts, at=at)


def _told(sheet: Sheet) -> str:
    data = {name: getattr(sheet, name) for name in sheet.__slots__ if name not in {"parts", "logo"}}
    return json.dumps(
        data | {"logo": bool(sheet.logo), "parts": [_part(part) for part in sheet.parts]}, ensure_ascii=False
    )


def _part(part: Asking | Chapter | Passage) -> dict[str, Any]:
    data = {"kind": type(part).__name__.lower(), **asdict(part)}
    if isinstance(part, Asking):
        data["answer"]["kind"] = type(part.answer).__name__.lower()
    return data
