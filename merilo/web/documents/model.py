"""What a document is made of: frozen values without Django; texts ready to read, numbers formatted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3; `anchor` is its address on the page."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `style` is body, lead, note or meta."""

    text: str
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `ordered` numbers it."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and a value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `numeric` is set right; `share` is its part of the width."""

    title: str
    numeric: bool = False
    share: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG, with its alternative text; the numbers stand in a table beside it."""

    svg: str
    alt: str
    caption: str = ""
    width: int = 100  # per cent of the text's width
    narrow: str = field(default="", repr=False)  # the same drawing for a phone


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page in print; `wide` lays this and the following pages on their side, up to the next one."""

    wide: bool = False


Block = Heading | Paragraph | Bullets | Facts | Table | Figure | PageBreak


@dataclass(frozen=True, slots=True)
class Words:
    """The few words a renderer needs, in the document's language."""

    contents: str
    page_of: str  # with {page} and {pages}
    missing: str = ""  # said at the end of a PDF in which {mark} stands for letters that the typeface lacks


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: its front, its blocks in order, and a line that stands at the foot of each page.

    One without contents is short: it begins on the first page, under its title.
    """

    title: str
    language: str
    author: str
    words: Words
    blocks: tuple[Block, ...]
    subtitle: str = ""
    front: tuple[tuple[str, str], ...] = ()
    footer: str = ""
    accent: str = "#005868"
    with_contents: bool = True
    logo: bytes = field(default=b"", repr=False)


_BULLET = re.compile(r"^\s*(?:[-–•*]|\d+[.)])\s+")


def text_blocks(text: str) -> Iterator[Block]:
    r"""Paragraphs and lists of a text as people write it: blank lines part, lines with a dash are items.

    >>> [type(block).__name__ for block in text_blocks("One.\n\n- a\n- b")]
    ['Paragraph', 'Bullets']
    """
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        if not lines:
            continue
        if all(_BULLET.match(line) for line in lines):
            yield Bullets(tuple(_BULLET.sub("", line) for line in lines), ordered=lines[0][:1].isdigit())
        else:
            yield from _mixed(lines)


def _mixed(lines: list[str]) -> Iterator[Block]:
    plain = [line for line in lines if not _BULLET.match(line)]
    items = tuple(_BULLET.sub("", line) for line in lines if _BULLET.match(line))
    first_item = next((index for index, line in enumerate(lines) if _BULLET.match(line)), len(lines))
    if items and lines[:first_item] == plain:
        yield Paragraph(" ".join(plain))
        yield Bullets(items)
    else:
        yield Paragraph(" ".join(lines))
