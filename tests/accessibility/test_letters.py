"""Bulgarian letterforms from our own typeface (R18), and text that stays whole when spaced wider (R10)."""

from __future__ import annotations

import pytest

from tests.accessibility.looking import Looker, told

LETTERS = "вгдзикптцщю"
MAIN = [
    "site:work",
    "assessment:my",
    "assessment:judge",
    "assessment:agree_item",
    "assessment:report",
    "reports:report",
]

SHOW = """([letters, language]) => {
  const line = document.createElement("p");
  line.lang = language;
  line.id = "letters";
  line.textContent = letters;
  document.querySelector("main").replaceChildren(line);
}"""

# The spacing that a reader may set (WCAG 1.4.12).
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""

# Blocks with words of their own that hide a part of them, left out what is there for screen readers only.
CLIPPED = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const hides = /hidden|clip/.test(style.overflowX + style.overflowY);
  const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  return hides && words && box.width > 2 && !one.closest(".vh") && one.checkVisibility()
    && (one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2);
}).map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 50)}`)"""


def picture(looker: Looker, language: str) -> tuple[bytes, list[str]]:
    """The letters as drawn in a language, and which fonts were asked for."""
    context = looker.context("", "bg", 800)
    tab, fonts = context.new_page(), []
    tab.on("request", lambda request: fonts.append(request.url) if request.resource_type == "font" else None)
    tab.goto("/help/")
    tab.evaluate(SHOW, [LETTERS, language])
    tab.evaluate("document.fonts.ready.then(() => true)")
    drawn = tab.locator("#letters").screenshot()
    context.close()
    return drawn, fonts


def test_bulgarian_letters_have_their_own_forms(looker: Looker):
    bulgarian, fonts = picture(looker, "bg")
    russian, _ = picture(looker, "ru")
    assert bulgarian != russian
    assert picture(looker, "bg")[0] == bulgarian
    assert any("sofia-sans-cyrillic" in url for url in fonts)
    assert [url for url in fonts if not url.startswith(looker.address)] == []


@pytest.mark.parametrize("name", MAIN)
def test_text_spaced_wider_stays_whole_on_a_phone(looker: Looker, name: str):
    page = looker.pages[name]
    context = looker.context(page.who, "bg", 320)
    tab = context.new_page()
    looker.open(tab, page)
    tab.evaluate(SPACING)
    clipped = tab.evaluate(CLIPPED)
    too_wide = looker.too_wide(tab)
    context.close()
    assert not clipped + too_wide, told(clipped + too_wide)
