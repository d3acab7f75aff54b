"""A draft as Word file: real headings, table heads that repeat, and highlighted places to fill in."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from merilo.web.documents.model import Block, Bullets, Facts, Heading, Paragraph, Table

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from merilo.assessment.drafts.letters import Letter

FONT = "Times New Roman"  # what offices have; the receiver must not need another
WIDTH = 16.0  # centimetres of text on a page
_BLANK = re.compile(r"(\[[^\]]*\])")


def docx(letter: Letter, *, language: str) -> bytes:
    """The draft as bytes of a DOCX."""
    from docx import Document

    word = Document()
    _dress(word, letter, language)
    for block in letter.blocks:
        _draw(word, block)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def _dress(word: WordDocument, letter: Letter, language: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    properties = word.core_properties
    properties.title, properties.author, properties.language = letter.title, letter.author, language
    properties.comments = ""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.3)
    sizes = {"Normal": 12, "Heading 1": 16, "Heading 2": 13, "Heading 3": 12, "Caption": 11}
    for name, size in sizes.items():
        _style(word.styles[name], size, bold=name != "Normal", language=language)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run(letter.author.upper()).bold = True


def _style(style: Any, size: int, *, bold: bool, language: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.space_after = Pt(6)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for place in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(place), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), {"bg": "bg-BG", "en": "en-GB"}.get(language, language))
    properties.append(tag)


def _draw(word: WordDocument, block: Block) -> None:
    match block:
        case Heading():
            _heading(word, block)
        case Paragraph():
            _paragraph(word, block)
        case Bullets():
            for number, item in enumerate(block.items, start=1):
                style = "Normal" if block.ordered else "List Bullet"
                _write(word.add_paragraph(style=style), f"{number}. {item}" if block.ordered else item)
        case Facts():
            for name, value in block.rows:
                paragraph = word.add_paragraph()
                paragraph.add_run(f"{name}: ").bold = True
                _write(paragraph, value)
        case Table():
            _table(word, block)


def _heading(word: WordDocument, block: Heading) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    heading = word.add_heading(level=block.level)
    heading.add_run(block.text.upper() if block.level == 1 and len(block.text) < 40 else block.text)
    heading.paragraph_format.space_before = Pt(18 if block.level == 1 else 12)
    if block.level == 1:
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _paragraph(word: WordDocument, block: Paragraph) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    paragraph = word.add_paragraph()
    _write(paragraph, block.text, bold=block.style in {"lead", "to"})
    form = paragraph.paragraph_format
    if block.style == "centre":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif block.style == "right":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif block.style == "body":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if block.style in {"sign", "to"}:
        form.space_before = Pt(18)
    if block.style in {"sign", "sign-next", "to", "to-next"}:
        form.space_after, form.keep_together = Pt(0), True
        form.keep_with_next = block.style == "sign"
    if block.style.startswith("sign"):
        form.left_indent = Cm(8)


def _write(paragraph: Any, text: str, *, bold: bool = False) -> None:
    """The text, with the places to fill in highlighted."""
    from docx.enum.text import WD_COLOR_INDEX

    for part in _BLANK.split(text):
        if not part:
            continue
        run = paragraph.add_run(part)
        run.bold = bold or None
        if _BLANK.fullmatch(part):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _table(word: WordDocument, block: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    caption = word.add_paragraph(block.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = word.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    table.autofit = False
    _row(table.rows[0], [column.title for column in block.columns], block, bold=True)
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)  # noqa: SLF001 - the library has no public way
    for row in block.rows:
        _row(table.add_row(), list(row), block, bold=False)
    word.add_paragraph().paragraph_format.space_after = Pt(4)


def _row(row: Any, texts: list[str], block: Table, *, bold: bool) -> None:
    from docx.shared import Cm, Pt

    total = sum(column.share for column in block.columns)
    for cell, text, column in zip(row.cells, texts, block.columns, strict=True):
        cell.width = Cm(WIDTH * column.share / total)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(3)
        _write(paragraph, text, bold=bold)
        for run in paragraph.runs:
            run.font.size = Pt(10.5)
