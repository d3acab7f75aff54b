from __future__ import annotations

import pytest

from merilo.web.markdown import to_html


def test_headings_begin_where_the_page_goes_on():
    assert to_html("# A\n\n## B", top=3) == "<h3>A</h3>\n<h4>B</h4>\n"
    assert to_html("## A\n\n### B", top=3) == "<h3>A</h3>\n<h4>B</h4>\n"
    assert "<h6>" in to_html("# A\n\n###### deep", top=4)


def test_lists_emphasis_and_links_are_drawn():
    drawn = to_html("- **a** *b*\n- [c](https://town.example)")
    assert "<li><strong>a</strong> <em>b</em></li>" in drawn
    assert '<a href="https://town.example" rel="nofollow noopener">c</a>' in drawn


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src="https://elsewhere.example/x.png">',
        "![x](https://elsewhere.example/x.png)",
        '<a href="x" onclick="y">z</a>',
        "<style>p{}</style>",
    ],
)
def test_nothing_harmful_or_foreign_gets_through(text):
    drawn = to_html(text)
    for harm in ("<script", "<img", "<style", 'href="javascript', '<a href="x"'):
        assert harm not in drawn
