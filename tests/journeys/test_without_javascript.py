"""The main work and the public pages need no JavaScript (R16)."""

from __future__ import annotations

from playwright.sync_api import Page as Tab

from merilo.site.demo.people import PASSWORD
from tests.accessibility.looking import Looker

STRENGTH = "Гражданите получават отговор в срок – „на едно гише“."


def visitor(looker: Looker, who: str = "") -> Tab:
    """A browser without JavaScript, of somebody who has signed in."""
    return looker.context(who, "bg", 1280, java_script_enabled=False).new_page()


def press(tab: Tab, name: str) -> None:
    """Press a button by its name and wait for the page it leads to."""
    with tab.expect_navigation():
        tab.get_by_role("button", name=name, exact=True).first.click()


def sign_in(tab: Tab, email: str) -> None:
    tab.goto("/accounts/login/")
    tab.fill("[name=login]", email)
    tab.fill("[name=password]", PASSWORD)
    press(tab, "Влезте")


def words(tab: Tab) -> str:
    return tab.locator("main").inner_text()


def test_assessor_scores_and_saves(looker: Looker):
    tab = visitor(looker)
    sign_in(tab, looker.emails["yumerov"])
    address = looker.pages["assessment:judge: not begun"].path
    tab.goto(address)
    tab.check('[name=score-band][value="2"]')
    tab.fill("[name=score-points-2]", "43")
    tab.fill("[name=strength-text] >> nth=0", STRENGTH)
    press(tab, "Запишете и продължете")
    tab.goto(address)
    assert tab.input_value("[name=score-points-2]") == "43"
    assert tab.input_value("[name=strength-text] >> nth=0") == STRENGTH


def test_wrong_score_is_told_and_what_was_typed_stays(looker: Looker):
    tab = visitor(looker, "varbanov")
    tab.goto(looker.pages["assessment:judge: not begun"].path)
    tab.check('[name=score-band][value="2"]')
    tab.fill("[name=score-points-2]", "4о")
    tab.fill("[name=strength-text] >> nth=0", STRENGTH)
    press(tab, "Запишете и продължете")
    assert tab.locator(".errors a").first.get_attribute("href") == "#score-points-2"
    assert tab.input_value("[name=score-points-2]") == "4о"
    assert tab.input_value("[name=strength-text] >> nth=0") == STRENGTH


def test_evidence_is_added(looker: Looker):
    tab = visitor(looker, "yumerov")
    tab.goto(looker.pages["assessment:evidence_new"].path + "?kind=note")
    tab.fill("[name=title]", "Бележка от приемната")
    tab.fill("[name=text]", "Жалбите по касите са намалели наполовина.")
    tab.locator("#uses summary").click()
    tab.check('[name=use][value="6.1"]')
    press(tab, "Запишете")
    tab.goto(looker.pages["assessment:evidence"].path)
    assert "Бележка от приемната" in words(tab)


def test_group_agrees_on_a_sub_criterion(looker: Looker):
    tab = visitor(looker, "krumova")
    tab.goto(looker.spare["without"])
    tab.fill("[name=value-score]", "55")
    tab.fill("[name=justification]", "Решено след обсъждане на показателите.")
    press(tab, "Приемете оценката")
    tab.goto(looker.spare["without"])
    assert "Решено след обсъждане на показателите." in words(tab)


def test_section_is_saved_and_a_revision_made(looker: Looker):
    tab = visitor(looker, "dimova")
    tab.goto(looker.pages["assessment:section"].path)
    tab.fill("[name=text]", "Докладът обобщава работата на групата.")
    press(tab, "Запишете")
    tab.goto(looker.pages["assessment:report"].path)
    tab.check('main [name=language][value="bg"]')
    press(tab, "Изгответе редакция")
    assert "Докладът обобщава работата на групата." in words(tab)
    assert tab.locator("main table").count() > 0


def test_citizen_reads_the_published_report(looker: Looker):
    tab = visitor(looker)
    tab.goto("/reports/")
    with tab.expect_navigation():
        tab.locator("main a").first.click()
    assert tab.locator("main table").count() > 0
    assert tab.locator("main svg.chart").count() > 0
