"""What every answer carries, whatever it is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.people import a_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/", "/nowhere/", "/health/live", "/robots.txt", "/favicon.ico", "/o/nowhere/"]
)
def test_every_answer_forbids_what_no_page_needs(client, path):
    answer = client.get(path)
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Request-ID"]


def test_signing_out_clears_what_the_browser_keeps():
    client = signed_in(a_person())
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in client.get("/")
