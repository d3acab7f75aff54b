from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext as _


def _menu(request: HttpRequest, viewer: Any) -> Iterator[tuple[int, str, str, str]]:
    from merilo.organisations.api import address

    yield 0, "site", _("My work"), address(viewer, "site:work")


class SiteConfig(AppConfig):
    """Settings, addresses, the home page and the living example: the room that knows all others."""

    name = "merilo.site"
    label = "site"

    def ready(self) -> None:
        from merilo.core import navigation

        navigation.contribute_menu(_menu)
