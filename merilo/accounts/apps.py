from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "merilo.accounts"
    label = "accounts"

    def ready(self) -> None:
        from merilo.accounts import checks, receivers  # noqa: F401  registers the system check
        from merilo.core import verbs

        receivers.connect()
        verbs.contribute(receivers.VERBS)
