"""Texts of other programs as plain text: markup taken out, and said what of it is gone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3

_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}
_LOOKS = {"b", "i", "u", "em", "strong", "span", "font", "small", "big", "sub", "sup", "center", "s", "a"}
_LOOKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "hr", "code", "pre", "blockquote", "mark"}
_BARE = {"p", "br", "div"}  # nothing but lines
_SILENT = {"script", "style", "title", "iframe", "object", "svg", "noscript", "template", "math"}
_KEPT = _BLOCKS | _LOOKS | _BARE | {"img", "tbody", "thead", "td", "th"}
_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]*)[\s/>]")
_MARKUP = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+\d*);|<!--")
_HAS_LINES = re.compile(r"<(?:p|br|div|li|h\d)\b", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MOST = 20_000  # characters of one text that are looked at


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The plain text; whether it was formatted; the kinds of things in it that are gone."""

    text: str
    formatted: bool = False
    gone: tuple[str, ...] = ()


def cleaned(source: str) -> Cleaned:
    r"""A text without its markup.

    >>> cleaned("<p>Are <b>you</b> well?<br/>Yes &amp; no</p>")
    Cleaned(text='Are you well?\nYes & no', formatted=True, gone=())
    >>> cleaned("a < b").text
    'a < b'
    """
    source = tidy(source[:_MOST])
    if not _MARKUP.search(source):
        return Cleaned(source)
    reader = _Reader(keeps_lines=not _HAS_LINES.search(source))
    reader.feed(_well_formed(source))
    reader.close()
    tags = {tag.lower() for tag in _TAG.findall(source)}
    gone = tuple(sorted(tags - _LOOKS - _BARE))
    return Cleaned(_lines("".join(reader.pieces)), bool(tags & _LOOKS), gone)


def _well_formed(source: str) -> str:
    """The markup without anything that runs, every tag closed: broken markup takes the parser minutes."""
    attributes = {"a": {"href"}, "img": {"alt"}}
    return nh3.clean(source, tags=_KEPT, attributes=attributes, clean_content_tags=_SILENT, link_rel=None)


def tidy(source: str) -> str:
    """A text without control characters and spaces around it; ends of line are line feeds."""
    return _CONTROL.sub("", source.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _lines(text: str) -> str:
    lines = [re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Collects the text of well-formed HTML; where no tag makes lines, ends of line are meant."""

    def __init__(self, *, keeps_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.keeps_lines = keeps_lines
        self.pieces: list[str] = []
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.pieces.append(dict(attrs).get("alt") or "")
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.pieces)))
        elif tag in _BLOCKS:
            self.pieces.append("\n– " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.links:
            self._close_link()
        elif tag in _BLOCKS and tag not in {"br", "li", "hr"}:
            self.pieces.append("\n")

    def _close_link(self) -> None:
        """The address of a link, which would be lost with it, goes behind its text."""
        address, start = self.links.pop()
        if address.startswith(("http://", "https://", "mailto:")):
            shown = address.removeprefix("mailto:")
            if shown not in "".join(self.pieces[start:]):
                self.pieces.append(f" ({shown})")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data if self.keeps_lines else re.sub(r"\s*\n\s*", " ", data))
