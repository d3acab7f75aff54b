"""The words of an answer, whatever its format."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import unquote

import pypdf
from django.http import HttpResponse
from django.http.response import HttpResponseBase

WORDS = re.compile(r"(?:канарче|видимо|тайна\w*?|kanarche)(?:едно|две|edno|dve)\w*")


def body_of(response: HttpResponseBase) -> bytes:
    """All bytes of an answer, streamed or not."""
    if response.streaming:
        return b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert isinstance(response, HttpResponse)
    return response.content


@lru_cache(maxsize=4096)
def text_of(body: bytes) -> str:
    """The text of a page, a table, an office document or a PDF, in lower case, with escapes resolved."""
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            joined = "\n".join(
                archive.read(name).decode("utf-8", "replace")
                for name in archive.namelist()
                if name.endswith(".xml")
            )
        # A run may end in the middle of a word.
        return joined.lower() + re.sub(r"<[^>]*>", "", joined).lower()
    if body.startswith(b"%PDF-"):
        pages = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
        # Long words are broken at the end of a line.
        return re.sub(r"[-\u00ad\u2010]?\s+", "", "".join(pages)).lower()
    text = body.decode("utf-8", "replace")
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return unquote(text).lower() if "%D0" in text or "%d0" in text else text.lower()


def words_in(text: str, told: Callable[[str], bool] = lambda _: True) -> set[str]:
    """The canary words of a text for which `told` holds."""
    return {word for word in WORDS.findall(text) if told(word)}
