from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Audit, files, mail, limits and the registries through which rooms contribute upward."""

    name = "merilo.core"
    label = "core"

    def ready(self) -> None:
        from merilo.core import checks  # noqa: F401  registers the system checks
