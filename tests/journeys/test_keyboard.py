"""The main work is done by keyboard alone, and the place of the focus is always seen (R08)."""

from __future__ import annotations

from playwright.sync_api import Page as Tab

from merilo.site.demo.people import PASSWORD
from tests.accessibility.looking import Looker

MOST_STOPS = 400

# Where the focus stands: a word for messages, and whether a ring is drawn around it inside the window.
FOCUS = """(wanted) => {
  const one = document.activeElement;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const name = `${one.tagName.toLowerCase()}[${one.name || one.id || one.href || ""}] ${one.textContent.trim().slice(0, 30)}`;
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inside = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0;
  return { name, body: one === document.body, seen: ring && inside, there: one.matches(wanted) };
}"""  # noqa: E501


class Keys:
    """Somebody who has a keyboard and nothing else."""

    def __init__(self, looker: Looker, who: str = "") -> None:
        self.looker = looker
        self.tab: Tab = looker.context(who, "bg", 1280).new_page()

    def open(self, path: str) -> Keys:
        self.tab.goto(path)
        return self

    def press(self, key: str, times: int = 1) -> Keys:
        for _ in range(times):
            self.tab.keyboard.press(key)
            self.look()
        return self

    def look(self, wanted: str = "*") -> bool:
        """See where the focus is; answers whether it stands on what the selector names."""
        stop = self.tab.evaluate(FOCUS, wanted)
        assert stop["body"] or stop["seen"], (self.tab.url, stop["name"])
        return bool(stop["there"])

    def reach(self, selector: str) -> Keys:
        """Press Tab until the focus stands on what the selector names; each stop on the way is seen."""
        for _ in range(MOST_STOPS):
            self.tab.keyboard.press("Tab")
            if self.look(selector):
                return self
        raise AssertionError(f"{selector} is not reached by Tab on {self.tab.url}")

    def is_at(self, selector: str) -> bool:
        return bool(self.tab.evaluate("(wanted) => document.activeElement.matches(wanted)", selector))

    def type(self, text: str) -> Keys:
        self.tab.keyboard.press("Control+A")
        self.tab.keyboard.type(text)
        return self

    def go(self, selector: str, key: str = "Enter") -> Keys:
        """Reach a link or button and use it; wait for the page it leads to."""
        self.reach(selector)
        with self.tab.expect_navigation():
            self.tab.keyboard.press(key)
        return self

    def sign_in(self, who: str) -> Keys:
        self.open("/accounts/login/")
        self.reach("[name=login]").type(self.looker.emails[who])
        self.reach("[name=password]").type(PASSWORD)
        return self.go("main form button")

    def text(self) -> str:
        return self.tab.locator("main").inner_text()


def path_of(looker: Looker, name: str) -> str:
    return looker.pages[name].path


def test_skip_link_leads_past_the_menu(looker: Looker):
    keys = Keys(looker, "hadzhieva")
    keys.open(path_of(looker, "site:work")).press("Tab")
    assert keys.is_at("a.skip")
    keys.press("Enter").press("Tab")
    assert keys.tab.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_assessor_scores_writes_and_hands_in(looker: Looker):
    keys = Keys(looker).sign_in("zahova")
    keys.open(path_of(looker, "assessment:my")).go('main a[href$="/my/9.2/"]')
    keys.reach("[name=score-band]").press("ArrowDown", 3)
    assert keys.is_at('[value="2"]')
    keys.reach("[name=score-points-2]").type("43")
    keys.reach("[name=strength-text]").type("Отчетът за програмата се публикува в срок.")
    keys.press("Enter")
    keys.tab.keyboard.type("Целевите стойности се следят на тримесечие.")
    keys.reach("[name=ready]")
    if not keys.is_at("[value=yes]"):
        keys.press("ArrowUp")
    keys.go(".foot-of-form button")
    keys.open(path_of(looker, "assessment:check")).reach("[id='answer-9.2'] summary").press("Enter")
    assert "Целевите стойности се следят на тримесечие." in keys.text()
    assert "Отчетът за програмата се публикува в срок." in keys.text()
    keys.reach("[name=confirm]").press("Space").go("#hand-in button")
    keys.open(path_of(looker, "assessment:my"))
    assert "Предадохте" in keys.text()


def test_coordinator_moves_a_step_of_the_schedule(looker: Looker):
    keys = Keys(looker, "ilchev")
    keys.open(path_of(looker, "assessment:schedule"))
    keys.reach("[name=due_9]")
    keys.type("18.12.2028").go("main form button[type=submit]")
    keys.open(path_of(looker, "assessment:schedule"))
    assert keys.tab.locator("[name=due_9]").input_value() == "18.12.2028"


def test_chair_agrees_on_a_sub_criterion(looker: Looker):
    keys = Keys(looker, "krumova")
    keys.open(looker.spare["keyboard"]).reach("[name=value-score]").type("51")
    keys.reach("[name=justification]").type("Доказателствата са за двете години.")
    keys.go("button[value=agree]")
    keys.open(looker.spare["keyboard"])
    assert "Доказателствата са за двете години." in keys.text()
