"""Where the pages of a PDF end: nothing is torn from what it belongs to."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import docx as python_docx
import pytest
from django.conf import settings
from django.utils import timezone
from pypdf import PdfReader

from merilo.web.documents.model import (
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    Words,
)
from merilo.web.documents.page import html
from merilo.web.documents.pdf import pdf
from merilo.web.documents.word import docx

LINES = 37  # of one line each fill the page to its last lines


def pages(*blocks: Block) -> list[str]:
    """The pages after that of the title."""
    return drawn(PageBreak(), *blocks)[1:]


def described(*blocks: Block) -> Document:
    return Document(
        title="Доклад",
        language="bg",
        author="Община",
        words=Words("Съдържание", "{page} от {pages}"),
        blocks=blocks,
        with_contents=False,
    )


def drawn(*blocks: Block) -> list[str]:
    document = described(*blocks)
    content = pdf(document, fonts=settings.PDF_FONTS_DIR, at=timezone.now())
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def table(rows: int) -> Table:
    columns = (Column("Подкритерий", share=4), Column("Точки", numeric=True))
    return Table("Точки по подкритерии", columns, tuple((f"Ред-{n}.", "40") for n in range(1, rows + 1)))


def test_a_document_without_contents_begins_under_its_title():
    [page] = drawn(Heading(1, "Присъстваха"), Paragraph("Текст."))
    assert page.index("Доклад") < page.index("Присъстваха") < page.index("Текст.")


@pytest.mark.parametrize("before", range(24, LINES))
def test_a_heading_and_its_line_stand_on_the_page_of_what_follows(before):
    told = pages(
        *[Paragraph("Текст.")] * before,
        Heading(1, "Критерий"),
        Heading(2, "Подкритерий"),
        Paragraph("Съгласувана оценка", "meta"),
        Bullets(("Силна страна",)),
    )
    [page] = [page for page in told if "Критерий" in page]
    assert "Подкритерий" in page
    assert "Съгласувана оценка" in page
    assert "Силна страна" in page


@pytest.mark.parametrize("before", [5, 20, 30])
def test_a_table_that_fits_on_half_a_page_is_not_cut(before):
    told = pages(*[Paragraph("Текст.")] * before, table(12))
    [page] = [page for page in told if "Ред-1." in page]
    assert "Точки по подкритерии" in page
    assert "Ред-12." in page


def test_a_longer_table_begins_under_its_heading_and_leaves_no_page_empty():
    told = pages(*[Paragraph("Текст.")] * 20, Heading(1, "Показатели"), table(20))
    assert len(told) == 2
    for word in ("Показатели", "Точки по подкритерии", "Ред-1."):
        assert word in told[0]
    assert "Подкритерий" in told[1]


def test_a_table_longer_than_a_page_goes_on_with_its_head():
    told = pages(table(60))
    assert len(told) == 2
    assert all("Подкритерий" in page for page in told)


def test_wide_pages_lie_on_their_side_until_the_next_break_on_paper_and_in_word() -> None:
    blocks = (Paragraph("Преди."), PageBreak(wide=True), table(60), PageBreak(), Paragraph("След."))
    document = described(*blocks)
    content = pdf(document, fonts=settings.PDF_FONTS_DIR, at=timezone.now())
    sides = [page.mediabox.width > page.mediabox.height for page in PdfReader(io.BytesIO(content)).pages]
    assert (sides[0], sides[-1], all(sides[1:-1]), len(sides) > 2) == (False, False, True, True)
    word = docx(document, picture=lambda _svg: b"", at=timezone.now())
    sections = python_docx.Document(io.BytesIO(word)).sections
    widths = [(section.page_width or 0) > (section.page_height or 0) for section in sections]
    assert widths == [False, True, False]


def test_the_same_document_is_the_same_file_whenever_it_is_made(time_machine):
    at, files = timezone.now(), []
    for minute in (1, 2):
        time_machine.move_to(datetime(2026, 11, 27, 9, minute, tzinfo=UTC), tick=False)
        files.append(docx(described(Paragraph("Текст")), picture=lambda _svg: b"", at=at))
    assert files[0] == files[1]


@pytest.mark.parametrize(("columns", "folds"), [(2, False), (3, True), (6, True), (7, False)])
def test_rows_of_a_table_become_cards_on_a_phone_where_they_are_short(columns: int, *, folds: bool):
    titles = tuple(Column(f"C{number}") for number in range(columns))
    drawn = html((Table("Measures", titles, (("one\ntwo",) * columns,)),))
    assert ('class="dense fold"' in drawn) is folds
    assert '<td class="" data-l="C1: ">one\ntwo</td>' in drawn
