from __future__ import annotations

import io
import json
import zipfile
from xml.parsers.expat import ParserCreate

import docx
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.core.texts import BadText, clean_line, clean_lines, clean_text, cleaner
from merilo.web.tables import Column, as_xlsx


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Община   Синьо\u00a0бърдо ", "Община Синьо бърдо"),
        ("и\u0306", "й"),
        ("екип 👩‍👩‍👧 🇧🇬", "екип 👩‍👩‍👧 🇧🇬"),
        ("a\nb\tc", "a b c"),
    ],
)
def test_a_line_is_kept_as_it_reads(typed, kept):
    assert clean_line(typed) == kept


@pytest.mark.parametrize("typed", ["\u200b", " \u200b\u2060 ", "\ufeff", "\u00ad", "\u3000\u200d"])
def test_a_text_in_which_nothing_is_seen_is_empty(typed):
    assert (clean_line(typed), clean_text(f"{typed}\n{typed}"), clean_lines(typed)) == ("", "", [])


def test_a_text_keeps_its_lines():
    assert clean_text("първи \r\n\r\nвтори\rтрети\n") == "първи\n\nвтори\nтрети"


@pytest.mark.parametrize(
    "bad", ["a\x00b", "a\x07b", "a\u202eb", "a\ud800b", "\x7f", "a\ufffeb", "\uffff", "\ufdd0", "\U0001ffff"]
)
def test_what_cannot_be_shown_is_refused(bad):
    for clean in (clean_line, clean_text):
        with pytest.raises(BadText):
            clean(bad)


TEXTS = st.text(max_size=40) | st.text(
    st.sampled_from("aд\t\n\u2028\ue000\ufdcf\ufffd\ufffe\uffff\U0010ffff"), max_size=40
)


@settings(max_examples=20)
@given(st.lists(TEXTS, min_size=10, max_size=30))
def test_a_text_that_is_kept_goes_into_every_document(typed):
    """Many texts a document: making one takes longer than all its texts."""
    kept = [text for one in typed if (text := kept_of(one)) is not None]
    file = io.BytesIO()
    document = docx.Document()
    for text in kept:
        document.add_paragraph(text)
    document.save(file)
    assert [paragraph.text for paragraph in docx.Document(file).paragraphs] == kept
    assert json.loads(json.dumps(kept, ensure_ascii=False).encode()) == kept
    sheet = zipfile.ZipFile(io.BytesIO(as_xlsx([[text] for text in kept], [Column("text", "Text")])))
    ParserCreate().Parse(sheet.read("xl/sharedStrings.xml"))


def kept_of(typed):
    try:
        return clean_text(typed)
    except BadText:
        return None


def test_nothing_is_cut():
    assert clean_line("д" * 300) == "д" * 300
    with pytest.raises(BadText, match="301"):
        clean_line("д" * 301)


def test_one_thought_a_line():
    assert clean_lines(" един \n\n два\n") == ["един", "два"]


def test_in_a_form_the_sentence_becomes_the_fields_error():
    with pytest.raises(ValidationError, match="301"):
        cleaner(clean_line, 300)("д" * 301)
    assert cleaner(clean_line, 300)(" a ") == "a"
