"""A survey on a phone of 390 px, with and without JavaScript, as the browser tells it to a screen reader."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page as Tab

from tests.accessibility.looking import Looker


def phone(looker: Looker, *, scripts: bool) -> Tab:
    tab = looker.context("", "en", 390, java_script_enabled=scripts).new_page()
    tab.goto(looker.pages["answer:start"].path)
    return tab


def heard(tab: Tab) -> list[dict[str, Any]]:
    """Role, name and properties of everything in the browser's accessibility tree."""
    session = tab.context.new_cdp_session(tab)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        {
            "role": node.get("role", {}).get("value"),
            "name": node.get("name", {}).get("value", ""),
            "described": node.get("description", {}).get("value", ""),
        }
        | {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
        for node in nodes
        if not node.get("ignored")
    ]


def named(tab: Tab, role: str) -> list[str]:
    return [node["name"] for node in heard(tab) if node["role"] == role]


def press(tab: Tab, name: str) -> None:
    with tab.expect_navigation():
        tab.get_by_role("button", name=name, exact=True).first.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_survey_is_answered_on_a_phone(looker: Looker, *, scripts: bool):
    tab = phone(looker, scripts=scripts)
    assert "Anonymous." in tab.inner_text("main")
    press(tab, "Begin")
    assert "Page 1 of 2" in tab.inner_text("main")
    assert tab.title().startswith("About you")
    press(tab, "Next")
    told = heard(tab)
    assert tab.title().startswith("Error:")
    assert any(node["role"] == "alert" for node in told)
    group = next(node for node in told if node["role"] == "group" and "How old are you?" in node["name"])
    assert "Please answer this question." in group["described"]
    assert {"up to 35", "36–60", "over 60"} <= set(named(tab, "radio"))
    tab.get_by_label("over 60").check()
    tab.get_by_label("Yes", exact=True).check()
    press(tab, "Next")
    rows = named(tab, "radio")
    assert "the speed Degree 4" in rows  # row and column together
    assert named(tab, "rowheader")[:2] == [
        "the speed",
        "the staff",
    ]  # a table, although it is shown as a list
    tab.get_by_role("radio", name="the speed Degree 4").check()
    size = tab.get_by_text("at the desk", exact=True).locator("xpath=..").bounding_box()
    assert size is not None
    assert size["height"] >= 48
    press(tab, "Back")
    assert tab.get_by_label("over 60").is_checked()
    press(tab, "Next")
    assert tab.get_by_role("radio", name="the speed Degree 4").is_checked()
    tab.fill("[name=wishes]", "More desks")
    press(tab, "Next")
    assert "More desks" in tab.inner_text("main")
    assert looker.too_wide(tab) == []
    if scripts:
        tab.get_by_text("The computation is done.").wait_for()
        press(tab, "Send")
        assert "Your answers have arrived." in tab.inner_text("main")
    else:
        tab.get_by_text("Send without the computation").click()
        tab.get_by_label("Your e-mail address").fill("somebody@town.example")
        press(tab, "Send me a code")
        assert tab.get_by_label("The code from the mail").is_visible()
    assert {cookie["name"] for cookie in tab.context.cookies()} <= {"language"}
    tab.context.close()
