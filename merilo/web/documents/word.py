"""A document as Word file with real headings, table heads and alternative texts."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import docx as python_docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from merilo.core.archives import undated
from merilo.web.documents.model import (
    Block,
    Bullets,
    Document,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Table,
)

FONT = "Sofia Sans"
INK = RGBColor(0x23, 0x21, 0x1D)
GREY = RGBColor(0x4D, 0x49, 0x41)
CELL = "Cell"  # style of the text in tables
Picture = Callable[[str], bytes]


def docx(document: Document, *, picture: Picture, at: datetime) -> bytes:
    """The document as bytes of a DOCX, the same for the same; `picture` draws an SVG as PNG."""
    word = python_docx.Document()
    _dress(word, document, at)
    _front(word, document)
    for block in document.blocks:
        _draw(word, block, picture)
    buffer = io.BytesIO()
    word.save(buffer)
    return undated(buffer.getvalue())


def _dress(word: WordDocument, document: Document, at: datetime) -> None:
    properties = word.core_properties
    properties.title, properties.author, properties.language = (
        document.title,
        document.author,
        document.language,
    )
    properties.created = properties.modified = at.replace(tzinfo=None)
    properties.comments = ""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(2.4)
    for name, size, bold in (
        ("Normal", 11, False),
        ("Title", 28, True),
        ("Subtitle", 15, False),
        ("Heading 1", 19, True),
        ("Heading 2", 14, True),
        ("Heading 3", 12, True),
        ("Caption", 10, True),
    ):
        _style(word.styles[name], size, bold=bold, language=document.language)
    _style(word.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH), 9.5, bold=False, language=document.language)
    section.footer.paragraphs[0].text = document.footer
    section.footer.paragraphs[0].runs[0].font.size = Pt(8)
    section.footer.paragraphs[0].runs[0].font.color.rgb = GREY


def _style(style: Any, size: float, *, bold: bool, language: str) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
    style.font.color.rgb = INK
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), {"bg": "bg-BG", "en": "en-GB"}.get(language, language))
    properties.append(tag)


def _front(word: WordDocument, document: Document) -> None:
    word.add_paragraph(document.author).runs[0].font.bold = True
    word.add_paragraph(document.title, style="Title")
    if document.subtitle:
        word.add_paragraph(document.subtitle, style="Subtitle")
    if document.front:
        _facts(word, Facts(document.front))
    if document.with_contents:
        word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _draw(word: WordDocument, block: Block, picture: Picture) -> None:
    match block:
        case Heading():
            _write(word, block.text, f"Heading {block.level}")
        case Paragraph():
            _paragraph(word, block)
        case Bullets():
            for item in block.items:
                _write(word, item, "List Number" if block.ordered else "List Bullet")
        case Facts():
            _facts(word, block)
        case Table():
            _table(word, block)
        case Figure():
            _figure(word, block, picture)
        case PageBreak():
            _turn_page(word, block)


def _turn_page(word: WordDocument, block: PageBreak) -> None:
    """A new page; where it lies otherwise than the one before, a new section with the sides exchanged."""
    section = word.sections[-1]
    if block.wide == (section.orientation == WD_ORIENT.LANDSCAPE):
        word.add_page_break()  # type: ignore[no-untyped-call]
        return
    turned = word.add_section(WD_SECTION.NEW_PAGE)
    turned.orientation = WD_ORIENT.LANDSCAPE if block.wide else WD_ORIENT.PORTRAIT
    turned.page_width, turned.page_height = section.page_height, section.page_width


def _text_width(word: WordDocument) -> float:
    """How wide the text of the page is, in centimetres."""
    section = word.sections[-1]
    width, left, right = section.page_width, section.left_margin, section.right_margin
    return float(Length((width or 0) - (left or 0) - (right or 0)).cm)


def _write(word: WordDocument, text: str, style: str) -> WordParagraph:
    """A paragraph in a named style; the library would look through all styles for each paragraph."""
    paragraph = word.add_paragraph(text)
    paragraph._p.style = style.replace(" ", "")  # noqa: SLF001  ids of the template are names without spaces
    return paragraph


def _paragraph(word: WordDocument, block: Paragraph) -> None:
    paragraph = word.add_paragraph(block.text)
    paragraph.paragraph_format.space_after = Pt(6)
    if block.style == "lead":
        paragraph.runs[0].font.size = Pt(13)
    if block.style == "meta":
        paragraph.runs[0].font.size, paragraph.runs[0].font.color.rgb = Pt(9), GREY
    if block.style == "note":
        paragraph.paragraph_format.left_indent = Cm(0.6)


def _facts(word: WordDocument, block: Facts) -> None:
    for name, value in block.rows:
        paragraph = word.add_paragraph()
        paragraph.add_run(f"{name}: ").font.bold = True
        paragraph.add_run(value)


def _table(word: WordDocument, block: Table) -> None:
    if block.caption:
        caption = _write(word, block.caption, "Caption")
        caption.paragraph_format.keep_with_next = True
    table = word.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    table.autofit = False
    part = _text_width(word) / sum(column.share for column in block.columns)
    widths = [Cm(part * column.share) for column in block.columns]
    _fill(table.rows[0], [column.title for column in block.columns], block, widths, bold=True)
    _repeat_head(table)
    for row in block.rows:
        _fill(table.add_row(), list(row), block, widths, bold=False)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    word.add_paragraph().paragraph_format.space_after = Pt(4)


def _fill(row: Any, texts: list[str], block: Table, widths: Sequence[Length], *, bold: bool) -> None:
    for index, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.width = widths[index]
        paragraph = cell.paragraphs[0]
        paragraph._p.style = CELL  # noqa: SLF001  see _write
        run = paragraph.add_run(text)
        if bold or index == 0:
            run.font.bold = True
        if block.columns[index].numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat_head(table: WordTable) -> None:
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)  # noqa: SLF001  the library has no public way


def _figure(word: WordDocument, block: Figure, picture: Picture) -> None:
    width = Cm(_text_width(word) * block.width / 100)
    shape = word.add_picture(io.BytesIO(picture(block.svg)), width=width)
    described = shape._inline.docPr  # noqa: SLF001  the library has no public way
    described.set("descr", block.alt)
    if block.caption:
        word.add_paragraph(block.caption).runs[0].font.size = Pt(9)
