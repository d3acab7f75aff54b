"""What no page of ours sends is turned away before it is read."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.test.client import FakePayload

pytestmark = pytest.mark.django_db
MEGABYTE = 2**20


@pytest.fixture
def small_limits(settings):
    settings.UPLOAD_LIMIT_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = MEGABYTE, MEGABYTE


class Untouched(FakePayload):
    """A body that must not be read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")


def send(length: int, path: str = "/accounts/login/", **headers: str):
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32  # so that its partner is looked for in the body
    body: Any = Untouched()
    client.defaults |= {
        "wsgi.input": body,
        "CONTENT_LENGTH": str(length),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    return client.generic("POST", path, headers=headers)


@pytest.mark.parametrize("path", ["/accounts/login/", "/", "/o/town/organisation/look/", "/nothing/here/"])
def test_a_body_above_the_limit_is_refused_unread_in_the_readers_language(small_limits, path):
    answer = send(2 * MEGABYTE + 1, path, **{"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "A file may have at most 1 MB." in page
    assert '<html lang="en"' in page


def test_a_body_within_the_limit_is_read(small_limits):
    with pytest.raises(AssertionError, match="the body was read"):
        send(2 * MEGABYTE)


@pytest.mark.parametrize("address", ["/kept/%00/", "/o/a%00b/", "/?next=%00", "/help/?a=b%00c"])
def test_an_address_with_a_nul_is_not_understood(client, address):
    assert client.get(address).status_code == 400
