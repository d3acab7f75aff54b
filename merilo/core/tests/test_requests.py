"""Which network a request counts for: never one that the visitor wrote."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from merilo.core import requests


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("nonsense", ""),
    ],
)
def test_networks_share_a_limit(address, network):
    assert requests.network_of(address) == network


def seen(rf, settings, *, behind: bool, **headers: str) -> str:
    settings.BEHIND_PROXY = behind
    middleware = requests.RequestMiddleware(lambda _: HttpResponse(requests.origin()))
    answer = middleware(rf.get("/", REMOTE_ADDR="10.0.0.1", **headers))
    assert len(answer["X-Request-ID"]) == 12
    return answer.content.decode()


def test_a_forwarded_address_counts_only_behind_a_proxy(rf, settings):
    forwarded = {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.5"}
    assert seen(rf, settings, behind=False, **forwarded) == "10.0.0.1"
    assert seen(rf, settings, behind=True, **forwarded) == "198.51.100.5"
    assert seen(rf, settings, behind=True) == "10.0.0.1"


def test_outside_a_request_there_is_no_network():
    assert requests.origin() == ""
