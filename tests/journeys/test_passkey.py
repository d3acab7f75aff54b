"""A passkey from setting it up to signing in with nothing else, with a real browser's authenticator."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page

from tests.people import PASSWORD

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(browser: Browser, address: str) -> Page:
    """A browser window whose device keeps passkeys and answers at once."""
    context = browser.new_context(base_url=address, locale="en")
    context.set_default_timeout(30_000)
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def test_a_passkey_is_set_up_and_opens_the_account_alone(browser: Browser, installed: dict[str, Any]):
    email = installed["newcomer"]
    address = installed["address"].replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    page = with_authenticator(browser, address)
    page.goto("/accounts/login/?next=/accounts/security/passkeys/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    press(page, "Sign in")
    page.fill("[name=password]", PASSWORD)
    press(page, "Confirm")
    page.fill("[name=name]", "Office telephone")
    press(page, "Make the passkey")
    assert page.get_by_role("heading", level=1).inner_text() == "Recovery codes"
    press(page, "Sign out")

    # With the password the passkey is the second question.
    page.goto("/accounts/login/?next=/accounts/security/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    press(page, "Sign in")
    press(page, "Use the passkey")
    assert "Office telephone" in page.locator("main").inner_text()
    press(page, "Sign out")

    # Without it the passkey is enough.
    page.goto("/accounts/login/?next=/accounts/profile/")
    press(page, "Sign in with a passkey")
    assert page.url == f"{address}/accounts/profile/"
