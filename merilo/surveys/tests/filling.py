"""Somebody who answers a survey page by page, as a browser without scripts would."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

NETWORK = "198.51.100.7"  # set aside for examples


class Respondent:
    """Reads the page it got last and sends its form."""

    def __init__(self, address: str, **headers: str) -> None:
        self.client = Client(enforce_csrf_checks=True, REMOTE_ADDR=NETWORK)
        self.headers = {"accept-language": "en"} | headers
        self.took(self.client.get(address, headers=self.headers))

    def took(self, response: Any) -> None:
        assert not response.cookies
        self.response, self.status = response, response.status_code
        self.page = response.content.decode()

    @property
    def sealed(self) -> str:
        found = re.search(r'name="sealed" value="([^"]+)"', self.page)
        assert found, self.page[-3000:]
        return unescape(found[1])

    @property
    def action(self) -> str:
        found = re.search(r'<form id="form" method="post" action="([^"]+)"', self.page)
        assert found
        return found[1]

    def press(self, go: str = "", **fields: Any) -> Respondent:
        """Send the page with a button, or the main one, and take what comes back behind a redirection."""
        go = go or ("begin" if 'value="begin"' in self.page else "next")
        named = {name.replace("__", "."): value for name, value in fields.items()}
        data = {"sealed": self.sealed, "go": go} | named
        self.took(self.client.post(self.action, data, headers=self.headers))
        if self.status in {302, 303}:
            self.took(self.client.get(self.response["Location"], headers=self.headers))
        return self

    def chosen(self, name: str) -> list[str]:
        """Values of a field that stand chosen on the page."""
        return re.findall(rf'name="{re.escape(name)}" value="([^"]*)"[^>]* checked', self.page)
