"""A document as tagged PDF (PDF/UA-1 mode of the generator), and drawings as PNG for Word."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from merilo.web.documents.letters import MISSING, drawable, letters
from merilo.web.documents.model import Block, Document, Paragraph

TEMPLATE = Path(__file__).with_name("document.typ")
PICTURE = TEMPLATE.with_name("picture.typ")
REGULAR = "SofiaSans-Regular.ttf"
_UNITS = re.compile(r'viewBox="0 0 ([\d.]+) ')


def _block(block: Block) -> dict[str, Any]:
    data = {"kind": type(block).__name__.lower(), **asdict(block)}
    data.pop("narrow", None)
    return data


def _data(document: Document, known: frozenset[str]) -> str:
    """The document as JSON in letters that can be drawn; markup is not among them."""
    told, is_missing = drawable(_told(document, document.blocks), known)
    if is_missing and document.words.missing:
        note = Paragraph(document.words.missing.replace("{mark}", MISSING), "note")
        told, _ = drawable(_told(document, (*document.blocks, note)), known)
    return told


def _told(document: Document, blocks: tuple[Block, ...]) -> str:
    data = {
        "title": document.title,
        "subtitle": document.subtitle,
        "language": document.language,
        "author": document.author,
        "accent": document.accent,
        "footer": document.footer,
        "front": document.front,
        "contents": document.words.contents,
        "page_of": document.words.page_of,
        "with_contents": document.with_contents,
        "logo": bool(document.logo),
        "blocks": [_block(block) for block in blocks],
    }
    return json.dumps(data, ensure_ascii=False)


def pdf(document: Document, *, fonts: Path, at: datetime) -> bytes:
    """The document as bytes of a tagged PDF; the same input gives the same bytes.

    `fonts` is the folder with the merged Sofia Sans; `at` becomes the date of the document.
    Raises typst.TypstError when the document cannot be drawn.
    """
    inputs = {"data": _data(document, letters(fonts / REGULAR))}
    if document.logo:
        inputs["logo"] = base64.b64encode(document.logo).decode()
    return compiled(TEMPLATE, inputs, fonts=fonts, at=at)


def compiled(template: Path, inputs: dict[str, str], *, fonts: Path, at: datetime) -> bytes:
    """A template with its data as tagged PDF; fonts of the machine are not looked at."""
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )


def png(svg: str, *, fonts: Path) -> bytes:
    """A drawing as PNG with the same typeface, the finer the more units it is wide."""
    units = _UNITS.search(svg)
    ppi = 200.0 * max(float(units[1]) / 760 if units else 1.0, 1.0)
    return typst.compile(
        str(PICTURE),
        root=str(PICTURE.parent),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        format="png",
        ppi=ppi,
        sys_inputs={"svg": drawable(svg, letters(fonts / REGULAR))[0]},
    )
