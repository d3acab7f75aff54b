"""Letters that the typeface lacks never stop a document."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from merilo.web.documents.letters import MISSING, drawable, letters
from merilo.web.documents.model import Document, Paragraph, Words
from merilo.web.documents.pdf import REGULAR, pdf

KNOWN = letters(settings.PDF_FONTS_DIR / REGULAR)
NOTE = "липсва в шрифта"


def printed(text: str) -> str:
    document = Document(
        title=f"Доклад {text}",
        language="bg",
        author=f"Община {text}",
        words=Words("Съдържание", "{page} от {pages}", f"{{mark}} {NOTE}"),
        blocks=(Paragraph(text),),
    )
    drawn = pdf(document, fonts=settings.PDF_FONTS_DIR, at=timezone.now())
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(drawn)).pages)


@pytest.mark.parametrize("text", ["😀", "漢字", "\ue000"])
def test_a_letter_the_typeface_lacks_is_marked_and_explained(text):
    words = printed(f"Преди{text}после")
    assert f"Преди{MISSING}" in words
    assert NOTE in words


@pytest.mark.parametrize(
    ("text", "shown"),
    [("\uf0b7 Нов портал", "• Нов портал"), ("19 → 11", "19 – 11"), ("ﬁ\u200d\ufe0f", "fi"), ("≥ 5", ">= 5")],
)
def test_a_letter_with_a_plain_form_comes_as_that(text, shown):
    words = printed(text)
    assert shown in words
    assert NOTE not in words


@given(st.text())
def test_whatever_is_typed_comes_out_in_letters_of_the_typeface(text):
    shown, is_missing = drawable(text, KNOWN)
    assert set(shown) <= KNOWN | set("\n\t")
    assert is_missing is (MISSING in shown and MISSING not in text) or MISSING in text
