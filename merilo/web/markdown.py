"""Markdown as people write it into safe HTML: headings, paragraphs, lists, emphasis, links, tables."""

from __future__ import annotations

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "p", "br", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em",
    "blockquote", "code", "hr", "a",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
_HEADING = re.compile(r"<(/?)h([1-6])>")
# No raw HTML and no pictures from elsewhere; a typed line end is a line end.
_reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["image", "html_block", "html_inline"]
)


def to_html(text: str, *, top: int = 2) -> SafeString:
    r"""The text as HTML whose highest heading has level `top`, so that the page's order of headings holds.

    >>> to_html("## Notice", top=3)
    '<h3>Notice</h3>\n'
    """
    drawn = _reader.render(text)
    highest = min((int(tag[2]) for tag in _HEADING.finditer(drawn)), default=1)
    drawn = _HEADING.sub(lambda tag: f"<{tag[1]}h{min(int(tag[2]) - highest + top, 6)}>", drawn)
    clean = nh3.clean(
        drawn, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener"
    )
    return mark_safe(clean)
