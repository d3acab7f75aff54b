"""Where the pages of a PDF end: nothing is torn from what it belongs to."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from django.utils import timezone
from pypdf import PdfReader

from merilo.web.documents.model import Block, Bullets, Column, Document, Heading, Paragraph, Table, Words
from merilo.web.documents.pdf import pdf

LINES = 37  # of one line each fill the page to its last lines


def pages(*blocks: Block) -> list[str]:
    document = Document(
        title="Доклад",
        language="bg",
        author="Община",
        words=Words("Съдържание", "{page} от {pages}"),
        blocks=blocks,
        with_contents=False,
    )
    drawn = pdf(document, fonts=settings.PDF_FONTS_DIR, at=timezone.now())
    return [page.extract_text() for page in PdfReader(io.BytesIO(drawn)).pages[1:]]


def table(rows: int) -> Table:
    columns = (Column("Подкритерий", share=4), Column("Точки", numeric=True))
    return Table("Точки по подкритерии", columns, tuple((f"Ред-{n}.", "40") for n in range(1, rows + 1)))


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
def test_a_table_that_fits_on_a_page_is_not_cut(before):
    told = pages(*[Paragraph("Текст.")] * before, table(20))
    [page] = [page for page in told if "Ред-1." in page]
    assert "Точки по подкритерии" in page
    assert "Ред-20." in page


def test_a_table_longer_than_a_page_goes_on_with_its_head():
    told = pages(table(60))
    assert len(told) == 2
    assert all("Подкритерий" in page for page in told)
